"""Fields and schemas that refuse instead of guessing.

Their messages are codes; the sentences are in the catalogue under ``fields``.
"""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask_smorest.fields import Upload
from marshmallow import ValidationError, fields, validate
from werkzeug.datastructures import FileStorage

from backend.kernel import text as kernel_text
from backend.web.errors import Refusal

INT4 = (-(2**31), 2**31 - 1)
INT8 = (-(2**63), 2**63 - 1)

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DIGITS = re.compile(r"-?[0-9]{1,19}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

# What a client can rely on being accepted: no NUL, and something visible where text is needed.
_ANY_TEXT = r"^[^\u0000]*$"
_VISIBLE = r"^[^\u0000]*[!-~¡-ϿЀ-\u05ff\u0e00-\u0e7f\u4e00-\u9fff][^\u0000]*$"

_Messages = dict[str, str | list[Any] | dict[Any, Any]]
_SCHEMA_MESSAGES = {"type": "not_an_object", "unknown": "unknown_field"}
_MESSAGES: _Messages = {
    "required": "required",
    "null": "null",
    "validator_failed": "invalid",
    "invalid": "invalid",
}
_LIST_MESSAGES: _Messages = {"invalid": "not_a_list"}
_NESTED_MESSAGES: _Messages = {"type": "not_an_object"}


class Schema(ma.Schema):
    """Base of every schema: what is not declared is refused."""

    class Meta:
        unknown = ma.RAISE

    error_messages = _SCHEMA_MESSAGES


class _Field(fields.Field[Any]):
    default_error_messages = _MESSAGES


class Length(validate.Length):
    """Characters of a text."""

    def _format_error(self, value: Any, message: str) -> str:
        if self.min is not None and len(value) < self.min:
            return Refusal("required" if not value else "too_short", min=self.min)
        return Refusal("too_long", max=self.max)


class Count(validate.Length):
    """Items of a list."""

    def _format_error(self, value: Any, message: str) -> str:
        if self.min is not None and len(value) < self.min:
            return Refusal("too_few", min=self.min)
        return Refusal("too_many", max=self.max)


class Range(validate.Range):
    """Bounds of a number, both allowed."""

    def _format_error(self, value: Any, message: str) -> str:
        if self.min is not None and value < self.min:
            return Refusal("too_small", min=self.min)
        return Refusal("too_large", max=self.max)


class Pattern(validate.Regexp):
    """The whole text matches."""

    def __init__(self, pattern: str, code: str = "invalid") -> None:
        super().__init__(rf"^(?:{pattern})$")
        self.code = code

    def __call__(self, value: Any) -> Any:
        if self.regex.fullmatch(value) is None:
            raise ValidationError(Refusal(self.code))
        return value


def cleaned(value: Any) -> str:
    """A text as it is kept. Raises ValidationError for what is none or cannot be stored."""
    if not isinstance(value, str):
        raise ValidationError(Refusal("not_text"))
    try:
        return kernel_text.clean(value)
    except ValueError:
        raise ValidationError(Refusal("invalid_text")) from None


class Text(_Field, fields.String):
    """What a person typed: NFC, trimmed, ``min`` to ``max`` characters.

    A ``line`` has no line breaks; where one was typed there is a space. With a ``pattern`` the
    whole text must match it.
    """

    def __init__(
        self,
        *,
        max: int,
        min: int = 1,
        line: bool = False,
        pattern: str | None = None,
        code: str = "invalid",
        **kwargs: Any,
    ) -> None:
        validators: list[Any] = [Length(min=min, max=max)]
        if pattern is not None:
            validators.append(Pattern(pattern, code))
        metadata = dict(kwargs.pop("metadata", {}))
        if pattern is None:
            metadata.setdefault("pattern", _VISIBLE if min else _ANY_TEXT)
        super().__init__(validate=validators, metadata=metadata, **kwargs)
        self.line = line

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = cleaned(value)
        return " ".join(text.split()) if self.line else text


class StrictInteger(_Field, fields.Integer):
    """A whole number of JSON: not 5.0, not "5", not true; within what the column can hold."""

    def __init__(self, *, min: int = INT4[0], max: int = INT4[1], **kwargs: Any) -> None:
        super().__init__(strict=True, validate=Range(min=min, max=max), **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        if type(value) is not int:
            raise ValidationError(Refusal("not_an_integer"))
        return value


class QueryInteger(StrictInteger):
    """The same in a query string, where everything is text."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        if not isinstance(value, str) or _DIGITS.fullmatch(value) is None:
            raise ValidationError(Refusal("not_an_integer"))
        return int(value)


class Number(_Field, fields.Float):
    """A finite number."""

    def __init__(self, *, min: float, max: float, **kwargs: Any) -> None:
        super().__init__(validate=Range(min=min, max=max), **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> float:
        if type(value) not in (int, float) or not math.isfinite(value):
            raise ValidationError(Refusal("not_a_number"))
        return float(value)


class Flag(_Field, fields.Boolean):
    """true or false, nothing that merely looks like it."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        if type(value) is not bool:
            raise ValidationError(Refusal("not_a_boolean"))
        return value


class QueryFlag(_Field, fields.Boolean):
    """``true`` or ``false`` in a query string."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        if value not in ("true", "false"):
            raise ValidationError(Refusal("not_a_boolean"))
        return bool(value == "true")


class AwareDateTime(_Field, fields.AwareDateTime):
    """A moment with its offset (RFC 3339), read into UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> datetime:
        try:
            if not isinstance(value, str) or len(value) > 40:
                raise ValueError
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                raise ValueError
            return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValidationError(Refusal("not_a_datetime")) from None


class Date(_Field, fields.Date):
    """A day of the calendar, ``YYYY-MM-DD``."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> date:
        try:
            if not isinstance(value, str) or _DATE.fullmatch(value) is None:
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            raise ValidationError(Refusal("not_a_date")) from None


class UuidStr(_Field, fields.UUID):
    """An identifier in its usual spelling, read into a UUID."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> UUID:
        if not isinstance(value, str) or _UUID.fullmatch(value) is None:
            raise ValidationError(Refusal("not_an_id"))
        return UUID(value)


class Choice(_Field, fields.String):
    """One of a few words; of a StrEnum, its member."""

    def __init__(self, choices: type[StrEnum] | Iterable[str], **kwargs: Any) -> None:
        self.known: dict[str, str] = {str(choice): choice for choice in choices}
        super().__init__(validate=validate.OneOf(list(self.known)), **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or value not in self.known:
            raise ValidationError(Refusal("not_a_choice", choices=", ".join(self.known)))
        return self.known[value]


class List(_Field, fields.List[Any]):
    """At most ``max`` items, at least ``min``; ``unique`` refuses repeated ones."""

    default_error_messages = _LIST_MESSAGES

    def __init__(
        self, inner: Any, *, max: int, min: int = 0, unique: bool = False, **kwargs: Any
    ) -> None:
        metadata = {**kwargs.pop("metadata", {}), **({"uniqueItems": True} if unique else {})}
        super().__init__(inner, metadata=metadata, **kwargs)
        self.count = Count(min=min, max=max)
        self.validators = [self.count]
        self.unique = unique

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list):
            self.count(value)  # before a long list is walked
        items: list[Any] = super()._deserialize(value, attr, data, **kwargs)
        if self.unique and len({str(item) for item in items}) < len(items):
            raise ValidationError(Refusal("repeated"))
        return items


class QueryList(List):
    """The same in a query string: the parameter repeated, or its values separated by commas."""

    def __init__(self, inner: Any, **kwargs: Any) -> None:
        metadata = {"description": "Repeated, or separated by commas", **kwargs.pop("metadata", {})}
        super().__init__(inner, metadata=metadata, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        values = [part for each in value for part in each.split(",")]
        return super()._deserialize(values, attr, data, **kwargs)


class Nested(_Field, fields.Nested):
    """An object inside an object."""

    default_error_messages = _NESTED_MESSAGES


class ScalarMap(_Field, fields.Dict):
    """Codes with a text, number or yes/no each; what they mean is the rules' business."""

    def __init__(self, *, max_items: int, max_length: int, **kwargs: Any) -> None:
        metadata = {
            "maxProperties": max_items,
            "propertyNames": {"pattern": "^[a-z][a-z0-9_]{0,63}$"},
            "additionalProperties": {
                "anyOf": [
                    {"type": "string", "maxLength": max_length, "pattern": _ANY_TEXT},
                    {"type": "integer", "minimum": INT4[0], "maximum": INT4[1]},
                    {"type": "number", "minimum": -1e15, "maximum": 1e15},
                    {"type": "boolean"},
                ]
            },
        }
        super().__init__(metadata=metadata, **kwargs)
        self.max_items = max_items
        self.length = Length(max=max_length)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise ValidationError(Refusal("not_an_object"))
        if len(value) > self.max_items:
            raise ValidationError(Refusal("too_many", max=self.max_items))
        read: dict[str, Any] = {}
        refused: dict[str, Any] = {}
        for key, item in value.items():
            try:
                if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", key):
                    raise ValidationError(Refusal("unknown_field"))
                read[key] = self._scalar(item)
            except ValidationError as error:
                refused[key] = error.messages
        if refused:
            raise ValidationError(refused)
        return read

    def _scalar(self, item: Any) -> Any:
        if isinstance(item, str):
            return self.length(cleaned(item))
        if isinstance(item, bool):
            return item
        if isinstance(item, int | float) and -1e15 <= item <= 1e15:
            return item
        raise ValidationError(Refusal("invalid"))


class UploadedFile(_Field, Upload):
    """A file of a multipart form; read into werkzeug's FileStorage."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> FileStorage:
        if not isinstance(value, FileStorage):
            raise ValidationError(Refusal("invalid"))
        return value


class FieldProblemSchema(Schema):
    """What is wrong with one field."""

    field = fields.String(
        required=True, metadata={"description": "JSON pointer into what was sent (RFC 6901)"}
    )
    code = fields.String(required=True)
    message = fields.String(required=True, metadata={"description": "In the caller's language"})


class ProblemSchema(ma.Schema):
    """A refusal (RFC 9457). Programs rely on ``code``, people read ``detail``."""

    class Meta:
        unknown = ma.INCLUDE

    type = fields.String(required=True, metadata={"format": "uri"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "In the caller's language"})
    code = fields.String(required=True)
    request_id = fields.String(allow_none=True)
    errors = fields.List(fields.Nested(FieldProblemSchema))
