"""Waiting lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from backend.bookings.queries.bookings import BOOKING
from backend.bookings.rules import Mode, WaitState
from backend.kernel.db import fetch_all, fetch_one

_WAIT = f"""json_build_object(
    'id', w.id, 'resource', json_build_object('id', res.id, 'kind', res.kind, 'name', res.name),
    'from_on', w.from_on, 'to_on', w.to_on, 'mode', w.mode, 'state', w.state,
    'position', CASE WHEN w.state = 'waiting' THEN (SELECT count(*) FROM booking_waits o
        WHERE o.resource_key = w.resource_key AND o.state = 'waiting' AND o.place <= w.place) END,
    'offer', (SELECT {BOOKING} FROM bookings b
        WHERE b.wait_id = w.id AND b.state = 'held' LIMIT 1),
    'mine', w.person_id = %s, 'for_name', (SELECT p.name FROM people p
        WHERE p.id = w.person_id AND p.id <> %s), 'created_at', w.created_at)"""

_JOINED = "booking_waits w JOIN booking_resources res ON res.key = w.resource_key"


@dataclass(frozen=True, slots=True)
class WaitRow:
    id: UUID
    resource_id: UUID
    person_id: UUID
    agent_id: UUID | None
    mandate_id: UUID | None
    from_on: date
    to_on: date
    mode: Mode | None
    state: WaitState


_ROW = """
    w.id, res.id, w.person_id, w.agent_id, w.mandate_id, w.from_on, w.to_on, w.mode, w.state
"""


def wait(wait_id: UUID) -> WaitRow | None:
    """One wait as it is."""
    row = fetch_one(f"SELECT {_ROW} FROM {_JOINED} WHERE w.id = %s", (wait_id,))
    return None if row is None else _row(row)


def line(key: int) -> list[WaitRow]:
    """Who waits for a resource, the first first."""
    rows = fetch_all(
        f"SELECT {_ROW} FROM {_JOINED} WHERE w.resource_key = %s AND w.state = 'waiting'"
        " ORDER BY w.place",
        (key,),
    )
    return [_row(row) for row in rows]


def _row(row: tuple[Any, ...]) -> WaitRow:
    values = dict(zip(WaitRow.__slots__, row, strict=True))
    mode = values["mode"] and Mode(values["mode"])
    return WaitRow(**{**values, "mode": mode, "state": WaitState(values["state"])})


def wait_json(wait_id: UUID, viewer_id: UUID) -> str:
    """``Wait`` as JSON text."""
    row = fetch_one(
        f"SELECT {_WAIT}::text FROM {_JOINED} WHERE w.id = %s", (viewer_id, viewer_id, wait_id)
    )
    return str(row[0]) if row else "null"


def waits_of(person_id: UUID, mandate_ids: Sequence[UUID]) -> str:
    """``[Wait]`` of a person, or begun by them under these consents, that are still open; as JSON
    text, the newest first."""
    row = fetch_one(
        f"SELECT coalesce(json_agg({_WAIT} ORDER BY w.place DESC), '[]')::text FROM {_JOINED}"
        " WHERE (w.person_id = %s OR w.mandate_id = ANY(%s))"
        " AND w.state IN ('waiting', 'offered')",
        (person_id, person_id, person_id, list(mandate_ids)),
    )
    return str(row[0]) if row else "[]"


def in_vain(today: date) -> list[UUID]:
    """Who still waits for days that are over."""
    rows = fetch_all(
        "SELECT id FROM booking_waits WHERE state = 'waiting' AND to_on < %s ORDER BY place",
        (today,),
    )
    return [wait_id for (wait_id,) in rows]


def waiting_for(resource_id: UUID) -> int:
    """How many wait for a resource."""
    row = fetch_one(
        f"SELECT count(*) FROM {_JOINED} WHERE res.id = %s AND w.state = 'waiting'",
        (resource_id,),
    )
    return int(row[0]) if row else 0
