"""What WeChat tells us of its own accord: grants, switches, ends of messages, verdicts on images.

A push is answered at once and kept as outbox events; what they mean is worked out afterwards.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.attachments.service import record_verdict
from backend.integrations.wechat import PushEvent, first_time
from backend.integrations.wechat.push import CHANGE, MEDIA, POPUP, SENT
from backend.kernel import outbox
from backend.kernel.db import transaction
from backend.kernel.json import dumps
from backend.notices import delivery, ledger, queries, templates
from backend.notices.errors import PushUnreadable
from backend.notices.rules import SENDING_LEASE, Reason, SendState, TemplateKind, said_yes
from backend.notices.templates import Template

EVENT = "wechat.push_event"

_CLOCKS_DIFFER = timedelta(minutes=1)
_AGAIN_AFTER = timedelta(minutes=1)
"""Seldom enough that twice the lease of a send passes before the outbox gives up."""


def keep(events: Iterable[PushEvent], now: datetime) -> None:
    """Put aside what concerns us, each event once however often it is pushed.

    Raises PushUnreadable for text that no database takes.
    """
    with transaction():
        for event in events:
            payload = {
                "kind": event.kind,
                "openid": event.openid,
                "created_at": event.created_at.isoformat(),
                "source": f"push:{event.dedupe_key}",
                **event.data,
            }
            if event.kind in _TAKERS and first_time(event.dedupe_key, now):
                _refuse_unstorable(payload)
                outbox.put(EVENT, payload)


def _refuse_unstorable(payload: Mapping[str, Any]) -> None:
    try:
        text = dumps(payload)
    except TypeError:  # half of a surrogate pair
        raise PushUnreadable from None
    if b"\\u0000" in text:
        raise PushUnreadable


def take(payload: Mapping[str, Any], now: datetime) -> None:
    """Act on an event that was kept. Doing it again changes nothing."""
    _TAKERS[payload["kind"]](payload, now)


def _take_verdict(payload: Mapping[str, Any], now: datetime) -> None:
    # Without a verdict (WeChat could not fetch the image) nothing is recorded: that is no pass.
    if payload["suggest"] is not None:
        record_verdict(payload["trace_id"], payload["suggest"], now)


def _take_answer(payload: Mapping[str, Any], now: datetime) -> None:
    """The person answered the question for messages."""
    concerned = _concerned(payload)
    if concerned is None:
        return
    person_id, template = concerned
    if said_yes(payload["outcome"]):
        _grant(person_id, template, payload, now)
    elif template.kind is TemplateKind.LONG_TERM:
        _switch_off(person_id, template, payload, now)


def _take_switch(payload: Mapping[str, Any], now: datetime) -> None:
    """The person turned a template on or off in WeChat's settings; "on" grants no single send."""
    concerned = _concerned(payload)
    if concerned is None:
        return
    person_id, template = concerned
    if not said_yes(payload["outcome"]):
        _switch_off(person_id, template, payload, now)
    elif template.kind is TemplateKind.LONG_TERM:
        _grant(person_id, template, payload, now)


def _take_end(payload: Mapping[str, Any], now: datetime) -> None:
    """WeChat tells how a message ended.

    It is found by WeChat's id of it. One whose answer was lost has none: then it is the only
    unknown one of that person and template begun shortly before, if there is just one.
    """
    concerned = _concerned(payload)
    if concerned is None:
        return
    person_id, template = concerned
    message_id = payload["message_id"] or None
    at = _moment(payload, now)
    send_id = message_id and queries.send_of_message(person_id, template.key, message_id)
    if send_id is None:
        unknown = queries.unknown_sends(
            person_id, template.key, at - SENDING_LEASE, at + _CLOCKS_DIFFER
        )
        send_id = unknown[0] if len(unknown) == 1 else None
    if send_id:
        delivery.learn(send_id, person_id, template, payload["error_code"], message_id, at)
    elif now - at < 2 * SENDING_LEASE and queries.under_way(
        person_id, template.key, SendState.SENDING
    ):
        # The push overtook the answer to the sender, who is about to write it down.
        raise outbox.RetryLater(now + _AGAIN_AFTER, "its message is still being sent")


def _concerned(payload: Mapping[str, Any]) -> tuple[UUID, Template] | None:
    """Whom and which template an event is about; None where either is not ours."""
    template = templates.in_force().for_id(payload["template_id"])
    person_id = queries.person_of(payload["openid"])
    return None if template is None or person_id is None else (person_id, template)


def _grant(person_id: UUID, template: Template, payload: Mapping[str, Any], now: datetime) -> None:
    at = _moment(payload, now)
    ledger.grant(person_id, template, Reason.PUSH_EVENT, payload["source"], at)


def _switch_off(
    person_id: UUID, template: Template, payload: Mapping[str, Any], now: datetime
) -> None:
    at = _moment(payload, now)
    ledger.void(person_id, template, Reason.SWITCHED_OFF, payload["source"], at)


def _moment(payload: Mapping[str, Any], now: datetime) -> datetime:
    """When it happened; never in our future, whatever WeChat's clock says."""
    return min(datetime.fromisoformat(payload["created_at"]), now)


_TAKERS = {
    POPUP: _take_answer,
    CHANGE: _take_switch,
    SENT: _take_end,
    MEDIA: _take_verdict,
}
