"""Answers that need not be sent again."""

from hashlib import sha256

from flask import Response, request

from backend.web.responses import json_response
from backend.web.traits import View, mark


def conditional(body: bytes | str, max_age: int = 0) -> Response:
    """JSON with a strong ETag of its content, or 304 if the client has that already.

    The client may use it unasked for ``max_age`` seconds; nobody else may keep it.
    """
    if isinstance(body, str):
        body = body.encode()
    etag = sha256(body).hexdigest()[:32]
    headers = {
        "ETag": f'"{etag}"',
        "Cache-Control": f"private, max-age={max_age}" if max_age else "private, no-cache",
        "Vary": "Authorization, Accept-Language",
    }
    # Weak comparison (RFC 9110 §13.1.2): a proxy that compresses makes the tag weak.
    if request.if_none_match.contains_weak(etag):
        return Response(status=304, headers=headers)
    return json_response(body, 200, headers)


def etagged(view: View) -> View:
    """Documents that the view answers with :func:`conditional`."""
    return mark(view, conditional=True)
