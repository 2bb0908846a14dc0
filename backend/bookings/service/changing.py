"""An appointment changed by either side: called off, or put at another time."""

from datetime import datetime, timedelta
from uuid import UUID

import peewee

from backend.bookings import queries
from backend.bookings.errors import BookingChanged, BookingOver, CancelTooLate, SlotTaken
from backend.bookings.models import Booking
from backend.bookings.queries import BookingRow, Snapshot
from backend.bookings.rules import LIVE, Mode, Slot, State, What
from backend.bookings.service import waiting
from backend.bookings.service.announcing import SUBJECT_KIND, announce, promise_reminders
from backend.bookings.service.locking import lock_key, place_of
from backend.bookings.service.seats import check_load, refusal_of, seat_for, slot_at
from backend.bookings.service.standing import Side, acting
from backend.kernel import audit
from backend.kernel.actor import Actor
from backend.kernel.db import transaction

_OFFERED = 3
"""Other times for an appointment: enough to choose from, few enough to read out."""


def cancel(actor: Actor, booking_id: UUID, sequence: int, reason: str, now: datetime) -> None:
    """Call an appointment off, from either side, with a reason the other side is told.

    Raises NotFound, Forbidden, BookingChanged, BookingOver, CancelTooLate.
    """
    booking, side = acting(actor, booking_id)
    with transaction():
        resource = lock_key(booking.resource_key, now)
        _check_changeable(booking, side, sequence, resource, now)
        changed = (
            Booking.update(
                state=State.CANCELLED,
                sequence=sequence + 1,
                reason=reason,
                ended_at=now,
                ended_by_provider=side is Side.PROVIDER,
            )
            .where(
                Booking.id == booking_id,
                Booking.sequence == sequence,
                Booking.state == State.BOOKED,
            )
            .execute()
        )
        if not changed:
            raise BookingChanged
        audit.record(actor.id, "booking.cancelled", SUBJECT_KIND, booking_id, {"side": side})
        announce(What.CANCELLED, booking_id, sequence + 1, by_provider=side is Side.PROVIDER)
        waiting.tidy(resource, now, freed=True)


def move(
    actor: Actor,
    booking_id: UUID,
    sequence: int,
    starts_at: datetime,
    mode: Mode,
    reason: str | None,
    now: datetime,
) -> None:
    """Put an appointment at another time of the same resource: the old one is free at once.

    Raises NotFound, Forbidden, BookingChanged, BookingOver, CancelTooLate, ResourceNotBookable,
    SlotNotOffered, SlotPast, SlotTaken, AlreadyBookedThen.
    """
    booking, side = acting(actor, booking_id)
    with transaction():
        resource = lock_key(booking.resource_key, now)
        _check_changeable(booking, side, sequence, resource, now)
        slot = slot_at(resource, starts_at, mode, side is Side.PROVIDER, now)
        waiting.tidy(resource, now)
        seat = seat_for(resource, slot, now, but=booking_id)
        if seat is None:
            raise SlotTaken
        check_load(booking.person_id, resource.key, slot, now, booking_id)
        try:
            changed = (
                Booking.update(
                    sequence=sequence + 1,
                    seat=seat,
                    mode=mode,
                    displaced_at=None,
                    reason=reason,
                    **place_of(slot),
                )
                .where(
                    Booking.id == booking_id,
                    Booking.sequence == sequence,
                    Booking.state == State.BOOKED,
                )
                .execute()
            )
        except peewee.IntegrityError as error:
            raise refusal_of(error) from error
        if not changed:
            raise BookingChanged
        audit.record(actor.id, "booking.moved", SUBJECT_KIND, booking_id, {"side": side})
        announce(What.MOVED, booking_id, sequence + 1, by_provider=side is Side.PROVIDER)
        promise_reminders(booking_id, sequence + 1, slot.starts_at, now)
        waiting.tidy(resource, now, freed=True)


def _check_changeable(
    booking: BookingRow, side: Side, sequence: int, resource: Snapshot, now: datetime
) -> None:
    """Residents change it in good time, unless the provider's plan has moved away under it."""
    if booking.sequence != sequence:
        raise BookingChanged
    if booking.state not in LIVE or booking.starts_at <= now:
        raise BookingOver
    if booking.state is not State.BOOKED:
        raise BookingChanged
    in_time = now <= resource.policy.cancel_until(booking.starts_at)
    if side is Side.RESIDENT and not in_time and not booking.displaced:
        raise CancelTooLate


def alternatives(actor: Actor, booking_id: UUID, now: datetime) -> list[Slot]:
    """The next three times to which an appointment could be moved. Raises NotFound, Forbidden."""
    booking, _ = acting(actor, booking_id)
    resource = queries.snapshot_of_key(booking.resource_key, now)
    if resource is None or not resource.bookable(now):
        return []
    until = resource.policy.latest(now) + timedelta(days=1)
    others = queries.taken([resource.key], now, until, now)[resource.key]
    found = queries.free_slots(resource, others, now)
    return [slot for slot, _ in zip(found, range(_OFFERED), strict=False)]
