"""Signing in with WeChat, and sessions of our own.

A token is 256 random bits, shown once; the database has its SHA-256 only. Renewing replaces it:
the old token works for ``rules.RENEWAL_OVERLAP`` more, so that a client whose answer was lost can
renew again with it. The token of the lost answer is then void, so that at any moment a session has
at most two tokens. A session is not renewed past ``rules.SESSION_MAXIMUM``.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from backend.integrations.wechat import LoginIdentity, WeChat, WeChatError, WeChatRefused
from backend.kernel.actor import Actor
from backend.kernel.clock import LOCAL
from backend.kernel.db import connection, execute, fetch_one, transaction
from backend.kernel.errors import Unauthenticated
from backend.kernel.ids import new_id, new_token, token_digest
from backend.people import queries
from backend.people.errors import (
    WechatCodeInvalid,
    WechatUnavailable,
    WechatUserBlocked,
)
from backend.people.models import Session
from backend.people.rules import KEPT_AFTER_END, RENEWAL_OVERLAP, SESSION_MAXIMUM, session_expiry

_CODE_INVALID = frozenset({40029, 40163})
_USER_BLOCKED = 40226


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session's token, which nobody can read again, and when the session ends."""

    token: str
    expires_at: datetime
    person_id: UUID


def sign_in(
    wechat: WeChat, js_code: str, language: str, now: datetime, *, session_days: int
) -> SignedIn:
    """Open a session for whoever WeChat says holds the code; the first one creates the person.

    Raises WechatCodeInvalid, WechatUserBlocked, WechatUnavailable.
    """
    identity = _identity(wechat, js_code)
    token = new_token("st")
    expires_at = session_expiry(now, now, session_days)
    # A connection only now: none is kept from others while WeChat takes its time.
    with connection(), transaction():
        person_id = _person_of(identity, language, now)
        Session.insert(
            person=person_id,
            token_digest=token_digest(token),
            created_at=now,
            expires_at=expires_at,
            last_seen_on=_day(now),
        ).execute()
    return SignedIn(token, expires_at, person_id)


def _identity(wechat: WeChat, js_code: str) -> LoginIdentity:
    try:
        return wechat.exchange_code(js_code)
    except WeChatRefused as refusal:
        if refusal.errcode in _CODE_INVALID:
            raise WechatCodeInvalid from None
        if refusal.errcode == _USER_BLOCKED:
            raise WechatUserBlocked from None
        raise WechatUnavailable from refusal
    except WeChatError as trouble:
        raise WechatUnavailable from trouble


def _person_of(identity: LoginIdentity, language: str, now: datetime) -> UUID:
    # Two first sign-ins at once meet at the unique openid; both get the one person.
    row = fetch_one(
        """
        INSERT INTO people (id, wechat_openid, wechat_unionid, name, language, created_at)
        VALUES (%s, %s, %s, '', %s, %s)
        ON CONFLICT (wechat_openid) DO UPDATE
            SET wechat_unionid = coalesce(EXCLUDED.wechat_unionid, people.wechat_unionid)
        RETURNING id
        """,
        (new_id(), identity.openid, identity.unionid, language, now),
    )
    assert row is not None
    person_id: UUID = row[0]
    return person_id


def authenticate(token: str, now: datetime) -> Actor | None:
    """Who presents the token, with the roles in force now; None if it opens nothing (any more).

    One query; once a day a second one notes that the session is in use.
    """
    found = queries.actor_by_token(token_digest(token), now)
    if found is None:
        return None
    actor, last_seen_on = found
    if last_seen_on < _day(now):
        execute(
            "UPDATE sessions SET last_seen_on = %s WHERE id = %s AND last_seen_on < %s",
            (_day(now), actor.session_id, _day(now)),
        )
    return actor


def renew(token: str, now: datetime, *, session_days: int) -> SignedIn:
    """A new token for the session of this one. Raises Unauthenticated if it has ended."""
    presented, renewed = token_digest(token), new_token("st")
    row = fetch_one(
        """
        UPDATE sessions s SET
            token_digest = given.renewed,
            previous_token_digest = given.presented,
            previous_expires_at = CASE WHEN s.token_digest = given.presented
                THEN given.overlap_ends_at ELSE s.previous_expires_at END,
            renewed_at = given.at,
            expires_at = least(given.expires_at, s.created_at + given.maximum)
        FROM (VALUES (%s::bytea, %s::bytea, %s::timestamptz, %s::timestamptz, %s::timestamptz,
                %s::interval))
            AS given (presented, renewed, at, overlap_ends_at, expires_at, maximum)
        WHERE s.revoked_at IS NULL AND s.expires_at > given.at AND (
            s.token_digest = given.presented
            OR (s.previous_token_digest = given.presented AND s.previous_expires_at > given.at))
        RETURNING s.expires_at, s.person_id
        """,
        (
            presented,
            token_digest(renewed),
            now,
            now + RENEWAL_OVERLAP,
            session_expiry(now, now, session_days),
            SESSION_MAXIMUM,
        ),
    )
    if row is None:
        raise Unauthenticated
    expires_at, person_id = row
    return SignedIn(renewed, expires_at.astimezone(UTC), person_id)


def sign_out(actor: Actor, now: datetime) -> None:
    """End the session the actor came with, at once."""
    execute(
        "UPDATE sessions SET revoked_at = %s WHERE id = %s AND revoked_at IS NULL",
        (now, actor.session_id),
    )


def sign_out_everywhere(actor: Actor, now: datetime) -> None:
    """End all sessions of the actor, this one too, at once."""
    execute(
        "UPDATE sessions SET revoked_at = %s WHERE person_id = %s AND revoked_at IS NULL",
        (now, actor.id),
    )


def forget_ended(now: datetime) -> None:
    """Delete sessions, and codes nobody used, that ended ``rules.KEPT_AFTER_END`` ago."""
    before = now - KEPT_AFTER_END
    execute("DELETE FROM sessions WHERE expires_at < %s OR revoked_at < %s", (before, before))
    execute("DELETE FROM invitations WHERE used_at IS NULL AND expires_at < %s", (before,))
    execute("DELETE FROM mandates WHERE agent_id IS NULL AND open_until < %s", (before,))


def _day(now: datetime) -> date:
    return now.astimezone(LOCAL).date()
