"""HTTP of the ledger: reading it, adding to it by hand, taking it away as an Excel file."""

from typing import Any
from uuid import UUID

from flask import Response

from backend.advisers import service
from backend.advisers.queries.ledger import Filters
from backend.advisers.routes.base import blueprint
from backend.advisers.rules.ledger import (
    EntryByService,
    EntryVoided,
    LedgerNotYours,
    LedgerTooLong,
)
from backend.advisers.schemas import ledger as schemas
from backend.kernel.clock import LOCAL, now
from backend.kernel.errors import NotFound
from backend.kernel.json import dumps
from backend.web.api import problems
from backend.web.auth import current_actor
from backend.web.idempotency import idempotent
from backend.web.limits import print_limited
from backend.web.pages import page, page_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.route("/ledger", methods=["GET"])
@blueprint.arguments(schemas.LedgerQuery, location="query")
@blueprint.response(200, page_of(schemas.LedgerEntry))
@problems(LedgerNotYours)
def ledger(query: dict[str, Any]) -> bytes:
    """An adviser's own entries, or those of a justice officer's area, the latest day first."""
    items, next_key = service.ledger(
        current_actor(), _filters(query), query["cursor"], query["limit"]
    )
    return page(dumps(items).decode(), next_key)


@blueprint.route("/ledger.xlsx", methods=["GET"])
@print_limited
@blueprint.arguments(schemas.LedgerFilters, location="query")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type=XLSX)
@problems(LedgerNotYours, LedgerTooLong)
def ledger_workbook(query: dict[str, Any]) -> Response:
    """The same entries, all of them, in the county's usual columns; taking it is recorded."""
    moment = now()
    workbook = service.exported_ledger(current_actor(), _filters(query), moment)
    name = f'attachment; filename="ledger-{moment.astimezone(LOCAL):%Y%m%d}.xlsx"'
    return Response(workbook, mimetype=XLSX, headers={"Content-Disposition": name})


@blueprint.route("/ledger", methods=["POST"])
@blueprint.arguments(schemas.EnterService)
@blueprint.response(201, schemas.LedgerEntry)
@problems(LedgerNotYours)
@idempotent
def enter_service(body: dict[str, Any]) -> bytes:
    """Add a lecture, a contract review or a visit; one of an earlier day is marked as such."""
    actor = current_actor()
    entry_id = service.enter(actor, service.ByHand(**body), now())
    return dumps(service.ledger_entry(actor, entry_id))


@blueprint.route("/ledger/<uuid:entry_id>/void", methods=["POST"])
@blueprint.arguments(schemas.VoidEntry)
@blueprint.response(200, schemas.LedgerEntry)
@problems(NotFound, LedgerNotYours, EntryByService, EntryVoided)
@idempotent
def void_entry(body: dict[str, Any], entry_id: UUID) -> bytes:
    """Say that an entry by hand does not count; it stays to be seen, with the reason."""
    actor = current_actor()
    service.void(actor, entry_id, body["reason"], now())
    return dumps(service.ledger_entry(actor, entry_id))


def _filters(query: dict[str, Any]) -> Filters:
    return Filters(
        query.get("adviser"), query.get("village"), query.get("from_on"), query.get("to_on")
    )
