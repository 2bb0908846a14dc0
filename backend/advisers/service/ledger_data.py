"""The ledger when somebody leaves, and when keys are changed."""

from datetime import datetime
from uuid import UUID

from backend.advisers.sealed import seal, unseal
from backend.kernel.crypto import keyring
from backend.kernel.db import execute, fetch_all, transaction

_COLUMNS = ("summary", "opinion")


def detach(person_id: UUID, now: datetime) -> None:
    """Erase for whom an adviser worked and what was said; that they did, and how long, stays."""
    execute(
        "UPDATE ledger_entries SET person_id = NULL, summary_encrypted = NULL,"
        " opinion_encrypted = NULL WHERE person_id = %s",
        (person_id,),
    )


def reencrypt(batch: int) -> int:
    """Seal up to ``batch`` values of each column again that were sealed with a key no longer
    current.

    Returns how many were done; call again until it is 0.
    """
    with transaction():
        return sum(_reencrypt(column, batch) for column in _COLUMNS)


def _reencrypt(column: str, batch: int) -> int:
    kept = f"{column}_encrypted"
    rows = fetch_all(
        f"SELECT id, {kept} FROM ledger_entries WHERE {kept} IS NOT NULL"
        f" AND substr({kept}, 3, get_byte({kept}, 1)) <> %s"
        " LIMIT %s FOR NO KEY UPDATE",
        (keyring.current_key_id.encode(), batch),
    )
    for row_id, blob in rows:
        words = unseal(blob, column, row_id)
        if words is not None:
            execute(
                f"UPDATE ledger_entries SET {kept} = %s WHERE id = %s",
                (seal(words, column, row_id), row_id),
            )
    return len(rows)
