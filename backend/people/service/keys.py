"""Rotation of the encryption keys."""

from backend.kernel.crypto import keyring
from backend.kernel.db import fetch_all, transaction
from backend.people.models import Person
from backend.people.sealed import Datum, seal, unseal


def reencrypt(batch: int) -> int:
    """Seal up to ``batch`` people's data again that were sealed with a key no longer current.

    Returns how many people were done; call again until it is 0. What is done stays done, so it can
    be stopped at any time, and only after it may an old key be dropped. Processes still running
    with the old key as current make more to do: restart them first.
    """
    stale = " OR ".join(
        f"substr({datum}_encrypted, 3, get_byte({datum}_encrypted, 1)) <> %s" for datum in Datum
    )
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
