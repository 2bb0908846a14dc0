"""What the routes of areas, units and the catalogue take and give."""

from typing import Any

from marshmallow import fields

from backend.areas.catalogue import QuestionKind, Visibility
from backend.areas.rules import Level
from backend.areas.units import UnitKind
from backend.web.schemas import Schema, Text

_AREA_CODE = r"[0-9]{6}(?:[0-9]{3}){0,3}"


class AreaCode(Text):
    """The code of an area, which need not exist."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max=15, pattern=_AREA_CODE, **kwargs)


class AreaQuery(Schema):
    parent = AreaCode(metadata={"description": "The areas directly below it"})
    q = Text(max=40, metadata={"description": "Part of a name"})


class Area(Schema):
    code = fields.String(required=True, metadata={"examples": ["520526001001"]})
    name = fields.String(required=True)
    level = fields.Enum(Level, by_value=True, required=True)
    full_name = fields.String(required=True, metadata={"examples": ["海边街道 大洼塘社区"]})
    parent_code = fields.String(required=True, allow_none=True)


class ListedArea(Area):
    has_children = fields.Boolean(required=True)


class Areas(Schema):
    items = fields.List(fields.Nested(ListedArea), required=True)


class AreaWithPath(Area):
    path = fields.List(
        fields.Nested(Area),
        required=True,
        metadata={"description": "From the county down to the area itself"},
    )


class UnitQuery(Schema):
    q = Text(max=40, metadata={"description": "Part of a name"})
    area = AreaCode(
        metadata={"description": "Units that serve it: its own, then those of the areas above"}
    )


class UnitArea(Schema):
    code = fields.String(required=True)
    name = fields.String(required=True)


class Unit(Schema):
    id = fields.UUID(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.Enum(UnitKind, by_value=True, required=True)
    area = fields.Nested(UnitArea, required=True)
    phone = fields.String(required=True, allow_none=True)


class Units(Schema):
    items = fields.List(fields.Nested(Unit), required=True)


class Group(Schema):
    code = fields.String(required=True)
    name = fields.String(required=True)
    icon = fields.String(required=True)


class Choice(Schema):
    code = fields.String(required=True)
    label = fields.String(required=True)


class Question(Schema):
    code = fields.String(required=True)
    kind = fields.Enum(QuestionKind, by_value=True, required=True)
    label = fields.String(required=True)
    required = fields.Boolean(required=True)
    choices = fields.List(fields.Nested(Choice), required=True)
    max_length = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Characters of a text"}
    )
    min = fields.Integer(metadata={"description": "Smallest number allowed"})
    max = fields.Integer(metadata={"description": "Largest number allowed"})


class Deadline(Schema):
    profile = fields.String(required=True)
    text = fields.String(required=True)


class EmergencyNumber(Schema):
    number = fields.String(required=True, metadata={"examples": ["119"]})
    label = fields.String(required=True)


class Emergency(EmergencyNumber):
    words = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Words that call for it in any category"},
    )


class Category(Schema):
    code = fields.String(required=True)
    group = fields.String(required=True)
    name = fields.String(required=True)
    hint = fields.String(required=True)
    keywords = fields.List(fields.String(), required=True)
    questions = fields.List(fields.Nested(Question), required=True)
    default_visibility = fields.Enum(Visibility, by_value=True, required=True)
    deadline = fields.Nested(Deadline, required=True)
    danger = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Words that mean danger to life in this category"},
    )
    emergency = fields.List(fields.Nested(EmergencyNumber), required=True)
    complaint = fields.Boolean(
        required=True,
        metadata={"description": "It complains about a unit, which will not learn of it"},
    )


class Catalogue(Schema):
    version = fields.String(required=True)
    groups = fields.List(fields.Nested(Group), required=True)
    categories = fields.List(fields.Nested(Category), required=True)
    emergencies = fields.List(fields.Nested(Emergency), required=True)
