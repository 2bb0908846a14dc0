"""One step in a case's life: who may take it, from what, and what is written."""

from datetime import datetime
from typing import Any
from uuid import UUID

from backend.cases import queries
from backend.cases.errors import CaseActionNotPossible, CaseActionNotYours, CaseChanged
from backend.cases.queries import CaseRow
from backend.cases.rules import TRANSITIONS, Action, side
from backend.kernel.actor import Actor
from backend.kernel.db import execute
from backend.kernel.errors import NotFound


def take(actor: Actor, case_id: UUID, version: int, action: Action) -> CaseRow:
    """The case, held for the transaction, if the actor may do this with it now.

    Raises NotFound, CaseActionNotYours, CaseChanged, CaseActionNotPossible.
    """
    row = queries.one(actor, case_id, hold=True)
    if row is None:
        raise NotFound
    mine = side(actor, row.standing)
    steps = {state: whose for (state, act), (_, whose) in TRANSITIONS.items() if act is action}
    if not any(mine in whose for whose in steps.values()):
        raise CaseActionNotYours
    if row.version != version:
        raise CaseChanged(extra={"version": row.version})
    state = row.standing.state
    if state not in steps:
        raise CaseActionNotPossible
    if mine not in steps[state]:
        raise CaseActionNotYours
    return row


def move(row: CaseRow, action: Action, now: datetime, **changes: Any) -> dict[str, Any]:
    """Write where the action leads, with these columns; what an event tells of it."""
    state, _ = TRANSITIONS[row.standing.state, action]
    names = "".join(f", {name} = %s" for name in changes)
    execute(
        f"UPDATE cases SET version = version + 1, state = %s, updated_at = %s{names} WHERE id = %s",
        (state, now, *changes.values(), row.id),
    )
    return {"case_id": str(row.id), "version": row.version + 1}
