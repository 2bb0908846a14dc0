"""JSON, in and out. Read models come from PostgreSQL as text and are passed on unparsed."""

from base64 import b64decode
from typing import Any

import orjson

loads = orjson.loads


def dumps(value: Any) -> bytes:
    """Compact UTF-8 JSON. UUIDs and aware datetimes (RFC 3339) are written as strings."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def merge(object_text: str, extra: dict[str, Any]) -> bytes:
    """Add members to the text of a JSON object without reading it.

    The names must not occur in the object already.
    """
    body = object_text.strip().encode()
    if not extra:
        return body
    added = dumps(extra)
    if body == b"{}":
        return added
    return added[:-1] + b"," + body[1:]


def blob(text: str | None) -> bytes | None:
    """The bytes that PostgreSQL put into JSON with ``encode(…, 'base64')``."""
    return None if text is None else b64decode(text)
