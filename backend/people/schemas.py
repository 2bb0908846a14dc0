"""What the people routes read and answer."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from backend.kernel.actor import Role, Scope
from backend.kernel.messages import LANGUAGES
from backend.people.rules import How
from backend.web.errors import Refusal
from backend.web.schemas import (
    AwareDateTime,
    Choice,
    Flag,
    List,
    Schema,
    StrictInteger,
    Text,
    UuidStr,
)

_CODE_LENGTH = 256
_AREA_CODE = "[0-9A-Za-z-]+"


class SignIn(Schema):
    """The code of ``wx.login``."""

    code = Text(max=_CODE_LENGTH, required=True)


class ProfileChanges(Schema):
    """The fields that are given are replaced, omitted ones stay; null clears."""

    name = Text(max=40, line=True)
    language = Choice(LANGUAGES)
    home_area_code = Text(max=20, pattern=_AREA_CODE, allow_none=True)
    address = Text(max=200, line=True, allow_none=True)
    id_number = Text(max=40, line=True, allow_none=True)


class PhoneChange(Schema):
    """Either the code of WeChat's phone button, or a number the person typed."""

    code = Text(max=_CODE_LENGTH)
    phone = Text(max=40, line=True)

    @validates_schema
    def one_of_both(self, data: dict[str, Any], **kwargs: Any) -> None:
        if len(data) != 1:
            raise ValidationError(Refusal("phone_or_code"), "phone")


class InvitationRequest(Schema):
    """A role in a unit (handler, unit_lead) or over an area (all others)."""

    role = Choice(Role, required=True)
    unit_id = UuidStr(load_default=None, allow_none=True)
    area_code = Text(max=20, pattern=_AREA_CODE, load_default=None, allow_none=True)
    valid_until = AwareDateTime(load_default=None, allow_none=True)


class InvitationCode(Schema):
    """However it is typed: ``abcd efgh`` is ``ABCD-EFGH``."""

    invitation_code = Text(max=40, required=True)


class HomeArea(Schema):
    code = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)
    full_name = fields.String(required=True)
    parent_code = fields.String(required=True, allow_none=True)


class RoleUnit(Schema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)


class RoleArea(Schema):
    code = fields.String(required=True)
    name = fields.String(required=True)


class HeldRole(Schema):
    id = fields.UUID(required=True)
    role = fields.Enum(Role, by_value=True, required=True)
    unit = fields.Nested(RoleUnit, required=True, allow_none=True)
    area = fields.Nested(RoleArea, required=True, allow_none=True)
    valid_until = fields.AwareDateTime(required=True, allow_none=True)


class Me(Schema):
    """Oneself."""

    id = fields.UUID(required=True)
    name = fields.String(required=True, metadata={"description": "Empty until it is given"})
    phone = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Masked", "examples": ["138****5678"]},
    )
    id_number = fields.String(required=True, allow_none=True, metadata={"description": "Masked"})
    address = fields.String(required=True, allow_none=True)
    home_area = fields.Nested(HomeArea, required=True, allow_none=True)
    language = Choice(LANGUAGES, required=True)
    roles = fields.List(fields.Nested(HeldRole), required=True)


class RenewedSession(Schema):
    token = fields.String(
        required=True, metadata={"description": "Shown this once; the old one soon stops working"}
    )
    expires_at = fields.AwareDateTime(required=True)


class NewSession(RenewedSession):
    person = fields.Nested(Me, required=True)


class NewInvitation(Schema):
    code = fields.String(required=True, metadata={"examples": ["ABCD-EFGH"]})
    expires_at = fields.AwareDateTime(required=True)


class UnitMember(Schema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    role = fields.Enum(Role, by_value=True, required=True)
    role_id = fields.UUID(required=True)
    valid_until = fields.AwareDateTime(required=True, allow_none=True)


class UnitMembers(Schema):
    items = fields.List(fields.Nested(UnitMember), required=True)


class MandateTerms(Schema):
    """What the agent may do, and for how many days."""

    scopes = List(Choice(Scope), min=1, max=len(Scope), unique=True, required=True)
    valid_days = StrictInteger(min=1, max=365, required=True)


class MandateCode(Schema):
    """However it is typed: ``abcd efgh`` is ``ABCD-EFGH``."""

    code = Text(max=40, required=True)


class MandateRequest(MandateTerms):
    """Whom to ask: name and telephone as the person has given them here."""

    name = Text(max=40, line=True, required=True)
    phone = Text(max=40, line=True, required=True)


class RecordedConsent(MandateTerms):
    """What somebody without an account said or signed."""

    name = Text(max=40, line=True, required=True)
    phone = Text(max=40, line=True, load_default=None, allow_none=True)
    area_code = Text(max=20, pattern=_AREA_CODE, required=True)
    how = Choice(How, required=True)
    statement = Text(max=500, required=True)
    attachment_ids = List(UuidStr(), max=9, unique=True, load_default=list)


class NewMandateCode(NewInvitation):
    """For whoever is to act; usable until ``expires_at``."""


class MandateParty(Schema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)


class MandateView(Schema):
    """A consent: the agent may act for the principal."""

    id = fields.UUID(required=True)
    kind = Choice(
        ("relative", "grid_worker"),
        required=True,
        metadata={"description": "grid_worker: recorded, and in force no longer than the role"},
    )
    state = Choice(("asked", "active", "revoked", "expired"), required=True)
    scopes = fields.List(fields.Enum(Scope, by_value=True), required=True)
    principal = fields.Nested(MandateParty, required=True)
    agent = fields.Nested(MandateParty, required=True)
    valid_until = fields.AwareDateTime(
        required=True, metadata={"description": "While asked: if it were confirmed now"}
    )
    created_at = fields.AwareDateTime(required=True)


class Mandates(Schema):
    given = fields.List(fields.Nested(MandateView), required=True)
    received = fields.List(fields.Nested(MandateView), required=True)


class EvidencePicture(Schema):
    id = fields.UUID(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)
    size = fields.Integer(required=True)
    url = fields.String(required=True)
    thumbnail_url = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)


class MandateEvidence(MandateView):
    """With what a grid worker recorded; null and empty for other mandates."""

    how = Choice(How, required=True, allow_none=True)
    statement = fields.String(required=True, allow_none=True)
    attachments = fields.List(fields.Nested(EvidencePicture), required=True)


class Nothing(Schema):
    """An empty object."""


class DataAccess(Schema):
    """One reading of the caller's personal data."""

    at = fields.AwareDateTime(required=True)
    by_name = fields.String(required=True)
    unit_name = fields.String(
        required=True, allow_none=True, metadata={"description": "Of the reader, at that time"}
    )
    fields_ = fields.List(
        fields.String(), required=True, data_key="fields", metadata={"examples": [["phone"]]}
    )
    number = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Of the request for which it was read"},
    )


class MyData(Schema):
    made_at = fields.AwareDateTime(required=True)
    sections = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={"description": "For people to read and keep; members come and go"},
    )


def _true(value: bool) -> None:
    if not value:
        raise ValidationError(Refusal("must_be_true"))


class CloseAccount(Schema):
    """Nobody closes an account by mistake."""

    confirm = Flag(required=True, validate=_true, metadata={"enum": [True]})
