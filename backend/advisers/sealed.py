"""What an entry of the ledger says of somebody's matter is kept encrypted, for that entry only."""

from uuid import UUID

from backend.kernel.crypto import keyring


def seal(text: str, column: str, entry_id: UUID) -> bytes:
    """Encrypted with the current key; ``column`` is ``summary`` or ``opinion``."""
    return keyring.encrypt(text, f"ledger_entries/{entry_id}/{column}")


def unseal(blob: bytes | None, column: str, entry_id: UUID) -> str | None:
    """The words in clear, None for none. Raises ``kernel.crypto.Undecipherable``."""
    return None if blob is None else keyring.decrypt(blob, f"ledger_entries/{entry_id}/{column}")
