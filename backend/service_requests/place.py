"""Where it is: a pin, words, or both. An address is listed personal data, so it is kept sealed."""

from dataclasses import asdict, dataclass
from uuid import UUID

from backend.kernel.crypto import keyring
from backend.kernel.json import dumps, loads


@dataclass(frozen=True, slots=True)
class Place:
    """Words, a pin in gcj02 degrees, or both."""

    text: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def seal(place: Place | None, request_id: UUID) -> bytes | None:
    """Encrypted with the current key; opens for this request only."""
    if place is None:
        return None
    return keyring.encrypt(dumps(asdict(place)).decode(), _context(request_id))


def unseal(blob: bytes | None, request_id: UUID) -> Place | None:
    """The place in clear, None for none. Raises ``kernel.crypto.Undecipherable``."""
    if blob is None:
        return None
    return Place(**loads(keyring.decrypt(blob, _context(request_id))))


def _context(request_id: UUID) -> str:
    return f"service_requests/{request_id}/place"
