"""HTTP of conflicts of interest."""

from typing import Any

from backend.advisers import service
from backend.advisers.routes.base import blueprint
from backend.advisers.schemas import register as schemas
from backend.kernel.clock import now
from backend.kernel.errors import Forbidden
from backend.web.api import problems
from backend.web.auth import current_actor
from backend.web.idempotency import idempotent


@blueprint.route("/adviser/parties", methods=["POST"])
@idempotent
@blueprint.arguments(schemas.Parties)
@blueprint.response(204)
@problems(Forbidden)
def remember_parties(body: dict[str, Any]) -> None:
    """An adviser enters a matter of their own practice, so that it can stand in the way."""
    service.remember_practice(current_actor(), body["clients"], body["opponents"], now())
