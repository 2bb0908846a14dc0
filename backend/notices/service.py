"""Telling people, what they have read, and what they let WeChat send them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from backend.kernel.db import execute, transaction
from backend.kernel.ids import new_id
from backend.kernel.json import dumps
from backend.notices import delivery, ledger, queries, templates, wording
from backend.notices.rules import Offer, Reason, audience, kept_params, said_yes, worth_asking
from backend.notices.templates import Template


def notify(
    recipient_id: UUID,
    kind: str,
    params: Mapping[str, Any],
    subject_kind: str | None,
    subject_id: UUID | None,
    effect_key: str,
    now: datetime,
    *,
    discreet: bool,
) -> None:
    """Put a notice in a person's inbox and, where they granted one, plan its WeChat message.

    The message of a ``discreet`` one does not say what the matter is; the inbox does.
    Told once per ``effect_key`` and recipient: calling again changes nothing. Who has closed
    their account is told nothing. Raises ValueError for an unknown kind or missing parameters
    (`rules.KINDS`).
    """
    kept = kept_params(kind, params)
    notice_id = new_id()
    with transaction():
        new = execute(
            """
            INSERT INTO notices (id, recipient_id, kind, params, subject_kind, subject_id,
                                 effect_key, discreet, created_at)
            SELECT %s, %s, %s, %s, %s, %s::uuid, %s, %s, %s WHERE NOT EXISTS (
                SELECT FROM people WHERE id = %s AND closed_at IS NOT NULL)
            ON CONFLICT (recipient_id, effect_key) DO NOTHING
            """,
            (
                notice_id,
                recipient_id,
                kind,
                Jsonb(kept, dumps=dumps),
                subject_kind,
                subject_id,
                effect_key,
                discreet,
                now,
                recipient_id,
            ),
        )
        template = templates.in_force().for_notice(kind)
        if new and template is not None and _reachable(recipient_id, template):
            delivery.promise(notice_id, recipient_id, template, now)


def _reachable(person_id: UUID, template: Template) -> bool:
    recipient = queries.recipient(person_id)
    return (
        recipient is not None
        and recipient.openid is not None
        and ledger.credits_left(person_id, template) > 0
    )


def inbox(
    person_id: UUID, language: str, after: tuple[datetime, UUID] | None, limit: int
) -> list[dict[str, Any]]:
    """A person's notices after the given place, newest first, worded in the reader's language."""
    return [_shown(row, language) for row in queries.inbox(person_id, after, limit)]


def _shown(row: queries.InboxRow, language: str) -> dict[str, Any]:
    words = wording.in_app(row.kind, row.params, language)
    subject = row.subject_kind and {
        "kind": row.subject_kind,
        "id": row.subject_id,
        "as": audience(row.kind),
    }
    return {
        "id": row.id,
        "kind": row.kind,
        "title": words.title,
        "body": words.body,
        "at": row.created_at,
        "read": row.read,
        "subject": subject or None,
        "wechat": row.wechat,
    }


def mark_read(person_id: UUID, notice_ids: Iterable[UUID] | None, now: datetime) -> None:
    """Mark some of a person's notices as read, or all; those of others are left alone."""
    wanted = None if notice_ids is None else list(notice_ids)
    execute(
        "UPDATE notices SET read_at = %s WHERE recipient_id = %s AND read_at IS NULL"
        " AND (%s::uuid[] IS NULL OR id = ANY(%s::uuid[]))",
        (now, person_id, wanted, wanted),
    )


def forget_inbox(person_id: UUID, now: datetime) -> None:
    """Delete a person's notices and their messages, in the caller's transaction.

    The ledger of credits only grows; it knows nobody but by an id.
    """
    execute("DELETE FROM wechat_sends WHERE recipient_id = %s", (person_id,))
    execute("DELETE FROM notices WHERE recipient_id = %s", (person_id,))


@dataclass(frozen=True, slots=True)
class Answer:
    """What `wx.requestSubscribeMessage` said of one template."""

    template_id: str
    outcome: str


def to_ask(person_id: UUID, moment: str, language: str) -> list[dict[str, Any]]:
    """The templates a person should be asked for at a moment, worth asking first."""
    asked = {template.key: template for template in templates.in_force().asked_at(moment)}
    offers = [
        Offer(key, template.kind, ledger.credits_left(person_id, template))
        for key, template in asked.items()
    ]
    return [_offered(asked[o.key], o.credits, language) for o in worth_asking(offers)]


def record_answers(
    person_id: UUID, answers: Iterable[Answer], source: str, language: str, now: datetime
) -> list[dict[str, Any]]:
    """Write down what the mini-program says a person answered; the templates with their credits.

    ``source`` names this report: told twice, it counts once. Only a yes changes the ledger: a
    "no" is an answer to one question, and WeChat tells of a switch that was turned off by itself.
    Templates the county does not use (any more) are left out.
    """
    said: dict[str, tuple[Template, bool]] = {}
    for answer in answers:
        template = templates.in_force().for_id(answer.template_id)
        if template is not None:
            said[template.key] = (template, said_yes(answer.outcome))
    with transaction():
        # Always in the same order, so that two reports never wait for each other.
        for key, (template, accepted) in sorted(said.items()):
            if accepted:
                ledger.grant(person_id, template, Reason.CLIENT_REPORT, f"{source}:{key}", now)
        return [
            _offered(template, ledger.credits_left(person_id, template), language)
            for template, _ in said.values()
        ]


def _offered(template: Template, credits: int, language: str) -> dict[str, Any]:
    return {
        "key": template.key,
        "template_id": template.template_id,
        "title": template.title[language],
        "credits": credits,
    }
