"""HTTP of the work of the units: every action is a POST on the request.

Most take the version they were decided on and answer with the request as it is afterwards.
"""

from typing import Any
from uuid import UUID

from backend.kernel.clock import now
from backend.service_requests import errors, schemas, service
from backend.service_requests.routes.base import ONE, PICTURES, STALE, blueprint
from backend.service_requests.rules import MaterialKind, Outcome
from backend.web.api import problems
from backend.web.auth import current_actor
from backend.web.idempotency import idempotent


@blueprint.route(f"{ONE}/accept", methods=["POST"])
@blueprint.arguments(schemas.Act)
@blueprint.response(200, schemas.RequestView)
@problems(*STALE)
@idempotent
def accept(body: dict[str, Any], request_id: UUID) -> bytes:
    """The lead unit takes it on; the caller becomes its handler."""
    actor, moment = current_actor(), now()
    service.accept(actor, request_id, body["version"], moment)
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/not-accept", methods=["POST"])
@blueprint.arguments(schemas.NotAccept)
@blueprint.response(200, schemas.RequestView)
@problems(*STALE)
@idempotent
def not_accept(body: dict[str, Any], request_id: UUID) -> bytes:
    """It cannot be dealt with here: why, and where to go."""
    actor, moment = current_actor(), now()
    service.not_accept(
        actor, request_id, body["version"], body["reason"], body["where_to_go"], moment
    )
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/assign", methods=["POST"])
@blueprint.arguments(schemas.Assign)
@blueprint.response(200, schemas.RequestView)
@problems(
    *STALE,
    errors.AssignToUnitOrHandler,
    errors.UnknownUnit,
    errors.UnitComplainedAbout,
    errors.NotInUnit,
    errors.HandlerIsRequester,
    errors.AlreadyThere,
)
@idempotent
def assign(body: dict[str, Any], request_id: UUID) -> bytes:
    """Give it to a unit (dispatcher) or to one of the unit's people (its leader)."""
    actor, moment = current_actor(), now()
    service.assign(
        actor,
        request_id,
        body["version"],
        moment,
        unit_id=body["unit_id"],
        handler_id=body["handler_id"],
        note=body["note"],
    )
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/start", methods=["POST"])
@blueprint.arguments(schemas.Act)
@blueprint.response(200, schemas.RequestView)
@problems(*STALE)
@idempotent
def start(body: dict[str, Any], request_id: UUID) -> bytes:
    """Work begins, or begins again."""
    actor, moment = current_actor(), now()
    service.start(actor, request_id, body["version"], moment)
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/dispute", methods=["POST"])
@blueprint.arguments(schemas.Dispute)
@blueprint.response(200, schemas.RequestView)
@problems(
    *STALE,
    errors.ObjectionTooLate,
    errors.RulingFinal,
    errors.UnknownUnit,
    errors.UnitComplainedAbout,
    errors.AlreadyThere,
)
@idempotent
def dispute(body: dict[str, Any], request_id: UUID) -> bytes:
    """Say that the unit is not responsible; the dispatcher rules."""
    actor, moment = current_actor(), now()
    service.dispute(
        actor, request_id, body["version"], body["reason"], moment, unit_id=body["unit_id"]
    )
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/ask", methods=["POST"])
@blueprint.arguments(schemas.Ask)
@blueprint.response(200, schemas.RequestView)
@problems(*STALE, errors.AlreadyAsked)
@idempotent
def ask(body: dict[str, Any], request_id: UUID) -> bytes:
    """Tell the resident everything that is missing, once; the clock stands meanwhile."""
    actor, moment = current_actor(), now()
    items = [
        service.Item(item["label"], MaterialKind(item["kind"]), item["note"] or None)
        for item in body["items"]
    ]
    service.ask(actor, request_id, body["version"], items, body["text"] or None, moment)
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/request-extension", methods=["POST"])
@blueprint.arguments(schemas.RequestExtension)
@blueprint.response(200, schemas.RequestView)
@problems(*STALE, errors.NotExtendable, errors.ExtensionAlreadyRequested)
@idempotent
def request_extension(body: dict[str, Any], request_id: UUID) -> bytes:
    """Ask for more time, once; somebody else decides."""
    actor, moment = current_actor(), now()
    service.request_extension(actor, request_id, body["version"], body["reason"], moment)
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/reply", methods=["POST"])
@blueprint.arguments(schemas.Reply)
@blueprint.response(200, schemas.RequestView)
@problems(*STALE, *PICTURES, errors.EvidenceMissing, errors.TasksOpen)
@idempotent
def reply(body: dict[str, Any], request_id: UUID) -> bytes:
    """Tell the resident what was done, with what shows it."""
    actor, moment = current_actor(), now()
    answer = service.Answer(
        Outcome(body["outcome"]),
        body["text"],
        body["attachment_ids"],
        body["basis"] or None,
        body["referred_to"] or None,
        body["referred_contact"] or None,
    )
    service.reply(actor, request_id, body["version"], answer, moment)
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/defer", methods=["POST"])
@blueprint.arguments(schemas.Defer)
@blueprint.response(200, schemas.RequestView)
@problems(*STALE, errors.DateOutOfRange, errors.AlreadyDeferred, errors.TasksOpen)
@idempotent
def defer(body: dict[str, Any], request_id: UUID) -> bytes:
    """Put it off to a day on which it is taken up again by itself."""
    actor, moment = current_actor(), now()
    service.defer(actor, request_id, body["version"], body["until_on"], body["text"], moment)
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/merge", methods=["POST"])
@blueprint.arguments(schemas.Merge)
@blueprint.response(200, schemas.RequestView)
@problems(*STALE, errors.NotMergeable, errors.OthersMergedHere, errors.TasksOpen)
@idempotent
def merge(body: dict[str, Any], request_id: UUID) -> bytes:
    """Handle it together with another request about the same; it is answered with that one."""
    actor, moment = current_actor(), now()
    service.merge(actor, request_id, body["version"], body["into"], body["text"] or None, moment)
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/tasks", methods=["POST"])
@blueprint.arguments(schemas.OpenTask)
@blueprint.response(200, schemas.RequestView)
@problems(
    *STALE,
    errors.UnknownUnit,
    errors.UnitComplainedAbout,
    errors.TaskForLeadUnit,
    errors.DateOutOfRange,
    errors.TaskAlreadyOpen,
)
@idempotent
def open_task(body: dict[str, Any], request_id: UUID) -> bytes:
    """Ask another unit to do its part."""
    actor, moment = current_actor(), now()
    service.open_task(
        actor,
        request_id,
        body["version"],
        body["unit_id"],
        body["text"],
        body["due_on"],
        moment,
    )
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/tasks/<uuid:task_id>/answer", methods=["POST"])
@blueprint.arguments(schemas.AnswerTask)
@blueprint.response(200, schemas.RequestView)
@problems(*STALE, *PICTURES, errors.UnknownTask, errors.TaskNotYours, errors.TaskNotOpen)
@idempotent
def answer_task(body: dict[str, Any], request_id: UUID, task_id: UUID) -> bytes:
    """The unit that was asked has done its part."""
    actor, moment = current_actor(), now()
    service.answer_task(actor, request_id, task_id, body["text"], body["attachment_ids"], moment)
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/tasks/<uuid:task_id>/cancel", methods=["POST"])
@blueprint.arguments(schemas.CancelTask)
@blueprint.response(200, schemas.RequestView)
@problems(*STALE, errors.UnknownTask, errors.TaskNotOpen)
@idempotent
def cancel_task(body: dict[str, Any], request_id: UUID, task_id: UUID) -> bytes:
    """The lead needs that part no more."""
    actor, moment = current_actor(), now()
    service.cancel_task(actor, request_id, task_id, body["reason"] or None, moment)
    return service.view(actor, request_id, moment)
