"""The listed personal data: sealed for one person and one column, found by a keyed hash."""

from enum import StrEnum
from uuid import UUID

from backend.kernel.crypto import keyring


class Datum(StrEnum):
    """What is never stored in clear. The value is the name of its column, less ``_encrypted``."""

    PHONE = "phone"
    ID_NUMBER = "id_number"
    ADDRESS = "address"


SEARCHABLE = frozenset({Datum.PHONE, Datum.ID_NUMBER})
"""Data with a ``…_hash`` column beside the sealed one."""


def columns(person_id: UUID, datum: Datum, value: str | None) -> dict[str, bytes | None]:
    """The columns to write for a value; None clears them."""
    written = {f"{datum}_encrypted": None if value is None else seal(person_id, datum, value)}
    if datum in SEARCHABLE:
        written[f"{datum}_hash"] = None if value is None else search_hash(datum, value)
    return written


def seal(person_id: UUID, datum: Datum, value: str) -> bytes:
    """Encrypted with the current key; opens for this person and this column only."""
    return keyring.encrypt(value, _context(person_id, datum))


def unseal(person_id: UUID, datum: Datum, blob: bytes | None) -> str | None:
    """The value in clear, None for none. Raises ``kernel.crypto.Undecipherable``."""
    return None if blob is None else keyring.decrypt(blob, _context(person_id, datum))


def search_hash(datum: Datum, value: str) -> bytes:
    """What to look for to find the canonical form of a value."""
    return keyring.keyed_hash(value, f"people.{datum}")


def _context(person_id: UUID, datum: Datum) -> str:
    return f"people/{person_id}/{datum}"


def seal_statement(mandate_id: UUID, statement: str) -> bytes:
    """What somebody said or signed, encrypted; opens for this mandate only."""
    return keyring.encrypt(statement, _statement_context(mandate_id))


def unseal_statement(mandate_id: UUID, blob: bytes) -> str:
    """The statement in clear. Raises ``kernel.crypto.Undecipherable``."""
    return keyring.decrypt(blob, _statement_context(mandate_id))


def _statement_context(mandate_id: UUID) -> str:
    return f"mandates/{mandate_id}/statement"
