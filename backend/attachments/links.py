"""Links that show one picture to one person for some minutes, without a sign-in header.

An ``<image>`` in a mini-program cannot send a bearer token, so the permission is in the link. It is
signed for one person, and whether that person may still see the picture is asked at each use.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from backend.attachments.rules import LinkExpired, LinkInvalid, Variant
from backend.kernel.crypto import keyring

STEP: Final = timedelta(minutes=5)
"""For so long the same link is made again, so that clients can keep what they have loaded."""
LIFETIME: Final = timedelta(minutes=10)
"""For at least so long a link works; for one step more at most."""
MEDIA_CHECK_LIFETIME: Final = timedelta(hours=1)
"""WeChat fetches a picture some time within half an hour."""

_PURPOSE: Final = "attachment-link"


@dataclass(frozen=True, slots=True)
class Link:
    path: str
    expires_at: datetime


def signed(attachment_id: UUID, variant: Variant, person_id: UUID, now: datetime) -> Link:
    """A link for one person."""
    return _link(attachment_id, variant, person_id, _rounded(now) + LIFETIME)


def for_media_check(attachment_id: UUID, now: datetime) -> Link:
    """A link for WeChat's content check; it names no person."""
    return _link(attachment_id, Variant.ORIGINAL, None, _rounded(now) + MEDIA_CHECK_LIFETIME)


def verify(
    attachment_id: UUID,
    variant: Variant,
    person_id: UUID | None,
    expires: int,
    signature: str,
    now: datetime,
) -> None:
    """Raises LinkInvalid or LinkExpired. Without a person it is a link for the media check."""
    payload = _payload(attachment_id, variant, person_id, expires)
    if not keyring.verify(payload, signature, _PURPOSE):
        raise LinkInvalid()
    if expires <= now.timestamp():
        raise LinkExpired()


def _rounded(now: datetime) -> datetime:
    """The end of the current step."""
    step = int(STEP.total_seconds())
    return datetime.fromtimestamp((int(now.timestamp()) // step + 1) * step, UTC)


def _link(
    attachment_id: UUID, variant: Variant, person_id: UUID | None, expires_at: datetime
) -> Link:
    expires = int(expires_at.timestamp())
    signature = keyring.sign(_payload(attachment_id, variant, person_id, expires), _PURPOSE)
    person = {} if person_id is None else {"person": person_id}
    query = urlencode({**person, "expires": expires, "signature": signature})
    return Link(f"/api/attachments/{attachment_id}/{variant}?{query}", expires_at)


def _payload(attachment_id: UUID, variant: Variant, person_id: UUID | None, expires: int) -> bytes:
    viewer = "media-check" if person_id is None else str(person_id)
    return f"{attachment_id}|{variant}|{viewer}|{expires}".encode()
