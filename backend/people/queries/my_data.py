"""What is held about a person, for the person."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from backend.kernel.audit import PERSONAL_DATA_READ
from backend.kernel.db import db, fetch_all
from backend.people.queries.actors import live_grant


class Matter(NamedTuple):
    """A subject of another feature, such as a request."""

    kind: str
    id: UUID


class Access(NamedTuple):
    """One reading of personal data: by whom, what, and for which matter."""

    at: datetime
    id: UUID
    by_name: str
    unit_name: str | None
    fields: list[str]
    matter: Matter | None


def accesses(
    person_id: UUID,
    language: str,
    *,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[Access]:
    """Who read the person's data, newest first, behind the place given.

    The name is the reader's of today, empty for a closed account; the unit is the one they were in
    when they read.
    """
    before, before_id = after or (None, None)
    rows = fetch_all(
        """
        SELECT a.at, a.id, coalesce(b.name, ''), u.name, coalesce(a.details->'fields', '[]'),
            a.details->>'for_kind', (a.details->>'for_id')::uuid
        FROM audit_log a LEFT JOIN people b ON b.id = a.actor_id
        LEFT JOIN LATERAL (
            SELECT CASE %s WHEN 'en' THEN u.name_en ELSE u.name END AS name
            FROM role_grants g JOIN units u ON u.id = g.unit_id
            WHERE g.person_id = a.actor_id AND g.valid_from <= a.at
                AND (g.valid_until IS NULL OR g.valid_until > a.at)
                AND (g.revoked_at IS NULL OR g.revoked_at > a.at)
            ORDER BY g.id LIMIT 1) u ON true
        WHERE a.subject_kind = 'person' AND a.subject_id = %s AND a.action = %s
            AND (%s::timestamptz IS NULL OR (a.at, a.id) < (%s::timestamptz, %s::uuid))
        ORDER BY a.at DESC, a.id DESC LIMIT %s
        """,
        (language, person_id, PERSONAL_DATA_READ, before, before, before_id, limit),
    )
    return [
        Access(
            at,
            entry_id,
            by_name,
            unit_name,
            fields,
            Matter(kind, matter_id) if kind and matter_id else None,
        )
        for at, entry_id, by_name, unit_name, fields, kind, matter_id in rows
    ]


def profile(person_id: UUID) -> dict[str, Any]:
    """The person's own row; what is sealed is still sealed."""
    (found,) = _all(
        """
        SELECT p.name, p.language, p.home_area_code, a.full_name AS home_area, p.wechat_openid,
            p.wechat_unionid, p.phone_encrypted, p.phone_verified_at, p.id_number_encrypted,
            p.address_encrypted, p.created_at
        FROM people p LEFT JOIN areas a ON a.code = p.home_area_code WHERE p.id = %s
        """,
        person_id,
    )
    return found


def sessions_held(person_id: UUID) -> list[dict[str, Any]]:
    """The person's sessions, without their tokens."""
    return _all(
        "SELECT created_at, expires_at, renewed_at, last_seen_on, revoked_at FROM sessions"
        " WHERE person_id = %s ORDER BY created_at",
        person_id,
    )


def roles_held(person_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """Every role the person holds or has held."""
    return _all(
        f"""
        SELECT g.role, u.name AS unit, a.full_name AS area, g.valid_from, g.valid_until,
            g.revoked_at, {live_grant("g", "moment.at")} AS in_force
        FROM (SELECT %s::timestamptz AS at) moment, role_grants g
        LEFT JOIN units u ON u.id = g.unit_id LEFT JOIN areas a ON a.code = g.area_code
        WHERE g.person_id = %s ORDER BY g.id
        """,
        now,
        person_id,
    )


def mandates_held(person_id: UUID) -> list[dict[str, Any]]:
    """Every mandate the person was part of; the statement is still sealed.

    What the person asked for in vain is left out, as everywhere: it would tell who exists.
    """
    return _all(
        """
        SELECT m.id, p.name AS principal, a.name AS agent, m.method, m.how, m.scopes, m.created_at,
            m.granted_at, m.valid_until, m.revoked_at, m.statement_encrypted
        FROM mandates m JOIN people p ON p.id = m.principal_id
        LEFT JOIN people a ON a.id = m.agent_id
        WHERE m.principal_id = %s OR (m.agent_id = %s AND m.granted_at IS NOT NULL)
        ORDER BY m.id
        """,
        person_id,
        person_id,
    )


def changes(person_id: UUID) -> list[dict[str, Any]]:
    """What else the log has about the person: when, what, and which fields."""
    return _all(
        "SELECT at, action, details->'fields' AS fields FROM audit_log"
        " WHERE subject_kind = 'person' AND subject_id = %s AND action <> %s ORDER BY at, id",
        person_id,
        PERSONAL_DATA_READ,
    )


def _all(sql: str, *params: Any) -> list[dict[str, Any]]:
    found = db.execute_sql(sql, params)
    names = [column.name for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
