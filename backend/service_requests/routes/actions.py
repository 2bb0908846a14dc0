"""HTTP of what the asking side and the deciders say: every action is a POST on the request.

Actions take the version they were decided on and answer with the request as it is afterwards.
"""

from typing import Any
from uuid import UUID

from backend.kernel.clock import now
from backend.kernel.errors import NotFound
from backend.service_requests import errors, schemas, service
from backend.service_requests.routes.base import ONE, PICTURES, STALE, blueprint
from backend.web.api import problems
from backend.web.auth import current_actor
from backend.web.idempotency import idempotent


@blueprint.route(f"{ONE}/confirm", methods=["POST"])
@blueprint.arguments(schemas.Act)
@blueprint.response(200, schemas.RequestView)
@problems(*STALE)
@idempotent
def confirm(body: dict[str, Any], request_id: UUID) -> bytes:
    """The resident says it is solved."""
    actor, moment = current_actor(), now()
    service.confirm(actor, request_id, body["version"], moment)
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/contest", methods=["POST"])
@blueprint.arguments(schemas.Contest)
@blueprint.response(200, schemas.RequestView)
@problems(*STALE, *PICTURES, errors.ReviewConcluded)
@idempotent
def contest(body: dict[str, Any], request_id: UUID) -> bytes:
    """The resident says it is not solved, and why."""
    actor, moment = current_actor(), now()
    service.contest(
        actor, request_id, body["version"], body["reason"], body["attachment_ids"], moment
    )
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/withdraw", methods=["POST"])
@blueprint.arguments(schemas.Withdraw)
@blueprint.response(200, schemas.RequestView)
@problems(*STALE)
@idempotent
def withdraw(body: dict[str, Any], request_id: UUID) -> bytes:
    """The resident takes it back."""
    actor, moment = current_actor(), now()
    service.withdraw(actor, request_id, body["version"], body["reason"] or None, moment)
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/remind", methods=["POST"])
@blueprint.arguments(schemas.Remind)
@blueprint.response(200, schemas.RequestView)
@problems(*STALE, errors.RemindedToday)
@idempotent
def remind(body: dict[str, Any], request_id: UUID) -> bytes:
    """催办: tell whoever has the next step that one is waiting; once a day."""
    actor, moment = current_actor(), now()
    service.remind(actor, request_id, body["version"], body["text"] or None, moment)
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/came-back", methods=["POST"])
@blueprint.arguments(schemas.CameBack)
@blueprint.response(200, schemas.RequestView)
@problems(*STALE, *PICTURES, errors.CameBackTooLate)
@idempotent
def came_back(body: dict[str, Any], request_id: UUID) -> bytes:
    """The problem is back: what was closed goes on."""
    actor, moment = current_actor(), now()
    service.came_back(
        actor, request_id, body["version"], body["text"], body["attachment_ids"], moment
    )
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/supply", methods=["POST"])
@blueprint.arguments(schemas.Supply)
@blueprint.response(200, schemas.RequestView)
@problems(
    *STALE,
    *PICTURES,
    errors.UnknownMaterial,
    errors.MaterialSettled,
    errors.MaterialEmpty,
    errors.MaterialNotReusable,
)
@idempotent
def supply(body: dict[str, Any], request_id: UUID) -> bytes:
    """Settle one item of the list of what is missing; with the last one the work goes on."""
    actor, moment = current_actor(), now()
    given = service.Supply(
        body["material_id"],
        body["text"] or None,
        body["attachment_ids"],
        body["unavailable"],
        body["reuse_of"],
    )
    service.supply(actor, request_id, body["version"], given, moment)
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/direct", methods=["POST"])
@blueprint.arguments(schemas.Direct)
@blueprint.response(200, schemas.RequestView)
@problems(*STALE, errors.UnknownUnit, errors.UnitComplainedAbout)
@idempotent
def direct(body: dict[str, Any], request_id: UUID) -> bytes:
    """A supervisor from outside the unit says what is to be done, and by whom."""
    actor, moment = current_actor(), now()
    service.direct(
        actor, request_id, body["version"], body["text"], moment, unit_id=body["unit_id"]
    )
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/rule", methods=["POST"])
@blueprint.arguments(schemas.RuleOn)
@blueprint.response(200, schemas.RequestView)
@problems(*STALE, errors.UnknownUnit, errors.UnitComplainedAbout)
@idempotent
def rule(body: dict[str, Any], request_id: UUID) -> bytes:
    """The dispatcher rules who is responsible, for good."""
    actor, moment = current_actor(), now()
    service.rule(actor, request_id, body["version"], body["unit_id"], body["reason"], moment)
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/decide-extension", methods=["POST"])
@blueprint.arguments(schemas.DecideExtension)
@blueprint.response(200, schemas.RequestView)
@problems(*STALE, errors.ExtensionDecidedByOther)
@idempotent
def decide_extension(body: dict[str, Any], request_id: UUID) -> bytes:
    """Grant or refuse more time, to somebody else who asked for it."""
    actor, moment = current_actor(), now()
    service.decide_extension(
        actor, request_id, body["version"], body["granted"], body["note"] or None, moment
    )
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/rating", methods=["PUT"])
@blueprint.arguments(schemas.Rate)
@blueprint.response(200, schemas.RequestView)
@problems(NotFound, errors.ActionNotYours, errors.ActionNotPossible, errors.RatingClosed)
def rate(body: dict[str, Any], request_id: UUID) -> bytes:
    """The requester, and nobody else, says how it was handled; the lead unit cannot see it."""
    actor, moment = current_actor(), now()
    service.rate(actor, request_id, body["score"], body["comment"] or None, moment)
    return service.view(actor, request_id, moment)
