"""HTTP of the register: who serves a place, and what justice offices do with advisers."""

from typing import Any
from uuid import UUID

from backend.advisers import service
from backend.advisers.routes.base import blueprint
from backend.advisers.rules.register import (
    AdviserJoined,
    ImportInvalid,
    LicenceTaken,
    VillageTaken,
)
from backend.advisers.schemas import register as schemas
from backend.attachments.rules import AttachmentNotAvailable
from backend.kernel.clock import now
from backend.kernel.errors import Forbidden, NotFound
from backend.kernel.json import dumps
from backend.people.errors import AreaUnknown
from backend.people.schemas import Nothing
from backend.web.api import problems
from backend.web.auth import current_actor
from backend.web.idempotency import idempotent
from backend.web.language import language
from backend.web.pages import page, page_of

ONE = "/advisers/<uuid:adviser_id>"


@blueprint.route("/advisers/serving")
@blueprint.arguments(schemas.ServingQuery, location="query")
@blueprint.response(200, schemas.Serving)
@problems(AreaUnknown)
def serving(query: dict[str, Any]) -> bytes:
    """The adviser of a place, who serves there meanwhile, and its justice office (司法所)."""
    return service.serving(current_actor(), query["area"], language(), now())


@blueprint.route("/advisers")
@blueprint.arguments(schemas.AdviserQuery, location="query")
@blueprint.response(200, page_of(schemas.Adviser))
def advisers(query: dict[str, Any]) -> bytes:
    """Advisers by name: all, or those found."""
    items, next_key = service.search(
        current_actor(),
        now(),
        words=query.get("q"),
        area_code=query.get("area"),
        language=query.get("language"),
        after=query["cursor"],
        limit=query["limit"],
    )
    return page(items, next_key)


@blueprint.route(ONE)
@blueprint.response(200, schemas.AdviserDetail)
@problems(NotFound)
def adviser(adviser_id: UUID) -> bytes:
    """One adviser."""
    return service.adviser(current_actor(), adviser_id, now())


@blueprint.route("/me/adviser")
@blueprint.response(200, schemas.AdviserDetail)
@problems(NotFound)
def own_adviser() -> bytes:
    """The adviser that one is; 404 for everybody else."""
    return service.own(current_actor(), now())


@blueprint.route("/advisers", methods=["POST"])
@idempotent
@blueprint.arguments(schemas.AdviserEntry)
@blueprint.response(201, schemas.AdviserDetail)
@problems(Forbidden, LicenceTaken, VillageTaken, AttachmentNotAvailable)
def create_adviser(body: dict[str, Any]) -> bytes:
    """Enter an adviser into the register."""
    actor, moment = current_actor(), now()
    adviser_id = service.create(actor, body["entry"], moment, photo_id=body["photo_id"])
    return service.adviser(actor, adviser_id, moment)


@blueprint.route(ONE, methods=["PUT"])
@blueprint.arguments(schemas.AdviserEntry)
@blueprint.response(200, schemas.AdviserDetail)
@problems(NotFound, Forbidden, LicenceTaken, VillageTaken, AttachmentNotAvailable)
def change_adviser(body: dict[str, Any], adviser_id: UUID) -> bytes:
    """Change what the register says; who has booked outside a shorter term is told."""
    actor, moment = current_actor(), now()
    service.change(actor, adviser_id, body["entry"], moment, photo_id=body["photo_id"])
    return service.adviser(actor, adviser_id, moment)


@blueprint.route(f"{ONE}/suspend", methods=["POST"])
@idempotent
@blueprint.arguments(schemas.Suspension)
@blueprint.response(200, schemas.AdviserDetail)
@problems(NotFound, Forbidden)
def suspend_adviser(body: dict[str, Any], adviser_id: UUID) -> bytes:
    """Let nobody book from now on; who has booked is told."""
    actor, moment = current_actor(), now()
    service.suspend(actor, adviser_id, body["reason"], moment)
    return service.adviser(actor, adviser_id, moment)


@blueprint.route(f"{ONE}/resume", methods=["POST"])
@idempotent
@blueprint.arguments(Nothing)
@blueprint.response(200, schemas.AdviserDetail)
@problems(NotFound, Forbidden)
def resume_adviser(body: dict[str, Any], adviser_id: UUID) -> bytes:
    """Let people book again."""
    actor, moment = current_actor(), now()
    service.resume(actor, adviser_id, moment)
    return service.adviser(actor, adviser_id, moment)


@blueprint.route(f"{ONE}/invitation", methods=["POST"])
@idempotent
@blueprint.arguments(Nothing)
@blueprint.response(201, schemas.AdviserInvitation)
@problems(NotFound, Forbidden, AdviserJoined)
def invite_adviser(body: dict[str, Any], adviser_id: UUID) -> bytes:
    """A code by which the adviser joins; one made before no longer works."""
    invitation = service.invite(current_actor(), adviser_id, now())
    return dumps({"code": invitation.code, "expires_at": invitation.expires_at})


@blueprint.route("/advisers/import", methods=["POST"])
@idempotent
@blueprint.arguments(schemas.AdviserFile)
@blueprint.response(200, schemas.AdviserImported)
@problems(Forbidden, ImportInvalid, LicenceTaken, VillageTaken)
def import_advisers(body: dict[str, Any]) -> dict[str, int]:
    """Bring a CSV into the register, all of it or nothing; known licence numbers are changed."""
    counts = service.import_csv(current_actor(), body["csv"], now(), language=language())
    return {"total": counts.total, "added": counts.added, "changed": counts.changed}
