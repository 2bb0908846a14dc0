"""Changing a plan: nothing that was promised breaks silently."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.bookings import ports, queries
from backend.bookings.errors import PlanChanged, PlanConflicts, PlanOverlaps
from backend.bookings.models import Booking, ExceptionRow, PlanRow, Resource
from backend.bookings.queries import BookingRow, Snapshot
from backend.bookings.rules import (
    Cut,
    ExceptionKind,
    ExceptionPeriod,
    Plan,
    PlanRule,
    What,
    of_day,
    overlapping,
)
from backend.bookings.service import waiting
from backend.bookings.service.announcing import announce
from backend.bookings.service.locking import lock
from backend.bookings.service.standing import require_provider
from backend.kernel import audit
from backend.kernel.actor import Actor
from backend.kernel.clock import LOCAL
from backend.kernel.db import execute, transaction
from backend.kernel.errors import FieldError, NotFound
from backend.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class NewException:
    """A time to close, or with a ``cut`` one to open beyond the plan."""

    starts_at: datetime
    ends_at: datetime
    reason: str | None
    cut: Cut | None


def plan(actor: Actor, resource_id: UUID, now: datetime) -> str:
    """``Plan`` as JSON text, for the provider's side. Raises NotFound, NotProvider."""
    resource = queries.snapshot(resource_id, now)
    found = queries.plan_json(resource_id, now)
    if resource is None or found is None:
        raise NotFound
    require_provider(actor, resource.kind, resource_id)
    return found


def change_plan(
    actor: Actor,
    resource_id: UUID,
    version: int,
    rules: Sequence[PlanRule],
    accepted: Collection[UUID],
    now: datetime,
) -> None:
    """Replace the weekly plan.

    Bookings the new one does not offer must be exactly those ``accepted``; they stand, and their
    people are told and offered other times. Raises NotFound, NotProvider, PlanChanged,
    PlanOverlaps, PlanConflicts.
    """
    with transaction():
        resource = _opened(actor, resource_id, now)
        if resource.version != version:
            raise PlanChanged
        changed = replace(resource.plan, rules=tuple(rules))
        _check(rules)
        _require_accepted(resource, changed, accepted, now)
        _write_rules(resource.key, rules)
        _finish(actor, resource, "booking_plan.changed", now)


def set_plan_rules(resource_id: UUID, rules: Sequence[PlanRule], now: datetime) -> None:
    """Give a resource its plan when it is set up. Raises NotFound, PlanOverlaps."""
    with transaction():
        resource = lock(resource_id, now)
        _check(rules)
        _write_rules(resource.key, rules)
        _bump(resource)
        settle(resource_id, now)


def add_exception(
    actor: Actor,
    resource_id: UUID,
    wanted: NewException,
    accepted: Collection[UUID],
    now: datetime,
) -> UUID:
    """Close a time, or open one beyond the plan; the id of the exception.

    Raises NotFound, NotProvider, PlanOverlaps for extra time that meets other extra time,
    PlanConflicts as `change_plan` does.
    """
    with transaction():
        resource = _opened(actor, resource_id, now)
        period = ExceptionPeriod(wanted.starts_at, wanted.ends_at, wanted.cut)
        others = resource.plan.exceptions
        if wanted.cut is not None and any(_meets(period, o) for o in others if o.cut):
            raise PlanOverlaps(fields=[FieldError("/starts_at", "plan_overlaps")])
        changed = replace(resource.plan, exceptions=(*others, period))
        _require_accepted(resource, changed, accepted, now)
        exception_id = new_id()
        ExceptionRow.insert(
            id=exception_id,
            resource_key=resource.key,
            kind=ExceptionKind.CLOSED if wanted.cut is None else ExceptionKind.EXTRA,
            starts_at=wanted.starts_at,
            ends_at=wanted.ends_at,
            reason=wanted.reason,
            created_at=now,
            **_cut_columns(wanted.cut),
        ).execute()
        _finish(actor, resource, "booking_exception.added", now)
        return exception_id


