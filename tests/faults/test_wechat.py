"""WeChat fails in every way it can: residents do not notice, and nothing is lost."""

import time
from datetime import timedelta
from typing import Any

import pytest

from backend.kernel import clock
from backend.kernel.db import execute
from tests.callers import Caller, over
from tests.faults.clockwork import RESIDENT, TIMEOUT_SECONDS, Clockwork

SIGN_IN = "/sns/jscode2session"
TOKEN = "/cgi-bin/stable_token"
TEXT = "/wxa/msg_sec_check"
MEDIA = "/wxa/media_check_async"
SEND = "/cgi-bin/message/subscribe/send"

TOO_LATE = TIMEOUT_SECONDS * 2
FAULTS: dict[str, dict[str, Any]] = {
    "time-out": {"kind": "timeout", "seconds": TOO_LATE},
    "too slow": {"kind": "slow", "seconds": TOO_LATE},
    "slow": {"kind": "slow", "seconds": TIMEOUT_SECONDS / 4},
    "reset": {"kind": "reset"},
    "answer lost": {"kind": "reset", "after": True},
    "40001": {"kind": "errcode", "errcode": 40001},
    "40001 once": {"kind": "errcode", "errcode": 40001, "times": 1},
    "45009": {"kind": "errcode", "errcode": 45009},
    "45011": {"kind": "errcode", "errcode": 45011},
    "-1": {"kind": "errcode", "errcode": -1},
    "500": {"kind": "status", "status": 500},
    "503": {"kind": "status", "status": 503},
    "garbage": {"kind": "garbage"},
}
DOUBTFUL = {"time-out", "too slow", "reset", "answer lost", "500", "garbage"}
"""After these nobody knows whether a message was delivered, so it is never sent again."""

DELIVERED = {"too slow", "answer lost"}
"""But here it was, and WeChat says so afterwards."""

HARMLESS = {"slow", "40001 once"}
OUTAGE = timedelta(seconds=8)
"""Long enough for a first retry of everything but messages, which wait a minute."""

ANSWERED_WITHIN_SECONDS = 5.0
"""A picture and a request, on a machine that may be busy with other tests."""


def break_down(clockwork: Clockwork, path: str, fault: str) -> None:
    clockwork.sandbox.fault(path, **{"times": None, **FAULTS[fault]})


@pytest.mark.parametrize("fault", FAULTS)
def test_what_each_call_fails_at_happens_once_wechat_recovers(
    clockwork: Clockwork, fault: str
) -> None:
    """The text's check, the picture's, and the message, each on its own; and signing in."""
    for path in (TEXT, MEDIA, SEND, SIGN_IN):
        break_down(clockwork, path, fault)
    receipt = submit_without_wechat(clockwork)
    clockwork.work(OUTAGE)
    if fault not in HARMLESS:
        assert clockwork.verdicts()[0] == "none"
    if fault != "slow":
        refused_to_sign_in(clockwork)
    clockwork.handler.act(receipt, "accept")

    clockwork.sandbox.world.clear_faults()
    clockwork.work(timedelta(minutes=30))
    Caller(over(clockwork.url)).sign_in(RESIDENT).get("/api/me").expect(200)
    assert clockwork.left() == []
    assert clockwork.verdicts() == ("pass", "pass")
    delivered = fault not in DOUBTFUL or fault in DELIVERED
    assert clockwork.send() == ("sent" if delivered else "unknown")
    assert len(clockwork.sandbox.world.messages()) == int(delivered)
    assert clockwork.told() == ["request_accepted", "request_submitted", "request_arrived"]


@pytest.mark.parametrize("fault", FAULTS)
def test_without_a_token_everything_waits_and_then_happens(
    clockwork: Clockwork, fault: str
) -> None:
    break_down(clockwork, TOKEN, fault)
    submit_without_wechat(clockwork)
    clockwork.work(OUTAGE)
    if fault not in HARMLESS:
        assert clockwork.verdicts() == ("none", None)
        assert clockwork.sandbox.world.messages() == []
    # Signing in needs no token.
    Caller(over(clockwork.url)).sign_in(RESIDENT).get("/api/me").expect(200)

    clockwork.sandbox.world.clear_faults()
    clockwork.work(timedelta(minutes=30))
    assert clockwork.left() == []
    assert clockwork.verdicts() == ("pass", "pass")
    assert clockwork.send() == "sent"
    assert len(clockwork.sandbox.world.messages()) == 1
    assert clockwork.told() == ["request_submitted", "request_arrived"]


def submit_without_wechat(clockwork: Clockwork) -> dict[str, Any]:
    """Submit a request; no resident waits for WeChat, however it fails."""
    calls_before = len(clockwork.sandbox.world.calls())
    started = time.monotonic()
    receipt = clockwork.submit()
    assert time.monotonic() - started < ANSWERED_WITHIN_SECONDS
    assert len(clockwork.sandbox.world.calls()) == calls_before
    return receipt


def refused_to_sign_in(clockwork: Clockwork) -> None:
    nobody = Caller(over(clockwork.url))
    started = time.monotonic()
    refusal = nobody.post("/api/sessions", {"code": f"demo-{RESIDENT}"})
    assert time.monotonic() - started < ANSWERED_WITHIN_SECONDS
    assert refusal.expect(503)["code"] == "wechat_unavailable"
    assert "微信" in refusal.json["detail"]


@pytest.mark.parametrize("fault", ["reset", "40001"])
def test_an_outage_of_hours_leaves_nothing_that_an_operator_must_mend(
    clockwork: Clockwork, fault: str
) -> None:
    """A text can be checked for two hours, a message is of use for eight."""
    break_down(clockwork, "*", fault)
    clockwork.submit()
    clockwork.work(timedelta(hours=3))
    assert clockwork.verdicts() == ("none", None)
    clockwork.sandbox.world.clear_faults()
    clockwork.work(timedelta(hours=1))
    assert clockwork.left() == []
    assert clockwork.verdicts() == ("none", None), "no verdict is not a pass"
    assert clockwork.send() == "sent"
    assert len(clockwork.sandbox.world.messages()) == 1


def test_a_push_before_its_sender_died_is_believed_in_the_end(clockwork: Clockwork) -> None:
    """WeChat delivers, says so, and the sender dies before it has written that down."""
    clockwork.submit()
    clockwork.work(timedelta(seconds=1))
    assert clockwork.send() == "sent"
    execute(
        "UPDATE wechat_sends SET state = 'sending', message_id = NULL, ended_at = NULL,"
        " started_at = %s",
        (clock.now(),),
    )
    execute("UPDATE outbox SET done_at = NULL, attempts = 0 WHERE kind = 'wechat.push_event'")
    clockwork.work(timedelta(minutes=20))
    assert clockwork.left() == []
    assert clockwork.send() == "sent"
    assert len(clockwork.sandbox.world.messages()) == 1
