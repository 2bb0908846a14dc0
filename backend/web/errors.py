"""Every error is an RFC 9457 problem document, in the caller's language, with a stable code."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, ClassVar

import peewee
import psycopg
import structlog
from flask import Flask, Response, current_app, g, request
from playhouse.pool import MaxConnectionsExceeded
from werkzeug.exceptions import HTTPException

from backend.kernel import messages
from backend.kernel.errors import (
    DomainError,
    FieldError,
    NotFound,
    Unauthenticated,
    ValidationFailed,
    where,
)
from backend.kernel.json import dumps
from backend.web.language import language

PROBLEM_JSON = "application/problem+json"
_MOST_FIELDS = 50
_LONGEST_POINTER = 200


class BadRequest(DomainError):
    code = "bad_request"
    status = 400


class BadJson(DomainError):
    code = "bad_json"
    status = 400


class MethodNotAllowed(DomainError):
    code = "method_not_allowed"
    status = 405


class BodyTooLarge(DomainError):
    code = "body_too_large"
    status = 413


class UnsupportedMediaType(DomainError):
    code = "unsupported_media_type"
    status = 415


class TooManyRequests(DomainError):
    code = "too_many_requests"
    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(headers={"Retry-After": str(seconds)}, seconds=seconds)


class Internal(DomainError):
    code = "internal"
    status = 500


class Busy(DomainError):
    code = "busy"
    status = 503

    RETRY_AFTER_SECONDS: ClassVar[int] = 2

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": str(self.RETRY_AFTER_SECONDS)})


_BY_STATUS: dict[int, type[DomainError]] = {
    401: Unauthenticated,
    404: NotFound,
    405: MethodNotAllowed,
    413: BodyTooLarge,
    415: UnsupportedMediaType,
}


class Refusal(str):
    """A field's error code on its way through marshmallow, with what its sentence needs."""

    params: dict[str, Any]

    def __new__(cls, code: str, **params: Any) -> "Refusal":
        refusal = super().__new__(cls, code)
        refusal.params = params
        return refusal


def field_errors(found: Any, pointer: str = "") -> Iterator[FieldError]:
    """Marshmallow's nested messages as a flat list with JSON pointers."""
    if isinstance(found, Mapping):
        for key, inner in found.items():
            name = "" if key == "_schema" else "/" + escape(str(key))
            yield from field_errors(inner, pointer + name)
    elif isinstance(found, list | tuple):
        for inner in found:
            yield from field_errors(inner, pointer)
    elif isinstance(found, Refusal):
        yield FieldError(pointer[:_LONGEST_POINTER], str(found), **found.params)
    else:
        code = str(found) if str(found) in _field_keys(messages.LANGUAGES[0]) else "invalid"
        yield FieldError(pointer[:_LONGEST_POINTER], code)


def escape(name: str) -> str:
    """A name as one part of a JSON pointer."""
    name = name.encode("utf-8", "replace").decode()
    return name.replace("~", "~0").replace("/", "~1")


@cache
def _field_keys(language: str) -> dict[str, str]:
    """Field codes of every catalogue file (its ``fields`` section), with the full key of each."""
    keys = {}
    for key in messages.catalogue(language):
        parts = key.split(".")
        if len(parts) == 3 and parts[1] == "fields":
            keys[parts[2]] = key
    return keys


def field_codes(language: str) -> frozenset[str]:
    """Codes of field errors that have a sentence."""
    return frozenset(_field_keys(language))


def field_text(code: str, language: str, **params: Any) -> str:
    """The sentence of a field's error code, whichever feature it belongs to."""
    try:
        key = _field_keys(language)[code]
    except KeyError:
        raise messages.MissingMessage(f"{language}: no sentence for field error {code}") from None
    return messages.text(key, language, **params)


def problem(error: DomainError, status: int | None = None) -> Response:
    """The problem document of a refusal."""
    speech = language()
    status = status or error.status
    document: dict[str, Any] = {
        "type": f"{current_app.config['PUBLIC_URL']}/problems/{error.code}",
        "title": messages.text(f"web.titles.{_title(status)}", speech),
        "status": status,
        "detail": messages.error_text(error.code, speech, **error.params),
        "code": error.code,
        "request_id": g.get("request_id"),
    }
    if error.fields:
        document["errors"] = [
            {
                "field": item.field,
                "code": item.code,
                "message": field_text(item.code, speech, **item.params),
            }
            for item in error.fields[:_MOST_FIELDS]
        ]
    document.update(error.extra)
    g.problem_code = error.code
    response = Response(dumps(document), status, content_type=PROBLEM_JSON)
    response.headers["Content-Language"] = speech
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    response.headers.update(error.headers)
    return response


_TITLED = frozenset({400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 503})


def _title(status: int) -> int:
    if status in _TITLED:
        return status
    return 400 if status < 500 else 500


def register(app: Flask) -> None:
    """Answer every error of the app with a problem document."""
    app.register_error_handler(DomainError, problem)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(peewee.DataError, _data_error)
    app.register_error_handler(psycopg.DataError, _data_error)
    app.register_error_handler(peewee.OperationalError, _database_busy)
    app.register_error_handler(psycopg.OperationalError, _database_busy)
    app.register_error_handler(MaxConnectionsExceeded, _database_busy)
    app.register_error_handler(Exception, _unexpected)


def _http_error(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400:  # a redirect
        return error.get_response(request.environ)
    refusal = _BY_STATUS.get(status) or (BadRequest if status < 500 else Internal)
    headers = {
        name: value
        for name, value in error.get_headers(request.environ)
        if name in {"Allow", "Retry-After", "Content-Range", "WWW-Authenticate"}
    }
    return problem(refusal(headers=headers), status)


def _data_error(error: Exception) -> Response:
    log_exception("value_refused_by_database", error)
    return problem(ValidationFailed())


def _database_busy(error: Exception) -> Response:
    """No free connection, a lock or statement that took too long, a deadlock, a lost server."""
    log_exception("database_busy", error)
    return problem(Busy())


def _unexpected(error: Exception) -> Response:
    log_exception("unexpected", error)
    return problem(Internal())


def log_exception(event: str, error: BaseException) -> None:
    """What went wrong and where, never the message: it may quote what a person wrote."""
    cause = error.__cause__ or error.__context__
    state = getattr(error, "sqlstate", None) or getattr(cause, "sqlstate", None)
    structlog.get_logger("backend.web").error(
        event,
        request_id=g.get("request_id") if g else None,
        error=type(error).__name__,
        sqlstate=state,
        frames=list(where(error)),
    )
