"""How long what a matter said is kept, whom it is kept of, and with which key."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from backend.cases import queries
from backend.cases.service import sealed
from backend.cases.service.events import SUBJECT_KIND
from backend.kernel import audit
from backend.kernel.crypto import keyring
from backend.kernel.db import execute, fetch_all, transaction

KEPT_AFTER_PUBLICATION = timedelta(days=30)
"""So long somebody may say that they are recognised, and the two sides have to be compared."""

KEPT_UNFINISHED = timedelta(days=180)
"""A draft that nobody touched for so long will not be finished."""

_Kept = TypeVar("_Kept")

_UNFINISHED = "state IN ('draft', 'submitted', 'returned')"
_GIVEN_UP = (
    "UPDATE cases SET state = 'withdrawn', version = version + 1, updated_at = %s,"
    " original_encrypted = NULL, person_id = NULL"
)


def forget_originals(now: datetime) -> None:
    """Delete what matters said 30 days after their case was published, and give up drafts, original
    and all, that nobody has changed for 180 days. The matter itself keeps its own."""
    with transaction():
        execute(
            "UPDATE cases SET original_encrypted = NULL, person_id = NULL"
            " WHERE state = 'published' AND published_at < %s AND original_encrypted IS NOT NULL",
            (now - KEPT_AFTER_PUBLICATION,),
        )
        given_up = fetch_all(
            f"{_GIVEN_UP} WHERE {_UNFINISHED} AND updated_at < %s RETURNING id",
            (now, now - KEPT_UNFINISHED),
        )
        _record(given_up)


def detach(person_id: UUID, now: datetime) -> None:
    """Forget whose matters were told, in the transaction that closes the account.

    What is published names nobody and stays; what is not yet, of their matters or by their hand,
    is given up: without the names nobody could make sure that none is left in it.
    """
    given_up = fetch_all(
        f"{_GIVEN_UP} WHERE {_UNFINISHED} AND (person_id = %s OR author_id = %s) RETURNING id",
        (now, person_id, person_id),
    )
    _record(given_up)
    execute(
        "UPDATE cases SET original_encrypted = NULL, person_id = NULL WHERE person_id = %s",
        (person_id,),
    )


def _record(given_up: list[tuple[Any, ...]]) -> None:
    for (case_id,) in given_up:
        audit.record(None, "case.given_up", SUBJECT_KIND, case_id)


def export(person_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """The cases a person wrote, and those made from their matters, newest first."""
    return queries.held_about(person_id)


def reencrypt(batch: int) -> int:
    """Seal up to ``batch`` values of each column again that were sealed with a key no longer
    current.

    Returns how many were done; call again until it is 0.
    """
    with transaction():
        return _reencrypt(
            "original_encrypted", batch, sealed.unseal_original, sealed.seal_original
        ) + _reencrypt("reason_encrypted", batch, sealed.unseal_reason, sealed.seal_reason)


def _reencrypt(
    column: str,
    batch: int,
    unseal: Callable[[bytes, UUID], _Kept],
    seal: Callable[[_Kept, UUID], bytes],
) -> int:
    rows = fetch_all(
        f"SELECT id, {column} FROM cases WHERE {column} IS NOT NULL"
        f" AND substr({column}, 3, get_byte({column}, 1)) <> %s LIMIT %s FOR NO KEY UPDATE",
        (keyring.current_key_id.encode(), batch),
    )
    for case_id, blob in rows:
        execute(
            f"UPDATE cases SET {column} = %s WHERE id = %s",
            (seal(unseal(blob, case_id), case_id), case_id),
        )
    return len(rows)
