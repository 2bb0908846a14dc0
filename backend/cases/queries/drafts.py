"""Cases as their authors and those who approve them see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from backend.cases.ports import SourceKind
from backend.cases.rules import (
    APPROVERS,
    SEEN_BY_APPROVERS,
    Standing,
    State,
    Texts,
    from_plain,
)
from backend.kernel.actor import Actor
from backend.kernel.db import fetch_all, fetch_one


class Page(NamedTuple):
    """JSON text of the items, and the sort key behind the last one."""

    items: str
    next_key: tuple[Any, ...] | None


class Told(NamedTuple):
    """What telling people of a case needs to know."""

    author_id: UUID | None
    area_code: str
    area_name: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as it is kept; what was sealed still is."""

    id: UUID
    version: int
    standing: Standing
    topic: str
    categories: list[str]
    texts: Texts
    """In Chinese."""
    source: tuple[SourceKind, UUID] | None
    person_id: UUID | None
    original_encrypted: bytes | None
    reason_encrypted: bytes | None
    adviser_name: str | None
    updated_at: datetime
    published_at: datetime | None

    def from_matter(self) -> tuple[SourceKind, UUID]:
        """What it was made from. Raises ValueError for a sample."""
        if self.source is None:
            raise ValueError("a sample was made from nothing")
        return self.source


def _visible(actor: Actor) -> tuple[str, list[Any]]:
    """The SQL of `rules.side` being there."""
    return (
        "(c.author_id = %s OR c.state = ANY(%s) AND c.area_code ^@ ANY(%s))",
        [actor.id, list(SEEN_BY_APPROVERS), list(actor.area_codes(*APPROVERS))],
    )


def one(actor: Actor, case_id: UUID, *, hold: bool = False) -> CaseRow | None:
    """A case this actor may know of, held for the transaction if it is to change."""
    visible, params = _visible(actor)
    row = fetch_one(
        f"""
        SELECT c.id, c.version, c.state, c.author_id, c.area_code, c.topic, c.categories,
            c.texts -> 'zh-CN', c.source_kind, c.source_id, c.person_id, c.original_encrypted,
            c.reason_encrypted,
            (SELECT a.name FROM advisers a WHERE a.id = c.adviser_id),
            c.updated_at, c.published_at
        FROM cases c WHERE c.id = %s AND {visible} {"FOR UPDATE" if hold else ""}
        """,
        (case_id, *params),
    )
    if row is None:
        return None
    found_id, version, state, author_id, area_code, topic, categories, texts, kind, source = row[
        :10
    ]
    return CaseRow(
        found_id,
        version,
        Standing(State(state), author_id, area_code),
        topic,
        categories,
        from_plain(texts),
        None if kind is None else (SourceKind(kind), source),
        *row[10:],
    )


def drafts(actor: Actor, state: State | None, after: tuple[Any, ...] | None, limit: int) -> Page:
    """The actor's own cases and those of the areas they approve for, the last changed first.

    What was withdrawn is listed only when asked for.
    """
    visible, params = _visible(actor)
    conditions = [visible, "c.state <> 'withdrawn'" if state is None else "c.state = %s"]
    if state is not None:
        params.append(state)
    if after is not None:
        conditions.append("(c.updated_at, c.id) < (%s::timestamptz, %s::uuid)")
        params += after
    rows = fetch_all(
        f"""
        SELECT json_build_object('id', c.id, 'version', c.version, 'state', c.state,
            'title', c.texts -> 'zh-CN' ->> 'title', 'topic', c.topic,
            'summary', c.texts -> 'zh-CN' ->> 'summary', 'mine', c.author_id = %s,
            'adviser_name', (SELECT a.name FROM advisers a WHERE a.id = c.adviser_id),
            'area_name', (SELECT a.full_name FROM areas a WHERE a.code = c.area_code),
            'updated_at', c.updated_at, 'published_at', c.published_at)::text,
            c.updated_at, c.id
        FROM cases c WHERE {" AND ".join(conditions)}
        ORDER BY c.updated_at DESC, c.id DESC LIMIT %s
        """,
        (actor.id, *params, limit + 1),
    )
    return paged(rows, limit)


def told(case_id: UUID) -> Told | None:
    """Whose case it is, and where."""
    row = fetch_one(
        "SELECT c.author_id, c.area_code, a.full_name"
        " FROM cases c JOIN areas a ON a.code = c.area_code WHERE c.id = %s",
        (case_id,),
    )
    return None if row is None else Told(*row)


def case_of(kind: str, source_id: UUID) -> UUID | None:
    """The case a matter was made into, unless it was withdrawn."""
    row = fetch_one(
        "SELECT id FROM cases WHERE source_kind = %s AND source_id = %s AND state <> 'withdrawn'",
        (kind, source_id),
    )
    return row[0] if row else None


def made_of(actor: Actor, kind: str, source_id: UUID) -> UUID | None:
    """The case a matter was made into, if the actor may know of it or everybody does."""
    visible, params = _visible(actor)
    row = fetch_one(
        "SELECT c.id FROM cases c WHERE c.source_kind = %s AND c.source_id = %s"
        f" AND c.state <> 'withdrawn' AND (c.state = 'published' OR {visible})",
        (kind, source_id, *params),
    )
    return row[0] if row else None


def paged(rows: Sequence[tuple[Any, ...]], limit: int) -> Page:
    """A page of rows of JSON text and sort key, of which one more than ``limit`` was asked for."""
    items = ",".join(row[0] for row in rows[:limit])
    return Page(f"[{items}]", tuple(rows[limit - 1][1:]) if len(rows) > limit else None)
