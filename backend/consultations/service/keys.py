"""Rotation of the encryption keys."""

from backend.consultations.sealed import seal, unseal
from backend.kernel.crypto import keyring
from backend.kernel.db import execute, fetch_all, transaction

_COLUMNS = (
    ("consultations", "facts"),
    ("consultations", "opposing"),
    ("consultations", "opinion"),
    ("questions", "text"),
    ("questions", "opposing"),
    ("question_posts", "text"),
)
"""Table and column, less ``_encrypted``; the table's key is its `id`."""


def reencrypt(batch: int) -> int:
    """Seal up to ``batch`` values of each column again that were sealed with a key no longer
    current.

    Returns how many were done; call again until it is 0.
    """
    with transaction():
        return sum(_reencrypt(table, column, batch) for table, column in _COLUMNS)


def _reencrypt(table: str, column: str, batch: int) -> int:
    kept = f"{column}_encrypted"
    rows = fetch_all(
        f"SELECT id, {kept} FROM {table} WHERE {kept} IS NOT NULL"
        f" AND substr({kept}, 3, get_byte({kept}, 1)) <> %s"
        " LIMIT %s FOR NO KEY UPDATE",
        (keyring.current_key_id.encode(), batch),
    )
    for row_id, blob in rows:
        sealed = seal(unseal(blob, table, row_id, column), table, row_id, column)
        execute(f"UPDATE {table} SET {kept} = %s WHERE id = %s", (sealed, row_id))
    return len(rows)
