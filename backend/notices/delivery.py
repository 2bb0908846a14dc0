"""The life of one WeChat message: claimed, sent once at most, and its end written down.

    pending → sending → sent | refused | failed | unknown
       ↑________|  only when it was surely not delivered

`sending` is committed before WeChat is called. Whoever finds a message there does not know whether
it was delivered, so nothing but its own sender, or the passing of the lease, takes it out again.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.kernel import outbox
from backend.kernel.db import execute, fetch_all, fetch_one, transaction
from backend.kernel.ids import new_id
from backend.notices import ledger, queries, templates, wording
from backend.notices.rules import NO_CREDIT, SENDING_LEASE, Reason, SendState, retry_at
from backend.notices.templates import Field, Template

SEND = "notice.wechat_send"
NO_GRANT_LEFT = "no_credit"
GONE = "recipient_gone"
NO_TEMPLATE = "no_template"
SENDER_DIED = "sender_died"


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that is ours to send, now, once. ``attempt`` proves whose claim a result is of."""

    send_id: UUID
    attempt: int
    recipient_id: UUID
    template: Template
    openid: str
    language: str
    page: str
    values: list[tuple[Field, str]]
    started_at: datetime


def promise(notice_id: UUID, recipient_id: UUID, template: Template, now: datetime) -> None:
    """Plan the one message of a notice, in the transaction of the notice."""
    send_id = new_id()
    execute(
        "INSERT INTO wechat_sends"
        " (id, notice_id, recipient_id, template_key, state, attempts, created_at)"
        " VALUES (%s, %s, %s, %s, 'pending', 0, %s)",
        (send_id, notice_id, recipient_id, template.key, now),
    )
    outbox.put(SEND, {"send_id": str(send_id)})


def claim(send_id: UUID, now: datetime) -> Claim | None:
    """Take a pending message into `sending` and commit; None if there is nothing to send.

    One that cannot be sent any more (no credit, nobody to send to) ends here.
    """
    with transaction():
        row = fetch_one(
            """
            SELECT s.recipient_id, s.template_key, n.kind, n.params, n.discreet, n.subject_id,
                n.created_at
            FROM wechat_sends s JOIN notices n ON n.id = s.notice_id
            WHERE s.id = %s AND s.state = 'pending'
            """,
            (send_id,),
        )
        if row is None:
            return None
        recipient_id, template_key, kind, params, discreet, subject_id, happened_at = row
        template = templates.in_force().by_key.get(template_key)
        if template is None:
            _end_unsent(send_id, SendState.FAILED, NO_TEMPLATE, now)
            return None
        ledger.lock(recipient_id, template)
        recipient = queries.recipient(recipient_id)
        if recipient is None or recipient.openid is None:
            _end_unsent(send_id, SendState.FAILED, GONE, now)
            return None
        if not ledger.may_send(recipient_id, template):
            _end_unsent(send_id, SendState.REFUSED, NO_GRANT_LEFT, now)
            return None
        taken = fetch_one(
            "UPDATE wechat_sends SET state = 'sending', attempts = attempts + 1, started_at = %s"
            " WHERE id = %s AND state = 'pending' RETURNING attempts",
            (now, send_id),
        )
        if taken is None:
            return None
    return Claim(
        send_id=send_id,
        attempt=taken[0],
        recipient_id=recipient_id,
        template=template,
        openid=recipient.openid,
        language=recipient.language,
        page=wording.page(template, subject_id),
        values=wording.template_values(
            template,
            kind,
            wording.discreet_params(kind, params) if discreet else params,
            happened_at,
            recipient.language,
        ),
        started_at=now,
    )


def delivered(claim: Claim, message_id: str | None, now: datetime) -> None:
    """WeChat took it. Holds even if the lease ran out meanwhile: a late truth beats `unknown`."""
    with transaction():
        if _end(claim, SendState.SENT, None, now, message_id):
            ledger.use(claim.recipient_id, claim.template, claim.send_id, now)


