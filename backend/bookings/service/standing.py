"""On which side of a booking somebody stands."""

from enum import StrEnum
from uuid import UUID

from backend.bookings import ports, queries
from backend.bookings.errors import NotProvider
from backend.bookings.queries import BookingRow
from backend.kernel.actor import Actor, Scope
from backend.kernel.errors import Forbidden, NotFound


class Side(StrEnum):
    RESIDENT = "resident"
    PROVIDER = "provider"


def side_of(actor: Actor, booking: BookingRow | None) -> Side:
    """The actor's side. Raises NotFound for who has none: there is nothing for them to know."""
    if booking is not None:
        if actor.acts_in(booking.person_id, booking.mandate_id, *Scope):
            return Side.RESIDENT
        kind = ports.kind_of(booking.kind)
        if kind.runs(actor, booking.resource_id):
            return Side.PROVIDER
        if kind.wrote(actor, booking.id):
            return Side.RESIDENT
    raise NotFound


def acting(actor: Actor, booking_id: UUID) -> tuple[BookingRow, Side]:
    """A booking, and from which side the actor changes it.

    Raises NotFound; Forbidden for an agent whose consent does not cover it.
    """
    booking = queries.booking(booking_id)
    side = side_of(actor, booking)
    assert booking is not None
    consent = next((one for one in actor.mandates if one.id == booking.mandate_id), None)
    if side is Side.RESIDENT and consent is not None and Scope.ACT not in consent.scopes:
        raise Forbidden
    return booking, side


def require_provider(actor: Actor, kind: str, resource_id: UUID) -> None:
    """Raises NotProvider for anybody else."""
    if not ports.kind_of(kind).runs(actor, resource_id):
        raise NotProvider
