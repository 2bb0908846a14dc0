"""What goes in and comes out of the routes for public requests."""

from marshmallow import fields

from backend.service_requests.rules import Kind, Outcome, State
from backend.service_requests.schemas.incoming import AREA_CODE, CODE
from backend.web.pages import PageQuery
from backend.web.schemas import (
    AwareDateTime,
    Choice,
    Flag,
    Nested,
    Schema,
    StrictInteger,
    Text,
    UuidStr,
)


class SimilarQuery(Schema):
    """What somebody is about to submit."""

    category = Text(max=64, pattern=CODE, required=True)
    area_code = Text(max=20, pattern=AREA_CODE, required=True)
    text = Text(max=2000, required=True)


class PublicQuery(PageQuery):
    area = Text(
        max=20,
        pattern=AREA_CODE,
        required=True,
        metadata={"description": "An area; what is below it counts"},
    )


class FollowsQuery(PageQuery):
    """Which of the followed requests."""


class PublicItem(Schema):
    """A public request as everybody may read it: without names, place, pictures, and numbers that
    lead to somebody."""

    id = UuidStr(required=True)
    category = fields.String(required=True)
    area_name = fields.String(
        required=True, metadata={"description": "The village; never a smaller area"}
    )
    summary = fields.String(required=True)
    state = Choice(State, required=True)
    submitted_at = AwareDateTime(required=True)
    updated_at = AwareDateTime(required=True)
    unit_name = fields.String(required=True, allow_none=True)
    followers = StrictInteger(required=True)
    following = Flag(
        required=True,
        metadata={"description": "The caller follows it; false where nobody is signed in"},
    )


class SimilarRequests(Schema):
    """At most three, the nearest first."""

    items = fields.List(Nested(PublicItem), required=True)


class PublicEvent(Schema):
    at = AwareDateTime(required=True)
    kind = Choice(Kind, required=True)
    unit_name = fields.String(required=True, allow_none=True)


class PublicRequest(PublicItem):
    text = fields.String(required=True)
    due_at = AwareDateTime(required=True)
    outcome = Choice(Outcome, required=True, allow_none=True)
    timeline = fields.List(Nested(PublicEvent), required=True)
