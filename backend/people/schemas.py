"""What the people routes read and answer."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from backend.kernel.actor import Role
from backend.kernel.messages import LANGUAGES
from backend.web.errors import Refusal
from backend.web.schemas import AwareDateTime, Choice, Schema, Text, UuidStr

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
