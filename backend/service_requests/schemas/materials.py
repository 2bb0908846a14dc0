"""What a requester has given before, as they choose from it."""

from marshmallow import fields

from backend.service_requests.rules import MaterialKind
from backend.web.schemas import AwareDateTime, Choice, Nested, Schema, UuidStr


class GivenQuery(Schema):
    kind = Choice(MaterialKind, load_default=None)


class GivenItem(Schema):
    """Something the caller once gave for a request."""

    id = UuidStr(required=True)
    label = fields.String(required=True)
    kind = Choice(MaterialKind, required=True)
    supplied_at = AwareDateTime(required=True)
    number = fields.String(required=True, metadata={"description": "Of the request it was for"})
    thumbnail_url = fields.String(required=True, allow_none=True)


class GivenItems(Schema):
    items = fields.List(Nested(GivenItem), required=True)
