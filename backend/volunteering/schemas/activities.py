"""Organisations, activities and their shifts on the wire."""

from typing import Any

from marshmallow import fields, post_load

from backend.attachments.schemas import AttachmentView
from backend.volunteering.queries.activities import Desk, Near
from backend.volunteering.rules.states import ActivityState, State
from backend.volunteering.service.activities import MOST_SHIFTS, Plan
from backend.volunteering.service.shifts import Times
from backend.web.pages import PageQuery
from backend.web.schemas import (
    AwareDateTime,
    Choice,
    Date,
    Flag,
    List,
    Nested,
    Schema,
    StrictInteger,
    Text,
    UuidStr,
)

AREA_CODE = "[0-9]{6,20}"
CODE = "[a-z][a-z0-9_]*"
PHONE = "[0-9][0-9 -]{2,29}"
MOST_PICTURES = 9
MOST_SKILLS = 20
MOST_POINTS = 30
MOST_PLACES = 1000


class TermKind(Schema):
    code = fields.String(required=True)
    name = fields.String(required=True)
    risky = fields.Boolean(
        required=True, metadata={"description": "Every activity of it insures its volunteers"}
    )
    patrol = fields.Boolean(
        required=True, metadata={"description": "A shift may have a beat, points in order"}
    )


class TermSkill(Schema):
    code = fields.String(required=True)
    name = fields.String(required=True)


class VolunteeringTerms(Schema):
    kinds = fields.List(fields.Nested(TermKind), required=True)
    skills = fields.List(fields.Nested(TermSkill), required=True)


class VolunteeringArea(Schema):
    code = fields.String(required=True)
    name = fields.String(required=True)
    full_name = fields.String(required=True)


class ActivitiesQuery(PageQuery):
    area = Text(
        max=20, pattern=AREA_CODE, metadata={"description": "Left out: where the caller lives"}
    )
    near = Choice(Near, load_default=Near.COUNTY)
    kind = Text(max=64, pattern=CODE)
    from_on = Date(data_key="from", metadata={"description": "Left out: today"})
    to_on = Date(data_key="to", metadata={"description": "At most 92 days later; usually 28"})


class DeskQuery(PageQuery):
    state = Choice(Desk, load_default=Desk.COMING)


class NextShift(Schema):
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    left = fields.Integer(required=True, metadata={"description": "Places nobody has"})


class ActivityItem(Schema):
    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    title = fields.String(required=True)
    state = Choice(ActivityState, required=True)
    organisation_name = fields.String(required=True)
    area = fields.Nested(VolunteeringArea, required=True)
    place = fields.String(required=True)
    next = fields.Nested(NextShift, required=True, allow_none=True)
    shifts = fields.Integer(required=True, metadata={"description": "To come, in these days"})
    picture_url = fields.String(required=True, allow_none=True)


class OrganisedActivity(ActivityItem):
    to_approve = fields.Integer(required=True)
    to_confirm = fields.Integer(
        required=True, metadata={"description": "People of whom nobody knows if they were there"}
    )


