"""What follows from a booking once it is committed: its people are told, in time or not at all."""

from datetime import datetime, timedelta
from uuid import UUID

from backend.bookings import ports, queries, service
from backend.bookings.ports import Happening
from backend.bookings.rules import State, What, reminder_due
from backend.kernel import outbox
from backend.kernel.outbox import Event, Handler
from backend.kernel.periodic import Periodic


def tell(event: Event, now: datetime) -> None:
    """Hand on what happened to whoever knows what the booking is for."""
    booking_id = UUID(event.payload["booking_id"])
    what = What(event.kind.removeprefix(f"{service.SUBJECT_KIND}."))
    booking = queries.booking(booking_id)
    if booking is None:
        raise outbox.Permanent("no such booking")
    ahead = event.payload.get("ahead_hours")
    if ahead is not None:
        current = booking.sequence == event.payload["sequence"] and booking.state is State.BOOKED
        if not current or not reminder_due(timedelta(hours=ahead), booking.starts_at, now):
            return
    if what is What.DISPLACED and not booking.displaced:
        return
    ports.kind_of(booking.kind).tell(
        Happening(
            id=event.id,
            what=what,
            booking_id=booking_id,
            resource_id=booking.resource_id,
            person_id=booking.person_id,
            agent_id=booking.agent_id,
            owner_id=booking.owner_id,
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            mode=booking.mode,
            place=booking.place,
            reason=booking.reason,
            by_provider=bool(event.payload.get("by_provider")),
            ahead_hours=ahead,
        ),
        now,
    )


HANDLERS: dict[str, Handler] = {f"{service.SUBJECT_KIND}.{what}": tell for what in What}

PERIODIC: dict[str, Periodic] = {
    "bookings.sweep": Periodic(timedelta(minutes=1), service.sweep),
}
