"""Booking a meeting: a held time becomes an appointment about something, or somebody else is asked.

The conflict of interest is looked at first. Where there is one, the hold is given up and nothing
is kept that the adviser could ever see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from backend.advisers import legal
from backend.advisers import queries as register
from backend.advisers import service as advisers
from backend.advisers.rules.register import RESOURCE_KIND
from backend.attachments import service as attachments
from backend.bookings import queries as bookings_read
from backend.bookings import service as bookings
from backend.bookings.errors import HoldExpired
from backend.bookings.queries import BookingRow
from backend.bookings.rules import Mode, State
from backend.consultations import queries
from backend.consultations.errors.meetings import (
    BookingForOthersNotYours,
    ConsultationExists,
    NameNeeded,
)
from backend.consultations.models.meetings import Consultation
from backend.consultations.queries.meetings import meeting_of
from backend.consultations.rules.meetings import area_of, may_book_for_others
from backend.consultations.sealed import seal, seal_names
from backend.consultations.service import conflicts
from backend.kernel import audit
from backend.kernel.actor import Actor, Scope
from backend.kernel.clock import LOCAL
from backend.kernel.db import transaction
from backend.kernel.errors import FieldError, NotFound, ValidationFailed
from backend.kernel.ids import new_id
from backend.people import service as people

SUBJECT_KIND: Final = "consultation"


@dataclass(frozen=True, slots=True)
class About:
    """What a meeting is to be about, in the words of who asks. ``since_on`` is the day from which
    the limitation counts."""

    topic: str
    opposing: Sequence[str]
    facts: str
    since_on: date | None
    keep_private: bool
    attachment_ids: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody without a telephone of their own, for whom staff book; ``phone`` is where they can
    be reached."""

    name: str
    phone: str | None
    area_code: str


@dataclass(frozen=True, slots=True)
class _Parties:
    """Whose matter it is, where from, and who asks for them."""

    person_id: UUID
    name: str
    area_code: str
    agent_id: UUID | None = None
    mandate_id: UUID | None = None
    entered_by: UUID | None = None


def book(actor: Actor, booking_id: UUID, about: About, now: datetime) -> UUID:
    """Book a time that is held for the actor, or for whom they act for; the consultation's id.

    Raises NotFound, ValidationFailed, NameNeeded, ConsultationExists, AdviserCannotTakeIt,
    AttachmentNotAvailable, TooManyAttachments, and what `bookings.confirm` does.
    """
    held = bookings_read.booking(booking_id)
    if (
        held is None
        or held.kind != RESOURCE_KIND
        or not actor.acts_in(held.person_id, held.mandate_id, Scope.SUBMIT)
    ):
        raise NotFound
    _check(about, now)
    if meeting_of(booking_id) is not None:
        raise ConsultationExists
    if held.state is not State.HELD or held.held_until is None or held.held_until <= now:
        raise HoldExpired
    who = _asking(actor, held)
    adviser_id = held.resource_id
    with transaction():
        if not conflicts.cannot_take(
            actor, adviser_id, who.person_id, [who.name], about.opposing, now
        ):
            bookings.confirm(actor, booking_id, now)
            return _keep(actor, booking_id, adviser_id, who, about, now)
        bookings.release(actor, booking_id, now)
    raise conflicts.refusal(adviser_id, who.area_code, [who.name], about.opposing, now)


def book_for_other(
    actor: Actor,
    adviser_id: UUID,
    other: Other,
    starts_at: datetime,
    mode: Mode,
    about: About,
    now: datetime,
) -> UUID:
    """Book for somebody without a telephone; the consultation's id.

    By the adviser, or by a grid worker or justice officer of the area. Raises NotFound,
    BookingForOthersNotYours, ValidationFailed, AdviserCannotTakeIt, and what `bookings.hold` does.
    """
    if not queries.advisers_named([adviser_id]):
        raise NotFound
    if not may_book_for_others(actor, other.area_code, register.person_of(adviser_id)):
        raise BookingForOthersNotYours
    _check(about, now)
    if not queries.is_area(other.area_code):
        raise ValidationFailed(fields=[FieldError("/area_code", "unknown_area")])
    with transaction():
        if not conflicts.cannot_take(actor, adviser_id, None, [other.name], about.opposing, now):
            person_id = people.person_without_account(
                actor, other.name, other.phone, other.area_code, now
            )
            booking_id = bookings.book_for(actor, adviser_id, person_id, starts_at, mode, now)
            who = _Parties(person_id, other.name, other.area_code, entered_by=actor.id)
            return _keep(actor, booking_id, adviser_id, who, about, now)
    raise conflicts.refusal(adviser_id, other.area_code, [other.name], about.opposing, now)


def _check(about: About, now: datetime) -> None:
    """What is asked about is known, and the day is not ahead."""
    wrong = []
    if legal.topic(about.topic) is None:
        wrong.append(FieldError("/topic", "unknown_topic"))
    if about.since_on is not None and about.since_on > now.astimezone(LOCAL).date():
        wrong.append(FieldError("/since_on", "since_ahead"))
    if wrong:
        raise ValidationFailed(fields=wrong)


def _asking(actor: Actor, held: BookingRow) -> _Parties:
    """Whose matter it is; an agent acts under the consent they have now. Raises NameNeeded."""
    person = queries.party(held.person_id)
    if not person.name:
        raise NameNeeded
    area_code = area_of(person.home_area_code, register.area_codes(held.resource_id))
    if actor.id == held.person_id:
        return _Parties(actor.id, person.name, area_code, held.agent_id, held.mandate_id)
    mandates = [
        mandate.id
        for mandate in actor.mandates
        if mandate.principal_id == held.person_id and Scope.SUBMIT in mandate.scopes
    ]
    mandate_id = held.mandate_id if held.mandate_id in mandates else mandates[0]
    return _Parties(held.person_id, person.name, area_code, actor.id, mandate_id)


def _keep(
    actor: Actor,
    booking_id: UUID,
    adviser_id: UUID,
    who: _Parties,
    about: About,
    now: datetime,
) -> UUID:
    """Keep what the booked time is about, in the caller's transaction."""
    consultation_id = new_id()
    table = Consultation._meta.table_name
    Consultation.insert(
        id=consultation_id,
        booking_id=booking_id,
        adviser_id=adviser_id,
        person_id=who.person_id,
        agent_id=who.agent_id,
        mandate_id=who.mandate_id,
        entered_by=who.entered_by,
        area_code=who.area_code,
        topic=about.topic,
        facts_encrypted=seal(about.facts, table, consultation_id, "facts"),
        opposing_encrypted=seal_names(list(about.opposing), table, consultation_id, "opposing"),
        since_on=about.since_on,
        limitation_on=about.since_on and legal.limitation_until(about.topic, about.since_on),
        keep_private=about.keep_private,
        created_at=now,
    ).execute()
    attachments.claim(actor.id, about.attachment_ids, SUBJECT_KIND, consultation_id, now)
    advisers.remember_parties(
        adviser_id, SUBJECT_KIND, consultation_id, [who.name], about.opposing, now
    )
    details = {} if actor.id == who.person_id else {"for": str(who.person_id)}
    audit.record(actor.id, f"{SUBJECT_KIND}.booked", SUBJECT_KIND, consultation_id, details)
    return consultation_id
