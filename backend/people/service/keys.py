"""Rotation of the encryption keys."""

from backend.kernel.crypto import keyring
from backend.kernel.db import execute, fetch_all, transaction
from backend.people.models import Person
from backend.people.sealed import Datum, seal, seal_statement, unseal, unseal_statement


def reencrypt(batch: int) -> int:
    """Seal up to ``batch`` rows again that were sealed with a key no longer current.

    Returns how many were done; call again until it is 0. What is done stays done, so it can be
    stopped at any time, and only after it may an old key be dropped. Processes still running with
    the old key as current make more to do: restart them first.
    """
    return _people(batch) or _mandates(batch)


def _people(batch: int) -> int:
    stale = " OR ".join(_stale(f"{datum}_encrypted") for datum in Datum)
    key_id = keyring.current_key_id.encode()
    with transaction():
        rows = fetch_all(
            f"SELECT id, {', '.join(f'{datum}_encrypted' for datum in Datum)}"
            f" FROM people WHERE {stale} LIMIT %s FOR NO KEY UPDATE",
            (*[key_id] * len(Datum), batch),
        )
        for person_id, *blobs in rows:
            values = {
                f"{datum}_encrypted": seal(person_id, datum, value)
                for datum, blob in zip(Datum, blobs, strict=True)
                if (value := unseal(person_id, datum, blob)) is not None
            }
            Person.update(values).where(Person.id == person_id).execute()
    return len(rows)


def _mandates(batch: int) -> int:
    with transaction():
        rows = fetch_all(
            f"SELECT id, statement_encrypted FROM mandates WHERE {_stale('statement_encrypted')}"
            " LIMIT %s FOR NO KEY UPDATE",
            (keyring.current_key_id.encode(), batch),
        )
        for mandate_id, blob in rows:
            execute(
                "UPDATE mandates SET statement_encrypted = %s WHERE id = %s",
                (seal_statement(mandate_id, unseal_statement(mandate_id, blob)), mandate_id),
            )
    return len(rows)


def _stale(column: str) -> str:
    """SQL: whether the column is sealed with another key than the one that is its parameter."""
    return f"substr({column}, 3, get_byte({column}, 1)) <> %s"
