"""What a requester has given for one request and can give again for another."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.kernel.db import fetch_all, fetch_one
from backend.service_requests.queries.columns import GROUPED_NUMBER
from backend.service_requests.rules import MaterialKind

MOST = 50

_GIVEN = """
    FROM materials m JOIN service_requests r ON r.id = m.request_id
    WHERE r.requester_id = %s AND m.state = 'supplied'"""
"""Only the requester's own requests: who acts for them cannot look through what they once gave."""


@dataclass(frozen=True, slots=True)
class Given:
    """One thing somebody has given, its text still sealed."""

    text_encrypted: bytes | None
    attachment_ids: tuple[UUID, ...]


def given(person_id: UUID, material_id: UUID, kind: MaterialKind) -> Given | None:
    """What the person gave for that item of a request of theirs, if it is of the kind."""
    row = fetch_one(
        f"SELECT m.text_encrypted, m.attachment_ids {_GIVEN} AND m.id = %s AND m.kind = %s",
        (person_id, material_id, kind),
    )
    if row is None:
        return None
    return Given(row[0], tuple(UUID(each) for each in row[1]))


def all_given(person_id: UUID, kind: MaterialKind | None) -> list[dict[str, Any]]:
    """Everything the person gave, the last first, each with its first picture; what was used again
    is there once."""
    kinds = list(MaterialKind) if kind is None else [kind]
    rows: list[tuple[UUID, str, str, datetime, str, str | None]] = fetch_all(
        f"SELECT m.id, m.label, m.kind, m.supplied_at, {GROUPED_NUMBER},"
        f" m.attachment_ids ->> 0 {_GIVEN} AND m.kind = ANY(%s) AND m.reused_from_id IS NULL"
        " ORDER BY m.supplied_at DESC, m.id DESC LIMIT %s",
        (person_id, kinds, MOST),
    )
    names = ("id", "label", "kind", "supplied_at", "number", "picture")
    return [dict(zip(names, row, strict=True)) for row in rows]
