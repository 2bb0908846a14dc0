"""A meeting as one person is shown it, and an adviser's days."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import orjson

from backend.advisers import legal
from backend.advisers import queries as register
from backend.advisers.rules.ledger import masked_name
from backend.attachments import queries as attachments
from backend.consultations import ports, queries
from backend.consultations.errors.meetings import AdviserOnly, NoOffice
from backend.consultations.models.meetings import Consultation
from backend.consultations.queries import meetings
from backend.consultations.queries.meetings import Meeting
from backend.consultations.rules.limitation import URGENT_DAYS, days_left
from backend.consultations.rules.meetings import (
    ASKING_SIDE,
    Capacity,
    Reason,
    capacities,
    is_informed,
    possible,
    reads_for_office,
    sees_rating,
)
from backend.consultations.sealed import unseal, unseal_names
from backend.consultations.service.booking import SUBJECT_KIND
from backend.consultations.service.matters import Matter
from backend.kernel import audit
from backend.kernel.actor import Actor, Role
from backend.kernel.clock import LOCAL
from backend.kernel.db import transaction
from backend.kernel.errors import NotFound
from backend.kernel.json import merge
from backend.kernel.messages import text
from backend.people import queries as people

_LINKS_LAST = timedelta(hours=1)
"""So long after looking into a matter the office may still open its pictures."""

_TABLE = Consultation._meta.table_name


def view(actor: Actor, consultation_id: UUID, now: datetime) -> bytes:
    """`Consultation` as JSON. What staff read of it is on record.

    Raises NotFound where there is nothing for this actor to see.
    """
    found, held = _known(actor, consultation_id)
    return _shown(actor, found, held, is_informed(held), now)


def look_into(actor: Actor, consultation_id: UUID, reason: Reason, now: datetime) -> bytes:
    """`Consultation` as JSON with all that was confided, for the justice office over the area.

    The person sees in their access log that it was read. Raises NotFound, NoOffice.
    """
    found, held = _known(actor, consultation_id)
    if Capacity.OFFICE not in held:
        raise NoOffice
    with transaction():
        details = {"reason": reason}
        audit.record(actor.id, f"{SUBJECT_KIND}.looked_into", SUBJECT_KIND, found.facts.id, details)
        return _shown(actor, found, held, True, now)


def _known(actor: Actor, consultation_id: UUID) -> tuple[Meeting, frozenset[Capacity]]:
    found = meetings.meeting(consultation_id)
    held = frozenset[Capacity]() if found is None else capacities(actor, found.facts)
    if found is None or not held:
        raise NotFound
    return found, held


def _shown(
    actor: Actor, found: Meeting, held: frozenset[Capacity], informed: bool, now: datetime
) -> bytes:
    facts, mine = found.facts, bool(held & ASKING_SIDE)
    booking = merge(found.booking, {"mine": mine})
    shown: dict[str, Any] = {
        "booking": orjson.Fragment(booking),
        "limitation": _limitation(found, actor.language, now),
        "person_name": _person_name(found, informed),
        "informed": informed,
        "mine": mine,
        "rating": orjson.Fragment(found.rating) if found.rating and sees_rating(held) else None,
        "actions": possible(actor, facts, now),
        "case_id": ports.case_of(actor, SUBJECT_KIND, facts.id),
    }
    if not informed:
        nothing = dict.fromkeys(("facts", "opinion", "on_behalf"))
        return merge(found.json, {**shown, **nothing, "opposing": [], "attachments": []})
    confided = _confided(found)
    if reads_for_office(held):
        _record_reading(actor, found, sorted(name for name, value in confided.items() if value))
    pictures = attachments.for_subject(SUBJECT_KIND, facts.id)
    return merge(
        found.json,
        {
            **shown,
            **confided,
            "on_behalf": found.agent_name and {"agent_name": found.agent_name},
            "attachments": attachments.views(pictures, actor.id, now),
        },
    )


def _confided(found: Meeting) -> dict[str, Any]:
    """What was confided and what was said about it, in clear."""
    row_id = found.facts.id
    return {
        "facts": _opened(found.facts_encrypted, row_id, "facts"),
        "opposing": unseal_names(found.opposing_encrypted, _TABLE, row_id, "opposing"),
        "opinion": _opened(found.opinion_encrypted, row_id, "opinion"),
    }


def _opened(blob: bytes | None, row_id: UUID, column: str) -> str | None:
    return None if blob is None else unseal(blob, _TABLE, row_id, column)


def _record_reading(actor: Actor, found: Meeting, fields: list[str]) -> None:
    if fields:
        audit.record(
            actor.id,
            audit.PERSONAL_DATA_READ,
            "person",
            found.facts.person_id,
            {"fields": fields, "for_kind": SUBJECT_KIND, "for_id": str(found.facts.id)},
        )


def _person_name(found: Meeting, informed: bool) -> str | None:
    return (found.person_name or None) if informed else masked_name(found.person_name)


def _limitation(found: Meeting, language: str, now: datetime) -> dict[str, Any] | None:
    if found.limitation_on is None:
        return None
    topic = legal.topic(found.facts.topic)
    rule = None if topic is None else topic.limitation
    return {
        "until_on": found.limitation_on,
        "days_left": days_left(found.limitation_on, now),
        "article": None if rule is None else rule.article[language],
    }


def agenda(actor: Actor, from_on: date | None, days: int, now: datetime) -> str:
    """`Agenda` of the adviser that the actor is, as JSON text. Raises AdviserOnly."""
    adviser_id = register.adviser_of(actor.id) if actor.has(Role.ADVISER) else None
    if adviser_id is None:
        raise AdviserOnly
    today = now.astimezone(LOCAL).date()
    first = from_on or today
    since, until = _midnights(first, days)
    soon_on = today + timedelta(days=URGENT_DAYS)
    nobody = text("people.without_name", actor.language)
    return meetings.agenda(adviser_id, (since, until), soon_on, nobody, now)


def _midnights(first: date, days: int) -> Iterator[datetime]:
    for day in (first, first + timedelta(days=days)):
        yield datetime.combine(day, time(), LOCAL)


def may_view(person_id: UUID, consultation_id: UUID, now: datetime) -> bool:
    """Whether a person may see the pictures of a matter: who knows it, and the office for as long
    as it looks into it."""
    actor, facts = people.actor_of(person_id, now), meetings.facts(consultation_id)
    if actor is None or facts is None or facts.detached:
        return False
    held = capacities(actor, facts)
    if is_informed(held):
        return True
    since = now - _LINKS_LAST
    return Capacity.OFFICE in held and queries.looked_into(person_id, consultation_id, since)


def wrote_down(actor: Actor, booking_id: UUID) -> bool:
    """Whether the actor booked it for somebody without a telephone, and still works for the
    area."""
    found = meetings.meeting_of(booking_id)
    return found is not None and Capacity.WRITER in capacities(actor, found.facts)


def matter(actor: Actor, consultation_id: UUID) -> Matter:
    """A meeting in clear for the adviser, for making a case of it. Raises NotFound."""
    found, held = _known(actor, consultation_id)
    facts, confided = found.facts, _confided(found)
    if Capacity.ADVISER not in held or facts.detached:
        raise NotFound
    names = (found.person_name, found.agent_name or "", *confided["opposing"])
    return Matter(
        facts=confided["facts"],
        opinion=confided["opinion"] or "",
        names=tuple(name for name in names if name),
        area_code=facts.area_code,
        topic=facts.topic,
        person_id=facts.person_id,
        author_id=actor.id,
        adviser_id=facts.adviser_id,
        keep_private=found.keep_private,
        closed=facts.served_at is not None,
    )
