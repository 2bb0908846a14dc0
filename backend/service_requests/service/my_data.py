"""What is held about a person here, and what becomes of it when they close their account."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.kernel.actor import Actor
from backend.kernel.db import execute, transaction
from backend.kernel.json import blob
from backend.service_requests import names, place, queries
from backend.service_requests.rules import Action
from backend.service_requests.service import materials, pressure
from backend.service_requests.service.closing import withdraw


def export(person_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """Every request of the person with all they gave and were told, in clear, newest first."""
    return [
        {
            **held.plain,
            "place": place.unseal(held.place_encrypted, held.id),
            "materials": [_opened(item, materials.unseal) for item in held.materials],
            "about": [_opened(target, names.unseal) for target in held.about],
            "pressure_reports": [_opened(report, pressure.unseal) for report in held.reports],
        }
        for held in queries.held_about(person_id)
    ]


def _opened(row: dict[str, Any], unseal: Callable[[bytes, UUID], str | None]) -> dict[str, Any]:
    """The row with the words that were kept sealed, instead of the seal."""
    sealed, row_id = blob(row.pop("sealed")), UUID(row.pop("id"))
    return {**row, "text": None if sealed is None else unseal(sealed, row_id)}


def detach(person_id: UUID, now: datetime) -> None:
    """Withdraw what is open, and erase what says who asked and where they live.

    What was asked and what offices did about it is a record that must be kept; it stays, and
    belongs to nobody any more. What has been replied to closes by itself.
    """
    nobody = Actor(id=person_id, name="")
    with transaction():
        for request_id in queries.open_for(person_id, Action.WITHDRAW):
            # One may have changed with the one before, into which it was merged.
            withdraw(nobody, request_id, None, None, now)
        execute(
            "UPDATE service_requests SET place_encrypted = NULL WHERE requester_id = %s",
            (person_id,),
        )
        execute(
            "UPDATE materials m SET text_encrypted = NULL FROM service_requests r"
            " WHERE r.id = m.request_id AND r.requester_id = %s",
            (person_id,),
        )
        execute("DELETE FROM follows WHERE person_id = %s", (person_id,))
