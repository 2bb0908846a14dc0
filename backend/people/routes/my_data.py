"""One's own data: who read it, all of it, and its end."""

from typing import Any

from flask import Response

from backend.kernel.clock import now
from backend.kernel.json import dumps
from backend.people import errors, schemas, service
from backend.people.routes.base import blueprint
from backend.web.api import json_response, problems
from backend.web.auth import current_actor
from backend.web.pages import PageQuery, page, page_of


@blueprint.route("/me/access-log")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, page_of(schemas.DataAccess))
def access_log(query: dict[str, Any]) -> bytes:
    """Who read the caller's personal data, and for which matter, newest first."""
    items, place = service.access_log(current_actor(), query["cursor"], query["limit"])
    return page(dumps(items).decode(), place)


@blueprint.route("/me/data")
@blueprint.response(200, schemas.MyData)
def my_data() -> Response:
    """Everything held about the caller, to take away."""
    document = service.export(current_actor(), now())
    return json_response(
        document, headers={"Content-Disposition": 'attachment; filename="linshitong.json"'}
    )


@blueprint.route("/me/close", methods=["POST"])
@blueprint.arguments(schemas.CloseAccount)
@blueprint.response(204)
@problems(errors.LastAdmin)
def close_account(body: dict[str, Any]) -> None:
    """Close the account for good. Signing in again makes a new one.

    Once: afterwards nobody is signed in who could ask for it again.
    """
    service.close_account(current_actor(), now())
