"""The justice office (司法所) decides what is published; what was can be taken back."""

from datetime import datetime
from uuid import UUID

from backend.cases.rules import Action
from backend.cases.service import checking
from backend.cases.service.events import PUBLISHED, RETURNED, SUBJECT_KIND, WITHDRAWN
from backend.cases.service.moves import move, take
from backend.cases.service.sealed import seal_reason
from backend.kernel import audit, outbox
from backend.kernel.actor import Actor
from backend.kernel.db import transaction


def approve(actor: Actor, case_id: UUID, version: int, now: datetime) -> None:
    """Publish it. Never by its author, whatever they hold.

    Raises NotFound, CaseActionNotYours, CaseActionNotPossible, CaseChanged, PersonalDataLeft.
    """
    with transaction():
        row = take(actor, case_id, version, Action.APPROVE)
        checking.check(row.texts, checking.known_of(row), checked=True)
        changes = {"approved_by": actor.id, "published_at": now}
        outbox.put(PUBLISHED, move(row, Action.APPROVE, now, **changes))
        audit.record(actor.id, "case.approved", SUBJECT_KIND, case_id)


def return_(actor: Actor, case_id: UUID, version: int, reason: str, now: datetime) -> None:
    """Give it back to its author with what has to change.

    Raises NotFound, CaseActionNotYours, CaseActionNotPossible, CaseChanged.
    """
    with transaction():
        row = take(actor, case_id, version, Action.RETURN)
        sealed = seal_reason(reason, case_id)
        outbox.put(RETURNED, move(row, Action.RETURN, now, reason_encrypted=sealed))
        audit.record(actor.id, "case.returned", SUBJECT_KIND, case_id)


def withdraw(actor: Actor, case_id: UUID, version: int, reason: str, now: datetime) -> None:
    """Take it back for good: nobody reads it any more, and what the matter said is deleted.

    Raises NotFound, CaseActionNotYours, CaseActionNotPossible, CaseChanged.
    """
    with transaction():
        row = take(actor, case_id, version, Action.WITHDRAW)
        changes = {
            "reason_encrypted": seal_reason(reason, case_id),
            "original_encrypted": None,
            "person_id": None,
        }
        happening = move(row, Action.WITHDRAW, now, **changes)
        outbox.put(WITHDRAWN, {**happening, "by": str(actor.id)})
        audit.record(actor.id, "case.withdrawn", SUBJECT_KIND, case_id)
