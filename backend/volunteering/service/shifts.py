"""The times of an activity: added, moved, made longer or shorter, cancelled; their people told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

import peewee

from backend.kernel import audit
from backend.kernel.actor import Actor
from backend.kernel.db import execute, fetch_all, fetch_one, transaction
from backend.kernel.errors import FieldError, ValidationFailed
from backend.kernel.ids import new_id
from backend.volunteering.errors import (
    ActivityChanged,
    CapacityBelowTaken,
    ShiftOver,
    ShiftsOverlap,
)
from backend.volunteering.models import Shift
from backend.volunteering.queries.facts import ShiftFacts
from backend.volunteering.rules.states import LIVE, State
from backend.volunteering.service import places
from backend.volunteering.service.announcing import What, announce, promise_reminders
from backend.volunteering.service.standing import run_shift

SHIFT = "shift"
LONGEST = timedelta(hours=24)
_LIVE = [state.value for state in LIVE]


@dataclass(frozen=True, slots=True)
class Times:
    """One shift. ``beat``: the points of a patrol in their order; ``note``: what to know, or how
    one shift hands over to the next."""

    starts_at: datetime
    ends_at: datetime
    capacity: int
    note: str | None
    beat: Sequence[str]


def require_distinct(times: Sequence[Times]) -> None:
    """Raises ShiftsOverlap."""
    ordered = sorted(times, key=lambda one: one.starts_at)
    if any(before.ends_at > after.starts_at for before, after in pairwise(ordered)):
        raise ShiftsOverlap


def insert(activity_id: UUID, times: Times, now: datetime) -> None:
    """In the caller's transaction. Raises ShiftOver, ValidationFailed."""
    _check(times, now)
    Shift.insert(
        id=new_id(),
        activity=activity_id,
        starts_at=times.starts_at,
        ends_at=times.ends_at,
        capacity=times.capacity,
        note=times.note,
        beat=list(times.beat),
    ).execute()


def add(activity_id: UUID, times: Times, most: int, now: datetime) -> None:
    """One more beside those there are. Raises ShiftsOverlap, and what `insert` raises."""
    row = fetch_one("SELECT count(*) FROM shifts WHERE activity_id = %s", (activity_id,))
    if row and row[0] >= most:
        raise ValidationFailed(fields=[FieldError("/shifts", "too_many", max=most)])
    _require_room(activity_id, None, times)
    insert(activity_id, times, now)


def change(actor: Actor, shift_id: UUID, version: int, times: Times, now: datetime) -> UUID:
    """Move it, or change its places; the activity's id.

    With other times everybody is asked whether they still come; whose other shift clashes with
    them loses the place, and is told. Raises NotFound, Forbidden, ActivityChanged, ShiftOver once
    it has begun, CapacityBelowTaken, ShiftsOverlap, ValidationFailed.
    """
    with transaction():
        shift = run_shift(actor, shift_id)
        _require_to_come(shift, version, now)
        _check(times, now)
        if times.capacity < shift.capacity - shift.free:
            raise CapacityBelowTaken(taken=shift.capacity - shift.free)
        _require_room(shift.activity_id, shift_id, times)
        moved = (times.starts_at, times.ends_at) != (shift.starts_at, shift.ends_at)
        if moved:
            _give_way(shift_id, times, now)
        _move(shift_id, times)
        if moved:
            _ask(shift_id, times.starts_at, now)
        audit.record(actor.id, "shift.changed", SHIFT, shift_id)
        places.fill(shift_id, now)
    return shift.activity_id


def cancel(actor: Actor, shift_id: UUID, version: int, reason: str, now: datetime) -> UUID:
    """It does not take place; everybody is told. The activity's id.

    Raises NotFound, Forbidden, ActivityChanged, ShiftOver once it has begun.
    """
    with transaction():
        shift = run_shift(actor, shift_id)
        _require_to_come(shift, version, now)
        _cancel(shift_id, reason, now)
        audit.record(actor.id, "shift.cancelled", SHIFT, shift_id)
    return shift.activity_id


