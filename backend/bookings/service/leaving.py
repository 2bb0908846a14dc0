"""What becomes of somebody's appointments when they close their account."""

from datetime import datetime
from uuid import UUID

from backend.bookings.models import Booking, Wait
from backend.bookings.rules import State, WaitState, What
from backend.bookings.service import waiting
from backend.bookings.service.announcing import announce
from backend.bookings.service.locking import lock_key
from backend.kernel.db import fetch_all, transaction


def call_off_all(person_id: UUID, now: datetime) -> None:
    """Call off what is to come of a person, however near, and free the time for others.

    In the transaction that closes their account; the providers are told.
    """
    keys = fetch_all(
        "SELECT resource_key FROM bookings WHERE person_id = %s AND state IN ('held', 'booked')"
        " AND ends_at > %s UNION SELECT resource_key FROM booking_waits"
        " WHERE person_id = %s AND state IN ('waiting', 'offered') ORDER BY 1",
        (person_id, now, person_id),
    )
    with transaction():
        for (key,) in keys:
            _call_off(person_id, key, now)


def _call_off(person_id: UUID, key: int, now: datetime) -> None:
    resource = lock_key(key, now)
    own = (Booking.resource_key == key) & (Booking.person_id == person_id) & (Booking.ends_at > now)
    Booking.update(state=State.EXPIRED, ended_at=now).where(
        own, Booking.state == State.HELD
    ).execute()
    booked = Booking.select(Booking.id, Booking.sequence).where(own, Booking.state == State.BOOKED)
    for booking in booked:
        Booking.update(
            state=State.CANCELLED,
            sequence=booking.sequence + 1,
            ended_at=now,
            ended_by_provider=False,
        ).where(Booking.id == booking.id).execute()
        announce(What.CANCELLED, booking.id, booking.sequence + 1)
    waits = Wait.select(Wait.id).where(
        Wait.resource_key == key,
        Wait.person_id == person_id,
        Wait.state.in_((WaitState.WAITING, WaitState.OFFERED)),
    )
    for wait in waits:
        waiting.end(wait.id, WaitState.LEFT, now)
    waiting.tidy(resource, now, freed=True)
