"""After the commit: the right people are told, once, and texts get their verdict or none."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from backend.integrations.wechat import WeChatBusy, WeChatRefused
from backend.kernel import outbox
from backend.kernel.actor import Actor
from backend.kernel.db import execute, fetch_all, fetch_one
from backend.kernel.outbox import Event
from backend.notices import service as notices
from backend.people import service as people
from backend.service_requests import jobs, ports, queries, service
from backend.service_requests.rules import A, Kind, Visibility
from backend.service_requests.tellings import TELLINGS
from tests.service_requests.conftest import (
    LAMPS,
    NOW,
    Cast,
    act,
    enrol,
    lamp,
    unit_id,
    unrouted,
    version,
    view,
)
from tests.service_requests.telling import events, inboxes, tell_all

pytestmark = pytest.mark.usefixtures("notice_templates")


def test_each_step_tells_whom_it_concerns(cast: Cast, submitted: UUID):
    def told_by(who: str, *actions: A) -> dict[str, list[str]]:
        execute("TRUNCATE notices CASCADE")
        act(cast[who], submitted, *actions)
        tell_all()
        return inboxes()

    tell_all()
    assert inboxes() == {
        "lixiuying": ["submitted"],
        "chenwei": ["arrived"],
        "liufang": ["arrived"],
    }
    assert told_by("chenwei", A.ACCEPT) == {"lixiuying": ["accepted"]}
    assert told_by("chenwei", A.START) == {"lixiuying": ["started"]}
    assert told_by("chenwei", A.ASK) == {"lixiuying": ["question"]}
    assert told_by("lixiuying", A.SUPPLY) == {"chenwei": ["supplied"]}
    assert told_by("chenwei", A.REPLY) == {"lixiuying": ["replied"]}
    assert told_by("lixiuying", A.CONTEST) == {"chenwei": ["contested"]}
    assert told_by("chenwei", A.START) == {"lixiuying": ["rework"]}
    assert told_by("chenwei", A.REPLY) == {"lixiuying": ["replied"]}
    assert told_by("lixiuying", A.CONFIRM) == {
        "lixiuying": ["confirmed"],
        "chenwei": ["confirmed_staff"],
    }


def test_what_nobody_leads_is_told_to_who_dispatches(cast: Cast):
    request_id = service.submit(cast["lixiuying"], unrouted(), NOW)
    tell_all()
    assert inboxes() == {"lixiuying": ["submitted"], "yangguang": ["undispatched"]}
    execute("TRUNCATE notices CASCADE")
    act(cast["yangguang"], request_id, A.ASSIGN)
    tell_all()
    assert inboxes() == {"lixiuying": ["assigned"], "zhaolei": ["arrived"]}


def test_an_assignment_to_a_person_is_told_to_that_person(cast: Cast, submitted: UUID):
    act(cast["liufang"], submitted, A.ACCEPT)
    tell_all()
    execute("TRUNCATE notices CASCADE")
    service.assign(
        cast["liufang"], submitted, version(submitted), NOW, handler_id=cast["chenwei"].id
    )
    tell_all()
    assert inboxes() == {"lixiuying": ["assigned"], "chenwei": ["assigned_to_you"]}


def test_who_may_not_see_it_any_more_is_not_told(cast: Cast, submitted: UUID):
    """The event says 陈伟's unit; by the time it is handled the request is another's."""
    act(cast["yangguang"], submitted, A.ASSIGN)
    tell_all()
    assert "chenwei" not in inboxes() and "liufang" not in inboxes()


def close_account(person: Actor) -> None:
    people.close_account(person, NOW)


def take_role_back(person: Actor) -> None:
    execute("UPDATE role_grants SET revoked_at = %s WHERE person_id = %s", (NOW, person.id))


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("leave", [close_account, take_role_back])
def test_what_comes_after_the_handler_has_left_is_told_to_the_unit(
    cast: Cast, submitted: UUID, leave: Callable[[Actor], None]
):
    act(cast["chenwei"], submitted, A.ACCEPT, A.ASK)
    tell_all()
    execute("TRUNCATE notices CASCADE")
    leave(cast["chenwei"])
    act(cast["lixiuying"], submitted, A.SUPPLY)
    tell_all()
    assert inboxes() == {"liufang": ["supplied"]}


@pytest.mark.usefixtures("app")
def test_a_closed_account_is_told_nothing(cast: Cast, submitted: UUID):
    act(cast["chenwei"], submitted, A.ACCEPT)
    people.close_account(cast["lixiuying"], NOW)
    tell_all()
    assert "lixiuying" not in inboxes()
    assert not queries.may_view(cast["lixiuying"].id, submitted, NOW)


def test_handling_an_event_again_tells_nobody_twice(cast: Cast, submitted: UUID):
    (event,) = (event for event in events() if event.kind != service.CHECK_TEXT)
    for _ in range(3):
        jobs.tell(event, NOW)
    assert inboxes()["lixiuying"] == ["submitted"]
    assert inboxes()["chenwei"] == ["arrived"]


def test_colleagues_of_an_anonymous_requester_are_told_without_the_requester(cast: Cast):
    colleague = enrol("xiaowang", None)
    service.submit(colleague, lamp(), NOW)
    tell_all()
    assert inboxes()["xiaowang"] == ["submitted"]
    params = fetch_all("SELECT params FROM notices")
    assert all("xiaowang" not in str(kept) for (kept,) in params)


def test_an_english_reader_is_told_the_units_english_name(cast: Cast, submitted: UUID):
    act(cast["chenwei"], submitted, A.ACCEPT)
    tell_all()
    names = fetch_one("SELECT name, name_en FROM units WHERE id = %s", (unit_id(LAMPS),))
    for language, name in zip(("zh-CN", "en"), names, strict=True):
        newest = notices.inbox(cast["lixiuying"].id, language, None, 1)[0]
        assert newest["kind"] == "request_accepted"
        assert newest["body"].startswith(name)


@pytest.mark.parametrize("visibility", Visibility)
def test_messages_about_what_is_not_public_are_discreet(cast: Cast, visibility: Visibility):
    service.submit(cast["lixiuying"], lamp(visibility=visibility), NOW)
    tell_all()
    told = fetch_all("SELECT DISTINCT discreet FROM notices")
    assert told == [(visibility is not Visibility.PUBLIC,)]


def test_every_kind_of_event_that_is_announced_is_handled():
    silent = {Kind.NOTE, Kind.DANGER_FLAGGED, Kind.TEXT_FLAGGED, Kind.DEADLINE_MOVED}
    assert set(TELLINGS) == set(Kind) - silent


class Checker:
    """Pretended WeChat for texts."""

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, int]] = []

    def __call__(self, openid: str, text: str, scene: int) -> str:
        self.asked.append((openid, text, scene))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def checked(monkeypatch: pytest.MonkeyPatch, *answers: str | Exception) -> Checker:
    checker = Checker(*answers)
    monkeypatch.setattr(ports, "_check_text", checker)
    return checker


def check_event() -> Event:
    (event,) = [event for event in events() if event.kind == service.CHECK_TEXT]
    return event


def verdict() -> str:
    return fetch_one("SELECT text_verdict FROM service_requests")[0]


def test_a_text_is_checked_with_its_answers(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    service.submit(cast["lixiuying"], lamp(answers={"fault": "dark", "lamp_no": "27 号杆"}), NOW)
    wechat = checked(monkeypatch, "pass")
    event = check_event()
    jobs.check_text(event, NOW)
    jobs.check_text(event, NOW)
    ((openid, text, _),) = wechat.asked
    assert openid == "openid-lixiuying"
    assert "路灯不亮" not in text and "摸黑" in text and "27 号杆" in text
    assert verdict() == "pass"


@pytest.mark.parametrize("word", ["review", "risky"])
def test_a_doubtful_text_is_shown_to_staff_and_handled_all_the_same(
    cast: Cast, submitted: UUID, monkeypatch: pytest.MonkeyPatch, word: str
):
    checked(monkeypatch, word)
    jobs.check_text(check_event(), NOW)
    assert verdict() == word
    assert view(cast["chenwei"], submitted)["timeline"][-1]["data"] == {"verdict": word}
    assert [e["kind"] for e in view(cast["lixiuying"], submitted)["timeline"]] == ["submitted"]
    act(cast["chenwei"], submitted, A.ACCEPT, A.REPLY)


def test_no_verdict_is_not_a_pass(cast: Cast, submitted: UUID, monkeypatch: pytest.MonkeyPatch):
    event = check_event()
    wechat = checked(monkeypatch, WeChatBusy("later"), WeChatRefused(61010))
    with pytest.raises(WeChatBusy):  # the outbox tries again
        jobs.check_text(event, NOW)
    jobs.check_text(event, NOW + timedelta(minutes=1))
    assert verdict() == "none"
    jobs.check_text(event, NOW + timedelta(hours=2, seconds=1))
    assert len(wechat.asked) == 2, "two hours after the visit nobody is asked"
    wechat.answers = [WeChatRefused(40003)]
    with pytest.raises(outbox.Permanent):
        jobs.check_text(event, NOW)
