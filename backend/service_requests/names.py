"""Names of people a complaint is about: sealed, compared by a keyed hash, never in clear."""

from uuid import UUID

from backend.kernel.crypto import keyring
from backend.kernel.text import clean


def folded(name: str) -> str:
    """The form in which two spellings of one name are equal: no spaces, no case."""
    return "".join(clean(name).split()).casefold()


def search_hash(name: str) -> bytes:
    """What to look for to find a name without storing it."""
    return keyring.keyed_hash(folded(name), "complaint_targets.name")


def seal(name: str, target_id: UUID) -> bytes:
    """Encrypted with the current key; opens for this target only."""
    return keyring.encrypt(name, _context(target_id))


def unseal(blob: bytes, target_id: UUID) -> str:
    """The name in clear. Raises ``kernel.crypto.Undecipherable``."""
    return keyring.decrypt(blob, _context(target_id))


def _context(target_id: UUID) -> str:
    return f"complaint_targets/{target_id}/name"
