"""HTTP of looking a request up with the receipt in hand."""

from typing import Any

from backend.kernel.clock import now
from backend.kernel.json import dumps
from backend.service_requests import errors, service
from backend.service_requests.routes.base import blueprint
from backend.service_requests.schemas import lookup as schemas
from backend.web.api import problems
from backend.web.auth import public
from backend.web.limits import lookup_limited


@blueprint.route("/lookup", methods=["POST"])
@public
@lookup_limited
@blueprint.arguments(schemas.LookUp)
@blueprint.response(200, schemas.Progress)
@problems(errors.LookupNotFound, errors.LookupTooOften)
def look_up(body: dict[str, Any]) -> bytes:
    """How a request stands, for who has its number and knows the telephone's last four digits.

    A POST, so that neither is in an address that is kept somewhere. No Idempotency-Key: nothing
    is done.
    """
    return dumps(service.look_up(body["number"], body["phone_last4"], now()))
