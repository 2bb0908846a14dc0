"""Conflict of interest, asked before an adviser learns anything of a matter.

Which adviser cannot take a matter is told; why is told to nobody.
"""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

from backend.advisers import queries as register
from backend.advisers import service as advisers
from backend.bookings import queries as bookings
from backend.consultations import queries
from backend.consultations.errors.meetings import AdviserCannotTakeIt
from backend.kernel import audit
from backend.kernel.actor import Actor
from backend.kernel.clock import LOCAL
from backend.kernel.db import execute

REFUSED: Final = "consultation.refused"

MOST_REFUSED: Final = 3
"""A day, of one person by one adviser. From then on all is refused, whoever it is against: nobody
finds out an adviser's clients by trying one name after the other."""


def in_conflict(adviser_id: UUID, clients: Sequence[str], opponents: Sequence[str]) -> bool:
    """Whether what the adviser knows of others is in the way.

    Part of the caller's transaction, which remembers the parties if there is no conflict: until it
    ends, nobody else's matter of this adviser is looked at.
    """
    execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"parties/{adviser_id}",))
    return advisers.conflicts(adviser_id, clients, opponents)


def cannot_take(
    actor: Actor,
    adviser_id: UUID,
    person_id: UUID | None,
    clients: Sequence[str],
    opponents: Sequence[str],
    now: datetime,
) -> bool:
    """Whether an adviser must not act in a matter; a refusal is written down, without the reason.

    Part of the caller's transaction, as `in_conflict` is.
    """
    refused = (
        in_conflict(adviser_id, clients, opponents)
        or (person_id is not None and register.person_of(adviser_id) == person_id)
        or queries.refusals(actor.id, adviser_id, _midnight(now)) >= MOST_REFUSED
    )
    if refused:
        audit.record(actor.id, REFUSED, "adviser", adviser_id)
    return refused


def refusal(
    adviser_id: UUID,
    area_code: str,
    clients: Sequence[str],
    opponents: Sequence[str],
    now: datetime,
) -> AdviserCannotTakeIt:
    """Says who else can be asked: at most three, the nearest first."""
    free = advisers.free_of_conflict(area_code, clients, opponents, now)
    others = [id_ for id_ in free if id_ != adviser_id]
    return AdviserCannotTakeIt(extra={"others": _shown(others, now)})


def _shown(adviser_ids: Sequence[UUID], now: datetime) -> list[dict[str, Any]]:
    slots = bookings.next_free(adviser_ids, now)
    return [
        {
            "id": adviser.id,
            "name": adviser.name,
            "firm": adviser.firm,
            "next_free": {"starts_at": slot.starts_at, "modes": slot.modes}
            if (slot := slots.get(adviser.id))
            else None,
        }
        for adviser in queries.advisers_named(adviser_ids)
    ]


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(LOCAL).date(), time(), LOCAL)
