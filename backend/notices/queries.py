"""Reads of notices, credits and WeChat messages."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.kernel.db import fetch_all, fetch_one
from backend.notices.ports import hidden_from
from backend.notices.rules import Reason, SendState

_TAKEN_BACK = [Reason.VOID_43101.value, Reason.SWITCHED_OFF.value]


_SHOWN = "(n.subject_id IS NULL OR NOT n.subject_id = ANY(%s))"
"""Whether its owner may still know of what a notice is about; the parameter says of what not."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where and how a person is reached; ``openid`` is None outside WeChat."""

    openid: str | None
    language: str


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A notice as stored; its sentences are made when it is read."""

    id: UUID
    kind: str
    params: dict[str, Any]
    subject_kind: str | None
    subject_id: UUID | None
    created_at: datetime
    read: bool
    wechat: str | None


def recipient(person_id: UUID) -> Recipient | None:
    """The person, unless the account is closed or never was."""
    row = fetch_one(
        "SELECT wechat_openid, language FROM people WHERE id = %s AND closed_at IS NULL",
        (person_id,),
    )
    return Recipient(*row) if row else None


def person_of(openid: str) -> UUID | None:
    """Who has this openid, if they ever signed in."""
    row = fetch_one(
        "SELECT id FROM people WHERE wechat_openid = %s AND closed_at IS NULL", (openid,)
    )
    return row[0] if row else None


def inbox(person_id: UUID, after: tuple[datetime, UUID] | None, limit: int) -> list[InboxRow]:
    """Newest first, beginning after the given place."""
    later, later_id = after or (None, None)
    rows = fetch_all(
        f"""
        SELECT n.id, n.kind, n.params, n.subject_kind, n.subject_id, n.created_at,
               n.read_at IS NOT NULL,
               CASE s.state WHEN 'sending' THEN 'pending' ELSE s.state END
        FROM notices n LEFT JOIN wechat_sends s ON s.notice_id = n.id
        WHERE n.recipient_id = %s AND {_SHOWN}
          AND (%s::timestamptz IS NULL OR (n.created_at, n.id) < (%s::timestamptz, %s::uuid))
        ORDER BY n.created_at DESC, n.id DESC LIMIT %s
        """,
        (person_id, hidden_from(person_id), later, later, later_id, limit),
    )
    return [InboxRow(*row) for row in rows]


def held_of(person_id: UUID, now: datetime) -> dict[str, Any]:
    """The person's notices, and what they let WeChat send them and it was sent."""
    row = fetch_one(
        f"""
        SELECT json_build_object(
            'notices', (SELECT json_agg(json_build_object('kind', kind, 'about', params,
                'at', created_at, 'read_at', read_at) ORDER BY created_at, id)
                FROM notices n WHERE recipient_id = %s AND {_SHOWN}),
            'wechat_grants', (SELECT json_agg(json_build_object('template', template_key,
                'change', change, 'reason', reason, 'at', at) ORDER BY at, id)
                FROM subscription_grants WHERE person_id = %s),
            'wechat_messages', (SELECT json_agg(json_build_object('template', template_key,
                'state', state, 'at', created_at) ORDER BY created_at, id)
                FROM wechat_sends WHERE recipient_id = %s))
        """,
        (person_id, hidden_from(person_id), person_id, person_id),
    )
    assert row is not None
    found: dict[str, Any] = row[0]
    return found


def unread(person_id: UUID) -> int:
    row = fetch_one(
        f"SELECT count(*) FROM notices n WHERE recipient_id = %s AND read_at IS NULL AND {_SHOWN}",
        (person_id, hidden_from(person_id)),
    )
    return int(row[0]) if row else 0


def granted(person_id: UUID, template_key: str) -> int:
    """The sum of the ledger, messages under way not counted."""
    row = fetch_one(
        "SELECT coalesce(sum(change), 0) FROM subscription_grants"
        " WHERE person_id = %s AND template_key = %s",
        (person_id, template_key),
    )
    return int(row[0]) if row else 0


def under_way(person_id: UUID, template_key: str, *states: SendState) -> int:
    """Messages in one of the states; each of them has a credit set aside."""
    row = fetch_one(
        "SELECT count(*) FROM wechat_sends"
        " WHERE recipient_id = %s AND template_key = %s AND state = ANY(%s)",
        (person_id, template_key, [state.value for state in states]),
    )
    return int(row[0]) if row else 0


def has_source(source: str) -> bool:
    """Whether the ledger has an entry made from this source."""
    row = fetch_one("SELECT 1 FROM subscription_grants WHERE source = %s", (source,))
    return row is not None


def unconfirmed_report(
    person_id: UUID, template_key: str, by: Reason, at: datetime, within: timedelta
) -> UUID | None:
    """The report of a yes nearest in time that no report of the other source explains yet.

    A yes from before all credits were taken back and one from after are never the same.
    """
    row = fetch_one(
        """
        SELECT id FROM subscription_grants AS report
        WHERE person_id = %s AND template_key = %s AND reason = %s AND confirms_id IS NULL
          AND at BETWEEN %s AND %s
          AND NOT EXISTS (SELECT FROM subscription_grants WHERE confirms_id = report.id)
          AND NOT EXISTS (
            SELECT FROM subscription_grants AS void
            WHERE void.person_id = report.person_id AND void.template_key = report.template_key
              AND void.reason = ANY(%s)
              AND void.at >= least(report.at, %s) AND void.at < greatest(report.at, %s))
        ORDER BY abs(extract(epoch FROM at - %s)), id LIMIT 1
        """,
        (person_id, template_key, by, at - within, at + within, _TAKEN_BACK, at, at, at),
    )
    return row[0] if row else None


def granted_after(person_id: UUID, template_key: str, at: datetime) -> int:
    """Credits of grants given later than the moment."""
    row = fetch_one(
        "SELECT coalesce(sum(change), 0) FROM subscription_grants"
        " WHERE person_id = %s AND template_key = %s AND change > 0 AND at > %s",
        (person_id, template_key, at),
    )
    return int(row[0]) if row else 0


def voided_since(person_id: UUID, template_key: str, at: datetime) -> bool:
    """Whether all credits were taken back at that moment or later."""
    row = fetch_one(
        "SELECT 1 FROM subscription_grants WHERE person_id = %s AND template_key = %s AND at >= %s"
        " AND reason = ANY(%s) LIMIT 1",
        (person_id, template_key, at, _TAKEN_BACK),
    )
    return row is not None


def send_of_message(person_id: UUID, template_key: str, message_id: str) -> UUID | None:
    """The message to this person that WeChat gave this MsgID."""
    row = fetch_one(
        "SELECT id FROM wechat_sends WHERE message_id = %s AND recipient_id = %s"
        " AND template_key = %s",
        (message_id, person_id, template_key),
    )
    return row[0] if row else None


def unknown_sends(
    person_id: UUID, template_key: str, earliest: datetime, latest: datetime
) -> list[UUID]:
    """Messages begun in that time of which nobody knows whether they arrived."""
    rows = fetch_all(
        "SELECT id FROM wechat_sends WHERE recipient_id = %s AND template_key = %s"
        " AND state = 'unknown' AND started_at BETWEEN %s AND %s ORDER BY started_at",
        (person_id, template_key, earliest, latest),
    )
    return [row[0] for row in rows]
