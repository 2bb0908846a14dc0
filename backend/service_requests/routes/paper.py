"""HTTP of what is printed."""

from uuid import UUID

from flask import Response, current_app

from backend.kernel.clock import now
from backend.kernel.errors import NotFound
from backend.service_requests import service
from backend.service_requests.routes.base import ONE, blueprint
from backend.web.api import problems
from backend.web.auth import current_actor
from backend.web.limits import print_limited

PDF = "application/pdf"


@blueprint.route(f"{ONE}/receipt.pdf", methods=["GET"])
@print_limited
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type=PDF)
@problems(NotFound)
def printed_receipt(request_id: UUID) -> Response:
    """The receipt on one sheet of A4, for who has no phone.

    Printed by anybody but the requester, it is recorded.
    """
    public_url = current_app.config["PUBLIC_URL"]
    pdf = service.print_receipt(current_actor(), request_id, public_url, now())
    name = f'inline; filename="{request_id}.pdf"'
    return Response(pdf, mimetype=PDF, headers={"Content-Disposition": name})
