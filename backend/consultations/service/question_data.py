"""What is held of a person's questions, and what becomes of them when the account is closed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from backend.consultations.queries import questions
from backend.consultations.rules.questions import State
from backend.consultations.sealed import unseal, unseal_names
from backend.kernel.db import execute
from backend.kernel.json import blob


def export(person_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """Every question of the person with its thread, in clear, the last asked first."""
    return [_held(question_id) for question_id in questions.held_of(person_id)]


def _held(question_id: UUID) -> dict[str, Any]:
    shown = questions.shown(question_id)
    assert shown is not None
    sealed = shown.text_encrypted
    return {
        "topic": shown.topic,
        "area": shown.area_name,
        "state": shown.facts.state,
        "asked_at": shown.asked_at,
        "due_at": shown.due_at,
        "adviser": shown.adviser and shown.adviser["name"],
        "asked_by_agent": shown.agent_name,
        "text": sealed and unseal(sealed, "questions", question_id, "text"),
        "opposing": unseal_names(shown.opposing_encrypted, "questions", question_id, "opposing"),
        "since_on": shown.since_on,
        "keep_private": shown.keep_private,
        "rating": shown.rating,
        "posts": [
            {
                "at": post["at"],
                "by": post["role"],
                "name": post["name"],
                "text": (kept := blob(post["sealed"]))
                and unseal(kept, "question_posts", UUID(post["id"]), "text"),
            }
            for post in shown.posts
        ],
    }


def detach(person_id: UUID, now: datetime) -> None:
    """Close what is open, and erase what was confided and what was said to it.

    That there was a question, of which topic, and when it was answered, stays.
    """
    execute(
        "UPDATE question_posts t SET text_encrypted = NULL FROM questions q"
        " WHERE q.id = t.question_id AND q.person_id = %s",
        (person_id,),
    )
    execute(
        """
        UPDATE questions SET text_encrypted = NULL, opposing_encrypted = NULL, comment = NULL,
            state = %s, closed_at = coalesce(closed_at, %s), detached_at = %s
        WHERE person_id = %s AND detached_at IS NULL
        """,
        (State.CLOSED.value, now, now, person_id),
    )