def cancel_all(activity_id: UUID, reason: str, now: datetime) -> None:
    """Every shift of an activity that has not begun, in the caller's transaction."""
    for (shift_id,) in fetch_all(
        "SELECT id FROM shifts WHERE activity_id = %s AND cancelled_at IS NULL AND starts_at > %s"
        " ORDER BY id FOR NO KEY UPDATE",
        (activity_id, now),
    ):
        _cancel(shift_id, reason, now)


def _move(shift_id: UUID, times: Times) -> None:
    try:
        execute(
            """
            UPDATE shifts SET starts_at = %s, ends_at = %s, capacity = %s, note = %s, beat = %s,
                version = version + 1
            WHERE id = %s
            """,
            (
                times.starts_at,
                times.ends_at,
                times.capacity,
                times.note,
                list(times.beat),
                shift_id,
            ),
        )
    except peewee.IntegrityError as error:
        if "signups_no_overlap" in str(error):
            # Somebody signed up for another shift at that time meanwhile: look again.
            raise ActivityChanged from error
        raise


def _cancel(shift_id: UUID, reason: str, now: datetime) -> None:
    execute(
        "UPDATE shifts SET cancelled_at = %s, cancelled_reason = %s, version = version + 1"
        " WHERE id = %s",
        (now, reason, shift_id),
    )
    _call_off("shift_id = %s", (shift_id,), now)


def _give_way(shift_id: UUID, times: Times, now: datetime) -> None:
    """Whose other shift overlaps with the new times keeps that one."""
    _call_off(
        """
        shift_id = %s AND EXISTS (
            SELECT FROM signups other
            WHERE other.person_id = u.person_id AND other.shift_id <> u.shift_id
                AND other.state = ANY(%s)
                AND tstzrange(other.starts_at, other.ends_at) && tstzrange(%s, %s))
        """,
        (shift_id, _LIVE, times.starts_at, times.ends_at),
        now,
    )


def _call_off(which: str, params: tuple[object, ...], now: datetime) -> None:
    rows = fetch_all(f"SELECT id FROM signups u WHERE {which} AND state = ANY(%s)",
                     (*params, _LIVE))  # fmt: skip
    for (signup_id,) in rows:
        places.end(signup_id, State.CANCELLED, now)
        announce(What.CALLED_OFF, signup_id)


def _ask(shift_id: UUID, starts_at: datetime, now: datetime) -> None:
    for signup_id, state in fetch_all(
        "UPDATE signups SET asked_at = %s WHERE shift_id = %s AND state = ANY(%s)"
        " RETURNING id, state",
        (now, shift_id, _LIVE),
    ):
        announce(What.CHANGED, signup_id)
        if state == State.CONFIRMED:
            promise_reminders(signup_id, starts_at, now)


def _require_to_come(shift: ShiftFacts, version: int, now: datetime) -> None:
    if shift.version != version:
        raise ActivityChanged
    if shift.wanted.cancelled or now >= shift.starts_at:
        raise ShiftOver


def _require_room(activity_id: UUID, but: UUID | None, times: Times) -> None:
    found = fetch_one(
        "SELECT FROM shifts WHERE activity_id = %s AND id IS DISTINCT FROM %s"
        " AND cancelled_at IS NULL AND tstzrange(starts_at, ends_at) && tstzrange(%s, %s) LIMIT 1",
        (activity_id, but, times.starts_at, times.ends_at),
    )
    if found is not None:
        raise ShiftsOverlap


def _check(times: Times, now: datetime) -> None:
    if times.starts_at <= now:
        raise ShiftOver
    length = times.ends_at - times.starts_at
    if not timedelta(minutes=15) <= length <= LONGEST:
        raise ValidationFailed(fields=[FieldError("/ends_at", "shift_length")])
