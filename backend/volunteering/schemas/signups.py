"""Volunteers, sign-ups, presence, the roster and hours on the wire."""

from marshmallow import fields

from backend.volunteering.queries.signups import When
from backend.volunteering.rules.hours import HoursClass
from backend.volunteering.rules.states import State
from backend.volunteering.schemas.activities import (
    AREA_CODE,
    CODE,
    MOST_SKILLS,
    PHONE,
    ActivityContact,
    RosterShift,
)
from backend.web.pages import PageQuery
from backend.web.schemas import (
    AwareDateTime,
    Choice,
    Date,
    Flag,
    List,
    Nested,
    Schema,
    Text,
    UuidStr,
)


def _mandate() -> UuidStr:
    return UuidStr(
        load_default=None,
        allow_none=True,
        metadata={"description": "The consent under which it is done for somebody else"},
    )


class Guardian(Schema):
    """A parent or other guardian who consents to their coming."""

    name = Text(max=40, line=True, required=True)
    phone = Text(max=30, pattern=PHONE, required=True)


class VolunteerQuery(Schema):
    mandate_id = _mandate()


class SayVolunteer(Schema):
    born_on = Date(required=True)
    skills = List(Text(max=64, pattern=CODE), max=MOST_SKILLS, unique=True, load_default=list)
    guardian = Nested(
        Guardian,
        load_default=None,
        allow_none=True,
        metadata={"description": "Needed under 18, and dropped for others"},
    )
    mandate_id = _mandate()


class Volunteer(Schema):
    born_on = fields.Date(required=True)
    skills = fields.List(fields.String(), required=True)
    guardian = fields.Nested(Guardian, required=True, allow_none=True)
    minor = fields.Boolean(required=True)
    joined_at = fields.AwareDateTime(required=True)


class SignUp(Schema):
    mandate_id = _mandate()


class OwnSignupsQuery(PageQuery):
    when = Choice(When, load_default=When.COMING)


class SignupShift(Schema):
    id = fields.UUID(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    note = fields.String(required=True, allow_none=True)
    beat = fields.List(fields.String(), required=True)
    cancelled_reason = fields.String(required=True, allow_none=True)


class SignupActivity(Schema):
    id = fields.UUID(required=True)
    title = fields.String(required=True)
    kind = fields.String(required=True)
    place = fields.String(required=True)
    organisation_name = fields.String(required=True)
    contact = fields.Nested(ActivityContact, required=True)


class _Presence(Schema):
    in_at = fields.AwareDateTime(required=True, allow_none=True)
    out_at = fields.AwareDateTime(required=True, allow_none=True)
    kept = fields.Boolean(
        required=True,
        metadata={"description": "A scan arrived late; the organiser has to confirm it"},
    )
    minutes = fields.Integer(
        required=True, allow_none=True, metadata={"description": "That count; null: not yet known"}
    )
    hours_class = Choice(HoursClass, data_key="class", required=True, allow_none=True)
    to_confirm = fields.Boolean(
        required=True, metadata={"description": "The organiser still has to say who was there"}
    )


class Signup(_Presence):
    id = fields.UUID(required=True)
    state = Choice(State, required=True)
    position = fields.Integer(
        required=True, allow_none=True, metadata={"description": "In line, from 1"}
    )
    offer_until = fields.AwareDateTime(required=True, allow_none=True)
    cancel_until = fields.AwareDateTime(required=True)
    asked = fields.Boolean(
        required=True, metadata={"description": "The shift was changed: do they still come?"}
    )
    reason = fields.String(
        required=True, allow_none=True, metadata={"description": "Why it was declined"}
    )
    shift = fields.Nested(SignupShift, required=True)
    activity = fields.Nested(SignupActivity, required=True)
    for_name = fields.String(required=True, allow_none=True)
    actions = fields.List(
        Choice(("accept", "keep", "check_in", "check_out", "cancel")), required=True
    )


class ScannedCode(Schema):
    code = Text(
        max=120, line=True, required=True,
        metadata={"description": "The text of the QR code, or the six digits below it"},
    )  # fmt: skip
    kept = Flag(
        load_default=False,
        metadata={"description": "Scanned without network, sent now; QR codes only"},
    )


class ShiftCode(Schema):
    qr = fields.String(required=True)
    digits = fields.String(required=True)
    until = fields.AwareDateTime(
        required=True, metadata={"description": "Then there is another; good for 30 s more"}
    )
    now = fields.AwareDateTime(
        required=True, metadata={"description": "The server's clock, the only one that counts"}
    )


class RosterActivity(Schema):
    id = fields.UUID(required=True)
    title = fields.String(required=True)


class RosterLine(_Presence):
    signup_id = fields.UUID(required=True)
    name = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True, metadata={"description": "Masked"})
    age = fields.Integer(required=True, allow_none=True)
    guardian = fields.Nested(Guardian, required=True, allow_none=True)
    skills = fields.List(fields.String(), required=True)
    state = Choice(State, required=True)
    position = fields.Integer(required=True, allow_none=True)
    asked = fields.Boolean(required=True)
    hours_id = fields.UUID(required=True, allow_none=True)
    from_at = fields.AwareDateTime(required=True, allow_none=True)
    to_at = fields.AwareDateTime(required=True, allow_none=True)
    actions = fields.List(Choice(("approve", "decline", "confirm", "correct")), required=True)


class Roster(Schema):
    shift = fields.Nested(RosterShift, required=True)
    activity = fields.Nested(RosterActivity, required=True)
    items = fields.List(fields.Nested(RosterLine), required=True)


class AddPerson(Schema):
    """Somebody without a phone, or without WeChat."""

    name = Text(max=40, line=True, required=True)
    phone = Text(max=40, line=True, load_default=None, allow_none=True)
    area_code = Text(max=20, pattern=AREA_CODE, required=True)


class DeclineSignup(Schema):
    reason = Text(max=300, required=True, metadata={"description": "They read it"})


class ConfirmHours(Schema):
    in_at = AwareDateTime(required=True)
    out_at = AwareDateTime(required=True)


class CorrectHours(Schema):
    """Other times in the place of the old; both null: they do not count."""

    in_at = AwareDateTime(required=True, allow_none=True)
    out_at = AwareDateTime(required=True, allow_none=True)
    reason = Text(max=300, required=True, metadata={"description": "The volunteer reads it"})


class TakeBackHours(Schema):
    reason = Text(max=300, required=True)


class HoursActivity(Schema):
    id = fields.UUID(required=True)
    title = fields.String(required=True)


class Hours(Schema):
    id = fields.UUID(required=True)
    activity = fields.Nested(HoursActivity, required=True)
    organisation_name = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True, allow_none=True)
    ends_at = fields.AwareDateTime(required=True, allow_none=True)
    minutes = fields.Integer(required=True)
    hours_class = Choice(HoursClass, data_key="class", required=True)
    recorded_at = fields.AwareDateTime(required=True)
    replaces = fields.UUID(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    current = fields.Boolean(
        required=True, metadata={"description": "Not corrected since; what counts"}
    )


class HoursByClass(Schema):
    verified = fields.Integer(required=True)
    confirmed = fields.Integer(required=True)


class HoursTotals(Schema):
    minutes = fields.Nested(HoursByClass, required=True)
    total = fields.Integer(required=True)
