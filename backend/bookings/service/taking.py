"""Taking a time: held while the form is filled, then booked, or given up.

Whoever takes or frees time of a resource holds the lock of its row, so they follow each other and
the waiting list is served in order. That no two live bookings can overlap does not depend on it:
the exclusion constraint of the table sees to that.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import peewee

from backend.bookings import queries
from backend.bookings.errors import BookingChanged, HoldExpired, ResourceNotBookable, SlotTaken
from backend.bookings.models import Booking, Wait
from backend.bookings.queries import BookingRow, Snapshot
from backend.bookings.rules import HOLD, Mode, State, WaitState, What
from backend.bookings.service import waiting
from backend.bookings.service.announcing import SUBJECT_KIND, announce, promise_reminders
from backend.bookings.service.locking import lock_key, locked, place_of
from backend.bookings.service.seats import check_load, refusal_of, seat_for, slot_at
from backend.bookings.service.standing import Side, acting, require_provider
from backend.kernel import audit
from backend.kernel.actor import Actor, Scope
from backend.kernel.db import transaction
from backend.kernel.errors import Forbidden, NotFound
from backend.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Booked:
    """What was agreed."""

    id: UUID
    resource_id: UUID
    person_id: UUID
    agent_id: UUID | None
    mandate_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    mode: Mode
    place: str | None


def hold(
    actor: Actor,
    resource_id: UUID,
    starts_at: datetime,
    mode: Mode,
    now: datetime,
    *,
    mandate_id: UUID | None = None,
    person_id: UUID | None = None,
) -> UUID:
    """Keep a time for ten minutes; the id of the booking that may become of it.

    Another time that the person holds of this resource is given up. ``person_id`` is for whom the
    provider's side books; they need no lead time. Raises NotFound, NotProvider, MandateNotInForce,
    ResourceNotBookable, SlotNotOffered, SlotPast, SlotTaken, TooManyBookings, AlreadyBookedThen.
    """
    resource = _found(resource_id, now)
    by_provider = person_id is not None
    if person_id is not None:
        require_provider(actor, resource.kind, resource_id)
    else:
        person_id = actor.person_acted_for(mandate_id, Scope.SUBMIT)
    agent_id = actor.id if mandate_id else None
    return _take(resource, person_id, agent_id, mandate_id, starts_at, mode, by_provider, now)


def book_for(
    actor: Actor, resource_id: UUID, person_id: UUID, starts_at: datetime, mode: Mode, now: datetime
) -> UUID:
    """Staff take a time for somebody, held and booked in one; they need no lead time.

    That the actor may do it is for the caller to know. Raises what `hold` does.
    """
    with transaction():
        resource = _found(resource_id, now)
        booking_id = _take(resource, person_id, None, None, starts_at, mode, True, now)
        booking = queries.booking(booking_id)
        assert booking is not None
        _book(actor, booking, Side.PROVIDER, now)
    return booking_id


def _found(resource_id: UUID, now: datetime) -> Snapshot:
    resource = queries.snapshot(resource_id, now)
    if resource is None:
        raise NotFound
    return resource


def _take(
    resource: Snapshot,
    person_id: UUID,
    agent_id: UUID | None,
    mandate_id: UUID | None,
    starts_at: datetime,
    mode: Mode,
    by_provider: bool,
    now: datetime,
) -> UUID:
    slot = slot_at(resource, starts_at, mode, by_provider, now)
    # Most of a crowd learns here that it is too late, without waiting for each other.
    if seat_for(resource, slot, now) is None:
        raise SlotTaken
    with transaction():
        resource = locked(resource, now)
        slot = slot_at(resource, starts_at, mode, by_provider, now)
        freed = _give_up_holds(resource.key, person_id, now)
        waiting.tidy(resource, now, freed=freed)
        seat = seat_for(resource, slot, now)
        if seat is None:
            raise SlotTaken
        booking_id = new_id()
        check_load(person_id, resource.key, slot, now, booking_id)
        _insert(
            id=booking_id,
            resource_key=resource.key,
            person_id=person_id,
            agent_id=agent_id,
            mandate_id=mandate_id,
            by_provider=by_provider,
            state=State.HELD,
            seat=seat,
            mode=mode,
            held_until=now + HOLD,
            created_at=now,
            **place_of(slot),
        )
        return booking_id


def _insert(**columns: object) -> None:
    """Raises SlotTaken if the database sees an overlap that we did not."""
    try:
        Booking.insert(**columns).execute()
    except peewee.IntegrityError as error:
        raise refusal_of(error) from error


def _give_up_holds(key: int, person_id: UUID, now: datetime) -> bool:
    """Of the form somebody left for another time; offers from the waiting list stay."""
    given_up: int = (
        Booking.update(state=State.EXPIRED, ended_at=now)
        .where(
            Booking.resource_key == key,
            Booking.person_id == person_id,
            Booking.state == State.HELD,
            Booking.wait_id.is_null(),
        )
        .execute()
    )
    return given_up > 0


def confirm(actor: Actor, booking_id: UUID, now: datetime) -> Booked:
    """The form is in: a held time, or one offered from the waiting list, is booked.

    Part of the caller's transaction. Raises NotFound, Forbidden, HoldExpired, BookingChanged,
    ResourceNotBookable, TooManyBookings.
    """
    booking, side = acting_on_own(actor, booking_id)
    resource = queries.snapshot_of_key(booking.resource_key, now)
    if resource is None or not resource.bookable(now):
        raise ResourceNotBookable
    _book(actor, booking, side, now)
    return Booked(
        booking.id,
        booking.resource_id,
        booking.person_id,
        booking.agent_id,
        booking.mandate_id,
        booking.starts_at,
        booking.ends_at,
        booking.mode,
        booking.place,
    )


def _book(actor: Actor, booking: BookingRow, side: Side, now: datetime) -> None:
    """Raises HoldExpired, BookingChanged."""
    with transaction():
        changed = (
            Booking.update(state=State.BOOKED, held_until=None)
            .where(
                Booking.id == booking.id,
                Booking.state == State.HELD,
                Booking.held_until > now,
            )
            .execute()
        )
        if not changed:
            raise BookingChanged if booking.state is State.BOOKED else HoldExpired
        if booking.wait_id is not None:
            Wait.update(state=WaitState.BOOKED, ended_at=now).where(
                Wait.id == booking.wait_id
            ).execute()
        audit.record(actor.id, "booking.booked", SUBJECT_KIND, booking.id)
        announce(What.BOOKED, booking.id, booking.sequence, by_provider=side is Side.PROVIDER)
        promise_reminders(booking.id, booking.sequence, booking.starts_at, now)


def acting_on_own(actor: Actor, booking_id: UUID) -> tuple[BookingRow, Side]:
    """A booking that is being made, by who may ask for things for the person.

    Raises NotFound, Forbidden.
    """
    booking = queries.booking(booking_id)
    if booking is not None and actor.acts_in(booking.person_id, booking.mandate_id, Scope.SUBMIT):
        return booking, Side.RESIDENT
    booking, side = acting(actor, booking_id)
    if side is Side.RESIDENT:
        raise Forbidden
    return booking, side


def release(actor: Actor, booking_id: UUID, now: datetime) -> None:
    """Give up a hold or an offer. Released twice is released. Raises NotFound, Forbidden,
    BookingChanged for one that is booked."""
    booking, _ = acting_on_own(actor, booking_id)
    with transaction():
        resource = lock_key(booking.resource_key, now)
        given_up = (
            Booking.update(state=State.EXPIRED, ended_at=now)
            .where(Booking.id == booking_id, Booking.state == State.HELD)
            .execute()
        )
        if given_up:
            if booking.wait_id is not None:
                waiting.end(booking.wait_id, WaitState.LEFT, now)
            waiting.tidy(resource, now, freed=True)
        elif booking.state is not State.EXPIRED:
            raise BookingChanged
