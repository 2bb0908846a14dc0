"""Who is told of a meeting, and how: never with whom or about what, for others read along."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from backend.bookings import queries as bookings
from backend.bookings.ports import Happening
from backend.bookings.queries import BookingRow
from backend.bookings.rules import What
from backend.consultations.queries.meetings import Meeting, meeting, meeting_of
from backend.consultations.rules.meetings import Capacity, capacities
from backend.consultations.service import SERVED, SUBJECT_KIND
from backend.kernel import outbox
from backend.kernel.outbox import Event, Handler
from backend.notices import service as notices
from backend.notices import wording
from backend.people import queries as people

BOOKING = "booking"
"""The subject where there is no meeting yet: a time that is offered to who waits."""

TO_WHO_BOOKED: dict[What, str] = {
    What.BOOKED: "booking_made",
    What.MOVED: "booking_moved",
    What.CANCELLED: "booking_cancelled",
    What.OFFERED: "booking_offered",
    What.OFFER_LAPSED: "booking_offer_lapsed",
    What.DISPLACED: "booking_displaced",
    What.REMINDER: "booking_reminder",
}

TO_PROVIDER: dict[What, str] = {
    What.BOOKED: "booking_made_provider",
    What.MOVED: "booking_moved_provider",
    What.CANCELLED: "booking_cancelled_provider",
    What.REMINDER: "booking_reminder_provider",
    What.NO_SHOW: "booking_no_show_provider",
}
"""Who runs the calendar displaces and is waited for; the side that says of the other that they did
not come is told nothing new."""

MOST_NEXT = 3
"""Free times that are named to somebody whose own is no more."""


def tell(happening: Happening, now: datetime) -> None:
    """Tell everybody concerned what became of an appointment. Repeating changes nothing.

    Reminders reach this only while they are in time.
    """
    booking = bookings.booking(happening.booking_id)
    if booking is None:
        raise outbox.Permanent("no such booking")
    found = meeting_of(happening.booking_id)
    params = _params(happening, booking, now)
    for person_id, kind in _told(happening, booking, found, now):
        _notify(person_id, kind, params, happening, found, now)


def _told(
    happening: Happening, booking: BookingRow, found: Meeting | None, now: datetime
) -> Iterator[tuple[UUID, str]]:
    """Who is told which notice of it."""
    to_who_booked = TO_WHO_BOOKED.get(happening.what)
    if happening.what is What.NO_SHOW and happening.by_provider:
        to_who_booked = "booking_no_show"
    if to_who_booked is not None:
        for person_id in _who_booked(booking, found, now):
            yield person_id, to_who_booked
    to_provider = TO_PROVIDER.get(happening.what)
    if happening.owner_id is not None and to_provider and _is_news(happening, found):
        yield happening.owner_id, to_provider


def _is_news(happening: Happening, found: Meeting | None) -> bool:
    """Whether the provider does not know it from doing it; of two reminders the last will do."""
    if happening.what is What.REMINDER:
        return happening.ahead_hours == 1
    writer = None if found is None else found.facts.entered_by
    return not happening.by_provider or (
        happening.what is What.BOOKED and writer not in (None, happening.owner_id)
    )


def _who_booked(booking: BookingRow, found: Meeting | None, now: datetime) -> list[UUID]:
    """The person, who booked it under a consent that still holds, and who wrote it down for
    somebody without a telephone: they are the one to pass it on."""
    agent_id, mandate_id, writer_id = booking.agent_id, booking.mandate_id, None
    if found is not None:
        agent_id, mandate_id = found.facts.agent_id, found.facts.mandate_id
        writer_id = found.facts.entered_by
    told = [booking.person_id] if people.openid_of(booking.person_id) is not None else []
    if agent_id is not None and mandate_id is not None:
        agent = people.actor_of(agent_id, now)
        if agent is not None and mandate_id in {mandate.id for mandate in agent.mandates}:
            told.append(agent_id)
    if writer_id is not None and found is not None and writer_id != booking.owner_id:
        writer = people.actor_of(writer_id, now)
        if writer is not None and Capacity.WRITER in capacities(writer, found.facts):
            told.append(writer_id)
    return told


def _params(happening: Happening, booking: BookingRow, now: datetime) -> dict[str, Any]:
    params: dict[str, Any] = {
        "when": wording.when(happening.starts_at),
        "starts": wording.local_time(happening.starts_at),
    }
    if happening.what is What.OFFERED:
        params["until"] = wording.when(booking.held_until or happening.starts_at)
    if happening.what is What.DISPLACED:
        params["next_times"] = wording.next_times(_next_times(booking, now))
    return params


def _next_times(booking: BookingRow, now: datetime) -> list[datetime]:
    """What is free next with the same provider, in the way that was agreed."""
    resource = bookings.snapshot(booking.resource_id, now)
    if resource is None or not resource.bookable(now):
        return []
    until = resource.policy.latest(now) + timedelta(days=1)
    others = bookings.taken([resource.key], now, until, now)[resource.key]
    free = bookings.free_slots(resource, others, now)
    fitting = (slot.starts_at for slot in free if booking.mode in slot.modes)
    return list(islice(fitting, MOST_NEXT))


def _notify(
    person_id: UUID,
    kind: str,
    params: dict[str, Any],
    happening: Happening,
    found: Meeting | None,
    now: datetime,
) -> None:
    notices.notify(
        person_id,
        kind,
        params,
        BOOKING if found is None else SUBJECT_KIND,
        happening.booking_id if found is None else found.facts.id,
        f"{BOOKING}/{happening.id}",
        now,
        discreet=True,
    )


def tell_served(event: Event, now: datetime) -> None:
    """The adviser wrote down what was said: whoever asked can read it."""
    found = meeting(UUID(event.payload["consultation_id"]))
    booking = None if found is None else bookings.booking(found.facts.booking_id)
    if found is None or booking is None:
        raise outbox.Permanent("no such consultation")
    params = {
        "when": wording.when(found.facts.starts_at),
        "starts": wording.local_time(found.facts.starts_at),
    }
    for person_id in _who_booked(booking, found, now):
        notices.notify(
            person_id,
            "consultation_served",
            params,
            SUBJECT_KIND,
            found.facts.id,
            f"{SERVED}/{found.facts.id}",
            now,
            discreet=True,
        )


HANDLERS: dict[str, Handler] = {SERVED: tell_served}
