"""What the clock does with written questions."""

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from backend.advisers import queries as register
from backend.consultations import queries
from backend.consultations.queries import questions
from backend.consultations.sealed import unseal_names
from backend.consultations.service.conflicts import in_conflict
from backend.consultations.service.questions import QUESTION, give
from backend.kernel import audit, outbox
from backend.kernel.db import execute, fetch_one, transaction

HANDED: Final = "question.handed"
_BATCH = 100


def hand_on(now: datetime) -> None:
    """Hand every question that nobody answered in time to who stands in and the justice office.

    Once for each time it was asked: run again, or by several workers, nothing is added. One that
    fails does not keep back the rest; the first error is raised when all have been tried.
    """
    failed: Exception | None = None
    tried: set[UUID] = set()
    while due := [q for q in questions.overdue(now, _BATCH + len(tried)) if q[0] not in tried]:
        for question_id, area_code in due:
            tried.add(question_id)
            try:
                _hand_on(question_id, area_code, now)
            except Exception as error:
                failed = failed or error
    if failed is not None:
        raise failed


def _hand_on(question_id: UUID, area_code: str, now: datetime) -> None:
    """One who stands in after the other, each in a transaction of their own: whoever asks locks
    advisers too, in another order."""
    for adviser_id in register.standbys(area_code, now):
        with transaction():
            _offer(question_id, adviser_id, now)
    with transaction():
        held = _held(question_id, now)
        if held is None:
            return
        execute(
            "UPDATE questions SET handed_at = %s, justice_at = coalesce(justice_at, %s)"
            " WHERE id = %s",
            (now, now, question_id),
        )
        audit.record(None, HANDED, QUESTION, question_id)
        outbox.put(HANDED, {"question_id": str(question_id), "seq": held.posts})


def _offer(question_id: UUID, adviser_id: UUID, now: datetime) -> None:
    """Give it to who stands in, unless they are in conflict or cannot be reached."""
    held, reached = _held(question_id, now), register.person_of(adviser_id)
    if held is None or reached in (None, held.person_id, held.agent_id):
        return
    opponents = unseal_names(held.opposing_encrypted, "questions", question_id, "opposing")
    client = queries.party(held.person_id).name
    if not in_conflict(adviser_id, [client], opponents):
        give(question_id, adviser_id, client, opponents, now)


class _Held(NamedTuple):
    person_id: UUID
    agent_id: UUID | None
    opposing_encrypted: bytes
    posts: int


def _held(question_id: UUID, now: datetime) -> _Held | None:
    """What is still to be handed on, held for the transaction; None once another worker has it."""
    row = fetch_one(
        "SELECT person_id, agent_id, opposing_encrypted, posts FROM questions"
        " WHERE id = %s AND state = 'open' AND handed_at IS NULL AND due_at <= %s"
        " FOR NO KEY UPDATE SKIP LOCKED",
        (question_id, now),
    )
    return None if row is None else _Held(*row)
