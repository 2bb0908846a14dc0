"""HTTP of public requests: what a village is waiting for, and following it."""

from typing import Any
from uuid import UUID

from flask import Response

from backend.kernel.clock import now
from backend.kernel.errors import NotFound
from backend.service_requests import queries, service
from backend.service_requests.routes.base import ONE, blueprint
from backend.service_requests.schemas import public as schemas
from backend.web.api import problems
from backend.web.auth import current_actor, public
from backend.web.etag import conditional, etagged
from backend.web.language import language
from backend.web.pages import page, page_of

_FRESH_SECONDS = 60


@blueprint.route("/requests/similar", methods=["GET"])
@blueprint.arguments(schemas.SimilarQuery, location="query")
@blueprint.response(200, schemas.SimilarRequests)
def similar(query: dict[str, Any]) -> bytes:
    """Public requests nearby that may be about the same, to be followed instead of repeated."""
    found = queries.similar(
        current_actor(), query["category"], query["area_code"], query["text"], now()
    )
    return b'{"items":' + found + b"}"


@blueprint.route(f"{ONE}/follow", methods=["POST"])
@blueprint.response(204)
@problems(NotFound)
def follow(request_id: UUID) -> None:
    """Be told how a public request goes on. No Idempotency-Key: it is the same a second time."""
    service.follow(current_actor(), request_id, now())


@blueprint.route(f"{ONE}/follow", methods=["DELETE"])
@blueprint.response(204)
def unfollow(request_id: UUID) -> None:
    """Be told no more."""
    service.unfollow(current_actor(), request_id)


@blueprint.route("/follows", methods=["GET"])
@blueprint.arguments(schemas.FollowsQuery, location="query")
@blueprint.response(200, page_of(schemas.PublicItem))
def follows(query: dict[str, Any]) -> bytes:
    """The public requests the caller follows, the last one first."""
    found = queries.followed(current_actor(), query["cursor"], query["limit"])
    return page(found.items, found.next_key)


@blueprint.route("/public/requests", methods=["GET"])
@public
@etagged
@blueprint.arguments(schemas.PublicQuery, location="query")
@blueprint.response(200, page_of(schemas.PublicItem))
def public_requests(query: dict[str, Any]) -> Response:
    """The public requests of an area, newest first, for everybody."""
    found = queries.published(query["area"], language(), query["cursor"], query["limit"])
    return conditional(page(found.items, found.next_key), max_age=_FRESH_SECONDS)


@blueprint.route("/public/requests/<uuid:request_id>", methods=["GET"])
@public
@etagged
@blueprint.response(200, schemas.PublicRequest)
@problems(NotFound)
def public_request(request_id: UUID) -> Response:
    """One public request: what it is about, who holds it, and what became of it."""
    found = queries.one_published(request_id, language())
    if found is None:
        raise NotFound
    return conditional(found, max_age=_FRESH_SECONDS)
