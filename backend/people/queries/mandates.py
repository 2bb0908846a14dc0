"""Mandates as their two parties see them, and as others ask about them."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from backend.kernel.actor import Scope
from backend.kernel.db import fetch_one
from backend.people.queries.actors import live_mandate as is_live
from backend.people.rules import KEPT_AFTER_END

_VIEW = f"""
    json_build_object(
        'id', m.id,
        'kind', CASE m.method WHEN 'recorded' THEN 'grid_worker' ELSE 'relative' END,
        'state', CASE
            WHEN m.revoked_at IS NOT NULL THEN 'revoked'
            WHEN m.granted_at IS NULL THEN 'asked'
            WHEN {is_live("m", "moment.at")} THEN 'active'
            ELSE 'expired' END,
        'scopes', m.scopes,
        'principal', json_build_object('id', p.id, 'name', p.name),
        'agent', json_build_object('id', a.id, 'name', a.name),
        'valid_until', coalesce(m.valid_until, moment.at + m.valid_days * interval '1 day'),
        'created_at', m.created_at)
"""

_SHOWN = """
    (SELECT %s::timestamptz AS at) moment, mandates m
    JOIN people p ON p.id = m.principal_id JOIN people a ON a.id = m.agent_id
"""

_OPEN = "(m.granted_at IS NULL AND m.revoked_at IS NULL AND m.open_until > moment.at)"

_SEEN_BY_PRINCIPAL = f"(m.granted_at IS NOT NULL OR {_OPEN})"
"""Whom one asked in vain is never told from whom there is not: an agent sees what was granted."""


def mandates_of(person_id: UUID, now: datetime) -> str:
    """``{given: [Mandate], received: [Mandate]}`` as JSON text, newest first.

    What ended longer than ``rules.KEPT_AFTER_END`` ago is left out.
    """
    recent = "coalesce(m.revoked_at, m.valid_until, m.open_until) > moment.at - %s"
    given, received = (
        f"coalesce((SELECT json_agg({_VIEW} ORDER BY m.id DESC) FROM {_SHOWN}"
        f" WHERE {condition} AND {recent}), '[]')"
        for condition in (
            f"m.principal_id = %s AND {_SEEN_BY_PRINCIPAL}",
            "m.agent_id = %s AND m.granted_at IS NOT NULL",
        )
    )
    row = fetch_one(
        f"SELECT json_build_object('given', {given}, 'received', {received})::text",
        (now, person_id, KEPT_AFTER_END) * 2,
    )
    assert row is not None
    return str(row[0])


class Recorded(NamedTuple):
    """A mandate as JSON text, and how the consent was recorded, if it was."""

    json: str
    how: str | None
    statement: bytes | None


def mandate(person_id: UUID, mandate_id: UUID, now: datetime) -> Recorded | None:
    """One mandate as one of its parties sees it; None for anybody else."""
    row = fetch_one(
        f"""
        SELECT {_VIEW}::text, m.how, m.statement_encrypted FROM {_SHOWN}
        WHERE m.id = %s AND (
            (m.principal_id = %s AND {_SEEN_BY_PRINCIPAL})
            OR (m.agent_id = %s AND m.granted_at IS NOT NULL))
        """,
        (now, mandate_id, person_id, person_id),
    )
    return Recorded(*row) if row else None


def is_party(person_id: UUID, mandate_id: UUID) -> bool:
    """Whether the mandate was granted by the person, or to them."""
    row = fetch_one(
        "SELECT FROM mandates WHERE id = %s AND granted_at IS NOT NULL"
        " AND %s IN (principal_id, agent_id)",
        (mandate_id, person_id),
    )
    return row is not None


class Parties(NamedTuple):
    """Between whom a mandate is; ``open`` while it waits to be confirmed."""

    principal_id: UUID
    agent_id: UUID
    open: bool


def parties(mandate_id: UUID, now: datetime) -> Parties | None:
    """Between whom the mandate is; None for a code nobody has used, and for what is forgotten."""
    row = fetch_one(
        f"SELECT m.principal_id, m.agent_id, {_OPEN}"
        " FROM (SELECT %s::timestamptz AS at) moment, mandates m"
        " WHERE m.id = %s AND m.agent_id IS NOT NULL",
        (now, mandate_id),
    )
    return Parties(*row) if row else None


class LiveMandate(NamedTuple):
    """A consent in force, and for whom."""

    id: UUID
    principal_id: UUID
    principal_name: str
    scopes: frozenset[Scope]


def live_mandate(agent_id: UUID, mandate_id: UUID, now: datetime) -> LiveMandate | None:
    """The mandate, if it is the agent's and in force now.

    In a transaction it stays in force until the end: taking it back waits, or has come before.
    """
    row = fetch_one(
        f"""
        SELECT m.id, m.principal_id, p.name, m.scopes
        FROM (SELECT %s::timestamptz AS at) moment, mandates m
        JOIN people p ON p.id = m.principal_id
        WHERE m.id = %s AND m.agent_id = %s AND {is_live("m", "moment.at")}
        FOR SHARE OF m
        """,
        (now, mandate_id, agent_id),
    )
    if row is None:
        return None
    found_id, principal_id, name, scopes = row
    return LiveMandate(found_id, principal_id, name, frozenset(map(Scope, scopes)))
