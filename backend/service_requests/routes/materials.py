"""HTTP of what the caller has given before and can give again."""

from typing import Any

from backend.kernel.clock import now
from backend.kernel.json import dumps
from backend.service_requests import service
from backend.service_requests.routes.base import blueprint
from backend.service_requests.schemas import materials as schemas
from backend.web.auth import current_actor


@blueprint.route("/me/materials", methods=["GET"])
@blueprint.arguments(schemas.GivenQuery, location="query")
@blueprint.response(200, schemas.GivenItems)
def given_materials(query: dict[str, Any]) -> bytes:
    """What the caller gave for requests of their own, the last first; `supply` uses it again."""
    return dumps({"items": service.given_before(current_actor(), query["kind"], now())})
