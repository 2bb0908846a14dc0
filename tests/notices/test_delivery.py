"""A WeChat message is sent at most once, whatever fails, and its end is written down truly."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from backend.integrations.wechat import DatabaseTokens, WeChat
from backend.kernel import clock, outbox
from backend.kernel.db import connection, execute, fetch_all, fetch_one
from backend.kernel.outbox import Event
from backend.kernel.settings import ROOT, Settings
from backend.notices import delivery, jobs, ledger, ports, service, templates
from backend.notices.rules import SENDING_LEASE, retry_at
from backend.notices.templates import Template, Templates
from backend.sandbox import Sandbox
from tests.notices.conftest import NOW, PARAMS, work

SEND = "/cgi-bin/message/subscribe/send"
TOKEN = "/cgi-bin/stable_token"
FAR = NOW + timedelta(days=3650)


class Sent(NamedTuple):
    state: str
    error_code: str | None
    attempts: int


def sends() -> list[Sent]:
    rows = fetch_all("SELECT state, error_code, attempts FROM wechat_sends ORDER BY id")
    return [Sent(*row) for row in rows]


def the_send() -> Sent:
    (only,) = sends()
    return only


def claim_event() -> Event:
    (event,) = outbox.claim(FAR)
    return event


def messages(wechat: Sandbox) -> list[dict[str, Any]]:
    return wechat.world.messages()


@pytest.fixture
def resident(
    wechat: Sandbox, new_person: Callable[..., UUID], reply: Template, grant: Callable[..., None]
) -> UUID:
    """Li Xiuying, who said yes to one reply, here and there."""
    openid = wechat.world.person("lixiuying")
    person_id = new_person(openid)
    wechat.accept(openid, reply.template_id)
    grant(person_id, reply, at=clock.now())
    return person_id


@pytest.fixture
def credits(resident: UUID, reply: Template) -> Callable[[], int]:
    return lambda: ledger.credits_left(resident, reply)


def test_a_message_arrives_and_uses_its_credit(
    wechat: Sandbox, resident: UUID, tell: Callable[..., UUID], credits: Callable[[], int]
) -> None:
    subject_id = tell(resident)
    assert credits() == 0, "set aside"
    work()
    assert the_send() == Sent("sent", None, 1)
    (message,) = messages(wechat)
    assert message["page"] == f"pages/request/request?id={subject_id}"
    assert message["lang"] == "zh_CN"
    assert [field["value"] for field in message["fields"]] == [
        PARAMS["number"],
        "路灯不亮",
        "海边街道综合行政执法队",
        "2026年11月23日 15:01",
    ]
    assert credits() == 0
    assert service.inbox(resident, "en", None, 5)[0]["wechat"] == "sent"


def test_a_message_speaks_the_recipients_language(
    wechat: Sandbox,
    new_person: Callable[..., UUID],
    shipped_templates: Templates,
    grant: Callable[..., None],
    tell: Callable[..., UUID],
) -> None:
    progress = shipped_templates.by_key["request_progress"]
    openid = wechat.world.person("wangdafu")
    person_id = new_person(openid, language="en")
    wechat.accept(openid, progress.template_id)
    grant(person_id, progress)
    tell(person_id, "request_started")
    work()
    (message,) = messages(wechat)
    assert message["lang"] == "en_US"
    values = {field["key"]: field["value"] for field in message["fields"]}
    assert values["thing2"] == "Street lamp"
    assert values["thing4"] == "Work has started"
    assert values["phrase3"] == "办理中", "a phrase takes Chinese characters only"


def test_a_discreet_message_does_not_say_what_it_is_about(
    wechat: Sandbox, resident: UUID, tell: Callable[..., UUID]
) -> None:
    tell(resident, discreet=True)
    work()
    (message,) = messages(wechat)
    assert [field["value"] for field in message["fields"]] == [
        PARAMS["number"],
        "您反映的事项",
        "承办单位",
        "2026年11月23日 15:01",
    ]
    (shown,) = service.inbox(resident, "zh-CN", None, 5)
    assert "路灯不亮" in shown["body"] and PARAMS["unit_name"] in shown["body"]


def test_what_is_too_long_is_cut_and_arrives(
    wechat: Sandbox, resident: UUID, credits: Callable[[], int]
) -> None:
    params = PARAMS | {
        "number": "A" * 90,
        "category": "路灯不亮，夜里\n走路看不清，老人容易摔跤" * 4,
        "unit_name": "威宁彝族回族苗族自治县海边街道综合行政执法办公室🏮🏮",
    }
    service.notify(resident, "request_replied", params, None, None, "event-1", NOW, discreet=False)
    work()
    assert the_send().state == "sent"
    values = [field["value"] for field in messages(wechat)[0]["fields"]]
    assert values[0] == "A" * 32
    assert values[1].startswith("路灯不亮，夜里 走路") and len(values[1]) == 20
    assert len(values[2]) <= 20


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "timeout", "seconds": 1},
        {"kind": "timeout", "seconds": 1, "after": True},
        {"kind": "reset"},
        {"kind": "reset", "after": True},
        {"kind": "slow", "seconds": 1},
        {"kind": "garbage"},
        {"kind": "garbage", "after": True},
        {"kind": "status", "status": 502},
        {"kind": "status", "status": 500, "after": True},
    ],
    ids=str,
)
def test_what_may_have_arrived_is_unknown_and_never_sent_again(
    wechat: Sandbox,
    resident: UUID,
    tell: Callable[..., UUID],
    credits: Callable[[], int],
    fault: dict[str, Any],
) -> None:
    wechat.fault(SEND, **fault)
    tell(resident)
    for _ in range(3):
        work()
    assert the_send().state == "unknown" and the_send().error_code
    assert len(wechat.world.calls(SEND)) == 1
    assert credits() == 0, "it may have been used"
    assert service.inbox(resident, "en", None, 5)[0]["wechat"] == "unknown"


@pytest.mark.parametrize(
    "fault",
    [
        {"path": SEND, "kind": "errcode", "errcode": -1},
        {"path": SEND, "kind": "errcode", "errcode": 45011},
        {"path": SEND, "kind": "errcode", "errcode": 45009},
        {"path": SEND, "kind": "errcode", "errcode": 40001, "times": 2},
        {"path": SEND, "kind": "status", "status": 503},
        {"path": SEND, "kind": "status", "status": 404},
        {"path": TOKEN, "kind": "status", "status": 500},
        {"path": TOKEN, "kind": "errcode", "errcode": 45009},
        {"path": TOKEN, "kind": "timeout", "seconds": 1},
        {"path": TOKEN, "kind": "reset"},
        {"path": TOKEN, "kind": "garbage"},
    ],
    ids=str,
)
def test_what_surely_did_not_arrive_is_sent_later(
    wechat: Sandbox,
    resident: UUID,
    tell: Callable[..., UUID],
    credits: Callable[[], int],
    fault: dict[str, Any],
) -> None:
    wechat.fault(**fault)
    tell(resident)
    before = clock.now()
    work()
    waiting = the_send()
    assert (waiting.state, waiting.attempts) == ("pending", 1) and waiting.error_code
    assert messages(wechat) == []
    row = fetch_one("SELECT available_at FROM outbox WHERE done_at IS NULL AND dead_at IS NULL")
    first = retry_at(1, before)
    assert row is not None and first is not None
    assert first <= row[0] <= first + timedelta(seconds=30)
    assert credits() == 0, "still set aside"
    work()
    assert the_send() == Sent("sent", None, 2)
    assert len(messages(wechat)) == 1


def test_a_token_that_ended_is_renewed_without_losing_the_message(
    wechat: Sandbox, resident: UUID, tell: Callable[..., UUID]
) -> None:
    wechat.fault(SEND, "errcode", errcode=40001)
    tell(resident)
    work()
    assert the_send() == Sent("sent", None, 1)
    assert len(messages(wechat)) == 1


def test_an_unreachable_wechat_is_tried_until_it_is_too_late(
    wechat: Sandbox,
    wechat_settings: Settings,
    resident: UUID,
    tell: Callable[..., UUID],
    credits: Callable[[], int],
) -> None:
    nowhere = wechat_settings.model_copy(update={"wechat_api_base_url": "http://127.0.0.1:9"})
    ports.plug_in(WeChat(nowhere, DatabaseTokens(nowhere.wechat_app_id)))
    tell(resident)
    states = []
    while not outbox.dead_letters():
        work()
        states.append(the_send().state)
    assert states[-1] == "failed" and set(states[:-1]) == {"pending"}
    assert len(states) == 9
    assert credits() == 1, "surely not delivered, so it is there for the next message"
    assert service.inbox(resident, "en", None, 5)[0]["wechat"] == "failed"


def test_without_a_credit_in_wechat_ours_are_void(
    wechat: Sandbox,
    resident: UUID,
    reply: Template,
    shipped_templates: Templates,
    grant: Callable[..., None],
    tell: Callable[..., UUID],
    credits: Callable[[], int],
) -> None:
    other = shipped_templates.by_key["request_progress"]
    grant(resident, reply, times=2, at=clock.now())
    grant(resident, other, at=clock.now())
    wechat.world.switch_off(wechat.world.person("lixiuying"), [reply.template_id])
    tell(resident)
    assert credits() == 2
    work()
    assert the_send() == Sent("refused", "43101", 1)
    assert credits() == 0
    assert ledger.credits_left(resident, other) == 1
    assert outbox.dead_letters() == [], "nothing an operator could mend"
    tell(resident)
    assert len(sends()) == 1, "the next notice stays in the app"


@pytest.mark.parametrize("errcode", [40003, 40037, 41030, 47003])
def test_what_wechat_will_never_take_fails_where_an_operator_sees_it(
    wechat: Sandbox,
    resident: UUID,
    tell: Callable[..., UUID],
    credits: Callable[[], int],
    errcode: int,
) -> None:
    wechat.fault(SEND, "errcode", errcode=errcode)
    tell(resident)
    work()
    assert the_send().state == "failed" and str(errcode) in (the_send().error_code or "")
    ((event_id, kind, _, _, error),) = outbox.dead_letters()
    assert kind == delivery.SEND and str(errcode) in error and "request_reply" in error
    assert credits() == 1
    outbox.revive(event_id)
    work()
    assert len(wechat.world.calls(SEND)) == 1, "reviving does not send what has ended"


def test_a_value_that_cannot_be_made_to_fit_is_not_sent(
    wechat: Sandbox, resident: UUID, tell: Callable[..., UUID], tmp_path: Path
) -> None:
    shipped = (ROOT / "config" / templates.FILE_NAME).read_text(encoding="utf-8")
    wrong = re.sub(
        r"\{key: thing3, (label: \w+), type: thing,", r"{key: date3, \1, type: date,", shipped
    )
    (tmp_path / templates.FILE_NAME).write_text(wrong, encoding="utf-8")
    templates.configure(tmp_path)
    tell(resident)
    work()
    assert the_send().state == "failed"
    assert wechat.world.calls(SEND) == []
    assert "date" in outbox.dead_letters()[0][4]


def test_a_sender_that_died_leaves_it_unknown_and_nobody_sends_it_again(
    wechat: Sandbox, resident: UUID, tell: Callable[..., UUID], credits: Callable[[], int]
) -> None:
    tell(resident)
    started = clock.now()
    assert delivery.claim(UUID(claim_event().payload["send_id"]), started) is not None
    # The worker is gone here; its event is leased anew, again and again.
    for _ in range(3):
        work()
        assert the_send().state == "sending"
    assert service.inbox(resident, "en", None, 5)[0]["wechat"] == "pending"
    jobs.give_up_stuck(started + SENDING_LEASE)
    assert the_send().state == "sending", "its lease is not over"
    for _ in range(2):
        jobs.give_up_stuck(started + SENDING_LEASE + timedelta(seconds=1))
    work()
    assert the_send() == Sent("unknown", "sender_died", 1)
    assert wechat.world.calls(SEND) == []
    assert credits() == 0


def test_a_late_answer_is_better_than_unknown(
    wechat: Sandbox, resident: UUID, tell: Callable[..., UUID], credits: Callable[[], int]
) -> None:
    tell(resident)
    started = clock.now()
    claim = delivery.claim(UUID(claim_event().payload["send_id"]), started)
    assert claim is not None
    later = started + SENDING_LEASE * 2
    delivery.give_up_stuck(later)
    delivery.delivered(claim, "77", later)
    assert the_send().state == "sent"
    assert credits() == 0
    assert fetch_one("SELECT count(*) FROM subscription_grants WHERE change = -1") == (1,)
    assert delivery.not_delivered(claim, "busy", later) is None
    assert the_send().state == "sent"


def test_racing_workers_send_it_once(
    wechat: Sandbox, resident: UUID, tell: Callable[..., UUID]
) -> None:
    tell(resident)
    event = claim_event()
    race([lambda: jobs.send(event, clock.now())] * 6)
    assert the_send().state == "sent"
    assert len(wechat.world.calls(SEND)) == 1
    assert len(messages(wechat)) == 1


def test_two_messages_cannot_use_one_credit(
    wechat: Sandbox,
    resident: UUID,
    reply: Template,
    grant: Callable[..., None],
    tell: Callable[..., UUID],
    credits: Callable[[], int],
) -> None:
    grant(resident, reply, times=3, at=clock.now())
    for _ in range(4):
        tell(resident)
    # Three were reported that WeChat does not know of, and are known to be void before the sends.
    execute(
        "INSERT INTO subscription_grants (id, person_id, template_key, change, reason, source, at)"
        " VALUES (gen_random_uuid(), %s, %s, -3, 'switched_off', 'off', now())",
        (resident, reply.key),
    )
    events = outbox.claim(FAR, 10)
    assert len(events) == 4
    race([lambda event=event: jobs.send(event, clock.now()) for event in events])
    assert sorted(send.state for send in sends()) == ["refused", "refused", "refused", "sent"]
    assert {send.error_code for send in sends()} == {None, "no_credit"}
    assert len(wechat.world.calls(SEND)) == 1
    assert credits() == 0


def race(calls: list[Callable[[], None]]) -> None:
    together = threading.Barrier(len(calls))

    def run(call: Callable[[], None]) -> None:
        with connection():
            together.wait()
            call()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize(
    "gone",
    [
        "wechat_openid = NULL",
        "closed_at = now(), name = '', wechat_openid = NULL, home_area_code = NULL",
    ],
)
def test_nothing_is_sent_to_who_is_no_longer_there(
    wechat: Sandbox, resident: UUID, tell: Callable[..., UUID], gone: str
) -> None:
    tell(resident)
    execute(f"UPDATE people SET {gone} WHERE id = %s", (resident,))
    work()
    assert the_send() == Sent("failed", "recipient_gone", 0)
    assert wechat.world.calls(SEND) == []


def test_a_template_the_county_dropped_is_not_sent(
    wechat: Sandbox, resident: UUID, tell: Callable[..., UUID]
) -> None:
    tell(resident)
    execute("UPDATE wechat_sends SET template_key = 'dropped'")
    work()
    assert the_send() == Sent("failed", "no_template", 0)
