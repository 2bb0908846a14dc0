"""Whether a time is to be had: its slot, a seat in it, and whether the person can come."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import peewee

from backend.bookings import ports, queries
from backend.bookings.errors import (
    AlreadyBookedThen,
    ResourceNotBookable,
    SlotNotOffered,
    SlotPast,
    SlotTaken,
    TooManyBookings,
)
from backend.bookings.queries import Snapshot
from backend.bookings.rules import MOST_BOOKED, Mode, Slot, Taken, around, free_seat, of_day
from backend.kernel.clock import LOCAL
from backend.kernel.db import execute


def refusal_of(error: peewee.IntegrityError) -> Exception:
    """SlotTaken where the database saw an overlap that we did not; else the error itself."""
    return SlotTaken() if '"bookings_no_overlap"' in str(error) else error


def slot_at(
    resource: Snapshot, starts_at: datetime, mode: Mode, by_provider: bool, now: datetime
) -> Slot:
    """The slot that begins then. Raises ResourceNotBookable, SlotNotOffered, SlotPast."""
    if not resource.bookable(now):
        raise ResourceNotBookable
    if starts_at < (now if by_provider else resource.policy.earliest(now)):
        raise SlotPast
    if starts_at > resource.policy.latest(now):
        raise SlotNotOffered
    day = starts_at.astimezone(LOCAL).date()
    slot = next(
        (
            slot
            for slot in of_day(resource.plan, day, ports.calendar(), LOCAL)
            if slot.starts_at == starts_at and mode in slot.modes
        ),
        None,
    )
    if slot is None:
        raise SlotNotOffered
    return slot


def seat_for(resource: Snapshot, slot: Slot, now: datetime, but: UUID | None = None) -> int | None:
    """A seat nobody has while the slot lasts, the booking ``but`` aside; None if there is none."""
    return free_seat(slot, _near(resource, slot, now, but))


def _near(resource: Snapshot, slot: Slot, now: datetime, but: UUID | None) -> Sequence[Taken]:
    found = queries.taken([resource.key], slot.starts_at, slot.occupied_until, now, but)
    return around(slot, found[resource.key])


def check_load(person_id: UUID, key: int, slot: Slot, now: datetime, booking_id: UUID) -> None:
    """Raises AlreadyBookedThen, TooManyBookings; the booking itself does not count."""
    # One person's bookings follow each other too: with whomever they are.
    execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"bookings/{person_id}",))
    booked, busy = queries.load_of(person_id, key, slot.starts_at, slot.ends_at, now, booking_id)
    if busy:
        raise AlreadyBookedThen
    if booked >= MOST_BOOKED:
        raise TooManyBookings
