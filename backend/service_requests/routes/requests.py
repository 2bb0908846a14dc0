"""HTTP of requests themselves: making one, the resident's own, the workbench of staff."""

from typing import Any
from uuid import UUID

from backend.kernel.clock import now
from backend.kernel.errors import MandateNotInForce, NotFound
from backend.kernel.json import dumps
from backend.service_requests import errors, queries, schemas, service
from backend.service_requests.queries import Wanted
from backend.service_requests.routes.base import ONE, PICTURES, blueprint
from backend.web.api import problems
from backend.web.auth import current_actor
from backend.web.etag import conditional, etagged
from backend.web.idempotency import idempotent
from backend.web.pages import page, page_of


@blueprint.route("/requests", methods=["POST"])
@blueprint.arguments(schemas.SubmitRequest)
@blueprint.response(201, schemas.RequestView)
@problems(*PICTURES, MandateNotInForce, errors.AgentComplainedAbout)
@idempotent
def submit(body: dict[str, Any]) -> bytes:
    """Say what is wrong or needed, once; the answer is the receipt."""
    actor, moment = current_actor(), now()
    draft = service.Draft(
        **{
            **body,
            "place": body["place"] and service.Place(**body["place"]),
            "about": service.About(**body["about"]),
        }
    )
    return service.view(actor, service.submit(actor, draft, moment), moment)


@blueprint.route("/requests", methods=["GET"])
@blueprint.arguments(schemas.OwnRequestsQuery, location="query")
@blueprint.response(200, page_of(schemas.OwnItem))
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
