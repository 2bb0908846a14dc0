"""What somebody sees of bookings."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from backend.bookings import queries
from backend.bookings.rules import Mode
from backend.bookings.service.standing import Side, side_of
from backend.kernel.actor import Actor, Scope
from backend.kernel.clock import LOCAL
from backend.kernel.errors import FieldError, NotFound, ValidationFailed
from backend.kernel.json import merge

_FURTHEST = timedelta(days=366)


def view(actor: Actor, booking_id: UUID) -> bytes:
    """``Booking`` as JSON, for either side. Raises NotFound."""
    booking = queries.booking(booking_id)
    mine = side_of(actor, booking) is Side.RESIDENT
    assert booking is not None
    acted_for = mine and booking.person_id != actor.id
    for_name = queries.name_of(booking.person_id) if acted_for else None
    return merge(queries.booking_json(booking_id), {"mine": mine, "for_name": for_name})


def calendar_of(
    resource_id: UUID, first: date, count: int, mode: Mode | None, now: datetime
) -> dict[str, Any]:
    """``Slots`` of some days, the first of which is not more than a year away.

    Raises NotFound, ValidationFailed.
    """
    if abs(first - now.astimezone(LOCAL).date()) > _FURTHEST:
        raise ValidationFailed(fields=[FieldError("/from", "dates_too_long")])
    found = queries.calendar_of(resource_id, first, count, mode, now)
    if found is None:
        raise NotFound
    return found


def wait_view(actor: Actor, wait_id: UUID) -> str:
    """``Wait`` as JSON text. Raises NotFound."""
    wait = queries.wait(wait_id)
    if wait is None or not actor.acts_in(wait.person_id, wait.mandate_id, *Scope):
        raise NotFound
    return queries.wait_json(wait_id, actor.id)


def waits(actor: Actor) -> str:
    """``[Wait]`` of the actor, and those begun under consents in force, as JSON text."""
    return queries.waits_of(actor.id, [mandate.id for mandate in actor.mandates])
