"""Activities as people see them, as JSON made by PostgreSQL."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from backend.areas.rules import Level, ancestor
from backend.kernel.clock import LOCAL
from backend.kernel.db import fetch_all, fetch_one
from backend.volunteering.queries.signups import TO_CONFIRM
from backend.volunteering.rules.times import CONFIRM_WITHIN

Key = tuple[Any, ...]
"""The sort key of the last item of a page."""


class Near(StrEnum):
    """How far from a place somebody looks."""

    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY = "county"


class Desk(StrEnum):
    """What an organiser looks through."""

    DRAFT = "draft"
    COMING = "coming"
    PAST = "past"
    CANCELLED = "cancelled"


def _area(alias: str) -> str:
    return (
        f"json_build_object('code', {alias}.code, 'name', {alias}.name,"
        f" 'full_name', {alias}.full_name)"
    )


_STATE = """
    CASE WHEN a.state <> 'published' OR t.first IS NULL OR {now} < t.first THEN a.state
         WHEN {now} < t.last THEN 'running' ELSE 'finished' END
"""
_SPAN = """
    (SELECT min(starts_at) AS first, max(ends_at) AS last FROM shifts
     WHERE activity_id = a.id AND cancelled_at IS NULL) t
"""
_NOW = "%(now)s::timestamptz"

_ITEM = f"""
    'id', a.id, 'kind', a.kind, 'title', a.title, 'state', {_STATE.format(now=_NOW)},
    'organisation_name', o.name, 'area', {_area("r")}, 'place', a.place,
    'shifts', n.count,
    'next', CASE WHEN n.starts_at IS NOT NULL THEN json_build_object(
        'starts_at', n.starts_at, 'ends_at', n.ends_at, 'left', n.left) END
"""


class Found(NamedTuple):
    """One page: each item as JSON text with its first picture's id, and the key behind the last."""

    items: list[tuple[str, UUID | None]]
    next_key: Key | None


def activities(
    area_code: str | None,
    kind: str | None,
    days: tuple[date, date],
    after: Key | None,
    limit: int,
    now: datetime,
) -> Found:
    """Published activities with a shift to come in these days, the next one first.

    In the area and all below it; None: everywhere.
    """
    since = max(now, datetime.combine(days[0], datetime.min.time(), LOCAL))
    until = datetime.combine(days[1] + timedelta(days=1), datetime.min.time(), LOCAL)
    starts_at, last_id = after or (None, None)
    rows = fetch_all(
        f"""
        SELECT json_build_object({_ITEM})::text, (a.attachment_ids ->> 0)::uuid, n.starts_at, a.id
        FROM activities a
        JOIN volunteer_organisations o ON o.id = a.organisation_id
        JOIN areas r ON r.code = a.area_code
        CROSS JOIN LATERAL {_SPAN}
        CROSS JOIN LATERAL (
            SELECT min(s.starts_at) AS starts_at, count(*) AS count,
                (array_agg(s.ends_at ORDER BY s.starts_at))[1] AS ends_at,
                (array_agg(s.capacity - s.taken ORDER BY s.starts_at))[1] AS left
            FROM shifts s WHERE s.activity_id = a.id AND s.cancelled_at IS NULL
                AND s.starts_at >= %(since)s AND s.starts_at < %(until)s) n
        WHERE a.state = 'published' AND n.starts_at IS NOT NULL
            AND (%(area)s::text IS NULL OR a.area_code ^@ %(area)s)
            AND (%(kind)s::text IS NULL OR a.kind = %(kind)s)
            AND (%(after)s::timestamptz IS NULL
                OR (n.starts_at, a.id) > (%(after)s::timestamptz, %(last)s::uuid))
        ORDER BY n.starts_at, a.id LIMIT %(limit)s
        """,
        {
            "now": now, "since": since, "until": until, "area": area_code, "kind": kind,
            "after": starts_at, "last": last_id, "limit": limit + 1,
        },
    )  # fmt: skip
    return _page(rows, limit)


