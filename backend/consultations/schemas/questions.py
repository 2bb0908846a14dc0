"""What goes in and comes out about written questions."""

from marshmallow import fields

from backend.attachments.schemas import AttachmentView
from backend.consultations.queries.questions import Which
from backend.consultations.rules.meetings import MOST_OPPOSING
from backend.consultations.rules.questions import LONGEST_MINUTES, Action, Role, State
from backend.consultations.schemas.meetings import (
    AREA_CODE,
    MOST_PICTURES,
    TOPIC,
    Limitation,
    MeetingArea,
    MeetingOnBehalf,
    MeetingRating,
)
from backend.web.pages import PageQuery
from backend.web.schemas import Choice, Date, Flag, List, Schema, StrictInteger, Text, UuidStr


class AskAdviser(Schema):
    area_code = Text(max=20, pattern=AREA_CODE, required=True)
    topic = Text(
        max=64, pattern=TOPIC, required=True, metadata={"description": "Of GET /api/legal/topics"}
    )
    text = Text(max=2000, required=True)
    opposing = List(
        Text(max=60, line=True),
        max=MOST_OPPOSING,
        unique=True,
        load_default=list,
        metadata={"description": "Whom it is against: people or companies, by name"},
    )
    since_on = Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "From when the limitation counts, as the topic's note asks"},
    )
    attachment_ids = List(UuidStr(), max=MOST_PICTURES, unique=True, load_default=list)
    keep_private = Flag(
        load_default=False, metadata={"description": "It stays out of any published case"}
    )
    mandate_id = UuidStr(
        load_default=None,
        allow_none=True,
        metadata={"description": "The consent under which it is asked for somebody else"},
    )


class WritePost(Schema):
    text = Text(max=4000, required=True)
    attachment_ids = List(UuidStr(), max=MOST_PICTURES, unique=True, load_default=list)
    minutes = StrictInteger(
        min=1,
        max=LONGEST_MINUTES,
        load_default=None,
        allow_none=True,
        metadata={"description": "Of an answer: how long it took, for the ledger"},
    )


class RateAnswer(Schema):
    score = StrictInteger(min=1, max=5, required=True)
    comment = Text(max=1000, min=0, load_default=None, allow_none=True)


class QuestionsToAnswerQuery(PageQuery):
    state = Choice(Which, load_default=Which.OPEN)


class QuestionAdviser(Schema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    firm = fields.String(required=True)


class PostAuthor(Schema):
    name = fields.String(required=True)
    role = Choice(Role, required=True)


class QuestionPost(Schema):
    seq = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    by = fields.Nested(PostAuthor, required=True)
    text = fields.String(required=True, allow_none=True)
    attachments = fields.List(fields.Nested(AttachmentView), required=True)


class AdviserQuestion(Schema):
    id = fields.UUID(required=True)
    state = Choice(State, required=True)
    area = fields.Nested(MeetingArea, required=True)
    adviser = fields.Nested(
        QuestionAdviser,
        required=True,
        allow_none=True,
        metadata={"description": "Who had it first; null: the justice office"},
    )
    handed_on = fields.Boolean(
        required=True, metadata={"description": "Whether the justice office may answer too"}
    )
    topic = fields.String(required=True)
    text = fields.String(required=True, allow_none=True)
    opposing = fields.List(fields.String(), required=True)
    since_on = fields.Date(required=True, allow_none=True)
    asked_at = fields.AwareDateTime(required=True)
    due_at = fields.AwareDateTime(
        required=True, metadata={"description": "24 hours after it was asked, or asked again"}
    )
    overdue = fields.Boolean(required=True)
    answered_at = fields.AwareDateTime(required=True, allow_none=True)
    attachments = fields.List(fields.Nested(AttachmentView), required=True)
    posts = fields.List(fields.Nested(QuestionPost), required=True)
    limitation = fields.Nested(Limitation, required=True, allow_none=True)
    keep_private = fields.Boolean(required=True)
    person_name = fields.String(required=True, allow_none=True)
    on_behalf = fields.Nested(MeetingOnBehalf, required=True, allow_none=True)
    mine = fields.Boolean(required=True)
    rating = fields.Nested(MeetingRating, required=True, allow_none=True)
    actions = fields.List(Choice(Action), required=True)
    case_id = fields.UUID(required=True, allow_none=True)


class _ListedQuestion(Schema):
    id = fields.UUID(required=True)
    topic = fields.String(required=True)
    summary = fields.String(
        required=True, allow_none=True, metadata={"description": "The beginning of the text"}
    )
    state = Choice(State, required=True)
    asked_at = fields.AwareDateTime(required=True)
    due_at = fields.AwareDateTime(required=True)
    overdue = fields.Boolean(required=True)
    adviser_name = fields.String(required=True, allow_none=True)


class OwnQuestion(_ListedQuestion):
    """One of the caller's questions, or of somebody they act for."""

    for_name = fields.String(required=True, allow_none=True)


class QuestionToAnswer(_ListedQuestion):
    person_name = fields.String(required=True)
    days_left = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Of the limitation"}
    )
