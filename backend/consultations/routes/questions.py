"""HTTP of written questions: asking, the thread, one's own, and those an adviser has to answer."""

from typing import Any
from uuid import UUID

from backend.attachments.rules import AttachmentNotAvailable, TooManyAttachments
from backend.consultations.errors import questions as errors
from backend.consultations.errors.meetings import NameNeeded, PersonOnly
from backend.consultations.routes.base import blueprint
from backend.consultations.schemas import questions as schemas
from backend.consultations.service import question_reading as reading
from backend.consultations.service import question_thread as thread
from backend.consultations.service import questions as asking
from backend.kernel.clock import now
from backend.kernel.errors import MandateNotInForce, NotFound
from backend.kernel.json import dumps
from backend.web.api import problems
from backend.web.auth import current_actor
from backend.web.idempotency import idempotent
from backend.web.pages import PageQuery, page, page_of

ONE = "/questions/<uuid:question_id>"
_PICTURES = (AttachmentNotAvailable, TooManyAttachments)


@blueprint.route("/questions", methods=["POST"])
@blueprint.arguments(schemas.AskAdviser)
@blueprint.response(201, schemas.AdviserQuestion)
@problems(*_PICTURES, MandateNotInForce, NameNeeded, errors.TooManyQuestions)
@idempotent
def ask(body: dict[str, Any]) -> bytes:
    """Ask a legal adviser in writing; due in 24 hours.

    The village's adviser gets it, or who stands in, unless they are in conflict; else the justice
    office.
    """
    actor, moment = current_actor(), now()
    question_id = asking.ask(actor, asking.Asked(**body), moment)
    return dumps(reading.question(actor, question_id, moment))


@blueprint.route("/me/questions", methods=["GET"])
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, page_of(schemas.OwnQuestion))
def own_questions(query: dict[str, Any]) -> bytes:
    """The caller's questions and those of whom they act for, the last asked first."""
    items, next_key = reading.own(current_actor(), query["cursor"], query["limit"], now())
    return page(dumps(items).decode(), next_key)


@blueprint.route("/adviser/questions", methods=["GET"])
@blueprint.arguments(schemas.QuestionsToAnswerQuery, location="query")
@blueprint.response(200, page_of(schemas.QuestionToAnswer))
def questions_to_answer(query: dict[str, Any]) -> bytes:
    """What the caller may answer, as an adviser, standing in, or in the justice office.

    With little left of the limitation first, then what is due first.
    """
    items, next_key = reading.queue(
        current_actor(), query["state"], query["cursor"], query["limit"], now()
    )
    return page(dumps(items).decode(), next_key)


@blueprint.route(ONE, methods=["GET"])
@blueprint.response(200, schemas.AdviserQuestion)
@problems(NotFound)
def question(question_id: UUID) -> bytes:
    """One question with its thread. Read by anybody but who asked, it is recorded."""
    return dumps(reading.question(current_actor(), question_id, now()))


@blueprint.route(f"{ONE}/posts", methods=["POST"])
@blueprint.arguments(schemas.WritePost)
@blueprint.response(201, schemas.AdviserQuestion)
@problems(
    NotFound,
    *_PICTURES,
    errors.QuestionAnswered,
    errors.QuestionClosed,
    errors.QuestionNotYours,
    errors.ThreadTooLong,
)
@idempotent
def post(body: dict[str, Any], question_id: UUID) -> bytes:
    """Answer it, or ask further, which opens it again for another 24 hours."""
    actor, moment = current_actor(), now()
    thread.post(actor, question_id, thread.Post(**body), moment)
    return dumps(reading.question(actor, question_id, moment))


@blueprint.route(f"{ONE}/close", methods=["POST"])
@blueprint.response(200, schemas.AdviserQuestion)
@problems(NotFound, errors.QuestionClosed, errors.QuestionNotYours)
@idempotent
def close_question(question_id: UUID) -> bytes:
    """Whoever asked needs no more."""
    actor, moment = current_actor(), now()
    thread.close(actor, question_id, moment)
    return dumps(reading.question(actor, question_id, moment))


@blueprint.route(f"{ONE}/rating", methods=["PUT"])
@blueprint.arguments(schemas.RateAnswer)
@blueprint.response(200, schemas.AdviserQuestion)
@problems(NotFound, PersonOnly, errors.QuestionRatingClosed)
def rate_answer(body: dict[str, Any], question_id: UUID) -> bytes:
    """Whose question it is, and nobody else, says how it was answered."""
    actor, moment = current_actor(), now()
    thread.rate(actor, question_id, body["score"], body["comment"] or None, moment)
    return dumps(reading.question(actor, question_id, moment))
