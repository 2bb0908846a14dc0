"""Who was there: check-in, service, and who did not come."""

from datetime import datetime
from uuid import UUID

from backend.bookings import queries
from backend.bookings.errors import (
    BookingChanged,
    BookingOver,
    CheckInCodeWrong,
    CheckInNotNow,
    NoShowNotNow,
)
from backend.bookings.models import Booking
from backend.bookings.rules import CHECK_IN_BEFORE, NO_SHOW_AFTER, NO_SHOW_WITHIN, State, What
from backend.bookings.service.announcing import SUBJECT_KIND, announce
from backend.bookings.service.standing import Side, acting, require_provider
from backend.kernel import audit
from backend.kernel.actor import Actor
from backend.kernel.clock import LOCAL
from backend.kernel.crypto import keyring
from backend.kernel.db import transaction
from backend.kernel.errors import NotFound

CODE_DIGITS = 6


def check_in_code(actor: Actor, resource_id: UUID, now: datetime) -> str:
    """What the provider's screen shows today to whoever comes. Raises NotFound, NotProvider."""
    resource = queries.snapshot(resource_id, now)
    if resource is None:
        raise NotFound
    require_provider(actor, resource.kind, resource_id)
    return _code(resource_id, now)


def _code(resource_id: UUID, now: datetime) -> str:
    day = now.astimezone(LOCAL).date()
    digest = keyring.keyed_hash(f"{resource_id}/{day}", "bookings.check_in")
    return str(int.from_bytes(digest[:8]) % 10**CODE_DIGITS).zfill(CODE_DIGITS)


def check_in(actor: Actor, booking_id: UUID, code: str | None, now: datetime) -> None:
    """The person is there: shown by the code they read there, or said by the provider.

    Checked in twice is checked in. Raises NotFound, Forbidden, BookingOver, BookingChanged,
    CheckInNotNow, CheckInCodeWrong.
    """
    booking, side = acting(actor, booking_id)
    if booking.state is State.CHECKED_IN:
        return
    _require_booked(booking.state)
    if not booking.starts_at - CHECK_IN_BEFORE <= now < booking.ends_at:
        raise CheckInNotNow
    if side is Side.RESIDENT and code != _code(booking.resource_id, now):
        raise CheckInCodeWrong
    _settle(
        actor,
        booking_id,
        (State.BOOKED,),
        state=State.CHECKED_IN,
        checked_in_at=now,
        checked_in_by_code=side is Side.RESIDENT,
    )


def serve(actor: Actor, booking_id: UUID, now: datetime) -> None:
    """It took place. In the caller's transaction, with what came of it.

    Raises NotFound, Forbidden, NotProvider, BookingOver, BookingChanged, CheckInNotNow before
    anybody could be there.
    """
    booking, _ = acting(actor, booking_id)
    require_provider(actor, booking.kind, booking.resource_id)
    if booking.state not in (State.BOOKED, State.CHECKED_IN):
        _require_booked(booking.state)
    if now < booking.starts_at - CHECK_IN_BEFORE:
        raise CheckInNotNow
    _settle(actor, booking_id, (State.BOOKED, State.CHECKED_IN), state=State.SERVED, ended_at=now)


def no_show(actor: Actor, booking_id: UUID, now: datetime) -> None:
    """The other side did not come: said by either, of the other.

    Raises NotFound, Forbidden, BookingOver, BookingChanged, NoShowNotNow.
    """
    booking, side = acting(actor, booking_id)
    _require_booked(booking.state)
    if not booking.starts_at + NO_SHOW_AFTER <= now <= booking.ends_at + NO_SHOW_WITHIN:
        raise NoShowNotNow
    missing = State.NO_SHOW_PROVIDER if side is Side.RESIDENT else State.NO_SHOW_RESIDENT
    by_provider = side is Side.PROVIDER
    with transaction():
        _settle(
            actor,
            booking_id,
            (State.BOOKED,),
            state=missing,
            ended_at=now,
            ended_by_provider=by_provider,
        )
        announce(What.NO_SHOW, booking_id, booking.sequence, by_provider=by_provider)


def _require_booked(state: State) -> None:
    if state is not State.BOOKED:
        raise BookingChanged if state in (State.HELD, State.CHECKED_IN) else BookingOver


def _settle(
    actor: Actor, booking_id: UUID, before: tuple[State, ...], *, state: State, **columns: object
) -> None:
    with transaction():
        changed = (
            Booking.update(state=state, **columns)
            .where(Booking.id == booking_id, Booking.state.in_(before))
            .execute()
        )
        if not changed:
            raise BookingChanged
        audit.record(actor.id, f"booking.{state}", SUBJECT_KIND, booking_id)
