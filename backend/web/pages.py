"""Lists page by page, by a cursor that only we can make."""

import base64
from functools import cache
from typing import Any

import marshmallow as ma
from flask import request
from marshmallow import fields

from backend.kernel.crypto import keyring
from backend.kernel.errors import DomainError
from backend.kernel.json import dumps, loads
from backend.web.schemas import QueryInteger, Schema

MOST = 50
USUAL = 20


class BadCursor(DomainError):
    code = "bad_cursor"


def encode(values: tuple[Any, ...]) -> str:
    """The cursor behind the last item: its sort key, signed for this list only.

    Datetimes and UUIDs come back as text; PostgreSQL reads them with a cast.
    """
    text = base64.urlsafe_b64encode(dumps(list(values))).rstrip(b"=")
    return f"{text.decode()}.{keyring.sign(text, _purpose())}"


def decode(cursor: str) -> tuple[Any, ...]:
    """The sort key of a cursor. Raises BadCursor for anything this list did not hand out."""
    text, _, signature = cursor.partition(".")
    encoded = text.encode("utf-8", "surrogatepass")
    if not keyring.verify(encoded, signature, _purpose()):
        raise BadCursor
    return tuple(loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))


def _purpose() -> str:
    return f"cursor:{request.endpoint}"


class Cursor(fields.String):
    """A cursor in the query string, read into its sort key."""

    def _deserialize(  # type: ignore[override]
        self, value: Any, attr: Any, data: Any, **kwargs: Any
    ) -> tuple[Any, ...]:
        return decode(str(value))


class PageQuery(Schema):
    """Base of the query of every list: ``cursor`` is None on the first page."""

    cursor = Cursor(
        load_default=lambda: None, metadata={"description": "next_cursor of the last page"}
    )
    limit = QueryInteger(min=1, max=MOST, load_default=USUAL)


@cache
def page_of(item: type[ma.Schema]) -> type[ma.Schema]:
    """The schema of one page of items."""
    name = item.__name__.removesuffix("Schema")
    return Schema.from_dict(
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next_cursor": fields.String(
                required=True, allow_none=True, metadata={"description": "null on the last page"}
            ),
        },
        name=f"{name}Page",
    )


def page(items_json: str, next_key: tuple[Any, ...] | None) -> bytes:
    """One page from the JSON text of its items and the sort key behind its last one."""
    cursor = dumps(encode(next_key)) if next_key else b"null"
    return b'{"items":' + items_json.encode() + b',"next_cursor":' + cursor + b"}"
