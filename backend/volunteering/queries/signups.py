"""Sign-ups as their people and the organiser see them, as JSON made by PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from backend.kernel.db import fetch_all, fetch_one
from backend.volunteering.rules.times import CANCEL_BEFORE, CONFIRM_WITHIN

Key = tuple[Any, ...]
"""The sort key of the last item of a page."""

_NOW = "%(now)s::timestamptz"


class When(StrEnum):
    """One's sign-ups to come, or those that are over or came to nothing."""

    COMING = "coming"
    PAST = "past"


TO_CONFIRM = f"""
    (u.state = 'confirmed' AND s.cancelled_at IS NULL AND s.ends_at <= {_NOW}
     AND s.ends_at > {_NOW} - %(confirm)s
     AND NOT EXISTS (SELECT FROM service_hours h WHERE h.signup_id = u.id))
"""
"""SQL: whether the organiser still has to say if somebody was there."""


_SIGNUP = f"""
    json_build_object('id', u.id, 'state', u.state,
        'position', CASE u.state WHEN 'waiting' THEN (SELECT count(*) FROM signups w
            WHERE w.shift_id = u.shift_id AND w.state = 'waiting'
                AND (w.queued_at, w.id) <= (u.queued_at, u.id)) END,
        'offer_until', u.offer_until, 'cancel_until', u.starts_at - %(cancel)s,
        'asked', u.asked_at IS NOT NULL, 'reason', u.reason,
        'shift', json_build_object('id', s.id, 'starts_at', s.starts_at, 'ends_at', s.ends_at,
            'note', s.note, 'beat', s.beat, 'cancelled_reason', s.cancelled_reason),
        'activity', json_build_object('id', a.id, 'title', a.title, 'kind', a.kind,
            'place', a.place, 'organisation_name', o.name,
            'contact', json_build_object('name', a.contact_name, 'phone', a.contact_phone)),
        'in_at', u.in_at, 'out_at', u.out_at, 'kept', u.kept,
        'minutes', h.minutes, 'class', h.class, 'to_confirm', {TO_CONFIRM})
"""
_SIGNUP_FROM = """
    signups u JOIN shifts s ON s.id = u.shift_id
    JOIN activities a ON a.id = s.activity_id
    JOIN volunteer_organisations o ON o.id = a.organisation_id
    JOIN people p ON p.id = u.person_id
    LEFT JOIN service_hours h ON h.signup_id = u.id AND h.current
"""


class SignupRow(NamedTuple):
    """A sign-up as JSON, whose it is and under which consent it was made."""

    shown: dict[str, Any]
    person_id: UUID
    mandate_id: UUID | None
    person_name: str
    runs_in: str


def signup(signup_id: UUID, now: datetime) -> SignupRow | None:
    """One sign-up."""
    row = fetch_one(
        f"SELECT {_SIGNUP}, u.person_id, u.mandate_id, p.name, o.area_code FROM {_SIGNUP_FROM}"
        " WHERE u.id = %(id)s",
        {**_limits(now), "id": signup_id},
    )
    return None if row is None else SignupRow(*row)


def signups_of(
    person_id: UUID,
    mandate_ids: Sequence[UUID],
    when: When,
    after: Key | None,
    limit: int,
    now: datetime,
) -> tuple[list[SignupRow], Key | None]:
    """Those of the person and under these consents: to come, the next first; or the others, the
    last first."""
    live = f"(u.state IN ('applied', 'waiting', 'offered', 'confirmed') AND u.ends_at > {_NOW})"
    coming = when is When.COMING
    order, beyond = ("ASC", ">") if coming else ("DESC", "<")
    starts_at, last_id = after or (None, None)
    rows = fetch_all(
        f"""
        SELECT {_SIGNUP}, u.person_id, u.mandate_id, p.name, o.area_code, u.starts_at, u.id
        FROM {_SIGNUP_FROM}
        WHERE (u.person_id = %(person)s OR u.mandate_id = ANY(%(mandates)s))
            AND {"" if coming else "NOT "}{live}
            AND (%(after)s::timestamptz IS NULL
                OR (u.starts_at, u.id) {beyond} (%(after)s::timestamptz, %(last)s::uuid))
        ORDER BY u.starts_at {order}, u.id {order} LIMIT %(limit)s
        """,
        {
            **_limits(now), "person": person_id, "mandates": list(mandate_ids),
            "after": starts_at, "last": last_id, "limit": limit + 1,
        },
    )  # fmt: skip
    shown = [SignupRow(*row[:5]) for row in rows[:limit]]
    return shown, rows[limit - 1][5:] if len(rows) > limit else None


class RosterRow(NamedTuple):
    """One line of the roster, with what is still sealed."""

    shown: dict[str, Any]
    person_id: UUID
    phone_encrypted: bytes | None
    born_on_encrypted: bytes | None
    guardian_encrypted: bytes | None


def roster(shift_id: UUID, now: datetime) -> list[RosterRow]:
    """Who signed up: with a place, to be approved, in line, then who does not come."""
    rows = fetch_all(
        f"""
        SELECT json_build_object('signup_id', u.id, 'name', p.name, 'state', u.state,
                'position', CASE u.state WHEN 'waiting' THEN row_number() OVER (
                    PARTITION BY u.state ORDER BY u.queued_at, u.id) END,
                'asked', u.asked_at IS NOT NULL, 'skills', coalesce(v.skills, '{{}}'),
                'in_at', u.in_at, 'out_at', u.out_at, 'kept', u.kept, 'hours_id', h.id,
                'from_at', h.starts_at, 'to_at', h.ends_at,
                'minutes', h.minutes, 'class', h.class, 'to_confirm', {TO_CONFIRM}),
            u.person_id, p.phone_encrypted, v.born_on_encrypted, v.guardian_encrypted
        FROM {_SIGNUP_FROM} LEFT JOIN volunteers v ON v.person_id = u.person_id
        WHERE u.shift_id = %(id)s AND (u.ended_at IS NULL OR u.state = 'declined')
        ORDER BY array_position(ARRAY['applied', 'confirmed', 'offered', 'waiting'], u.state),
            u.queued_at, u.id
        """,
        {**_limits(now), "id": shift_id},
    )
    return [RosterRow(*row) for row in rows]


def _limits(now: datetime) -> dict[str, Any]:
    return {"now": now, "cancel": CANCEL_BEFORE, "confirm": CONFIRM_WITHIN}
