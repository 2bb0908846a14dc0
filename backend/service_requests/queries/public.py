"""Public requests, for everybody: what a village is waiting for, without anybody's data.

What is here never asks who is looking, so it shows only what is `PUBLISHED`, which a complaint is
not. Followers are counted exactly, however few: it is known of a request how many follow it, and of
nobody that they do.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from backend.areas.rules import DIGITS, Level, ancestor
from backend.kernel.actor import Actor
from backend.kernel.db import fetch_all, fetch_one
from backend.kernel.json import dumps, merge
from backend.kernel.text import bigrams
from backend.service_requests.queries.columns import unit_name
from backend.service_requests.queries.gate import Condition
from backend.service_requests.queries.lists import SUMMARY_LENGTH, Page
from backend.service_requests.rules import (
    BY_RESIDENT,
    CLOSED,
    PUBLIC_KINDS,
    State,
    without_personal_data,
)

PUBLISHED = (
    "(r.visibility = 'public' AND r.text_verdict = 'pass' AND NOT r.complaint"
    " AND r.state <> 'withdrawn')"
)
"""The SQL of `rules.publishable`; what was withdrawn is nobody's matter any more."""

SIMILAR_WITHIN = timedelta(days=60)
MOST_SIMILAR = 3
_MOST_TERMS = 200

_VILLAGE_DIGITS = DIGITS[Level.VILLAGE]
_NEWEST_FIRST: Condition = ("r.submitted_at DESC, r.id DESC", [])
_AFTER = "(r.submitted_at, r.id) < (%s::timestamptz, %s::uuid)"


def _members(language: str, viewer: Actor | None) -> Condition:
    """Members of `PublicItem` but the words, which only Python can clean. A grid is too near to a
    door, so the place is the village."""
    return (
        f"""
        'id', r.id, 'category', r.category, 'area_name', (SELECT a.name FROM areas a
            WHERE a.code = left(r.area_code, {_VILLAGE_DIGITS})),
        'state', r.state, 'submitted_at', r.submitted_at, 'updated_at', r.updated_at,
        'unit_name', (SELECT {unit_name(language)} FROM units u WHERE u.id = r.lead_unit_id),
        'followers', (SELECT count(*) FROM follows f WHERE f.request_id = r.id),
        'following', EXISTS (SELECT FROM follows f
            WHERE f.request_id = r.id AND f.person_id = %s)""",
        [viewer and viewer.id],
    )


_WORDS = """
    r.description,
    ARRAY(SELECT p.name FROM people p WHERE p.id IN (r.requester_id, r.agent_id, r.handler_id))"""


def published(area_code: str, language: str, after: tuple[Any, ...] | None, limit: int) -> Page:
    """The public requests (`PublicItem`) of an area and everything below it, newest first."""
    conditions: list[Condition] = [("r.area_code ^@ %s", [area_code])]
    if after is not None:
        conditions.append((_AFTER, list(after)))
    return _page(language, None, conditions, _NEWEST_FIRST, "r.submitted_at, r.id", limit)


def followed(actor: Actor, after: tuple[Any, ...] | None, limit: int) -> Page:
    """The public requests (`PublicItem`) the actor follows, the last one first."""
    conditions: list[Condition] = [("w.person_id = %s", [actor.id])]
    if after is not None:
        conditions.append(("(w.followed_at, r.id) < (%s::timestamptz, %s::uuid)", list(after)))
    return _page(
        actor.language,
        actor,
        conditions,
        ("w.followed_at DESC, r.id DESC", []),
        "w.followed_at, r.id",
        limit,
        "JOIN follows w ON w.request_id = r.id",
    )


def similar(actor: Actor, category: str, area_code: str, text: str, now: datetime) -> bytes:
    """JSON text of up to three public requests (`PublicItem`) that may be about the same.

    Of the same category, in the same village or the area given, of the last 60 days, not closed
    nor handled together with another, and with words in common; those with most in common first.
    """
    terms = list(dict.fromkeys(bigrams(text)))[:_MOST_TERMS]
    if not terms:
        return b"[]"
    query = " | ".join(f"'{term}'" for term in terms)
    near = ancestor(area_code, Level.VILLAGE) or area_code
    conditions: list[Condition] = [
        ("r.category = %s", [category]),
        ("r.area_code ^@ %s", [near]),
        ("r.submitted_at >= %s", [now - SIMILAR_WITHIN]),
        ("NOT r.state = ANY(%s)", [[*CLOSED, State.MERGED]]),
        ("r.search @@ %s::tsquery", [query]),
    ]
    newest, _ = _NEWEST_FIRST
    order = (f"ts_rank(r.search, %s::tsquery) DESC, {newest}", [query])
    return _page(actor.language, actor, conditions, order, "r.id", MOST_SIMILAR).items.encode()


def _page(
    language: str,
    viewer: Actor | None,
    conditions: Sequence[Condition],
    order: Condition,
    keys: str,
    limit: int,
    joined: str = "",
) -> Page:
    members, params = _members(language, viewer)
    by, by_params = order
    where = " AND ".join([PUBLISHED, *(sql for sql, _ in conditions)])
    rows = fetch_all(
        f"SELECT json_build_object({members})::text, {_WORDS}, {keys}"
        f" FROM service_requests r {joined} WHERE {where} ORDER BY {by} LIMIT %s",
        (*params, *(p for _, values in conditions for p in values), *by_params, limit + 1),
    )
    items = [
        merge(json, {"summary": without_personal_data(words, names)[:SUMMARY_LENGTH]})
        for json, words, names, *_ in rows[:limit]
    ]
    more = len(rows) > limit
    return Page(
        items=dumps([orjson.Fragment(item) for item in items]).decode(),
        next_key=tuple(rows[limit - 1][3:]) if more else None,
    )


def one_published(request_id: UUID, language: str) -> bytes | None:
    """`PublicRequest` as JSON; None where there is nothing for everybody to see."""
    members, params = _members(language, None)
    row = fetch_one(
        f"""
        SELECT json_build_object({members},
            'due_at', r.due_at, 'outcome', r.outcome,
            'timeline', (
                SELECT coalesce(json_agg(json_build_object('at', t.at, 'kind', t.kind,
                    'unit_name', CASE WHEN NOT t.kind = ANY(%s) THEN {unit_name(language)} END)
                    ORDER BY t.seq), '[]')
                FROM timeline_events t LEFT JOIN units u ON u.id = t.unit_id
                WHERE t.request_id = r.id AND t.shown_to = 'resident' AND t.kind = ANY(%s)))::text,
            {_WORDS}
        FROM service_requests r WHERE r.id = %s AND {PUBLISHED}
        """,
        (*params, list(BY_RESIDENT), list(PUBLIC_KINDS), request_id),
    )
    if row is None:
        return None
    json, words, names = row
    text = without_personal_data(words, names)
    return merge(json, {"summary": text[:SUMMARY_LENGTH], "text": text})


def is_published(request_id: UUID) -> bool:
    """Whether everybody may read it now."""
    sql = f"SELECT 1 FROM service_requests r WHERE r.id = %s AND {PUBLISHED}"
    return fetch_one(sql, (request_id,)) is not None


def followers(request_id: UUID) -> list[UUID]:
    """Who wants to be told how it goes on; nobody once it is not public any more."""
    rows = fetch_all(
        "SELECT f.person_id FROM follows f JOIN service_requests r ON r.id = f.request_id"
        f" WHERE f.request_id = %s AND {PUBLISHED} ORDER BY f.person_id",
        (request_id,),
    )
    return [person_id for (person_id,) in rows]
