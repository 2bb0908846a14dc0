"""What came of a meeting: said by the adviser, written into the ledger, rated by the person."""

from datetime import datetime
from typing import Final
from uuid import UUID

from backend.advisers import legal
from backend.advisers import service as advisers
from backend.bookings import queries as bookings_read
from backend.bookings import service as bookings
from backend.consultations.errors.meetings import (
    AdviserOnly,
    ConsultationRatingClosed,
    NotBegun,
    PersonOnly,
)
from backend.consultations.models.meetings import Consultation
from backend.consultations.queries.meetings import facts
from backend.consultations.rules.meetings import (
    Capacity,
    Facts,
    capacities,
    is_on,
    may_rate,
)
from backend.consultations.sealed import seal
from backend.consultations.service.booking import SUBJECT_KIND
from backend.kernel import audit, outbox
from backend.kernel.actor import Actor
from backend.kernel.db import execute, transaction
from backend.kernel.errors import NotFound
from backend.kernel.messages import LANGUAGES, text

SERVED: Final = f"{SUBJECT_KIND}.served"
"""Event, with the consultation's id: the person is to be told."""


def serve(actor: Actor, consultation_id: UUID, opinion: str, minutes: int, now: datetime) -> None:
    """Write down what the adviser said and how long it took; the ledger has its entry by that.

    Raises NotFound, AdviserOnly, NotBegun, and what `bookings.serve` does.
    """
    with transaction():
        current, held = _known(actor, consultation_id)
        if Capacity.ADVISER not in held:
            raise AdviserOnly
        if not is_on(current, now):
            raise NotBegun
        bookings.serve(actor, current.booking_id, now)
        Consultation.update(
            opinion_encrypted=seal(opinion, SUBJECT_KIND + "s", consultation_id, "opinion"),
            minutes=minutes,
            served_at=now,
            served_by=actor.id,
        ).where(Consultation.id == consultation_id).execute()
        _write_ledger(current, opinion, minutes, now)
        audit.record(actor.id, SERVED, SUBJECT_KIND, consultation_id, {"minutes": minutes})
        outbox.put(SERVED, {"consultation_id": str(consultation_id)})


def _write_ledger(current: Facts, opinion: str, minutes: int, now: datetime) -> None:
    booking = bookings_read.booking(current.booking_id)
    assert booking is not None
    language = LANGUAGES[0]
    topic = legal.topic(current.topic)
    summary = text(
        f"{SUBJECT_KIND}s.summary",
        language,
        topic=current.topic if topic is None else topic.name[language],
        mode=text(f"{SUBJECT_KIND}s.mode.{booking.mode}", language),
        minutes=minutes,
    )
    service = advisers.Service(
        adviser_id=current.adviser_id,
        kind=SUBJECT_KIND,
        subject_id=current.id,
        area_code=current.area_code,
        person_id=current.person_id,
        mode=booking.mode,
        topic=current.topic,
        started_at=current.starts_at,
        minutes=minutes,
        summary=summary,
        opinion=opinion,
    )
    advisers.record_service(service, now)


def rate(
    actor: Actor, consultation_id: UUID, score: int, comment: str | None, now: datetime
) -> None:
    """Give or replace the one rating; every score ever given stays in the audit log.

    Raises NotFound, PersonOnly, ConsultationRatingClosed.
    """
    with transaction():
        current, held = _known(actor, consultation_id)
        if Capacity.PERSON not in held:
            raise PersonOnly
        if not may_rate(current, now):
            raise ConsultationRatingClosed
        changed = execute(
            """
            UPDATE consultations SET score = %s, comment = %s, rated_at = %s,
                first_rated_at = coalesce(first_rated_at, %s)
            WHERE id = %s AND (score, comment) IS DISTINCT FROM (%s, %s)
            """,
            (score, comment, now, now, consultation_id, score, comment),
        )
        if changed:
            details = {"score": score}
            audit.record(actor.id, f"{SUBJECT_KIND}.rated", SUBJECT_KIND, consultation_id, details)


def _known(actor: Actor, consultation_id: UUID) -> tuple[Facts, frozenset[Capacity]]:
    """The meeting, and what the actor is to it. Raises NotFound for who is nothing to it."""
    current = facts(consultation_id)
    held = frozenset[Capacity]() if current is None else capacities(actor, current)
    if current is None or not held:
        raise NotFound
    return current, held
