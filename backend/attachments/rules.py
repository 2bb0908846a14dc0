"""What a picture may be, who may use it and for how long; and the refusals that follow."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from backend.kernel.errors import DomainError

MAX_MEGABYTES: Final = 10
MAX_BYTES: Final = MAX_MEGABYTES * 1024 * 1024
MAX_PIXELS: Final = 64_000_000
"""For JPEG and HEIC, which cameras write: above the 50 megapixels of phones and their panoramas."""
MAX_PIXELS_DRAWN: Final = 40_000_000
"""For PNG and WebP, which take up to 15 bytes of memory a pixel to decode."""
MAX_DIMENSION: Final = 16_384

MAX_PER_CLAIM: Final = 9
"""As many as WeChat's chooser gives at once."""
MAX_UNCLAIMED: Final = 30
UNCLAIMED_LIFETIME: Final = timedelta(hours=24)
ORPHAN_FILE_AGE: Final = timedelta(days=2)
EARLY_VERDICT_LIFETIME: Final = timedelta(days=7)
TRACE_ID_LENGTH: Final = 200
"""Longer than WeChat's; what is longer still answers no question of ours."""


class Verdict(StrEnum):
    """WeChat's word on a picture: ``none`` before it was asked, ``pending`` until it answers."""

    NONE = "none"
    PENDING = "pending"
    PASS = "pass"  # noqa: S105 - no password
    REVIEW = "review"
    RISKY = "risky"


BY_STRICTNESS: Final = (Verdict.PASS.value, Verdict.REVIEW.value, Verdict.RISKY.value)


class Variant(StrEnum):
    ORIGINAL = "original"
    THUMBNAIL = "thumbnail"


def is_publishable(verdict: Verdict) -> bool:
    """Whether people other than the uploader and staff may see it. No verdict is not a pass."""
    return verdict is Verdict.PASS


class ImageTooLarge(DomainError):
    code = "image_too_large"
    status = 413


class ImageUnsupported(DomainError):
    code = "image_unsupported"
    status = 415


class ImageMislabelled(DomainError):
    code = "image_mislabelled"


class ImageIsAnotherFile(DomainError):
    code = "image_is_another_file"


class ImageTooManyPixels(DomainError):
    code = "image_too_many_pixels"


class ImageAnimated(DomainError):
    code = "image_animated"


class ImageDamaged(DomainError):
    code = "image_damaged"


class AttachmentNotAvailable(DomainError):
    code = "attachment_not_available"


class TooManyAttachments(DomainError):
    code = "too_many_attachments"


class TooManyUnclaimed(DomainError):
    code = "too_many_unclaimed_attachments"
    status = 429


class AttachmentInUse(DomainError):
    code = "attachment_in_use"
    status = 409


class LinkInvalid(DomainError):
    code = "attachment_link_invalid"
    status = 403


class LinkExpired(DomainError):
    code = "attachment_link_expired"
    status = 410


class UploadsBusy(DomainError):
    code = "uploads_busy"
    status = 503

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "2"})


class StorageDown(DomainError):
    code = "storage_unavailable"
    status = 503

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "10"})
