"""Column types that keep their promises."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import peewee
from psycopg.types.json import Jsonb

from backend.kernel.ids import new_id
from backend.kernel.json import dumps


class UuidField(peewee.UUIDField):
    """A UUID; as a primary key it makes its own value."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("primary_key"):
            kwargs.setdefault("default", new_id)
        super().__init__(*args, **kwargs)

    def db_value(self, value: Any) -> UUID | None:
        return value if value is None or isinstance(value, UUID) else UUID(str(value))


class UtcDateTimeField(peewee.Field):
    """A moment (``timestamptz``). Naive datetimes are refused: they do not say when."""

    field_type = "TIMESTAMPTZ"

    def db_value(self, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{self.name}: a datetime without an offset does not say when")
        return value

    def python_value(self, value: datetime | None) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


class JsonField(peewee.Field):
    """``jsonb``, with Chinese written as itself."""

    field_type = "JSONB"

    def db_value(self, value: Any) -> Any:
        return None if value is None else Jsonb(value, dumps=dumps)

    def python_value(self, value: Any) -> Any:
        return value


class TextsField(peewee.Field):
    """``text[]``, read as a list."""

    field_type = "TEXT[]"


class BytesField(peewee.BlobField):
    """``bytea``, read as bytes."""

    def python_value(self, value: Any) -> bytes | None:
        return None if value is None else bytes(value)


class EnumField(peewee.TextField):
    """A text column that holds the values of one StrEnum. A CHECK constraint guards the table."""

    def __init__(self, enum: type[StrEnum], *args: Any, **kwargs: Any) -> None:
        self.enum = enum
        super().__init__(*args, **kwargs)

    def db_value(self, value: Any) -> str | None:
        return None if value is None else self.enum(value).value

    def python_value(self, value: Any) -> StrEnum | None:
        return None if value is None else self.enum(value)
