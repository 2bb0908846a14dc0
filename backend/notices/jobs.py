"""Work on notices outside requests: sending through WeChat, and what WeChat tells us of it."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog

from backend.integrations.wechat import (
    DoesNotFit,
    WeChatBusy,
    WeChatRefused,
    WeChatUnknown,
    WeChatUnreachable,
    fit,
    forget_seen,
)
from backend.kernel import clock, outbox
from backend.kernel.outbox import Event, Handler
from backend.kernel.periodic import Periodic
from backend.notices import delivery, pushes, service
from backend.notices.delivery import Claim
from backend.notices.ports import wechat
from backend.notices.rules import NEVER_ACCEPTED, NO_CREDIT
from backend.people import queries as people
from backend.people.service import SUBJECT_KIND as MANDATE
from backend.people.service.mandates import ASKED, GRANTED, REVOKED

log = structlog.get_logger(__name__)


def send(event: Event, now: datetime) -> None:
    """Send one WeChat message, at most once in its life.

    Run again for a message that is not pending (its event was leased anew, or revived by an
    operator) it does nothing. What will never be accepted becomes a dead letter, so that an
    operator sees which template or field is wrong.
    """
    client = wechat()
    claim = delivery.claim(UUID(event.payload["send_id"]), now)
    if claim is None:
        return
    try:
        sent = client.send_subscription(
            claim.openid,
            claim.template.template_id,
            claim.page,
            {field.key: fit(field.type, value) for field, value in claim.values},
            claim.language,
        )
    except WeChatUnknown as lost:
        delivery.maybe_delivered(claim, str(lost), clock.now())
        log.warning("wechat_message_unknown", template=claim.template.key, reason=str(lost))
    except DoesNotFit as misfit:
        _give_up(claim, f"no value fits {misfit}")
    except WeChatRefused as refusal:
        _refused(claim, refusal)
    except (WeChatBusy, WeChatUnreachable) as trouble:
        _try_later(claim, str(trouble))
    else:
        delivery.delivered(claim, sent.message_id, clock.now())


def _refused(claim: Claim, refusal: WeChatRefused) -> None:
    if refusal.errcode == NO_CREDIT:
        delivery.refused(claim, clock.now())
    elif refusal.errcode in NEVER_ACCEPTED:
        _give_up(claim, str(refusal))
    else:
        _try_later(claim, str(refusal))


def _give_up(claim: Claim, reason: str) -> None:
    delivery.failed(claim, reason, clock.now())
    raise outbox.Permanent(f"template {claim.template.key}: {reason}")


def _try_later(claim: Claim, reason: str) -> None:
    at = delivery.not_delivered(claim, reason, clock.now())
    if at is None:
        raise outbox.Permanent(f"template {claim.template.key}: {reason}")
    raise outbox.RetryLater(at, reason)


def take_push(event: Event, now: datetime) -> None:
    """Take in one event of WeChat's message push."""
    pushes.take(event.payload, now)


def tell_of_mandate(event: Event, now: datetime) -> None:
    """Tell the other side of a mandate what became of it; who has no account reads no inbox."""
    mandate_id = UUID(event.payload["mandate_id"])
    parties = people.parties(mandate_id, now)
    if parties is None or (event.kind == ASKED and not parties.open):
        return
    told = {parties.principal_id, parties.agent_id} - {UUID(event.payload["by"])}
    for person_id in told:
        if people.openid_of(person_id) is not None:
            service.notify(
                person_id,
                event.kind.replace(".", "_"),
                {},
                MANDATE,
                mandate_id,
                f"{event.kind}/{mandate_id}",
                now,
                discreet=True,
            )


def give_up_stuck(now: datetime) -> None:
    """Messages whose worker died while sending become unknown."""
    count = delivery.give_up_stuck(now)
    if count:
        log.warning("wechat_messages_unknown", count=count, reason=delivery.SENDER_DIED)


def forget_pushes(now: datetime) -> None:
    """WeChat repeats a push for minutes; a month is ample."""
    forget_seen(now - timedelta(days=30))


HANDLERS: dict[str, Handler] = {
    delivery.SEND: send,
    pushes.EVENT: take_push,
    **dict.fromkeys((ASKED, GRANTED, REVOKED), tell_of_mandate),
}
PERIODIC: dict[str, Periodic] = {
    "notices.give_up_stuck": Periodic(every=timedelta(minutes=1), run=give_up_stuck),
    "notices.forget_pushes": Periodic(every=timedelta(days=1), run=forget_pushes),
}
