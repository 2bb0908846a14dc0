"""Published cases, for everybody. Nothing here asks who is looking."""

from typing import Any
from uuid import UUID

from backend.cases.queries.drafts import Page, paged
from backend.kernel.clock import LOCAL
from backend.kernel.db import fetch_all, fetch_one
from backend.kernel.text import tsquery_text

_PUBLISHED = "c.state = 'published'"
_TEXTS = "CROSS JOIN LATERAL (SELECT coalesce(c.texts -> %s, c.texts -> 'zh-CN')) AS t (told)"
_CARD = f"""
    'id', c.id, 'title', t.told ->> 'title', 'topic', c.topic,
    'published_on', (c.published_at AT TIME ZONE '{LOCAL.key}')::date"""


def published(
    language: str,
    after: tuple[Any, ...] | None,
    limit: int,
    *,
    q: str | None = None,
    topic: str | None = None,
    category: str | None = None,
) -> Page:
    """Cards of published cases (`CaseItem`), newest first.

    With ``q`` those that have all of it in any language, by character pairs.
    """
    conditions, params = [_PUBLISHED], list[Any]()
    if q is not None:
        if not (query := tsquery_text(q)):
            return Page("[]", None)
        conditions.append("c.search @@ %s::tsquery")
        params.append(query)
    if topic is not None:
        conditions.append("c.topic = %s")
        params.append(topic)
    if category is not None:
        conditions.append("c.categories @> ARRAY[%s]")
        params.append(category)
    if after is not None:
        conditions.append("(c.published_at, c.id) < (%s::timestamptz, %s::uuid)")
        params += after
    rows = fetch_all(
        f"""
        SELECT json_build_object({_CARD}, 'summary', t.told ->> 'summary')::text,
            c.published_at, c.id
        FROM cases c {_TEXTS} WHERE {" AND ".join(conditions)}
        ORDER BY c.published_at DESC, c.id DESC LIMIT %s
        """,
        (language, *params, limit + 1),
    )
    return paged(rows, limit)


def one_published(case_id: UUID, language: str) -> str | None:
    """`PublicCase` as JSON text; None where there is nothing for everybody to read."""
    row = fetch_one(
        f"""
        SELECT json_build_object({_CARD}, 'categories', c.categories,
            'story', t.told -> 'story', 'question', t.told -> 'question',
            'answer', t.told -> 'answer', 'steps', t.told -> 'steps',
            'articles', t.told -> 'articles', 'adviser_name', a.name)::text
        FROM cases c {_TEXTS} LEFT JOIN advisers a ON a.id = c.adviser_id
        WHERE c.id = %s AND {_PUBLISHED}
        """,
        (language, case_id),
    )
    return str(row[0]) if row else None
