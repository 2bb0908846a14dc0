"""A question goes on: it is answered, asked further, closed, rated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg.types.json import Jsonb

from backend.advisers import service as advisers
from backend.attachments import service as attachments
from backend.consultations.errors.meetings import PersonOnly
from backend.consultations.errors.questions import (
    QuestionAnswered,
    QuestionClosed,
    QuestionNotYours,
    QuestionRatingClosed,
    ThreadTooLong,
)
from backend.consultations.queries import questions
from backend.consultations.rules.questions import (
    ANSWERED_WITHIN,
    ASKING,
    MOST_POSTS,
    Facts,
    Role,
    State,
    may_act,
    may_answer,
    may_rate,
    role,
    summary,
)
from backend.consultations.sealed import seal, unseal
from backend.consultations.service.questions import QUESTION
from backend.kernel import audit, outbox
from backend.kernel.actor import Actor
from backend.kernel.db import execute, transaction
from backend.kernel.errors import FieldError, NotFound, ValidationFailed
from backend.kernel.ids import new_id

POSTED: Final = "question.posted"
"""Whoever asked has added something."""
ANSWERED: Final = "question.answered"
CLOSED: Final = "question.closed"
RATED: Final = "question.rated"


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody writes below a question; ``minutes`` that an answer took, where it is said."""

    text: str
    attachment_ids: Sequence[UUID] = ()
    minutes: int | None = None


def post(actor: Actor, question_id: UUID, written: Post, now: datetime) -> None:
    """Answer a question, or ask further.

    An answer of an adviser writes their ledger. What the asking side adds opens the question
    again, due from now. Raises NotFound, QuestionClosed, QuestionNotYours, QuestionAnswered,
    ThreadTooLong, ValidationFailed (minutes of who asks), AttachmentNotAvailable,
    TooManyAttachments.
    """
    with transaction():
        facts, as_what = _held(actor, question_id)
        if facts.state is State.CLOSED:
            raise QuestionClosed
        if facts.posts >= MOST_POSTS:
            raise ThreadTooLong(most=MOST_POSTS)
        if as_what in ASKING:
            _ask_further(actor, facts, as_what, written, now)
        else:
            _answer(actor, facts, as_what, written, now)


def _ask_further(actor: Actor, facts: Facts, as_what: Role, written: Post, now: datetime) -> None:
    """What is open already stays due as it is: asking more gives nobody more time."""
    if not may_act(actor, facts):
        raise QuestionNotYours
    if written.minutes is not None:
        raise ValidationFailed(fields=[FieldError("/minutes", "minutes_of_answers")])
    payload = _append(facts, actor, as_what, None, written, now)
    if facts.state is State.ANSWERED:
        execute(
            "UPDATE questions SET state = %s, due_at = %s, handed_at = NULL WHERE id = %s",
            (State.OPEN.value, now + ANSWERED_WITHIN, facts.id),
        )
    audit.record(actor.id, POSTED, QUESTION, facts.id)
    outbox.put(POSTED, payload)


def _answer(actor: Actor, facts: Facts, as_what: Role, written: Post, now: datetime) -> None:
    if not may_answer(actor, facts):
        raise QuestionAnswered
    adviser_id = None if as_what is Role.JUSTICE_OFFICER else facts.adviser_of(actor.id)
    payload = _append(facts, actor, as_what, adviser_id, written, now)
    execute(
        "UPDATE questions SET state = %s, answered_at = %s, answered_by = %s WHERE id = %s",
        (State.ANSWERED.value, now, actor.id, facts.id),
    )
    if adviser_id is not None:
        _into_ledger(facts, adviser_id, now)
    audit.record(actor.id, ANSWERED, QUESTION, facts.id)
    outbox.put(ANSWERED, payload)


def close(actor: Actor, question_id: UUID, now: datetime) -> None:
    """Whoever asked needs no more. Raises NotFound, QuestionNotYours, QuestionClosed."""
    with transaction():
        facts, _ = _held(actor, question_id)
        if not may_act(actor, facts):
            raise QuestionNotYours
        if facts.state is State.CLOSED:
            raise QuestionClosed
        execute(
            "UPDATE questions SET state = %s, closed_at = %s WHERE id = %s",
            (State.CLOSED.value, now, question_id),
        )
        audit.record(actor.id, CLOSED, QUESTION, question_id)


def rate(actor: Actor, question_id: UUID, score: int, comment: str | None, now: datetime) -> None:
    """Give or replace the one rating; every score ever given stays in the audit log.

    Once there is an answer, for 30 days. Raises NotFound, PersonOnly, QuestionRatingClosed.
    """
    with transaction():
        facts, as_what = _held(actor, question_id)
        if as_what is not Role.RESIDENT:
            raise PersonOnly
        if not may_rate(facts, now):
            raise QuestionRatingClosed
        changed = execute(
            "UPDATE questions SET score = %s, comment = %s, rated_at = %s,"
            " first_rated_at = coalesce(first_rated_at, %s)"
            " WHERE id = %s AND (score, comment) IS DISTINCT FROM (%s::smallint, %s::text)",
            (score, comment, now, now, question_id, score, comment),
        )
        if changed:
            audit.record(actor.id, RATED, QUESTION, question_id, {"score": score})


def _held(actor: Actor, question_id: UUID) -> tuple[Facts, Role]:
    facts = questions.facts(question_id, held=True)
    as_what = None if facts is None else role(actor, facts)
    if facts is None or as_what is None:
        raise NotFound
    return facts, as_what


def _append(
    facts: Facts,
    actor: Actor,
    as_what: Role,
    adviser_id: UUID | None,
    written: Post,
    now: datetime,
) -> dict[str, Any]:
    """Write the post below those before it; what its event says."""
    post_id, seq = new_id(), facts.posts + 1
    attachments.claim(actor.id, written.attachment_ids, QUESTION, facts.id, now)
    execute(
        """
        INSERT INTO question_posts (id, question_id, seq, at, author_id, role, adviser_id,
            text_encrypted, minutes, attachment_ids)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        (
            post_id,
            facts.id,
            seq,
            now,
            actor.id,
            as_what.value,
            adviser_id,
            seal(written.text, "question_posts", post_id, "text"),
            written.minutes,
            Jsonb([str(picture) for picture in written.attachment_ids]),
        ),
    )
    execute("UPDATE questions SET posts = %s WHERE id = %s", (seq, facts.id))
    return {"question_id": str(facts.id), "seq": seq}


def _into_ledger(facts: Facts, adviser_id: UUID, now: datetime) -> None:
    """One entry of the question and adviser, of all their answers and the minutes they said."""
    asked = questions.shown(facts.id)
    if asked is None or asked.text_encrypted is None:
        raise NotFound
    given = questions.answers_of(facts.id, adviser_id)
    minutes = sum(minutes or 0 for _, _, minutes in given)
    advisers.record_service(
        advisers.Service(
            adviser_id=adviser_id,
            kind=QUESTION,
            subject_id=facts.id,
            area_code=facts.area_code,
            person_id=facts.person_id,
            mode=None,
            topic=asked.topic,
            started_at=now,
            minutes=minutes or None,
            summary=summary(unseal(asked.text_encrypted, "questions", facts.id, "text")),
            opinion="\n\n".join(
                unseal(sealed, "question_posts", post_id, "text") for post_id, sealed, _ in given
            ),
        ),
        now,
    )