class VolunteerOrganisation(Schema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    area = fields.Nested(VolunteeringArea, required=True)
    phone = fields.String(required=True, allow_none=True)


class VolunteerOrganisations(Schema):
    items = fields.List(fields.Nested(VolunteerOrganisation), required=True)


class CreateOrganisation(Schema):
    name = Text(max=60, line=True, required=True)
    area_code = Text(max=20, pattern=AREA_CODE, required=True)
    phone = Text(max=30, pattern=PHONE, load_default=None, allow_none=True)


class ChangeOrganisation(Schema):
    name = Text(max=60, line=True, required=True)
    phone = Text(max=30, pattern=PHONE, load_default=None, allow_none=True)


class ActivityOrganisation(Schema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)


class ActivityContact(Schema):
    name = Text(max=40, line=True, required=True)
    phone = Text(max=30, pattern=PHONE, required=True)


class OwnState(Schema):
    id = fields.UUID(required=True)
    state = Choice(State, required=True)


class RosterShift(Schema):
    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    capacity = fields.Integer(required=True)
    left = fields.Integer(required=True, metadata={"description": "Places nobody has"})
    waiting = fields.Integer(
        required=True, allow_none=True, metadata={"description": "In line; for organisers"}
    )
    note = fields.String(required=True, allow_none=True)
    beat = fields.List(fields.String(), required=True)
    cancelled_at = fields.AwareDateTime(required=True, allow_none=True)
    cancelled_reason = fields.String(required=True, allow_none=True)


class ActivityShift(RosterShift):
    my = fields.Nested(OwnState, required=True, allow_none=True)
    can = Choice(("sign_up", "wait"), required=True, allow_none=True)
    why = fields.String(
        required=True, allow_none=True, metadata={"description": "The refusal one would get"}
    )


class Activity(Schema):
    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    state = Choice(ActivityState, required=True)
    kind = fields.String(required=True)
    title = fields.String(required=True)
    description = fields.String(required=True)
    organisation = fields.Nested(ActivityOrganisation, required=True)
    area = fields.Nested(VolunteeringArea, required=True)
    place = fields.String(required=True)
    contact = fields.Nested(ActivityContact, required=True)
    min_age = fields.Integer(required=True, allow_none=True)
    skills = fields.List(fields.String(), required=True)
    insured = fields.Boolean(required=True)
    needs_approval = fields.Boolean(required=True)
    opens_at = fields.AwareDateTime(required=True, allow_none=True)
    closes_at = fields.AwareDateTime(required=True, allow_none=True)
    attachments = fields.List(fields.Nested(AttachmentView), required=True)
    cancelled_reason = fields.String(required=True, allow_none=True)
    shifts = fields.List(fields.Nested(ActivityShift), required=True)
    runs = fields.Boolean(
        required=True, metadata={"description": "Whether the caller organises it"}
    )
    actions = fields.List(Choice(("edit", "publish", "cancel")), required=True)


class ShiftTimes(Schema):
    starts_at = AwareDateTime(required=True)
    ends_at = AwareDateTime(
        required=True, metadata={"description": "15 minutes to 24 hours after the start"}
    )
    capacity = StrictInteger(min=1, max=MOST_PLACES, required=True)
    note = Text(max=500, load_default=None, allow_none=True)
    beat = List(Text(max=60, line=True), max=MOST_POINTS, load_default=list)

    @post_load
    def times(self, data: dict[str, Any], **kwargs: Any) -> Any:
        version = data.pop("version", None)
        times = Times(**data)
        return times if version is None else {"version": version, "times": times}


class ChangeShift(ShiftTimes):
    version = StrictInteger(min=1, required=True)


class _Plan(Schema):
    organisation_id = UuidStr(required=True)
    kind = Text(max=64, pattern=CODE, required=True)
    title = Text(max=60, line=True, required=True)
    description = Text(max=2000, required=True)
    area_code = Text(max=20, pattern=AREA_CODE, required=True)
    place = Text(max=100, line=True, required=True)
    contact = Nested(ActivityContact, required=True)
    min_age = StrictInteger(min=1, max=100, load_default=None, allow_none=True)
    skills = List(Text(max=64, pattern=CODE), max=MOST_SKILLS, unique=True, load_default=list)
    insured = Flag(load_default=False)
    needs_approval = Flag(load_default=False)
    opens_at = AwareDateTime(load_default=None, allow_none=True)
    closes_at = AwareDateTime(load_default=None, allow_none=True)
    attachment_ids = List(UuidStr(), max=MOST_PICTURES, unique=True, load_default=list)

    @post_load
    def plan(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        beside: dict[str, Any] = {
            name: data.pop(name) for name in ("version", "shifts") if name in data
        }
        contact = data.pop("contact")
        plan = Plan(contact_name=contact["name"], contact_phone=contact["phone"], **data)
        return {"plan": plan, **beside}


class CreateActivity(_Plan):
    shifts = List(Nested(ShiftTimes), max=MOST_SHIFTS, load_default=list)


class ChangeActivity(_Plan):
    version = StrictInteger(min=1, required=True)


class ActivityVersion(Schema):
    version = StrictInteger(min=1, required=True)


class CancelWithReason(Schema):
    version = StrictInteger(min=1, required=True)
    reason = Text(max=300, required=True, metadata={"description": "Everybody told reads it"})
