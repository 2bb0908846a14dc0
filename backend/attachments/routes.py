"""Pictures over HTTP."""

from typing import Any
from uuid import UUID

from flask import Response, request
from werkzeug.datastructures import FileStorage

from backend.attachments import queries, rules, service
from backend.attachments.rules import Variant
from backend.attachments.schemas import AttachmentView, SignedLink, UploadAttachment
from backend.kernel.clock import now
from backend.kernel.errors import NotFound
from backend.kernel.json import dumps
from backend.web.api import Blueprint, problems
from backend.web.auth import current_actor, public
from backend.web.idempotency import idempotent
from backend.web.limits import signed_calls

blueprint = Blueprint(
    "attachments",
    __name__,
    url_prefix="/api/attachments",
    description="Pictures: cleaned of everything but what they show",
)


def _prepare(files: dict[str, FileStorage]) -> service.Prepared:
    file = files["file"]
    data = file.stream.read(rules.MAX_BYTES + 1)
    return service.prepare(current_actor().id, data, file.content_type, now())


@blueprint.route("", methods=["POST"])
@idempotent
@blueprint.arguments(UploadAttachment, location="files", prepare=_prepare)
@blueprint.response(201, AttachmentView)
@problems(
    rules.ImageTooLarge,
    rules.ImageUnsupported,
    rules.ImageMislabelled,
    rules.ImageIsAnotherFile,
    rules.ImageTooManyPixels,
    rules.ImageAnimated,
    rules.ImageDamaged,
    rules.TooManyUnclaimed,
    rules.UploadsBusy,
    rules.StorageDown,
)
def upload(files: dict[str, FileStorage], prepared: service.Prepared) -> bytes:
    """Take a picture in. It waits for a day to be attached to something, then it is deleted."""
    actor, moment = current_actor(), now()
    picture = service.take_in(actor.id, prepared, moment)
    (view,) = queries.views([picture], actor.id, moment)
    return dumps(view)


@blueprint.route("/<uuid:attachment_id>", methods=["DELETE"])
@blueprint.response(204)
@problems(rules.AttachmentInUse)
def discard(attachment_id: UUID) -> None:
    """Delete an own picture that is not attached to anything yet."""
    service.discard(current_actor().id, attachment_id, now())


@blueprint.route("/<uuid:attachment_id>/<any(original, thumbnail):variant>", methods=["GET"])
@public
@signed_calls
@blueprint.arguments(SignedLink, location="query")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="image/jpeg")
@problems(rules.LinkInvalid, rules.LinkExpired, rules.StorageDown, NotFound)
def show(link: dict[str, Any], attachment_id: UUID, variant: str) -> Response:
    """The picture itself, as long as the link works and its person may still see it."""
    moment = now()
    shown = service.show(
        attachment_id,
        Variant(variant),
        link.get("person"),
        link["expires"],
        link["signature"],
        moment,
    )
    response = Response(shown.jpeg, mimetype="image/jpeg")
    response.headers["Content-Disposition"] = f'inline; filename="{attachment_id}.jpg"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    # What was seen stays seen: for as long as the link works, a weak network need not ask again.
    seconds = max(0, link["expires"] - int(moment.timestamp()))
    response.headers["Cache-Control"] = f"private, max-age={seconds}"
    response.set_etag(shown.etag)
    response.make_conditional(request)
    return response
