"""Waiting lists: whoever has waited longest is offered what becomes free, for a while."""

from datetime import date, datetime, timedelta
from uuid import UUID

import peewee

from backend.bookings import queries
from backend.bookings.errors import AlreadyWaiting, ResourceNotBookable, WaitNotNeeded
from backend.bookings.models import Booking, Wait
from backend.bookings.queries import Snapshot, WaitRow
from backend.bookings.rules import Mode, Slot, State, Taken, WaitState, What, around, free_seat
from backend.bookings.service.announcing import SUBJECT_KIND, announce
from backend.bookings.service.locking import lock, lock_key, place_of
from backend.kernel import audit
from backend.kernel.actor import Actor, Scope
from backend.kernel.clock import LOCAL
from backend.kernel.db import transaction
from backend.kernel.errors import FieldError, Forbidden, NotFound, ValidationFailed
from backend.kernel.ids import new_id

LONGEST = timedelta(days=90)
"""From today to the last day that can be waited for."""


def join(
    actor: Actor,
    resource_id: UUID,
    from_on: date,
    to_on: date,
    mode: Mode | None,
    now: datetime,
    *,
    mandate_id: UUID | None = None,
) -> UUID:
    """Wait for a time between two local days, both counted; the id of the wait.

    Raises NotFound, MandateNotInForce, ValidationFailed, ResourceNotBookable, WaitNotNeeded,
    AlreadyWaiting.
    """
    person_id = actor.person_acted_for(mandate_id, Scope.SUBMIT)
    today = now.astimezone(LOCAL).date()
    if to_on < max(from_on, today):
        raise ValidationFailed(fields=[FieldError("/to_on", "dates_reversed")])
    if to_on > today + LONGEST:
        raise ValidationFailed(fields=[FieldError("/to_on", "dates_too_long")])
    with transaction():
        resource = lock(resource_id, now)
        if not resource.bookable(now):
            raise ResourceNotBookable
        tidy(resource, now)
        free = queries.free_slots(resource, _others(resource, now), now)
        if any(_fits(slot, from_on, to_on, mode) for slot in free):
            raise WaitNotNeeded
        wait_id = new_id()
        try:
            Wait.insert(
                id=wait_id,
                resource_key=resource.key,
                person_id=person_id,
                agent_id=actor.id if mandate_id else None,
                mandate_id=mandate_id,
                from_on=from_on,
                to_on=to_on,
                mode=mode,
                state=WaitState.WAITING,
                created_at=now,
            ).execute()
        except peewee.IntegrityError as error:
            if '"booking_waits_once"' in str(error):
                raise AlreadyWaiting from error
            raise
        audit.record(actor.id, "booking_wait.joined", "booking_wait", wait_id)
        return wait_id


def leave(actor: Actor, wait_id: UUID, now: datetime) -> None:
    """Wait no more; an offer goes to the next. Left twice is left. Raises NotFound, Forbidden."""
    wait = queries.wait(wait_id)
    if wait is None or not actor.acts_in(wait.person_id, wait.mandate_id, *Scope):
        raise NotFound
    if not actor.acts_in(wait.person_id, wait.mandate_id, Scope.SUBMIT):
        raise Forbidden
    with transaction():
        resource = lock(wait.resource_id, now)
        if end(wait_id, WaitState.LEFT, now):
            audit.record(actor.id, "booking_wait.left", "booking_wait", wait_id)
            freed = (
                Booking.update(state=State.EXPIRED, ended_at=now)
                .where(Booking.wait_id == wait_id, Booking.state == State.HELD)
                .execute()
            )
            tidy(resource, now, freed=freed > 0)


def end(wait_id: UUID, state: WaitState, now: datetime) -> bool:
    """Close a wait that is open; whether it was."""
    changed: int = (
        Wait.update(state=state, ended_at=now)
        .where(Wait.id == wait_id, Wait.state.in_([WaitState.WAITING, WaitState.OFFERED]))
        .execute()
    )
    return changed > 0


def tidy(resource: Snapshot, now: datetime, *, freed: bool = False) -> None:
    """Free what was held too long, and offer what is free to who waits for it.

    The caller holds the lock of the resource, and says whether it has ``freed`` anything itself.
    """
    rows = (
        Booking.update(state=State.EXPIRED, ended_at=now)
        .where(
            Booking.resource_key == resource.key,
            Booking.state == State.HELD,
            Booking.held_until <= now,
        )
        .returning(Booking.id, Booking.wait_id, Booking.sequence)
        .execute()
    )
    expired = list(rows)
    for booking in expired:
        if booking.wait_id is not None and end(booking.wait_id, WaitState.LAPSED, now):
            announce(What.OFFER_LAPSED, booking.id, booking.sequence)
    if expired or freed:
        _offer(resource, now)


def _offer(resource: Snapshot, now: datetime) -> None:
    if not resource.bookable(now):
        return
    line = queries.line(resource.key)
    if not line:
        return
    others = _others(resource, now)
    candidates = list(queries.free_slots(resource, others, now))
    for wait in line:
        for slot in candidates:
            seat = free_seat(slot, around(slot, others))
            if seat is not None and _fits(slot, wait.from_on, wait.to_on, wait.mode):
                others.append(_make_offer(resource, wait, slot, seat, now))
                break


def _others(resource: Snapshot, now: datetime) -> list[Taken]:
    until = resource.policy.latest(now) + timedelta(days=1)
    return queries.taken([resource.key], now, until, now)[resource.key]


def _fits(slot: Slot, from_on: date, to_on: date, mode: Mode | None) -> bool:
    right_day = from_on <= slot.starts_at.astimezone(LOCAL).date() <= to_on
    return right_day and (mode is None or mode in slot.modes)


def _make_offer(resource: Snapshot, wait: WaitRow, slot: Slot, seat: int, now: datetime) -> Taken:
    booking_id = new_id()
    Booking.insert(
        id=booking_id,
        resource_key=resource.key,
        person_id=wait.person_id,
        agent_id=wait.agent_id,
        mandate_id=wait.mandate_id,
        by_provider=False,
        state=State.HELD,
        seat=seat,
        mode=wait.mode or slot.modes[0],
        wait_id=wait.id,
        held_until=resource.policy.offer_until(slot.starts_at, now),
        created_at=now,
        **place_of(slot),
    ).execute()
    Wait.update(state=WaitState.OFFERED).where(Wait.id == wait.id).execute()
    audit.record(None, "booking.offered", SUBJECT_KIND, booking_id)
    announce(What.OFFERED, booking_id, 0)
    return Taken(slot.starts_at, slot.occupied_until, seat, slot.capacity)


def sweep(now: datetime) -> None:
    """Do by the clock what `tidy` does, and end waits whose days are over."""
    for key in queries.to_tidy(now):
        with transaction():
            tidy(lock_key(key, now), now, freed=True)
    for wait_id in queries.in_vain(now.astimezone(LOCAL).date()):
        with transaction():
            end(wait_id, WaitState.LAPSED, now)
