"""The ledger on the wire."""

from marshmallow import fields

from backend.advisers.rules.ledger import BY_HAND, LONGEST, EntryKind, Source
from backend.web.pages import PageQuery
from backend.web.schemas import Choice, Date, Schema, StrictInteger, Text, UuidStr

_AREA = "[0-9]{6}(?:[0-9]{3}){0,3}"
_DAY = {"description": "YYYY-MM-DD, in China"}


class LedgerFilters(Schema):
    adviser = UuidStr()
    village = Text(
        max=15, pattern=_AREA, metadata={"description": "Any area, with everything below it"}
    )
    from_on = Date(data_key="from", metadata=_DAY)
    to_on = Date(data_key="to", metadata=_DAY)


class LedgerQuery(PageQuery, LedgerFilters):
    pass


class EnterService(Schema):
    kind = Choice(BY_HAND, required=True)
    village = Text(max=15, pattern=_AREA, required=True)
    served_on = Date(required=True, metadata=_DAY)
    minutes = StrictInteger(min=1, max=int(LONGEST.total_seconds() // 60), required=True)
    title = Text(max=60, line=True, required=True)
    summary = Text(max=2000, required=True)
    attendees = StrictInteger(min=0, max=10_000, load_default=None, allow_none=True)


class VoidEntry(Schema):
    reason = Text(max=200, required=True)


class LedgerVillage(Schema):
    code = fields.String(required=True)
    name = fields.String(required=True)


class LedgerAdviser(Schema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)


class Voided(Schema):
    at = fields.AwareDateTime(required=True)
    reason = fields.String(required=True)


class LedgerEntry(Schema):
    id = fields.UUID(required=True)
    kind = Choice(EntryKind, required=True)
    served_on = fields.Date(required=True)
    starts_at = fields.AwareDateTime(required=True, allow_none=True)
    minutes = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "null where a written answer was given without saying how long"},
    )
    mode = fields.String(
        required=True, allow_none=True, metadata={"description": "in_person, phone or video"}
    )
    village = fields.Nested(LedgerVillage, required=True)
    adviser = fields.Nested(LedgerAdviser, required=True)
    client = fields.String(
        required=True, allow_none=True, metadata={"description": "The family name only"}
    )
    topic = fields.String(
        required=True, allow_none=True, metadata={"description": "A code of GET /api/legal/topics"}
    )
    title = fields.String(required=True, allow_none=True)
    summary = fields.String(required=True, allow_none=True)
    opinion = fields.String(required=True, allow_none=True)
    attendees = fields.Integer(required=True, allow_none=True)
    entered_at = fields.AwareDateTime(required=True)
    entered_later = fields.Boolean(
        required=True, metadata={"description": "Written on a later day than the service's"}
    )
    source = Choice(Source, required=True)
    voided = fields.Nested(Voided, required=True, allow_none=True)
    can_void = fields.Boolean(required=True)
