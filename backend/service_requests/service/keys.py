"""Rotation of the encryption keys."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.kernel.crypto import keyring
from backend.kernel.db import execute, fetch_all, transaction
from backend.service_requests import names, place
from backend.service_requests.service import materials, pressure


@dataclass(frozen=True, slots=True)
class _Column:
    """Something kept sealed, and what opens and seals it; the table's key is its `id`."""

    table: str
    name: str
    unseal: Callable[[bytes, UUID], Any]
    seal: Callable[[Any, UUID], bytes | None]


_COLUMNS = (
    _Column("service_requests", "place_encrypted", place.unseal, place.seal),
    _Column("materials", "text_encrypted", materials.unseal, materials.seal),
    _Column("complaint_targets", "name_encrypted", names.unseal, names.seal),
    _Column("pressure_reports", "text_encrypted", pressure.unseal, pressure.seal),
    _Column("pressure_reports", "text_encrypted", pressure.unseal, pressure.seal),
)


def reencrypt(batch: int) -> int:
    """Seal up to ``batch`` values of each column again that were sealed with a key no longer
    current.

    Returns how many were done; call again until it is 0. Versions do not change: nothing did that
    anybody sees.
    """
    with transaction():
        return sum(_reencrypt(column, batch) for column in _COLUMNS)


def _reencrypt(column: _Column, batch: int) -> int:
    rows = fetch_all(
        f"SELECT id, {column.name} FROM {column.table} WHERE {column.name} IS NOT NULL"
        f" AND substr({column.name}, 3, get_byte({column.name}, 1)) <> %s"
        " LIMIT %s FOR NO KEY UPDATE",
        (keyring.current_key_id.encode(), batch),
    )
    for row_id, blob in rows:
        sealed = column.seal(column.unseal(blob, row_id), row_id)
        execute(f"UPDATE {column.table} SET {column.name} = %s WHERE id = %s", (sealed, row_id))
    return len(rows)
