"""Work on pictures outside requests: WeChat's content check, and deleting what is not needed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from backend.attachments import links, queries, service
from backend.attachments.ports import plugged
from backend.integrations.wechat import WeChatRefused
from backend.kernel import outbox
from backend.kernel.outbox import Event
from backend.kernel.periodic import Periodic

_FORUM_SCENE: Final = 3
"""WeChat's scenes: 1 profile, 2 comment, 3 forum, 4 social log. A request is nearest to 3."""
_NOT_SEEN_LATELY: Final = 61010
"""WeChat checks only for people who used the mini-program within the last two hours."""
_CHECKABLE: Final = timedelta(hours=2)


def check(event: Event, now: datetime) -> None:
    """Ask WeChat to look at a picture just claimed, until it takes the question or it is too late.

    Its verdict comes later, by push. Asking twice is harmless: one of the two trace ids is noted
    and the other's verdict is dropped. Without an openid, or long after the visit, nobody can be
    asked, and the picture simply stays without a verdict, which is no pass.
    """
    picture = queries.find(UUID(event.payload["attachment_id"]))
    if picture is None or picture.media_trace_id is not None:
        return
    if now > event.created_at + _CHECKABLE:
        return
    ports = plugged()
    openid = ports.openid_of(picture.owner_id)
    if openid is None:
        return
    url = ports.public_url + links.for_media_check(picture.id, now).path
    try:
        trace_id = ports.check_media(openid, url, _FORUM_SCENE)
    except WeChatRefused as refusal:
        if refusal.errcode == _NOT_SEEN_LATELY:
            return
        if refusal.may_pass:
            raise
        raise outbox.Permanent(f"WeChat refused the check: {refusal.errcode}") from refusal
    service.note_check(picture.id, trace_id)


def erase(event: Event, now: datetime) -> None:
    """Delete the files of a picture whose row is gone."""
    service.erase_files(event.payload["storage_key"])


def _purge(now: datetime) -> None:
    service.purge_unclaimed(now)
    service.purge_verdicts(now)


def _sweep(now: datetime) -> None:
    service.sweep_files(now)


HANDLERS: dict[str, Callable[[Event, datetime], None]] = {
    "attachment.check": check,
    "attachment.erase": erase,
}
PERIODIC = {
    "attachments.purge": Periodic(every=timedelta(minutes=30), run=_purge),
    "attachments.sweep": Periodic(every=timedelta(days=1), run=_sweep),
}
