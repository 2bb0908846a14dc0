"""Notices, subscriptions and pushes on the wire."""

from marshmallow import fields

from backend.notices.rules import KINDS, TEMPLATES_PER_ASK, Audience, SendState
from backend.web.schemas import Choice, List, Nested, Schema, Text, UuidStr

_SHOWN_STATES = [state.value for state in SendState if state is not SendState.SENDING]


class SubjectView(Schema):
    kind = fields.String(required=True)
    id = fields.UUID(required=True)
    as_ = Choice(
        Audience,
        required=True,
        data_key="as",
        metadata={"description": "As what the caller is told, and so which page to open"},
    )


class NoticeView(Schema):
    id = fields.UUID(required=True)
    kind = Choice(KINDS, required=True)
    title = fields.String(required=True, metadata={"description": "In the caller's language"})
    body = fields.String(required=True, metadata={"description": "In the caller's language"})
    at = fields.AwareDateTime(required=True)
    read = fields.Boolean(required=True)
    subject = fields.Nested(SubjectView, required=True, allow_none=True)
    wechat = Choice(
        _SHOWN_STATES,
        required=True,
        allow_none=True,
        metadata={"description": "What became of the WeChat message; null where there is none"},
    )


class UnreadView(Schema):
    count = fields.Integer(required=True)


class ReadNotices(Schema):
    ids = List(
        UuidStr(), max=100, unique=True, metadata={"description": "Left out: all of the caller's"}
    )


class AskQuery(Schema):
    moment = Text(
        max=40,
        pattern="[a-z][a-z0-9_]*",
        required=True,
        metadata={"description": "What the person just did, as named in the county's settings"},
    )


class AnswerFromWechat(Schema):
    template_id = Text(max=64, pattern="[A-Za-z0-9_-]+", required=True)
    outcome = Text(
        max=32,
        pattern="[A-Za-z]+",
        required=True,
        metadata={"description": "As WeChat spells it: accept…, reject, ban or filter"},
    )


class ReportAnswers(Schema):
    results = List(Nested(AnswerFromWechat), min=1, max=TEMPLATES_PER_ASK, required=True)


class TemplateView(Schema):
    key = fields.String(required=True)
    template_id = fields.String(required=True)
    title = fields.String(required=True, metadata={"description": "In the caller's language"})
    credits = fields.Integer(
        required=True, metadata={"description": "Messages the person may still be sent"}
    )


class TemplatesView(Schema):
    templates = fields.List(fields.Nested(TemplateView), required=True)


class PushQuery(Schema):
    signature = Text(max=64, required=True)
    timestamp = Text(max=20, required=True)
    nonce = Text(max=64, required=True)
    echostr = Text(max=200, required=True)