def organised(
    area_codes: Sequence[str], desk: Desk, after: Key | None, limit: int, now: datetime
) -> Found:
    """Activities of the organisations of these areas, with what waits for their organiser.

    The next first of those to come, else the last made first.
    """
    which = {
        Desk.DRAFT: "a.state = 'draft'",
        Desk.CANCELLED: "a.state = 'cancelled'",
        Desk.COMING: f"a.state = 'published' AND t.last > {_NOW}",
        Desk.PAST: f"a.state = 'published' AND coalesce(t.last <= {_NOW}, true)",
    }[desk]
    rank = "extract(epoch FROM coalesce(n.starts_at, t.first, a.created_at))::bigint"
    if desk is not Desk.COMING:
        rank = f"-{rank}"
    last_rank, last_id = after or (None, None)
    rows = fetch_all(
        f"""
        SELECT json_build_object({_ITEM},
                'to_approve', (SELECT count(*) FROM signups u JOIN shifts s ON s.id = u.shift_id
                    WHERE s.activity_id = a.id AND u.state = 'applied'),
                'to_confirm', (SELECT count(*) FROM signups u JOIN shifts s ON s.id = u.shift_id
                    WHERE s.activity_id = a.id AND {TO_CONFIRM}))::text,
            (a.attachment_ids ->> 0)::uuid, {rank}, a.id
        FROM activities a
        JOIN volunteer_organisations o ON o.id = a.organisation_id
        JOIN areas r ON r.code = a.area_code
        CROSS JOIN LATERAL {_SPAN}
        CROSS JOIN LATERAL (
            SELECT min(s.starts_at) AS starts_at, count(*) AS count,
                (array_agg(s.ends_at ORDER BY s.starts_at))[1] AS ends_at,
                (array_agg(s.capacity - s.taken ORDER BY s.starts_at))[1] AS left
            FROM shifts s WHERE s.activity_id = a.id AND s.cancelled_at IS NULL
                AND s.ends_at > {_NOW}) n
        WHERE o.area_code ^@ ANY(%(areas)s) AND {which}
            AND (%(after)s::bigint IS NULL OR ({rank}, a.id) > (%(after)s::bigint, %(last)s::uuid))
        ORDER BY {rank}, a.id LIMIT %(limit)s
        """,
        {
            "now": now, "confirm": CONFIRM_WITHIN, "areas": list(area_codes), "after": last_rank,
            "last": last_id, "limit": limit + 1,
        },
    )  # fmt: skip
    return _page(rows, limit)


def _page(rows: list[tuple[Any, ...]], limit: int) -> Found:
    shown = rows[:limit]
    more = len(rows) > limit
    return Found([row[:2] for row in shown], shown[-1][2:] if more else None)


def activity(activity_id: UUID, person_id: UUID, now: datetime) -> dict[str, Any] | None:
    """One activity with its shifts and what is the person's own in it."""
    row = fetch_one(
        f"""
        SELECT json_build_object('id', a.id, 'version', a.version,
            'state', {_STATE.format(now=_NOW)},
            'kind', a.kind, 'title', a.title, 'description', a.description,
            'organisation', json_build_object('id', o.id, 'name', o.name, 'phone', o.phone),
            'area', {_area("r")}, 'place', a.place,
            'contact', json_build_object('name', a.contact_name, 'phone', a.contact_phone),
            'min_age', a.min_age, 'skills', a.skills, 'insured', a.insured,
            'needs_approval', a.needs_approval, 'opens_at', a.opens_at, 'closes_at', a.closes_at,
            'attachment_ids', a.attachment_ids, 'cancelled_reason', a.cancelled_reason,
            'shifts', coalesce((SELECT json_agg(json_build_object(
                'id', s.id, 'version', s.version, 'starts_at', s.starts_at, 'ends_at', s.ends_at,
                'capacity', s.capacity, 'left', s.capacity - s.taken,
                'waiting', (SELECT count(*) FROM signups w
                    WHERE w.shift_id = s.id AND w.state = 'waiting'),
                'note', s.note, 'beat', s.beat, 'cancelled_at', s.cancelled_at,
                'cancelled_reason', s.cancelled_reason,
                'my', (SELECT json_build_object('id', m.id, 'state', m.state) FROM signups m
                    WHERE m.shift_id = s.id AND m.person_id = %(person)s
                    ORDER BY m.ended_at DESC NULLS FIRST, m.id DESC LIMIT 1)
                ) ORDER BY s.starts_at, s.id) FROM shifts s WHERE s.activity_id = a.id), '[]')
        ) FROM activities a
        JOIN volunteer_organisations o ON o.id = a.organisation_id
        JOIN areas r ON r.code = a.area_code
        CROSS JOIN LATERAL {_SPAN}
        WHERE a.id = %(id)s
        """,
        {"now": now, "person": person_id, "id": activity_id},
    )
    return None if row is None else row[0]


def organisations(area_codes: Sequence[str]) -> str:
    """Those of the areas and below as ``{"items": […]}``, the widest area first."""
    row = fetch_one(
        f"""
        SELECT json_build_object('items', coalesce(json_agg(json_build_object('id', o.id,
            'name', o.name, 'area', {_area("r")}, 'phone', o.phone)
            ORDER BY length(o.area_code), o.area_code, o.name), '[]'))::text
        FROM volunteer_organisations o JOIN areas r ON r.code = o.area_code
        WHERE o.area_code ^@ ANY(%s)
        """,
        (list(area_codes),),
    )
    return str(row[0]) if row else '{"items":[]}'


def widened(area_code: str, near: Near) -> str:
    """The area to look in around a place."""
    return ancestor(area_code, Level(near)) or area_code
