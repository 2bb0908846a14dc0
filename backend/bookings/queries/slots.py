"""Which times can be taken now."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from backend.bookings import ports
from backend.bookings.queries.resources import Snapshot, snapshot, snapshots
from backend.bookings.rules import Mode, Slot, Taken, around, free_seats, of_day
from backend.kernel.clock import LOCAL
from backend.kernel.db import fetch_all, fetch_one

_TAKEN = """
    SELECT b.resource_key, b.starts_at, b.occupied_until, b.seat, b.capacity FROM bookings b
    WHERE b.resource_key = ANY(%s) AND b.starts_at < %s AND b.starts_at > %s
        AND b.occupied_until > %s AND b.state IN ('held', 'booked', 'checked_in', 'served')
        AND (b.state <> 'held' OR b.held_until > %s) AND b.id IS DISTINCT FROM %s
    ORDER BY b.starts_at
"""

_LONGEST = timedelta(hours=12, minutes=10)
"""No slot is longer with its pause (checked by the tables), so an earlier start is in no way."""


def taken(
    keys: Iterable[int],
    starts: datetime,
    ends: datetime,
    now: datetime,
    but: UUID | None = None,
) -> dict[int, list[Taken]]:
    """What stands in the way of new bookings between two moments, by resource and time.

    A hold that has run out does not. ``but`` is a booking that does not count.
    """
    found: dict[int, list[Taken]] = {key: [] for key in keys}
    rows = fetch_all(_TAKEN, (list(found), ends, starts - _LONGEST, starts, now, but))
    for key, *values in rows:
        found[key].append(Taken(*values))
    return found


@dataclass(frozen=True, slots=True)
class Day:
    """A local day: what can be taken with how many seats left, and whether there is more that is
    taken already."""

    date: date
    free: list[tuple[Slot, int]]
    full: bool


def midnight(day: date) -> datetime:
    """When the local day begins."""
    return datetime.combine(day, time(), LOCAL).astimezone(UTC)


def days(
    resource: Snapshot, first: date, count: int, bounds: tuple[datetime, datetime]
) -> Iterator[tuple[date, list[Slot]]]:
    """The slots of each day that start within the bounds, taken or not."""
    earliest, latest = bounds
    calendar = ports.calendar()
    for day in (first + timedelta(days=n) for n in range(count)):
        slots = of_day(resource.plan, day, calendar, LOCAL)
        yield day, [slot for slot in slots if earliest <= slot.starts_at <= latest]


def open_days(
    resource: Snapshot,
    first: date,
    count: int,
    bounds: tuple[datetime, datetime],
    others: Sequence[Taken],
    mode: Mode | None = None,
) -> Iterator[Day]:
    """The same with what is still free, in the order of days."""
    for day, slots in days(resource, first, count, bounds):
        wanted = [slot for slot in slots if mode is None or mode in slot.modes]
        near = around((slots[0].starts_at, slots[-1].occupied_until), others) if slots else ()
        free = [(slot, seats) for slot in wanted if (seats := free_seats(slot, near))]
        yield Day(day, free, bool(wanted) and not free)


def resident_bounds(resource: Snapshot, now: datetime) -> tuple[datetime, datetime]:
    """Between which moments a resident can book."""
    return resource.policy.earliest(now), resource.policy.latest(now)


def calendar_of(
    resource_id: UUID, first: date, count: int, mode: Mode | None, now: datetime
) -> dict[str, Any] | None:
    """``Slots``: what a resident can take on each of the days. None where there is no such thing.

    Three queries, however much is booked.
    """
    starts, ends = midnight(first), midnight(first + timedelta(days=count))
    resource = snapshot(resource_id, starts)
    if resource is None:
        return None
    bookable = resource.bookable(now)
    if not bookable:
        found = [Day(first + timedelta(days=n), [], False) for n in range(count)]
    else:
        others = taken([resource.key], starts, ends + timedelta(days=1), now)[resource.key]
        bounds = resident_bounds(resource, now)
        found = list(open_days(resource, first, count, bounds, others, mode))
    row = fetch_one(
        "SELECT count(*) FROM booking_waits WHERE resource_key = %s AND state = 'waiting'",
        (resource.key,),
    )
    return {
        "bookable": bookable,
        "waiting": row[0] if row else 0,
        "days": [
            {
                "date": day.date,
                "state": "open" if day.free else "full" if day.full else "closed",
                "slots": [slot_view(slot, seats) for slot, seats in day.free],
            }
            for day in found
        ],
    }


def slot_view(slot: Slot, free: int) -> dict[str, Any]:
    """``Slot`` as JSON has it."""
    return {
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "modes": slot.modes,
        "place": slot.place,
        "free": free,
    }


def next_free(resource_ids: Sequence[UUID], now: datetime) -> Mapping[UUID, Slot]:
    """The first time a resident can take, of each resource that has any: two queries."""
    resources = [r for r in snapshots(resource_ids, now) if r.bookable(now)]
    if not resources:
        return {}
    until = max(resident_bounds(r, now)[1] for r in resources)
    others = taken([r.key for r in resources], now, until + timedelta(days=1), now)
    return {
        resource.id: slot
        for resource in resources
        if (slot := next(free_slots(resource, others[resource.key], now), None)) is not None
    }


def free_slots(resource: Snapshot, others: Sequence[Taken], now: datetime) -> Iterator[Slot]:
    """Every time a resident can take, by time."""
    first = now.astimezone(LOCAL).date()
    count = resource.policy.horizon_days + 1
    bounds = resident_bounds(resource, now)
    for day in open_days(resource, first, count, bounds, others):
        yield from (slot for slot, _ in day.free)
