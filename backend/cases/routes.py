"""HTTP of cases: reading them without a sign-in, writing them, and approving them."""

from typing import Any
from uuid import UUID

from flask import Response

from backend.cases import errors, queries, schemas, service
from backend.kernel.clock import now
from backend.kernel.errors import NotFound
from backend.web.api import Blueprint, problems
from backend.web.auth import current_actor, public
from backend.web.etag import conditional, etagged
from backend.web.idempotency import idempotent
from backend.web.language import language
from backend.web.pages import page, page_of

blueprint = Blueprint("cases", __name__, url_prefix="/api", description="Cases (以案释法)")

ONE = "/cases/<uuid:case_id>"
_FRESH_SECONDS = 60
_STALE = (
    NotFound,
    errors.CaseActionNotYours,
    errors.CaseActionNotPossible,
    errors.CaseChanged,
)
"""What every action may be refused with."""


@blueprint.route("/public/cases", methods=["GET"])
@public
@etagged
@blueprint.arguments(schemas.PublicQuery, location="query")
@blueprint.response(200, page_of(schemas.CaseItem))
def public_cases(query: dict[str, Any]) -> Response:
    """Cases that everybody may read, newest first."""
    found = queries.published(
        language(),
        query["cursor"],
        query["limit"],
        q=query["q"],
        topic=query["topic"],
        category=query["category"],
    )
    return conditional(page(found.items, found.next_key), max_age=_FRESH_SECONDS)


@blueprint.route("/public/cases/<uuid:case_id>", methods=["GET"])
@public
@etagged
@blueprint.response(200, schemas.PublicCase)
@problems(NotFound)
def public_case(case_id: UUID) -> Response:
    """What happened, what was asked, what the law says, and what to do."""
    found = queries.one_published(case_id, language())
    if found is None:
        raise NotFound
    return conditional(found, max_age=_FRESH_SECONDS)


@blueprint.route("/cases", methods=["POST"])
@blueprint.arguments(schemas.NewDraft)
@blueprint.response(201, schemas.Draft)
@problems(
    NotFound,
    errors.CaseActionNotYours,
    errors.KeepPrivateAsked,
    errors.MatterStillOpen,
    errors.CaseExists,
)
@idempotent
def create_case(body: dict[str, Any]) -> bytes:
    """Make an anonymised draft of a matter the caller answered."""
    actor = current_actor()
    case_id = service.create(actor, body["source_kind"], body["source_id"], now())
    return service.view(actor, case_id)


@blueprint.route("/cases", methods=["GET"])
@blueprint.arguments(schemas.DraftsQuery, location="query")
@blueprint.response(200, page_of(schemas.DraftItem))
def cases(query: dict[str, Any]) -> bytes:
    """The caller's own cases, and those of the areas they approve for; the last changed first."""
    found = service.drafts(current_actor(), query["state"], query["cursor"], query["limit"])
    return page(found.items, found.next_key)


@blueprint.route(ONE, methods=["GET"])
@blueprint.response(200, schemas.Draft)
@problems(NotFound)
def case(case_id: UUID) -> bytes:
    """A case beside what the matter said, for its author and who approves it; it is recorded."""
    return service.view(current_actor(), case_id)


@blueprint.route(ONE, methods=["PUT"])
@blueprint.arguments(schemas.SaveDraft)
@blueprint.response(200, schemas.Draft)
@problems(*_STALE)
def save_case(body: dict[str, Any], case_id: UUID) -> bytes:
    """Put what the author wrote in the place of what was there."""
    actor = current_actor()
    service.save(actor, case_id, body["version"], body["content"], now())
    return service.view(actor, case_id)


@blueprint.route(f"{ONE}/submit", methods=["POST"])
@blueprint.arguments(schemas.Submit)
@blueprint.response(200, schemas.Draft)
@problems(
    *_STALE,
    errors.KeepPrivateAsked,
    errors.CaseIncomplete,
    errors.PersonalDataLeft,
    errors.CheckNeeded,
)
@idempotent
def submit_case(body: dict[str, Any], case_id: UUID) -> bytes:
    """Ask the justice office to publish it."""
    actor = current_actor()
    service.submit(actor, case_id, body["version"], now(), checked=body["checked"])
    return service.view(actor, case_id)


@blueprint.route(f"{ONE}/approve", methods=["POST"])
@blueprint.arguments(schemas.Version)
@blueprint.response(200, schemas.Draft)
@problems(*_STALE, errors.CaseIncomplete, errors.PersonalDataLeft)
@idempotent
def approve_case(body: dict[str, Any], case_id: UUID) -> bytes:
    """Publish it: a justice officer over the matter's area who did not write it."""
    actor = current_actor()
    service.approve(actor, case_id, body["version"], now())
    return service.view(actor, case_id)


@blueprint.route(f"{ONE}/return", methods=["POST"])
@blueprint.arguments(schemas.WithReason)
@blueprint.response(200, schemas.Draft)
@problems(*_STALE)
@idempotent
def return_case(body: dict[str, Any], case_id: UUID) -> bytes:
    """Give it back to its author with what has to change."""
    actor = current_actor()
    service.return_(actor, case_id, body["version"], body["reason"], now())
    return service.view(actor, case_id)


@blueprint.route(f"{ONE}/withdraw", methods=["POST"])
@blueprint.arguments(schemas.WithReason)
@blueprint.response(200, schemas.Draft)
@problems(*_STALE)
@idempotent
def withdraw_case(body: dict[str, Any], case_id: UUID) -> bytes:
    """Take it back for good, whether published or not; the original is deleted."""
    actor = current_actor()
    service.withdraw(actor, case_id, body["version"], body["reason"], now())
    return service.view(actor, case_id)
