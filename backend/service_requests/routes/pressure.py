"""HTTP of reports of pressure: making one, and the queue of inspectors."""

from typing import Any
from uuid import UUID

from backend.kernel.clock import now
from backend.kernel.errors import NotFound
from backend.kernel.json import dumps
from backend.service_requests import errors, service
from backend.service_requests.routes.base import ONE, blueprint
from backend.service_requests.schemas import Contact
from backend.service_requests.schemas import pressure as schemas
from backend.web.api import problems
from backend.web.auth import current_actor
from backend.web.idempotency import idempotent
from backend.web.pages import page, page_of

REPORT = "/inspection/reports/<uuid:report_id>"


@blueprint.route(f"{ONE}/pressure", methods=["POST"])
@blueprint.arguments(schemas.ReportPressure)
@blueprint.response(201, schemas.ReportMade)
@problems(NotFound, errors.ActionNotYours, errors.TooManyReports)
@idempotent
def report_pressure(body: dict[str, Any], request_id: UUID) -> bytes:
    """Somebody wants the rating changed or the request withdrawn. Nobody who handles it learns."""
    made = service.report_pressure(current_actor(), request_id, body["kind"], body["text"], now())
    return dumps(made)


@blueprint.route(f"{ONE}/pressure", methods=["GET"])
@blueprint.response(200, schemas.OwnReports)
@problems(NotFound, errors.ActionNotYours)
def own_pressure_reports(request_id: UUID) -> bytes:
    """What the caller reported of this request, and what was found."""
    return dumps({"items": service.own_pressure_reports(current_actor(), request_id)})


@blueprint.route("/inspection/reports", methods=["GET"])
@blueprint.arguments(schemas.ReportsQuery, location="query")
@blueprint.response(200, page_of(schemas.ReportItem))
@problems(errors.InspectorOnly)
def reported_pressure(query: dict[str, Any]) -> bytes:
    """What residents of the inspector's areas report; for who handles no requests at all."""
    limit = query["limit"]
    found = service.reported_pressure(current_actor(), query["open"], query["cursor"], limit + 1)
    items, more = found[:limit], found[limit:]
    by = "at" if query["open"] else "closed_at"
    next_key = (items[-1][by], items[-1]["id"]) if more else None
    return page(dumps(items).decode(), next_key)


@blueprint.route(f"{REPORT}/contact", methods=["POST"])
@blueprint.response(200, Contact)
@problems(NotFound, errors.InspectorOnly, errors.ReportClosed)
def reporter_contact(report_id: UUID) -> bytes:
    """The reporter's telephone in clear; each look is recorded. No Idempotency-Key."""
    return dumps(service.reporter_contact(current_actor(), report_id))


@blueprint.route(f"{REPORT}/close", methods=["POST"])
@blueprint.arguments(schemas.CloseReport)
@blueprint.response(200, schemas.ReportItem)
@problems(NotFound, errors.InspectorOnly, errors.ReportClosed)
@idempotent
def close_report(body: dict[str, Any], report_id: UUID) -> bytes:
    """Say what was found; the reporter is told."""
    return dumps(service.close_report(current_actor(), report_id, body["finding"], now()))
