"""Rotation of the encryption keys."""

from backend.kernel.crypto import keyring
from backend.kernel.db import execute, fetch_all, transaction
from backend.service_requests import place


def reencrypt(batch: int) -> int:
    """Seal up to ``batch`` places again that were sealed with a key no longer current.

    Returns how many were done; call again until it is 0. Versions do not change: nothing did that
    anybody sees.
    """
    with transaction():
        rows = fetch_all(
            "SELECT id, place_encrypted FROM service_requests WHERE place_encrypted IS NOT NULL"
            " AND substr(place_encrypted, 3, get_byte(place_encrypted, 1)) <> %s"
            " LIMIT %s FOR NO KEY UPDATE",
            (keyring.current_key_id.encode(), batch),
        )
        for request_id, blob in rows:
            sealed = place.seal(place.unseal(blob, request_id), request_id)
            execute(
                "UPDATE service_requests SET place_encrypted = %s WHERE id = %s",
                (sealed, request_id),
            )
    return len(rows)
