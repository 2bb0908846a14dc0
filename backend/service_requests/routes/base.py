"""The blueprint of this feature, and what its routes have in common."""

from backend.attachments.rules import AttachmentNotAvailable, TooManyAttachments
from backend.kernel.errors import DomainError, NotFound
from backend.service_requests import errors
from backend.web.api import Blueprint

blueprint = Blueprint(
    "service_requests", __name__, url_prefix="/api", description="Requests and their progress"
)

STALE: tuple[type[DomainError], ...] = (
    NotFound,
    errors.ActionNotYours,
    errors.ActionNotPossible,
    errors.RequestChanged,
)
"""What every action may be refused with."""

PICTURES: tuple[type[DomainError], ...] = (AttachmentNotAvailable, TooManyAttachments)

ONE = "/requests/<uuid:request_id>"
