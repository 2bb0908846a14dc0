"""The register, the topics and conflicts of interest on the wire."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validates_schema

from backend.advisers.rules.register import (
    LICENCE,
    MOST_LANGUAGES,
    MOST_VILLAGES,
    OFFICE_PHONE,
    Entry,
    Length,
    Standing,
)
from backend.bookings.rules import Mode
from backend.web.errors import Refusal
from backend.web.pages import PageQuery
from backend.web.schemas import Date, List, Schema, Text, UuidStr

_AREA = "[0-9]{6}(?:[0-9]{3}){0,3}"
_DAY = {"description": "YYYY-MM-DD, in China"}
_LANGUAGE = {"description": "A code of the county's list, as in ``Adviser.languages``"}
MOST_NAMES = 20
LONGEST_FILE = 200_000
"""Characters; a longer file is imported at the command line."""


def _area(**kwargs: Any) -> Text:
    return Text(max=15, pattern=_AREA, **kwargs)


class ServingQuery(Schema):
    area = _area(required=True)


class AdviserQuery(PageQuery):
    q = Text(max=40, line=True, metadata={"description": "In name, firm or licence number"})
    area = _area(metadata={"description": "Who serves it, or any place in it"})
    language = Text(max=Length.LANGUAGE, line=True, metadata=_LANGUAGE)


class AdviserEntry(Schema):
    """Everything the register says; what is left out is empty."""

    name = Text(max=Length.NAME, line=True, required=True)
    firm = Text(max=Length.FIRM, line=True, required=True)
    licence_no = Text(max=40, pattern=LICENCE, code="licence_no_invalid", required=True)
    phone = Text(
        max=30,
        pattern=OFFICE_PHONE,
        code="office_phone_invalid",
        load_default=None,
        allow_none=True,
        metadata={"description": "The office's; everybody sees it"},
    )
    languages = List(
        Text(max=Length.LANGUAGE, line=True, metadata=_LANGUAGE),
        max=MOST_LANGUAGES,
        unique=True,
        load_default=list,
    )
    intro = Text(max=Length.INTRO, load_default=None, allow_none=True)
    photo_id = UuidStr(
        load_default=None,
        allow_none=True,
        metadata={"description": "A picture of the caller's, or the photo there is; null: none"},
    )
    term_from = Date(required=True, metadata=_DAY)
    term_until = Date(
        load_default=None, allow_none=True, metadata={"description": "The last day; null: no end"}
    )
    villages = List(_area(), max=MOST_VILLAGES, unique=True, load_default=list)
    standby = List(
        _area(),
        max=MOST_VILLAGES,
        unique=True,
        load_default=list,
        metadata={"description": "Villages, townships or the county, to stand in for others"},
    )

    @validates_schema
    def some_area(self, data: dict[str, Any], **kwargs: Any) -> None:
        if not data["villages"] and not data["standby"]:
            raise ValidationError(Refusal("required"), "villages")
        if set(data["villages"]) & set(data["standby"]):
            raise ValidationError(Refusal("repeated"), "standby")

    @validates_schema
    def term(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data["term_until"] is not None and data["term_until"] < data["term_from"]:
            raise ValidationError(Refusal("term_ends_before"), "term_until")

    @post_load
    def entry(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        photo_id = data.pop("photo_id")
        for name in ("languages", "villages", "standby"):
            data[name] = tuple(data[name])
        return {"entry": Entry(**data), "photo_id": photo_id}


class Suspension(Schema):
    reason = Text(max=200, required=True)


class AdviserFile(Schema):
    csv = Text(max=LONGEST_FILE, required=True, metadata={"description": "The text of the file"})


class AdviserImported(Schema):
    total = fields.Integer(required=True)
    added = fields.Integer(required=True)
    changed = fields.Integer(required=True)


class AdviserInvitation(Schema):
    code = fields.String(required=True, metadata={"examples": ["ABCD-EFGH"]})
    expires_at = fields.AwareDateTime(required=True)


class Parties(Schema):
    """Of one matter of the adviser's own practice. Names are never stored, only hashes of them."""

    clients = List(Text(max=60, line=True), min=1, max=MOST_NAMES, required=True)
    opponents = List(Text(max=60, line=True), max=MOST_NAMES, required=True)


class AdviserVillage(Schema):
    code = fields.String(required=True)
    name = fields.String(required=True)


class NextFree(Schema):
    starts_at = fields.AwareDateTime(required=True)
    modes = fields.List(fields.Enum(Mode, by_value=True), required=True)


class SpokenLanguage(Schema):
    code = fields.String(required=True)
    name = fields.String(required=True, metadata={"description": "In the reader's language"})


class Adviser(Schema):
    """A legal adviser. In lists ``villages`` has the first few."""

    id = fields.UUID(required=True, metadata={"description": "That of the bookable resource, too"})
    name = fields.String(required=True)
    firm = fields.String(required=True)
    licence_no = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    languages = fields.List(fields.Nested(SpokenLanguage), required=True)
    intro = fields.String(required=True, allow_none=True)
    photo_url = fields.String(required=True, allow_none=True)
    term_from = fields.Date(required=True)
    term_until = fields.Date(required=True, allow_none=True)
    state = fields.Enum(Standing, by_value=True, required=True)
    bookable = fields.Boolean(required=True)
    last_served_on = fields.Date(
        required=True, allow_none=True, metadata={"description": "Of the last service that was"}
    )
    next_free = fields.Nested(
        NextFree,
        required=True,
        allow_none=True,
        metadata={"description": "The first time a resident can take; null: none"},
    )
    villages = fields.List(fields.Nested(AdviserVillage), required=True)
    villages_count = fields.Integer(required=True)


class AdviserDetail(Adviser):
    """With all villages, the areas on standby, and whether somebody took up the invitation."""

    standby = fields.List(fields.Nested(AdviserVillage), required=True)
    joined = fields.Boolean(required=True)
    photo_id = fields.UUID(required=True, allow_none=True)


class ServedArea(Schema):
    code = fields.String(required=True)
    full_name = fields.String(required=True)


class JusticeOffice(Schema):
    name = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)


class Serving(Schema):
    """Who serves a place: its own adviser, even one who cannot be booked, and who does instead."""

    area = fields.Nested(ServedArea, required=True)
    adviser = fields.Nested(Adviser, required=True, allow_none=True)
    meanwhile = fields.List(
        fields.Nested(Adviser),
        required=True,
        metadata={"description": "Who serves there now, where the own adviser does not"},
    )
    justice_office = fields.Nested(JusticeOffice, required=True, allow_none=True)


class TopicLimitation(Schema):
    text = fields.String(required=True)
    article = fields.String(required=True)
    note = fields.String(required=True)


class LegalTopic(Schema):
    code = fields.String(required=True)
    name = fields.String(required=True)
    description = fields.String(required=True)
    categories = fields.List(
        fields.String(), required=True, metadata={"description": "Of requests, by code"}
    )
    limitation = fields.Nested(
        TopicLimitation,
        required=True,
        allow_none=True,
        metadata={"description": "null where the law sets no one period"},
    )


class LegalTopics(Schema):
    items = fields.List(fields.Nested(LegalTopic), required=True)
