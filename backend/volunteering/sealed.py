"""Birth dates and guardians are kept encrypted; each opens for its own person and column only."""

from datetime import date
from uuid import UUID

from backend.kernel.crypto import keyring
from backend.kernel.json import dumps, loads


def seal_birth(person_id: UUID, born_on: date) -> bytes:
    """The day, encrypted with the current key."""
    return keyring.encrypt(born_on.isoformat(), _context(person_id, "born_on"))


def birth(person_id: UUID, blob: bytes) -> date:
    """The day in clear. Raises ``kernel.crypto.Undecipherable``."""
    return date.fromisoformat(keyring.decrypt(blob, _context(person_id, "born_on")))


def seal_guardian(person_id: UUID, guardian: dict[str, str] | None) -> bytes | None:
    """Name and telephone, encrypted; None for nobody."""
    if guardian is None:
        return None
    return keyring.encrypt(dumps(guardian).decode(), _context(person_id, "guardian"))


def guardian(person_id: UUID, blob: bytes | None) -> dict[str, str] | None:
    """Name and telephone in clear. Raises ``kernel.crypto.Undecipherable``."""
    if blob is None:
        return None
    return dict(loads(keyring.decrypt(blob, _context(person_id, "guardian"))))


def _context(person_id: UUID, column: str) -> str:
    return f"volunteers/{person_id}/{column}"
