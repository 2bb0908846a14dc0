"""Answers made from JSON that exists already."""

from typing import Any

from flask import Response

from backend.kernel.json import dumps

JSON = "application/json"


def json_response(
    body: str | bytes, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """A JSON answer from its text, which is passed on as it is."""
    return Response(body, status, headers, content_type=JSON)


def respond(value: Any, status: int, schema: Any = None) -> Response:
    """What a view returned, as an answer.

    Text and bytes are JSON already; None is an empty body; anything else goes through the schema.
    """
    if isinstance(value, Response):
        return value
    if value is None:
        empty = Response(b"", status)
        del empty.headers["Content-Type"]
        return empty
    if not isinstance(value, str | bytes):
        value = dumps(value if schema is None else schema.dump(value))
    return json_response(value, status)
