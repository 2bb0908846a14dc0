"""What people confide here is kept encrypted; each value opens in its own row and column only."""

from uuid import UUID

from backend.kernel.crypto import keyring
from backend.kernel.json import dumps, loads


def seal(text: str, table: str, row_id: UUID, column: str) -> bytes:
    """Encrypted with the current key; ``column`` is without its ``_encrypted``."""
    return keyring.encrypt(text, f"{table}/{row_id}/{column}")


def unseal(blob: bytes, table: str, row_id: UUID, column: str) -> str:
    """The words in clear. Raises ``kernel.crypto.Undecipherable``."""
    return keyring.decrypt(blob, f"{table}/{row_id}/{column}")


def seal_names(names: list[str], table: str, row_id: UUID, column: str) -> bytes | None:
    """Several names as one value; None for none."""
    return seal(dumps(names).decode(), table, row_id, column) if names else None


def unseal_names(blob: bytes | None, table: str, row_id: UUID, column: str) -> list[str]:
    """The names in the order they were given."""
    return [] if blob is None else list(loads(unseal(blob, table, row_id, column)))
