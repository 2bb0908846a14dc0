"""What is held about a person's meetings, and what becomes of it when they close their account."""

from datetime import datetime
from typing import Any
from uuid import UUID

from backend.consultations.models.meetings import Consultation
from backend.consultations.queries.held import Held, held_about
from backend.consultations.sealed import unseal, unseal_names
from backend.kernel.db import execute

_TABLE = Consultation._meta.table_name


def export(person_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """Every meeting of the person with all they confided and were told, in clear, last first."""
    return [_opened(held) for held in held_about(person_id)]


def _opened(held: Held) -> dict[str, Any]:
    sealed = {"facts": held.facts_encrypted, "opinion": held.opinion_encrypted}
    return {
        **held.plain,
        "opposing": unseal_names(held.opposing_encrypted, _TABLE, held.id, "opposing"),
        **{
            column: None if blob is None else unseal(blob, _TABLE, held.id, column)
            for column, blob in sealed.items()
        },
    }


def detach(person_id: UUID, now: datetime) -> None:
    """Erase what the person confided and was told, in the transaction that closes their account.

    That there was a meeting, and its entry in the adviser's ledger, must be kept; an appointment
    to come is called off by the bookings.
    """
    execute(
        "UPDATE consultations SET facts_encrypted = NULL, opposing_encrypted = NULL,"
        " opinion_encrypted = NULL, comment = NULL, detached_at = %s"
        " WHERE person_id = %s AND detached_at IS NULL",
        (now, person_id),
    )
