"""Meetings: one in full, and lists of them as JSON text."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from backend.bookings.queries import BOOKING, JOINED
from backend.bookings.rules import State
from backend.consultations.rules.meetings import Facts
from backend.kernel.actor import Actor
from backend.kernel.clock import LOCAL
from backend.kernel.db import fetch_all, fetch_one

Key = tuple[str, str]
"""Start and id of the last meeting of a page."""


class When(StrEnum):
    """Which of one's meetings: those that are agreed and not over, or all others."""

    COMING = "coming"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Page:
    """JSON text of an array, and the sort key behind its last item if there are more."""

    items: str
    next_key: tuple[Any, ...] | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting as it stands; what is encrypted is still sealed."""

    facts: Facts
    booking: str
    """JSON text of the booking, less whose it is."""
    json: str
    """The rest of ``Consultation`` as JSON text, less what depends on who reads it."""
    limitation_on: date | None
    keep_private: bool
    person_name: str
    agent_name: str | None
    rating: str | None
    """JSON text."""
    facts_encrypted: bytes | None
    opposing_encrypted: bytes | None
    opinion_encrypted: bytes | None


_FROM = f"""
    {JOINED} JOIN consultations c ON c.booking_id = b.id JOIN advisers v ON v.id = c.adviser_id
    JOIN people p ON p.id = c.person_id
"""

_FACTS = """
    c.id, c.booking_id, c.adviser_id, v.person_id, c.person_id, c.agent_id, c.mandate_id,
    c.entered_by, c.area_code, c.topic, c.served_at, b.state, b.starts_at, b.ends_at,
    b.starts_at - res.cancel_minutes * interval '1 minute', c.detached_at IS NOT NULL
"""

_MEETING = f"""
    SELECT {_FACTS},
        {BOOKING}::text,
        json_build_object('id', c.id,
            'adviser', json_build_object('id', v.id, 'name', v.name, 'firm', v.firm,
                'phone', v.phone),
            'area', json_build_object('code', c.area_code, 'full_name', a.full_name),
            'topic', c.topic, 'since_on', c.since_on, 'keep_private', c.keep_private,
            'minutes', c.minutes, 'served_at', c.served_at)::text,
        c.limitation_on, c.keep_private, p.name, e.name,
        CASE WHEN c.score IS NOT NULL THEN json_build_object(
            'score', c.score, 'comment', c.comment, 'at', c.rated_at)::text END,
        c.facts_encrypted, c.opposing_encrypted, c.opinion_encrypted
    FROM {_FROM} JOIN areas a ON a.code = c.area_code LEFT JOIN people e ON e.id = c.agent_id
"""


def meeting(consultation_id: UUID) -> Meeting | None:
    """One meeting; whether the reader may know of it is for the caller to decide."""
    row = fetch_one(f"{_MEETING} WHERE c.id = %s", (consultation_id,))
    return None if row is None else _meeting(row)


def meeting_of(booking_id: UUID) -> Meeting | None:
    """What a booking is about, if it is a meeting with an adviser."""
    row = fetch_one(f"{_MEETING} WHERE c.booking_id = %s", (booking_id,))
    return None if row is None else _meeting(row)


def facts(consultation_id: UUID) -> Facts | None:
    """What decides about a meeting."""
    row = fetch_one(f"SELECT {_FACTS} FROM {_FROM} WHERE c.id = %s", (consultation_id,))
    return None if row is None else _facts(row)


def _meeting(row: tuple[Any, ...]) -> Meeting:
    return Meeting(_facts(row[:_COUNT]), *row[_COUNT:])


_COUNT = len(fields(Facts))


def _facts(row: tuple[Any, ...]) -> Facts:
    values = dict(zip(Facts.__slots__, row, strict=True))
    return Facts(**{**values, "state": State(values["state"])})


_COMING = "(b.state IN ('booked', 'checked_in') AND b.ends_at > %s)"


def own(actor: Actor, when: When, after: Key | None, limit: int, now: datetime) -> Page:
    """``OwnMeeting`` of the actor and of those they act for: what is coming by time, what is past
    the latest first."""
    coming = when is When.COMING
    order, beyond = ("ASC", ">") if coming else ("DESC", "<")
    mandates = [mandate.id for mandate in actor.mandates]
    starts_at, last_id = after or (None, None)
    rows = fetch_all(
        f"""
        SELECT json_build_object('id', c.id, 'adviser_name', v.name, 'topic', c.topic,
                'state', b.state, 'starts_at', b.starts_at, 'ends_at', b.ends_at,
                'mode', b.mode, 'place', b.place,
                'for_name', CASE WHEN c.person_id <> %s THEN p.name END,
                'displaced', b.displaced_at IS NOT NULL AND b.state = 'booked')::text,
            b.starts_at, c.id
        FROM {_FROM}
        WHERE (c.person_id = %s OR c.mandate_id = ANY(%s)) AND {"" if coming else "NOT"} {_COMING}
            AND (%s::timestamptz IS NULL
                OR (b.starts_at, c.id) {beyond} (%s::timestamptz, %s::uuid))
        ORDER BY b.starts_at {order}, c.id {order} LIMIT %s
        """,
        (actor.id, actor.id, mandates, now, starts_at, starts_at, last_id, limit + 1),
    )
    shown = rows[:limit]
    next_key = tuple(shown[-1][1:]) if len(rows) > limit else None
    return Page(f"[{','.join(text for text, *_ in shown)}]", next_key)


def agenda(
    adviser_id: UUID, period: tuple[datetime, datetime], soon_on: date, nobody: str, now: datetime
) -> str:
    """``Agenda`` as JSON text: the meetings that begin within the period, those to record, and
    those to come whose limitation ends on ``soon_on`` or before. One query.

    ``nobody`` stands where the account is closed.
    """
    today = now.astimezone(LOCAL).date()
    item = """json_build_object('id', c.id, 'starts_at', b.starts_at, 'ends_at', b.ends_at,
        'mode', b.mode, 'place', b.place, 'state', b.state, 'topic', c.topic,
        'person_name', coalesce(nullif(p.name, ''), q.nobody),
        'days_left', c.limitation_on - q.today,
        'displaced', b.displaced_at IS NOT NULL AND b.state = 'booked')"""
    open_ = "b.state IN ('booked', 'checked_in')"
    row = fetch_one(
        f"""
        SELECT json_build_object(
            'urgent', coalesce(json_agg({item} ORDER BY c.limitation_on, b.starts_at, c.id)
                FILTER (WHERE {open_} AND b.ends_at > q.now AND c.limitation_on <= q.soon), '[]'),
            'items', coalesce(json_agg({item} ORDER BY b.starts_at, c.id)
                FILTER (WHERE b.starts_at >= q.since AND b.starts_at < q.until
                    AND b.state NOT IN ('cancelled', 'expired')), '[]'),
            'to_record', coalesce(json_agg({item} ORDER BY b.starts_at, c.id)
                FILTER (WHERE {open_} AND b.ends_at <= q.now), '[]'),
            'waiting', (SELECT count(*) FROM booking_waits w
                JOIN booking_resources r ON r.key = w.resource_key
                WHERE r.id = %s AND w.state = 'waiting'))::text
        FROM (SELECT %s::timestamptz AS now, %s::date AS today, %s::date AS soon,
                %s::timestamptz AS since, %s::timestamptz AS until, %s::text AS nobody) q, {_FROM}
        WHERE c.adviser_id = %s AND (b.starts_at >= q.since AND b.starts_at < q.until OR {open_})
        """,
        (adviser_id, now, today, soon_on, *period, nobody, adviser_id),
    )
    assert row is not None
    return str(row[0])
