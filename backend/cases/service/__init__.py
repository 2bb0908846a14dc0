"""Use cases of cases; each function owns its transaction."""

from backend.cases.service.approving import approve, return_, withdraw
from backend.cases.service.drafting import Content, create, save, submit
from backend.cases.service.events import PUBLISHED, RETURNED, SUBJECT_KIND, SUBMITTED, WITHDRAWN
from backend.cases.service.keeping import detach, export, forget_originals, reencrypt
from backend.cases.service.samples import SAMPLES, check_samples, import_samples
from backend.cases.service.viewing import drafts, view

__all__ = [
    "PUBLISHED",
    "RETURNED",
    "SAMPLES",
    "SUBJECT_KIND",
    "SUBMITTED",
    "WITHDRAWN",
    "Content",
    "approve",
    "check_samples",
    "create",
    "detach",
    "drafts",
    "export",
    "forget_originals",
    "import_samples",
    "reencrypt",
    "return_",
    "save",
    "submit",
    "view",
    "withdraw",
]
