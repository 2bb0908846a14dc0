"""Who presents a token, and what they may do at this moment."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.kernel.actor import Actor, Grant, Mandate, Role, Scope
from backend.kernel.db import fetch_one


def live_grant(grant: str, at: str) -> str:
    """SQL: whether the role grant is in force at the moment; both are SQL too."""
    return (
        f"({grant}.revoked_at IS NULL AND {grant}.valid_from <= {at}"
        f" AND ({grant}.valid_until IS NULL OR {grant}.valid_until > {at}))"
    )


def live_mandate(mandate: str, at: str) -> str:
    """SQL: whether the mandate is in force at the moment.

    One that a grid worker recorded ends with the role it was recorded in.
    """
    return (
        f"({mandate}.revoked_at IS NULL AND {mandate}.valid_until > {at}"
        f" AND ({mandate}.role_grant_id IS NULL OR EXISTS ("
        f"SELECT FROM role_grants w WHERE w.id = {mandate}.role_grant_id"
        f" AND {live_grant('w', at)})))"
    )


_ACTOR = f"""
    p.id, p.name, p.language, p.home_area_code,
    (SELECT json_agg(json_build_array(g.role, g.unit_id, g.area_code) ORDER BY g.id)
     FROM role_grants g WHERE g.person_id = p.id AND {live_grant("g", "moment.at")}),
    (SELECT json_agg(json_build_array(m.id, m.principal_id, m.scopes) ORDER BY m.id)
     FROM mandates m WHERE m.agent_id = p.id AND {live_mandate("m", "moment.at")})
"""


def actor_by_token(digest: bytes, now: datetime) -> tuple[Actor, date] | None:
    """Whose open session has this token, and the day it was last used: one query.

    Grants and mandates are read with it: one that was taken back or has run out is gone at once.
    """
    row = fetch_one(
        f"""
        SELECT {_ACTOR}, s.id, s.last_seen_on
        FROM (SELECT %s::timestamptz AS at) moment, sessions s JOIN people p ON p.id = s.person_id
        WHERE (s.token_digest = %s
                OR (s.previous_token_digest = %s AND s.previous_expires_at > moment.at))
            AND s.revoked_at IS NULL AND s.expires_at > moment.at AND p.closed_at IS NULL
        """,
        (now, digest, digest),
    )
    if row is None:
        return None
    *person, session_id, last_seen_on = row
    return _actor(person, session_id), last_seen_on


def actor_of(person_id: UUID, now: datetime) -> Actor | None:
    """The person as they would be if signed in now; None for nobody, and for a closed account."""
    row = fetch_one(
        f"SELECT {_ACTOR} FROM (SELECT %s::timestamptz AS at) moment, people p"
        " WHERE p.id = %s AND p.closed_at IS NULL",
        (now, person_id),
    )
    return _actor(row) if row else None


def _actor(row: Sequence[Any], session_id: UUID | None = None) -> Actor:
    person_id, name, language, home_area_code, grants, mandates = row
    return Actor(
        id=person_id,
        name=name,
        language=language,
        home_area_code=home_area_code,
        grants=tuple(_grant(*grant) for grant in grants or ()),
        mandates=tuple(_mandate(*mandate) for mandate in mandates or ()),
        session_id=session_id,
    )


def _grant(role: str, unit_id: str | None, area_code: str | None) -> Grant:
    return Grant(Role(role), None if unit_id is None else UUID(unit_id), area_code)


def _mandate(mandate_id: str, principal_id: str, scopes: Sequence[str]) -> Mandate:
    return Mandate(UUID(mandate_id), UUID(principal_id), frozenset(map(Scope, scopes)))
