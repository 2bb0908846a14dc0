"""HTTP of service requests: the resident's own, the workbench of staff, and every action."""

from typing import Any
from uuid import UUID

from backend.attachments.rules import AttachmentNotAvailable, TooManyAttachments
from backend.kernel.clock import now
from backend.kernel.errors import DomainError, NotFound
from backend.kernel.json import dumps
from backend.service_requests import errors, queries, schemas, service
from backend.service_requests.queries import Wanted
from backend.service_requests.rules import Outcome
from backend.web.api import Blueprint, problems
from backend.web.auth import current_actor
from backend.web.etag import conditional, etagged
from backend.web.idempotency import idempotent
from backend.web.pages import page, page_of

blueprint = Blueprint(
    "service_requests", __name__, url_prefix="/api", description="Requests and their progress"
)

STALE: tuple[type[DomainError], ...] = (
    NotFound,
    errors.ActionNotYours,
    errors.ActionNotPossible,
    errors.RequestChanged,
)
"""What every action may be refused with."""

PICTURES: tuple[type[DomainError], ...] = (AttachmentNotAvailable, TooManyAttachments)

ONE = "/requests/<uuid:request_id>"


@blueprint.route("/requests", methods=["POST"])
@blueprint.arguments(schemas.SubmitRequest)
@blueprint.response(201, schemas.RequestView)
@problems(*PICTURES)
@idempotent
def submit(body: dict[str, Any]) -> bytes:
    """Say what is wrong or needed, once; the answer is the receipt."""
    actor, moment = current_actor(), now()
    draft = service.Draft(**{**body, "place": body["place"] and service.Place(**body["place"])})
    return service.view(actor, service.submit(actor, draft, moment), moment)


@blueprint.route("/requests", methods=["GET"])
@blueprint.arguments(schemas.OwnRequestsQuery, location="query")
@blueprint.response(200, page_of(schemas.RequestItem))
def own_requests(query: dict[str, Any]) -> bytes:
    """The caller's own requests, newest first."""
    found = queries.own(
        current_actor(), query["view"], query["q"] or None, query["cursor"], query["limit"]
    )
    return page(found.items, found.next_key)


@blueprint.route(ONE, methods=["GET"])
@blueprint.response(200, schemas.RequestView)
@problems(NotFound)
@etagged
def request_view(request_id: UUID) -> Any:
    """One request, with what the caller may know of it and can do with it now."""
    return conditional(service.view(current_actor(), request_id, now()))


@blueprint.route(f"{ONE}/contact", methods=["POST"])
@blueprint.response(200, schemas.Contact)
@problems(NotFound, errors.ContactNotAvailable)
def contact(request_id: UUID) -> bytes:
    """The requester's telephone in clear, for who handles the request; each look is recorded.

    A POST, because it writes: nothing may fetch it ahead, keep it, or take it for a mere view.
    No Idempotency-Key: a second look is a second entry, and no copy of the answer is kept.
    """
    return dumps(service.contact(current_actor(), request_id))


@blueprint.route("/workbench/requests", methods=["GET"])
@blueprint.arguments(schemas.WorkbenchQuery, location="query")
@blueprint.response(200, page_of(schemas.WorkItem))
@problems(errors.StaffOnly)
def workbench(query: dict[str, Any]) -> bytes:
    """What is open: what waits for staff before what waits for the resident, danger before the
    rest, then by deadline.

    With states or words it is whatever fits them, open or not, newest first.
    """
    wanted = Wanted(
        states=query["state"],
        category=query["category"],
        overdue=query["overdue"],
        due_today=query["due_today"],
        words=query["q"] or None,
    )
    found = queries.workbench(
        current_actor(), query["queue"], wanted, query["cursor"], query["limit"], now()
    )
    return page(found.items, found.next_key)


@blueprint.route("/workbench/summary", methods=["GET"])
@blueprint.response(200, schemas.WorkbenchSummary)
@problems(errors.StaffOnly)
@etagged
def workbench_summary() -> Any:
    """How much waits in each queue."""
    return conditional(queries.workbench_summary(current_actor(), now()))


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


@blueprint.route(f"{ONE}/ask", methods=["POST"])
@blueprint.arguments(schemas.Ask)
@blueprint.response(200, schemas.RequestView)
@problems(*STALE, errors.AlreadyAsked)
@idempotent
def ask(body: dict[str, Any], request_id: UUID) -> bytes:
    """Tell the resident everything that is missing, once; the clock stands meanwhile."""
    actor, moment = current_actor(), now()
    service.ask(actor, request_id, body["version"], body["text"], moment)
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/supply", methods=["POST"])
@blueprint.arguments(schemas.Supply)
@blueprint.response(200, schemas.RequestView)
@problems(*STALE, *PICTURES)
@idempotent
def supply(body: dict[str, Any], request_id: UUID) -> bytes:
    """The resident sends what was missing."""
    actor, moment = current_actor(), now()
    service.supply(actor, request_id, body["version"], body["text"], body["attachment_ids"], moment)
    return service.view(actor, request_id, moment)


@blueprint.route(f"{ONE}/reply", methods=["POST"])
@blueprint.arguments(schemas.Reply)
@blueprint.response(200, schemas.RequestView)
@problems(*STALE, *PICTURES)
@idempotent
def reply(body: dict[str, Any], request_id: UUID) -> bytes:
    """Tell the resident what was done, with evidence."""
    actor, moment = current_actor(), now()
    service.reply(
        actor,
        request_id,
        body["version"],
        Outcome(body["outcome"]),
        body["text"],
        body["attachment_ids"],
        moment,
    )
    return service.view(actor, request_id, moment)


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
@problems(*STALE, *PICTURES)
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


@blueprint.route(f"{ONE}/rating", methods=["PUT"])
@blueprint.arguments(schemas.Rate)
@blueprint.response(200, schemas.RequestView)
@problems(NotFound, errors.ActionNotYours, errors.ActionNotPossible)
def rate(body: dict[str, Any], request_id: UUID) -> bytes:
    """The requester, and nobody else, says how it was handled; the lead unit cannot see it."""
    actor, moment = current_actor(), now()
    service.rate(actor, request_id, body["score"], body["comment"] or None, moment)
    return service.view(actor, request_id, moment)
