"""Reading pictures: what is known of one, and those of a subject with links to see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.attachments import links
from backend.attachments.rules import Variant, Verdict
from backend.kernel.db import fetch_all, fetch_one


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture as stored."""

    id: UUID
    owner_id: UUID
    storage_key: str
    content_hash: bytes
    width: int
    height: int
    size_bytes: int
    created_at: datetime
    subject_kind: str | None
    subject_id: UUID | None
    claimed_at: datetime | None
    media_trace_id: str | None
    verdict: Verdict


_SELECT = """
    SELECT a.id, a.owner_id, a.storage_key, a.content_hash, a.width, a.height, a.size_bytes,
        a.created_at, a.subject_kind, a.subject_id, a.claimed_at, a.media_trace_id,
        CASE WHEN a.media_trace_id IS NULL THEN 'none' ELSE coalesce(v.verdict, 'pending') END
    FROM attachments a LEFT JOIN media_verdicts v ON v.trace_id = a.media_trace_id
"""


def find(attachment_id: UUID) -> Picture | None:
    """One picture by its id."""
    row = fetch_one(f"{_SELECT} WHERE a.id = %s", (attachment_id,))
    return _picture(row) if row else None


def for_subject(subject_kind: str, subject_id: UUID) -> list[Picture]:
    """All pictures of a subject, in the order they were given."""
    rows = fetch_all(
        f"{_SELECT} WHERE a.subject_kind = %s AND a.subject_id = %s AND a.claimed_at IS NOT NULL"
        " ORDER BY a.claimed_at, a.position, a.id",
        (subject_kind, subject_id),
    )
    return [_picture(row) for row in rows]


def held_of(person_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """What is known of each picture the person uploaded."""
    rows = fetch_all(
        """
        SELECT json_build_object('id', id, 'uploaded_at', created_at, 'width', width,
            'height', height, 'size', size_bytes, 'belongs_to', subject_kind,
            'belongs_to_id', subject_id, 'since', claimed_at)
        FROM attachments WHERE owner_id = %s ORDER BY id
        """,
        (person_id,),
    )
    return [row[0] for row in rows]


def views(pictures: Iterable[Picture], person_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """What a client gets: sizes, and links that only this person can use, for some minutes."""
    return [_view(picture, person_id, now) for picture in pictures]


def thumbnail(attachment_id: UUID, person_id: UUID, now: datetime) -> str:
    """A link to the small version, for this person."""
    return links.signed(attachment_id, Variant.THUMBNAIL, person_id, now).path


def _view(picture: Picture, person_id: UUID, now: datetime) -> dict[str, Any]:
    original = links.signed(picture.id, Variant.ORIGINAL, person_id, now)
    thumbnail = links.signed(picture.id, Variant.THUMBNAIL, person_id, now)
    return {
        "id": picture.id,
        "width": picture.width,
        "height": picture.height,
        "size": picture.size_bytes,
        "url": original.path,
        "thumbnail_url": thumbnail.path,
        "expires_at": original.expires_at,
    }


def _picture(row: tuple[Any, ...]) -> Picture:
    columns: list[Any] = [*row[:-1], Verdict(row[-1])]
    return Picture(*columns)
