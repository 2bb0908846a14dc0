"""WeChat's content check, and the clock's work."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from backend.attachments import queries, service
from backend.attachments.jobs import HANDLERS, PERIODIC
from backend.attachments.ports import Ports
from backend.attachments.rules import Verdict
from backend.integrations.storage import DiskStorage
from backend.integrations.wechat import WeChatBusy, WeChatRefused, WeChatUnknown, WeChatUnreachable
from backend.kernel import outbox
from backend.kernel.db import fetch_all
from backend.kernel.ids import new_id
from tests.attachments.conftest import NOW, WeChat, upload
from tests.attachments.test_links import follow

pytestmark = pytest.mark.usefixtures("plugged")


def work(now: datetime = NOW) -> None:
    """Do all due events of the outbox, as the worker does."""
    while events := outbox.claim(now):
        for event in events:
            try:
                HANDLERS[event.kind](event, now)
            except Exception as error:
                outbox.fail(event, error, now)
            else:
                outbox.complete(event, now)


def later() -> datetime:
    """When events put by this test are due, whatever the machine's clock says."""
    return max(NOW, datetime.now(NOW.tzinfo)) + timedelta(seconds=1)


@pytest.fixture
def claimed(owner: UUID, photo: bytes) -> UUID:
    picture = upload(owner, photo).id
    service.claim(owner, [picture], "service_request", new_id(), NOW)
    return picture


def verdict(picture: UUID) -> Verdict:
    found = queries.find(picture)
    assert found is not None
    return found.verdict


def test_a_claimed_picture_is_checked(claimed: UUID, owner: UUID, wechat: WeChat) -> None:
    work(later())
    ((openid, url, scene),) = wechat.asked
    assert openid == f"openid-{owner}"
    assert url.startswith("https://county.example/api/attachments/")
    assert scene in (1, 2, 3, 4)
    parts = urlsplit(url)
    assert follow(f"{parts.path}?{parts.query}", later()).jpeg
    assert verdict(claimed) is Verdict.PENDING
    service.record_verdict("trace-1", "pass", NOW)
    assert verdict(claimed) is Verdict.PASS


def test_it_is_asked_once_however_often_the_event_comes(claimed: UUID, wechat: WeChat) -> None:
    event = outbox.claim(later())[0]
    HANDLERS[event.kind](event, NOW)
    HANDLERS[event.kind](event, NOW)
    assert len(wechat.asked) == 1


@pytest.mark.parametrize("trouble", [WeChatBusy, WeChatUnreachable, WeChatUnknown])
def test_a_busy_wechat_is_asked_again(
    claimed: UUID, wechat: WeChat, trouble: type[Exception]
) -> None:
    wechat.answer = trouble("later")
    work(later())
    assert verdict(claimed) is Verdict.NONE
    wechat.answer = None
    work(later() + timedelta(minutes=1))
    assert len(wechat.asked) == 2
    assert verdict(claimed) is Verdict.PENDING


def test_a_person_who_left_long_ago_cannot_be_checked_for(claimed: UUID, wechat: WeChat) -> None:
    wechat.answer = WeChatRefused(61010)
    work(later())
    work(later() + timedelta(hours=3))
    assert len(wechat.asked) == 1
    assert outbox.dead_letters() == []
    assert verdict(claimed) is Verdict.NONE


def test_another_refusal_waits_for_an_operator(claimed: UUID, wechat: WeChat) -> None:
    wechat.answer = WeChatRefused(40003)
    work(later())
    ((_, kind, _, _, error),) = outbox.dead_letters()
    assert kind == "attachment.check"
    assert "40003" in error


def test_without_an_openid_nobody_is_asked(claimed: UUID, wechat: WeChat, plugged: Ports) -> None:
    plugged.openid_of = lambda person_id: None
    work(later())
    assert wechat.asked == []
    assert outbox.dead_letters() == []
    assert verdict(claimed) is Verdict.NONE


def test_a_day_later_nothing_is_left_of_an_unused_upload(
    owner: UUID, photo: bytes, storage: DiskStorage
) -> None:
    start = later()
    upload(owner, photo, start)
    day = start + timedelta(hours=24)
    PERIODIC["attachments.purge"].run(day - timedelta(seconds=1))
    work(day)
    assert len(list(storage.keys_before(day))) == 2
    PERIODIC["attachments.purge"].run(day)
    PERIODIC["attachments.purge"].run(day)
    work(day)
    PERIODIC["attachments.sweep"].run(day)
    assert list(storage.keys_before(day)) == []
    assert fetch_all("SELECT 1 FROM attachments") == []
