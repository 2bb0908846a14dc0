"""Written questions: one in full, lists of them, and what is held of one person's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from backend.consultations.rules.limitation import URGENT_DAYS
from backend.consultations.rules.questions import Facts, State
from backend.kernel.actor import Actor, Role
from backend.kernel.clock import LOCAL
from backend.kernel.db import fetch_all, fetch_one

Key = tuple[Any, ...]
"""The sort key of the last question of a page."""


class Which(StrEnum):
    """What an adviser looks through."""

    OPEN = "open"
    ANSWERED = "answered"
    ALL = "all"


_FACTS = """
    q.id, q.person_id, q.agent_id, q.mandate_id, q.area_code, q.state, q.adviser_id, q.justice_at,
    q.posts, q.answered_at, q.answered_by, q.detached_at IS NOT NULL,
    (SELECT coalesce(jsonb_object_agg(v.person_id, v.id), '{}')
     FROM question_recipients r JOIN advisers v ON v.id = r.adviser_id
     WHERE r.question_id = q.id AND v.person_id IS NOT NULL)
"""
_FACTS_COUNT = 13


def facts(question_id: UUID, *, held: bool = False) -> Facts | None:
    """What decides about a question; ``held`` until the transaction ends."""
    lock = " FOR NO KEY UPDATE" if held else ""
    row = fetch_one(f"SELECT {_FACTS} FROM questions q WHERE q.id = %s{lock}", (question_id,))
    return None if row is None else _facts(row)


def _facts(row: Sequence[Any]) -> Facts:
    values = list(row)
    values[5] = State(values[5])
    values[-1] = {UUID(person): UUID(adviser) for person, adviser in values[-1].items()}
    return Facts(*values)


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as it stands; what is encrypted is still sealed."""

    facts: Facts
    topic: str
    text_encrypted: bytes | None
    opposing_encrypted: bytes | None
    since_on: date | None
    limitation_on: date | None
    attachment_ids: list[str]
    keep_private: bool
    asked_at: datetime
    due_at: datetime
    person_name: str
    agent_name: str | None
    area_name: str
    adviser: dict[str, Any] | None
    rating: dict[str, Any] | None
    posts: list[dict[str, Any]]
    """In order, each with its words `sealed`."""


def shown(question_id: UUID) -> Shown | None:
    """One question; whether the reader may know of it is for the caller to decide."""
    row = fetch_one(
        f"""
        SELECT {_FACTS}, q.topic, q.text_encrypted, q.opposing_encrypted, q.since_on,
            q.limitation_on, q.attachment_ids, q.keep_private, q.asked_at, q.due_at, p.name,
            nullif(g.name, ''), a.full_name,
            CASE WHEN d.id IS NOT NULL THEN
                json_build_object('id', d.id, 'name', d.name, 'firm', d.firm) END,
            CASE WHEN q.score IS NOT NULL THEN
                json_build_object('score', q.score, 'comment', q.comment, 'at', q.rated_at) END,
            (SELECT coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'seq', t.seq, 'at', t.at,
                'role', t.role, 'name', coalesce(v.name, w.name), 'author_id', t.author_id,
                'sealed', encode(t.text_encrypted, 'base64'),
                'attachment_ids', t.attachment_ids) ORDER BY t.seq), '[]')
             FROM question_posts t JOIN people w ON w.id = t.author_id
             LEFT JOIN advisers v ON v.id = t.adviser_id
             WHERE t.question_id = q.id)
        FROM questions q
        JOIN people p ON p.id = q.person_id
        JOIN areas a ON a.code = q.area_code
        LEFT JOIN people g ON g.id = q.agent_id
        LEFT JOIN advisers d ON d.id = q.adviser_id
        WHERE q.id = %s
        """,
        (question_id,),
    )
    if row is None:
        return None
    return Shown(_facts(row[:_FACTS_COUNT]), *row[_FACTS_COUNT:])


@dataclass(frozen=True, slots=True)
class Listed:
    """One question in a list, its words still sealed, with the key it is sorted by."""

    id: UUID
    text_encrypted: bytes | None
    person_id: UUID
    person_name: str
    limitation_on: date | None
    plain: dict[str, Any]
    key: Key


_PLAIN = """
    q.id, q.text_encrypted, q.person_id, p.name, q.limitation_on,
    json_build_object('id', q.id, 'topic', q.topic, 'state', q.state, 'asked_at', q.asked_at,
        'due_at', q.due_at, 'overdue', q.state = 'open' AND q.due_at < %s,
        'adviser_name', d.name)
"""
_JOINED = """
    questions q JOIN people p ON p.id = q.person_id LEFT JOIN advisers d ON d.id = q.adviser_id
"""


