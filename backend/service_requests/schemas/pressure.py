"""Reports of pressure: as they are made, and as inspectors read them."""

from enum import StrEnum

from marshmallow import fields

from backend.service_requests.rules import PressureKind
from backend.web.pages import PageQuery
from backend.web.schemas import Choice, QueryFlag, Schema, Text


class ReportState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class ReportPressure(Schema):
    kind = Choice(PressureKind, required=True)
    text = Text(max=1000, required=True)


class ReportMade(Schema):
    id = fields.UUID(required=True)
    at = fields.AwareDateTime(required=True)


class OwnReport(Schema):
    id = fields.UUID(required=True)
    kind = Choice(PressureKind, required=True)
    text = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    state = Choice(ReportState, required=True)
    finding = fields.String(
        required=True, allow_none=True, metadata={"description": "What the inspector found"}
    )
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class OwnReports(Schema):
    items = fields.List(fields.Nested(OwnReport), required=True)


class ReportsQuery(PageQuery):
    open = QueryFlag(
        load_default=True,
        metadata={"description": "What waits, the oldest first; else what is closed, newest first"},
    )


class ReportItem(OwnReport):
    number = fields.String(required=True)
    category = fields.String(required=True)
    area_name = fields.String(required=True)
    unit_name = fields.String(required=True, allow_none=True)
    reporter_name = fields.String(required=True)


class CloseReport(Schema):
    finding = Text(max=1000, required=True)