def remove_exception(
    actor: Actor,
    resource_id: UUID,
    exception_id: UUID,
    accepted: Collection[UUID],
    now: datetime,
) -> None:
    """Take an exception back. Raises NotFound, NotProvider, PlanConflicts as `change_plan` does."""
    with transaction():
        resource = _opened(actor, resource_id, now)
        removed = execute(
            "DELETE FROM booking_exceptions WHERE id = %s AND resource_key = %s",
            (exception_id, resource.key),
        )
        if not removed:
            raise NotFound
        changed = queries.snapshot(resource_id, now)
        assert changed is not None
        _require_accepted(resource, changed.plan, accepted, now)
        _finish(actor, resource, "booking_exception.removed", now)


def _opened(actor: Actor, resource_id: UUID, now: datetime) -> Snapshot:
    resource = lock(resource_id, now)
    require_provider(actor, resource.kind, resource_id)
    return resource


def _check(rules: Sequence[PlanRule]) -> None:
    pair = overlapping(rules)
    if pair is not None:
        raise PlanOverlaps(
            fields=[FieldError(f"/rules/{position}", "plan_overlaps") for position in pair]
        )


def _meets(one: ExceptionPeriod, other: ExceptionPeriod) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _require_accepted(
    resource: Snapshot, changed: Plan, accepted: Collection[UUID], now: datetime
) -> None:
    """What the change would newly displace has to be known to who makes it."""
    conflicts = [
        booking
        for booking in queries.to_come(resource.key, now)
        if _offers(resource.plan, booking) and not _offers(changed, booking)
    ]
    if {booking.id for booking in conflicts} - set(accepted):
        raise PlanConflicts(extra={"conflicts": [_conflict(b) for b in conflicts]})


def _conflict(booking: BookingRow) -> dict[str, Any]:
    return {
        "booking_id": booking.id,
        "starts_at": booking.starts_at,
        "ends_at": booking.ends_at,
        "mode": booking.mode,
    }


def _offers(plan: Plan, booking: BookingRow) -> bool:
    """Whether the plan has the very slot that was booked."""
    day = booking.starts_at.astimezone(LOCAL).date()
    return any(
        slot.starts_at == booking.starts_at
        and slot.ends_at == booking.ends_at
        and booking.mode in slot.modes
        and booking.seat <= slot.capacity
        and (booking.mode != "in_person" or slot.place == booking.place)
        for slot in of_day(plan, day, ports.calendar(), LOCAL)
    )


def _write_rules(key: int, rules: Sequence[PlanRule]) -> None:
    PlanRow.delete().where(PlanRow.resource_key == key).execute()
    rows = [
        {
            "id": new_id(),
            "resource_key": key,
            "weekday": rule.weekday,
            "starts_minute": rule.starts_minute,
            "ends_minute": rule.ends_minute,
            "valid_from": rule.valid_from,
            "valid_until": rule.valid_until,
            "on_holidays": rule.on_holidays,
            **_cut_columns(rule.cut),
        }
        for rule in rules
    ]
    if rows:
        PlanRow.insert_many(rows).execute()


def _cut_columns(cut: Cut | None) -> dict[str, Any]:
    if cut is None:
        return {}
    return {
        "slot_minutes": cut.slot_minutes,
        "buffer_minutes": cut.buffer_minutes,
        "capacity": cut.capacity,
        "modes": [str(mode) for mode in cut.modes],
        "place": cut.place,
    }


def _finish(actor: Actor, resource: Snapshot, action: str, now: datetime) -> None:
    _bump(resource)
    audit.record(actor.id, action, "booking_resource", resource.id)
    settle(resource.id, now)


def _bump(resource: Snapshot) -> None:
    Resource.update(version=resource.version + 1).where(Resource.id == resource.id).execute()


def settle(resource_id: UUID, now: datetime) -> None:
    """After any change: mark and tell who has a time that is not offered any more, unmark whose
    time is offered again, and offer what is free to who waits.

    The caller holds the lock of the resource.
    """
    resource = queries.snapshot(resource_id, now)
    assert resource is not None
    for booking in queries.to_come(resource.key, now):
        offered = not resource.suspended and _offers(resource.plan, booking)
        if offered == booking.displaced:
            Booking.update(displaced_at=None if offered else now).where(
                Booking.id == booking.id
            ).execute()
            if not offered:
                announce(What.DISPLACED, booking.id, booking.sequence, by_provider=True)
    waiting.tidy(resource, now, freed=True)