def own(actor: Actor, after: Key | None, limit: int, now: datetime) -> list[Listed]:
    """Those of the actor and of those they act for, the last asked first."""
    asked_at, last_id = after or (None, None)
    rows = fetch_all(
        f"""
        SELECT {_PLAIN}, q.asked_at FROM {_JOINED}
        WHERE (q.person_id = %s OR q.mandate_id = ANY(%s))
            AND (%s::timestamptz IS NULL OR (q.asked_at, q.id) < (%s::timestamptz, %s::uuid))
        ORDER BY q.asked_at DESC, q.id DESC LIMIT %s
        """,
        (
            now,
            actor.id,
            [mandate.id for mandate in actor.mandates],
            asked_at,
            asked_at,
            last_id,
            limit,
        ),
    )
    return [Listed(*[*row[:6], (row[6], row[0])]) for row in rows]


_RANK = "CASE WHEN q.state <> 'open' THEN 2 WHEN q.limitation_on <= %s THEN 0 ELSE 1 END"
_TIME = """
    (extract(epoch FROM q.due_at) * 1000000)::bigint * CASE q.state WHEN 'open' THEN 1 ELSE -1 END
"""


def queue(actor: Actor, which: Which, after: Key | None, limit: int, now: datetime) -> list[Listed]:
    """Those the actor may answer: with little left of the limitation first, then what is due
    first; then what is not open, the last first."""
    urgent_until = date.fromordinal(now.astimezone(LOCAL).date().toordinal() + URGENT_DAYS)
    mine, params = _to_answer(actor)
    states = [state.value for state in State] if which is Which.ALL else [which.value]
    beyond = ""
    if after is not None:
        beyond = f" AND ({_RANK}, {_TIME}, q.id) > (%s, %s, %s::uuid)"
        after = (urgent_until, *after)
    rows = fetch_all(
        f"""
        SELECT {_PLAIN}, {_RANK}, {_TIME} FROM {_JOINED}
        WHERE {mine} AND q.state = ANY(%s) AND q.detached_at IS NULL AND q.person_id <> %s{beyond}
        ORDER BY 7, 8, q.id LIMIT %s
        """,
        (now, urgent_until, *params, states, actor.id, *(after or ()), limit),
    )
    return [Listed(*[*row[:6], (row[6], row[7], row[0])]) for row in rows]


def _to_answer(actor: Actor) -> tuple[str, list[Any]]:
    allowed, params = ["false"], list[Any]()
    if actor.has(Role.ADVISER):
        allowed.append(
            "q.id IN (SELECT r.question_id FROM question_recipients r"
            " JOIN advisers v ON v.id = r.adviser_id WHERE v.person_id = %s)"
        )
        params.append(actor.id)
    if areas := list(actor.area_codes(Role.JUSTICE)):
        allowed.append("(q.justice_at IS NOT NULL AND q.area_code ^@ ANY(%s))")
        params.append(areas)
    return f"({' OR '.join(allowed)})", params


def open_of(person_id: UUID) -> int:
    """How many of the person's questions wait for an answer."""
    row = fetch_one(
        "SELECT count(*) FROM questions WHERE person_id = %s AND state = 'open'", (person_id,)
    )
    return int(row[0]) if row else 0


def overdue(now: datetime, limit: int) -> list[tuple[UUID, str]]:
    """Questions nobody answered in time and that were not handed on, the longest due first, each
    with its area's code."""
    return fetch_all(
        "SELECT id, area_code FROM questions"
        " WHERE state = 'open' AND handed_at IS NULL AND due_at <= %s ORDER BY due_at, id LIMIT %s",
        (now, limit),
    )


def answers_of(question_id: UUID, adviser_id: UUID) -> list[tuple[UUID, bytes, int | None]]:
    """What one adviser answered, in order: id, the sealed words, the minutes it took."""
    return fetch_all(
        "SELECT id, text_encrypted, minutes FROM question_posts"
        " WHERE question_id = %s AND adviser_id = %s AND text_encrypted IS NOT NULL ORDER BY seq",
        (question_id, adviser_id),
    )


def held_of(person_id: UUID) -> list[UUID]:
    """The person's own questions, the last asked first."""
    rows = fetch_all(
        "SELECT id FROM questions WHERE person_id = %s ORDER BY asked_at DESC, id DESC",
        (person_id,),
    )
    return [question_id for (question_id,) in rows]
