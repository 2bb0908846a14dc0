"""Appointments for people's own calendars: one by a signed link, a provider's all by a secret one.

Neither names anybody: such files travel to companies that keep calendars.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from backend.bookings import queries
from backend.bookings.errors import CalendarLinkInvalid
from backend.bookings.models import Resource
from backend.bookings.queries import BookingRow
from backend.bookings.rules import REMINDERS, State
from backend.bookings.service.standing import require_provider, side_of
from backend.integrations import ical
from backend.integrations.ical import Entry
from backend.kernel import audit, messages
from backend.kernel.actor import Actor
from backend.kernel.crypto import keyring
from backend.kernel.db import transaction
from backend.kernel.errors import NotFound

LINK_LIFETIME = timedelta(hours=1)
_PAST = timedelta(days=30)
_REFRESH = timedelta(hours=1)
_PURPOSE = "booking-calendar"


def booking_link(actor: Actor, booking_id: UUID, now: datetime) -> str:
    """The path of an appointment's file, for an hour and without a sign-in. Raises NotFound."""
    side_of(actor, queries.booking(booking_id))
    expires = int((now + LINK_LIFETIME).timestamp())
    signature = keyring.sign(_payload(booking_id, expires, actor.language), _PURPOSE)
    query = urlencode({"expires": expires, "language": actor.language, "signature": signature})
    return f"/api/calendars/bookings/{booking_id}.ics?{query}"


def booking_file(
    booking_id: UUID, expires: int, language: str, signature: str, now: datetime
) -> bytes:
    """The appointment as iCalendar. Raises CalendarLinkInvalid, NotFound."""
    payload = _payload(booking_id, expires, language)
    if not keyring.verify(payload, signature, _PURPOSE) or expires <= now.timestamp():
        raise CalendarLinkInvalid
    booking = queries.booking(booking_id)
    if booking is None:
        raise NotFound
    return _file(language, [booking], now)


def _payload(booking_id: UUID, expires: int, language: str) -> bytes:
    return f"{booking_id}|{expires}|{language}".encode()


def new_feed(actor: Actor, resource_id: UUID, now: datetime) -> str:
    """The path of a new feed of all appointments; the one before stops working.

    Whoever knows it can read it. Raises NotFound, NotProvider.
    """
    resource = queries.snapshot(resource_id, now)
    if resource is None:
        raise NotFound
    require_provider(actor, resource.kind, resource_id)
    token = secrets.token_urlsafe(24)
    with transaction():
        Resource.update(feed_digest=_digest(token)).where(Resource.id == resource_id).execute()
        audit.record(actor.id, "booking_feed.made", "booking_resource", resource_id)
    return f"/api/calendars/feeds/{token}.ics"


def feed_file(token: str, language: str, now: datetime) -> bytes:
    """All appointments from a month ago on, as iCalendar. Raises NotFound."""
    found = queries.in_feed(_digest(token), now - _PAST)
    if found is None:
        raise NotFound
    _, bookings = found
    return _file(language, bookings, now)


def _digest(token: str) -> bytes:
    return keyring.keyed_hash(token, "bookings.feed")


def _file(language: str, bookings: Iterable[BookingRow], now: datetime) -> bytes:
    name = messages.text("bookings.calendar.feed", language)
    return ical.calendar(name, [_entry(booking, language) for booking in bookings], now, _REFRESH)


def _entry(booking: BookingRow, language: str) -> Entry:
    return Entry(
        uid=f"{booking.id}@linshitong",
        sequence=booking.sequence,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        summary=messages.text("bookings.calendar.booking", language),
        description=messages.text(f"bookings.calendar.mode.{booking.mode}", language),
        location=booking.place,
        cancelled=booking.state not in (State.BOOKED, State.CHECKED_IN, State.SERVED),
        alarms=REMINDERS,
    )
