"""The few things about advisers and people that deciding on a matter needs."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from backend.kernel.db import fetch_all, fetch_one


class Named(NamedTuple):
    """An adviser by name."""

    id: UUID
    name: str
    firm: str


class Party(NamedTuple):
    """Whose matter it is, and where they live as far as they said."""

    name: str
    home_area_code: str | None


def advisers_named(adviser_ids: Sequence[UUID]) -> list[Named]:
    """Those of the register, in the order given."""
    rows = fetch_all(
        "SELECT id, name, firm FROM advisers WHERE id = ANY(%s) ORDER BY array_position(%s, id)",
        (list(adviser_ids), list(adviser_ids)),
    )
    return [Named(*row) for row in rows]


def party(person_id: UUID) -> Party:
    """A person of ours."""
    row = fetch_one("SELECT name, home_area_code FROM people WHERE id = %s", (person_id,))
    assert row is not None
    return Party(*row)


def is_area(area_code: str) -> bool:
    """Whether there is such an area now."""
    return fetch_one("SELECT FROM areas WHERE code = %s AND active", (area_code,)) is not None


def refusals(actor_id: UUID, adviser_id: UUID, since: datetime) -> int:
    """How often the actor was told that this adviser cannot take a matter."""
    row = fetch_one(
        "SELECT count(*) FROM audit_log WHERE actor_id = %s AND at >= %s"
        " AND action = 'consultation.refused' AND subject_id = %s",
        (actor_id, since, adviser_id),
    )
    return int(row[0]) if row else 0


def looked_into(actor_id: UUID, consultation_id: UUID, since: datetime) -> bool:
    """Whether the actor said, since then, why they look into the matter."""
    row = fetch_one(
        "SELECT FROM audit_log WHERE actor_id = %s AND at >= %s"
        " AND action = 'consultation.looked_into' AND subject_id = %s LIMIT 1",
        (actor_id, since, consultation_id),
    )
    return row is not None
