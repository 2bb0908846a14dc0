"""What the clock does with written questions."""

from datetime import datetime
from typing import Final
from uuid import UUID

from backend.advisers import queries as register
from backend.advisers import service as advisers
from backend.consultations import queries
from backend.consultations.queries import questions
from backend.consultations.sealed import unseal_names
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
    while due := [q for q in questions.overdue(now, _BATCH + len(tried)) if q not in tried]:
        for question_id in due:
            tried.add(question_id)
            try:
                with transaction():
                    _hand_on(question_id, now)
            except Exception as error:
                failed = failed or error
    if failed is not None:
        raise failed


def _hand_on(question_id: UUID, now: datetime) -> None:
    held = fetch_one(
        "SELECT person_id, agent_id, area_code, opposing_encrypted, posts FROM questions"
        " WHERE id = %s AND state = 'open' AND handed_at IS NULL AND due_at <= %s"
        " FOR NO KEY UPDATE SKIP LOCKED",
        (question_id, now),
    )
    if held is None:
        return
    person_id, agent_id, area_code, sealed, posts = held
    opponents = unseal_names(sealed, "questions", question_id, "opposing")
    client = queries.party(person_id).name
    for adviser_id in register.standbys(area_code, now):
        reached = register.person_of(adviser_id)
        if reached not in (None, person_id, agent_id) and not advisers.conflicts(
            adviser_id, [client], opponents
        ):
            give(question_id, adviser_id, client, opponents, now)
    execute(
        "UPDATE questions SET handed_at = %s, justice_at = coalesce(justice_at, %s) WHERE id = %s",
        (now, now, question_id),
    )
    audit.record(None, HANDED, QUESTION, question_id)
    outbox.put(HANDED, {"question_id": str(question_id), "seq": posts})
