"""Looking a request up without a sign-in."""

from marshmallow import fields

from backend.service_requests.rules import State
from backend.web.schemas import Choice, Schema, Text


class LookUp(Schema):
    number = Text(
        max=30,
        required=True,
        metadata={"description": "From the receipt; the last digit checks the others"},
    )
    phone_last4 = Text(max=4, pattern="[0-9]{4}", required=True)


class Progress(Schema):
    """How a request stands, and nothing of what it is about."""

    number = fields.String(required=True)
    state = Choice(State, required=True)
    submitted_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)
    due_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "null while no clock runs"}
    )
    due_provisional = fields.Boolean(required=True)
    overdue = fields.Boolean(required=True)
