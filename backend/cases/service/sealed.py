"""What is never stored in clear: what the matter said, and what an approver found wrong."""

from dataclasses import asdict, dataclass
from uuid import UUID

from backend.cases.rules import Kind, Replaced
from backend.kernel.crypto import keyring
from backend.kernel.json import dumps, loads


@dataclass(frozen=True, slots=True)
class Original:
    """The matter as it was, the names it is known to hold, and what became of them."""

    facts: str
    opinion: str
    names: tuple[str, ...]
    replaced: tuple[Replaced, ...]


def seal_original(original: Original, case_id: UUID) -> bytes:
    """Encrypted with the current key; opens for this case only."""
    return keyring.encrypt(dumps(asdict(original)).decode(), _context(case_id, "original"))


def unseal_original(blob: bytes, case_id: UUID) -> Original:
    """In clear. Raises ``kernel.crypto.Undecipherable``."""
    plain = loads(keyring.decrypt(blob, _context(case_id, "original")))
    replaced = (
        Replaced(each["was"], each["now"], Kind(each["kind"])) for each in plain["replaced"]
    )
    return Original(plain["facts"], plain["opinion"], tuple(plain["names"]), tuple(replaced))


def seal_reason(reason: str, case_id: UUID) -> bytes:
    """The same for the words with which a case was returned or withdrawn: they may quote a name."""
    return keyring.encrypt(reason, _context(case_id, "reason"))


def unseal_reason(blob: bytes, case_id: UUID) -> str:
    """In clear. Raises ``kernel.crypto.Undecipherable``."""
    return keyring.decrypt(blob, _context(case_id, "reason"))


def _context(case_id: UUID, what: str) -> str:
    return f"cases/{case_id}/{what}"