def maybe_delivered(claim: Claim, error_code: str, now: datetime) -> None:
    """The answer was lost: it stays unknown, and its credit counts as used."""
    with transaction():
        if _end(claim, SendState.UNKNOWN, error_code, now):
            ledger.use(claim.recipient_id, claim.template, claim.send_id, now)


def refused(claim: Claim, now: datetime) -> None:
    """WeChat said there is no credit (43101): nothing we counted up to then is there."""
    with transaction():
        if _end(claim, SendState.REFUSED, str(NO_CREDIT), now):
            _void(claim.recipient_id, claim.template, claim.send_id, claim.started_at)


def failed(claim: Claim, error_code: str, now: datetime) -> None:
    """It was not delivered and never will be."""
    _end(claim, SendState.FAILED, error_code, now)


def not_delivered(claim: Claim, error_code: str, now: datetime) -> datetime | None:
    """It surely did not arrive: when to try again, or None, and then it has failed."""
    at = retry_at(claim.attempt, now)
    if at is None:
        failed(claim, error_code, now)
        return None
    given_back = execute(
        "UPDATE wechat_sends SET state = 'pending', error_code = %s, started_at = NULL"
        " WHERE id = %s AND attempts = %s AND state = 'sending'",
        (error_code, claim.send_id, claim.attempt),
    )
    return at if given_back else None


def give_up_stuck(now: datetime) -> int:
    """Messages whose sender died in the middle become unknown; how many there were."""
    stuck = fetch_all(
        "SELECT id, recipient_id, template_key, attempts FROM wechat_sends"
        " WHERE state = 'sending' AND started_at < %s ORDER BY started_at",
        (now - SENDING_LEASE,),
    )
    for send_id, recipient_id, template_key, attempt in stuck:
        with transaction():
            ended = execute(
                "UPDATE wechat_sends SET state = 'unknown', error_code = %s, ended_at = %s"
                " WHERE id = %s AND state = 'sending' AND attempts = %s",
                (SENDER_DIED, now, send_id, attempt),
            )
            template = templates.in_force().by_key.get(template_key)
            if ended and template is not None:
                ledger.use(recipient_id, template, send_id, now)
    return len(stuck)


def learn(
    send_id: UUID,
    person_id: UUID,
    template: Template,
    error_code: int,
    message_id: str | None,
    at: datetime,
) -> None:
    """What WeChat told afterwards of a message we called sent or unknown; 0 is delivered.

    Its credit stays used: whether a message that failed so late gave it back is not documented, and
    asking once too often does less harm than counting what is not there.
    """
    refusal = SendState.REFUSED if error_code == NO_CREDIT else SendState.FAILED
    with transaction():
        execute(
            "UPDATE wechat_sends SET state = %s, error_code = %s, ended_at = %s,"
            " message_id = coalesce(%s, message_id)"
            " WHERE id = %s AND state IN ('unknown', 'sent')",
            (
                refusal if error_code else SendState.SENT,
                str(error_code) if error_code else None,
                at,
                message_id,
                send_id,
            ),
        )
        if error_code == NO_CREDIT:
            _void(person_id, template, send_id, at)


def _void(person_id: UUID, template: Template, send_id: UUID, at: datetime) -> None:
    ledger.void(person_id, template, Reason.VOID_43101, f"refused:{send_id}", at)


def _end(
    claim: Claim,
    state: SendState,
    error_code: str | None,
    now: datetime,
    message_id: str | None = None,
) -> bool:
    ended = execute(
        "UPDATE wechat_sends SET state = %s, error_code = %s, message_id = %s, ended_at = %s"
        " WHERE id = %s AND attempts = %s AND state IN ('sending', 'unknown')",
        (state, error_code, message_id, now, claim.send_id, claim.attempt),
    )
    return ended == 1


def _end_unsent(send_id: UUID, state: SendState, error_code: str, now: datetime) -> None:
    execute(
        "UPDATE wechat_sends SET state = %s, error_code = %s, ended_at = %s"
        " WHERE id = %s AND state = 'pending'",
        (state, error_code, now, send_id),
    )
