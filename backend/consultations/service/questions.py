"""Taking a written question in: who gets it, free of conflict, and by when it is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from psycopg.types.json import Jsonb

from backend.advisers import legal
from backend.advisers import queries as register
from backend.advisers import service as advisers
from backend.attachments import service as attachments
from backend.consultations import queries
from backend.consultations.errors.meetings import NameNeeded
from backend.consultations.errors.questions import TooManyQuestions
from backend.consultations.queries import questions
from backend.consultations.queries.people import Party
from backend.consultations.rules.questions import ANSWERED_WITHIN, MOST_OPEN, State
from backend.consultations.sealed import seal, seal_names
from backend.consultations.service.conflicts import cannot_take
from backend.kernel import audit, outbox
from backend.kernel.actor import Actor, Scope
from backend.kernel.clock import LOCAL
from backend.kernel.db import execute, fetch_one, transaction
from backend.kernel.errors import FieldError, ValidationFailed
from backend.kernel.ids import new_id

QUESTION: Final = "question"
"""The kind of subject, of matter and of ledger entry."""

ASKED: Final = "question.asked"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to know. ``since_on`` is the day the limitation counts from."""

    area_code: str
    topic: str
    text: str
    opposing: Sequence[str]
    since_on: date | None
    attachment_ids: Sequence[UUID]
    keep_private: bool
    mandate_id: UUID | None = None


def ask(actor: Actor, asked: Asked, now: datetime) -> UUID:
    """Take the question in and give it to whoever can answer it; its id.

    That is the area's own adviser, or who stands in there, unless they are in conflict or cannot
    be reached; else the justice office. Nobody it is not given to learns of it. Raises
    ValidationFailed (unknown topic or area, a day ahead), NameNeeded, MandateNotInForce,
    TooManyQuestions, AttachmentNotAvailable, TooManyAttachments.
    """
    person_id = actor.person_acted_for(asked.mandate_id, Scope.SUBMIT)
    _check(asked, now)
    with transaction():
        # One question of a person waits for the other, so that the count is right.
        fetch_one("SELECT FROM people WHERE id = %s FOR NO KEY UPDATE", (person_id,))
        party = queries.party(person_id)
        if not party.name:
            raise NameNeeded
        if questions.open_of(person_id) >= MOST_OPEN:
            raise TooManyQuestions(most=MOST_OPEN)
        question_id = new_id()
        adviser_id = _who_can(actor, person_id, party, asked, now)
        _insert(question_id, actor, person_id, adviser_id, asked, now)
        if adviser_id is not None:
            give(question_id, adviser_id, party.name, asked.opposing, now)
        attachments.claim(actor.id, asked.attachment_ids, QUESTION, question_id, now)
        audit.record(actor.id, ASKED, QUESTION, question_id)
        outbox.put(ASKED, {"question_id": str(question_id), "seq": 0})
    return question_id


def _check(asked: Asked, now: datetime) -> None:
    wrong = []
    if not queries.is_area(asked.area_code):
        wrong.append(FieldError("/area_code", "unknown_area"))
    if legal.topic(asked.topic) is None:
        wrong.append(FieldError("/topic", "unknown_topic"))
    if asked.since_on is not None and asked.since_on > now.astimezone(LOCAL).date():
        wrong.append(FieldError("/since_on", "since_ahead"))
    if wrong:
        raise ValidationFailed(fields=wrong)


def _who_can(
    actor: Actor, person_id: UUID, party: Party, asked: Asked, now: datetime
) -> UUID | None:
    """The nearest adviser who serves the area now, has joined, and is free of conflict."""
    for serving in register.serving(asked.area_code, now):
        adviser_id = serving.adviser.id
        reached = register.person_of(adviser_id)
        if (
            serving.active
            and reached not in (None, actor.id, person_id)
            and not cannot_take(actor, adviser_id, person_id, [party.name], asked.opposing, now)
        ):
            return adviser_id
    return None


def _insert(
    question_id: UUID,
    actor: Actor,
    person_id: UUID,
    adviser_id: UUID | None,
    asked: Asked,
    now: datetime,
) -> None:
    limitation_on = asked.since_on and legal.limitation_until(asked.topic, asked.since_on)
    execute(
        """
        INSERT INTO questions (id, person_id, agent_id, mandate_id, area_code, topic,
            text_encrypted, opposing_encrypted, since_on, limitation_on, attachment_ids,
            keep_private, state, adviser_id, justice_at, asked_at, due_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        (
            question_id,
            person_id,
            actor.id if asked.mandate_id else None,
            asked.mandate_id,
            asked.area_code,
            asked.topic,
            seal(asked.text, "questions", question_id, "text"),
            seal_names(list(asked.opposing), "questions", question_id, "opposing"),
            asked.since_on,
            limitation_on,
            Jsonb([str(picture) for picture in asked.attachment_ids]),
            asked.keep_private,
            State.OPEN.value,
            adviser_id,
            now if adviser_id is None else None,
            now,
            now + ANSWERED_WITHIN,
        ),
    )


def give(
    question_id: UUID, adviser_id: UUID, client: str, opponents: Sequence[str], now: datetime
) -> None:
    """Let an adviser read and answer a question; from now on its parties are theirs."""
    execute(
        "INSERT INTO question_recipients (question_id, adviser_id, given_at) VALUES (%s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        (question_id, adviser_id, now),
    )
    advisers.remember_parties(adviser_id, QUESTION, question_id, [client], opponents, now)
