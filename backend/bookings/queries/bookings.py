"""Bookings as they are shown, and as rules need them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.bookings.rules import Mode, State
from backend.kernel.db import fetch_all, fetch_one

BOOKING = """json_build_object(
    'id', b.id, 'resource', json_build_object('id', res.id, 'kind', res.kind, 'name', res.name),
    'state', b.state, 'starts_at', b.starts_at, 'ends_at', b.ends_at, 'mode', b.mode,
    'place', b.place, 'held_until', CASE WHEN b.state = 'held' THEN b.held_until END,
    'sequence', b.sequence, 'offered', b.state = 'held' AND b.wait_id IS NOT NULL,
    'displaced', b.displaced_at IS NOT NULL AND b.state IN ('held', 'booked'),
    'cancel_until', b.starts_at - res.cancel_minutes * interval '1 minute',
    'reason', b.reason, 'ended_by_provider', b.ended_by_provider)"""
"""``Booking`` as SQL, of ``bookings b`` joined to ``booking_resources res``."""

JOINED = "bookings b JOIN booking_resources res ON res.key = b.resource_key"


@dataclass(frozen=True, slots=True)
class BookingRow:
    """A booking, with what decides over it."""

    id: UUID
    resource_id: UUID
    resource_key: int
    kind: str
    owner_id: UUID | None
    person_id: UUID
    agent_id: UUID | None
    mandate_id: UUID | None
    state: State
    starts_at: datetime
    ends_at: datetime
    mode: Mode
    place: str | None
    sequence: int
    held_until: datetime | None
    wait_id: UUID | None
    displaced: bool
    by_provider: bool
    ended_by_provider: bool | None
    reason: str | None
    seat: int


_ROW = """
    b.id, res.id, b.resource_key, res.kind, res.owner_id, b.person_id, b.agent_id, b.mandate_id,
    b.state, b.starts_at, b.ends_at, b.mode, b.place, b.sequence, b.held_until, b.wait_id,
    b.displaced_at IS NOT NULL, b.by_provider, b.ended_by_provider, b.reason, b.seat
"""


def booking(booking_id: UUID) -> BookingRow | None:
    """One booking as it is."""
    row = fetch_one(f"SELECT {_ROW} FROM {JOINED} WHERE b.id = %s", (booking_id,))
    return None if row is None else _row(row)


def to_come(key: int, now: datetime) -> list[BookingRow]:
    """What was promised of a resource's time from now on, holds that still count among it."""
    rows = fetch_all(
        f"SELECT {_ROW} FROM {JOINED} WHERE b.resource_key = %s AND b.starts_at > %s"
        " AND (b.state = 'booked' OR (b.state = 'held' AND b.held_until > %s))"
        " ORDER BY b.starts_at, b.id",
        (key, now, now),
    )
    return [_row(row) for row in rows]


def _row(row: tuple[Any, ...]) -> BookingRow:
    values = dict(zip(BookingRow.__slots__, row, strict=True))
    return BookingRow(**{**values, "state": State(values["state"]), "mode": Mode(values["mode"])})


def booking_json(booking_id: UUID) -> str:
    """``Booking`` as JSON text, less whose it is."""
    row = fetch_one(f"SELECT {BOOKING}::text FROM {JOINED} WHERE b.id = %s", (booking_id,))
    return str(row[0]) if row else "null"


def name_of(person_id: UUID) -> str | None:
    """What somebody is called; None for who has left."""
    row = fetch_one("SELECT name FROM people WHERE id = %s", (person_id,))
    return row[0] if row else None


def load_of(
    person_id: UUID, key: int, starts_at: datetime, ends_at: datetime, now: datetime, but: UUID
) -> tuple[int, bool]:
    """How many times with this resource the person has booked to come, and whether they have
    any appointment at that time, with whomever; one booking does not count."""
    row = fetch_one(
        """
        SELECT count(*) FILTER (WHERE resource_key = %s AND state = 'booked' AND starts_at > %s),
            coalesce(bool_or(starts_at < %s AND ends_at > %s), false)
        FROM bookings
        WHERE person_id = %s AND id <> %s AND ends_at > %s
            AND (state IN ('booked', 'checked_in') OR (state = 'held' AND held_until > %s))
        """,
        (key, now, ends_at, starts_at, person_id, but, now, now),
    )
    return (row[0], row[1]) if row else (0, False)


def to_tidy(now: datetime) -> list[int]:
    """Keys of the resources that have holds which ran out, or people who wait.

    Those too, because with every day that passes another one can be booked.
    """
    rows = fetch_all(
        "SELECT resource_key FROM bookings WHERE state = 'held' AND held_until <= %s"
        " UNION SELECT resource_key FROM booking_waits WHERE state = 'waiting'",
        (now,),
    )
    return [key for (key,) in rows]


def in_feed(digest: bytes, since: datetime) -> tuple[str, list[BookingRow]] | None:
    """Name and appointments of the resource that publishes its calendar under this secret."""
    row = fetch_one("SELECT key, name FROM booking_resources WHERE feed_digest = %s", (digest,))
    if row is None:
        return None
    rows = fetch_all(
        f"SELECT {_ROW} FROM {JOINED} WHERE b.resource_key = %s AND b.starts_at > %s"
        " AND b.state IN ('booked', 'checked_in', 'served') ORDER BY b.starts_at, b.id",
        (row[0], since),
    )
    return row[1], [_row(found) for found in rows]
