"""The OpenAPI 3.1 document: what flask-smorest derives, plus every problem a route can answer."""

from http import HTTPStatus
from typing import Any

import flask_smorest
from flask import Flask

from backend.kernel.errors import DomainError, NotFound, Unauthenticated, ValidationFailed
from backend.web.errors import (
    PROBLEM_JSON,
    BadJson,
    BadRequest,
    BodyTooLarge,
    Busy,
    Internal,
    TooManyRequests,
    UnsupportedMediaType,
)
from backend.web.idempotency import (
    HEADER,
    KEY_PATTERN,
    REPLAYED_HEADER,
    IdempotencyKeyRequired,
    IdempotencyKeyReused,
)
from backend.web.pages import BadCursor
from backend.web.schemas import ProblemSchema
from backend.web.traits import Traits

SECURITY_SCHEME = "bearer"

_DESCRIPTION = """\
邻事通的接口。All bodies are JSON in UTF-8; all times are RFC 3339 in UTC.

Refusals are problem documents (RFC 9457): programs rely on `code`, people read `detail`, which is
written in the signed-in person's language, else in that of `Accept-Language`. Every answer carries
an `X-Request-Id`. A request with an `Idempotency-Key` may be repeated safely for 7 days.
"""


class Api(flask_smorest.Api):
    """flask-smorest's registry of blueprints, without its pages and error handling."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Errors are answered by :mod:`backend.web.errors`."""

    def _register_pagination_header(self) -> None:
        """Pages are envelopes with a cursor."""

    def document(self) -> dict[str, Any]:
        """The whole document."""
        document: dict[str, Any] = self.spec.to_dict()
        return document


def make_api(app: Flask, version: str) -> Api:
    """The API of an app; register the features' blueprints in it."""
    app.config.update(
        API_TITLE="邻事通 Linshitong",
        API_VERSION=version,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=None,
        API_SPEC_OPTIONS={
            "info": {"description": _DESCRIPTION},
            "servers": [{"url": "/"}],
            "security": [{SECURITY_SCHEME: []}],
        },
    )
    api = Api(app)
    api.spec.components.security_scheme(SECURITY_SCHEME, {"type": "http", "scheme": "bearer"})
    app.extensions["api"] = api
    return api


def implied_problems(
    traits: Traits, *, has_body: bool, has_path_parameters: bool
) -> set[type[DomainError]]:
    """What a view can answer because of what surrounds it."""
    implied: set[type[DomainError]] = {BadRequest, Internal}
    if traits.database:
        implied |= {Busy, TooManyRequests}
    if traits.limit:
        implied.add(TooManyRequests)
    if not traits.public:
        implied.add(Unauthenticated)
    if has_path_parameters:
        implied.add(NotFound)
    if traits.parses:
        implied.add(ValidationFailed)
    if has_body:
        implied.add(BodyTooLarge)
    if "json" in traits.parses:
        implied |= {BadJson, UnsupportedMediaType}
    if traits.pages:
        implied.add(BadCursor)
    if traits.idempotent:
        implied |= {IdempotencyKeyRequired, IdempotencyKeyReused}
    return implied


def complete(operation: dict[str, Any], info: dict[str, Any], method: str) -> dict[str, Any]:
    """Add to an operation what the decorators of its view imply."""
    traits: Traits = info["traits"]
    operation["operationId"] = info["operation_id"]
    if traits.public:
        operation["security"] = []
    parameters = operation.setdefault("parameters", [])
    responses = operation.setdefault("responses", {})
    if traits.idempotent:
        _document_idempotency(parameters, responses)
    if traits.conditional:
        _document_etag(parameters, responses)
    problems = implied_problems(
        traits,
        has_body=method != "get",
        has_path_parameters=info["has_path_parameters"],
    )
    by_status: dict[int, set[str]] = {}
    for refusal in problems | set(traits.problems):
        by_status.setdefault(refusal.status, set()).add(refusal.code)
    responses.pop(422, None)
    for status in sorted(by_status):
        responses[status] = _problem_response(status, sorted(by_status[status]))
    if not parameters:
        del operation["parameters"]
    return operation


def _problem_response(status: int, codes: list[str]) -> dict[str, Any]:
    response: dict[str, Any] = {
        "description": f"{HTTPStatus(status).phrase}: {', '.join(codes)}",
        "content": {
            PROBLEM_JSON: {
                "schema": {
                    "allOf": [{"$ref": "#/components/schemas/Problem"}],
                    "properties": {"code": {"enum": codes}},
                }
            }
        },
    }
    if status in {429, 503}:
        response["headers"] = {
            "Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait"}
        }
    return response


def _document_idempotency(parameters: list[Any], responses: dict[int, Any]) -> None:
    parameters.append(
        {
            "name": HEADER,
            "in": "header",
            "required": True,
            "description": "Made anew for each intention; the same when it is tried again",
            "schema": {"type": "string", "pattern": f"^{KEY_PATTERN}$"},
        }
    )
    for status, response in responses.items():
        if status < 300:
            response.setdefault("headers", {})[REPLAYED_HEADER] = {
                "schema": {"type": "string", "const": "true"},
                "description": "Present when this is the answer of an earlier try",
            }


def _document_etag(parameters: list[Any], responses: dict[int, Any]) -> None:
    parameters.append(
        {
            "name": "If-None-Match",
            "in": "header",
            "description": "ETag of the answer the client has",
            "schema": {"type": "string"},
        }
    )
    header = {"ETag": {"schema": {"type": "string"}}}
    responses.setdefault(200, {"description": "OK"}).setdefault("headers", {}).update(header)
    responses[304] = {"description": "Not Modified", "headers": header}
