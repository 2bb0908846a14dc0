"""What the network and WeChat can do to a call: the right name for it, and nothing secret in it."""

import logging
import socket
import traceback
from collections.abc import Callable

import pytest

from backend.integrations.wechat import (
    DatabaseTokens,
    WeChat,
    WeChatBusy,
    WeChatError,
    WeChatRefused,
    WeChatUnknown,
    WeChatUnreachable,
)
from backend.kernel.db import fetch_all
from backend.kernel.settings import Settings
from backend.sandbox import Sandbox
from tests.integrations.conftest import PAGE, TEMPLATE, VALUES

JS_CODE, PHONE_CODE = "demo-secretcodeofsomebody", "phone-13812345678"
SEND = "/cgi-bin/message/subscribe/send"

CALLS: dict[str, Callable[[WeChat, str], object]] = {
    "/sns/jscode2session": lambda wechat, openid: wechat.exchange_code(JS_CODE),
    "/wxa/business/getuserphonenumber": lambda wechat, openid: wechat.phone_number(PHONE_CODE),
    "/wxa/msg_sec_check": lambda wechat, openid: wechat.check_text(openid, "路灯", 3),
    "/wxa/media_check_async": lambda wechat, openid: wechat.check_media(
        openid, "http://127.0.0.1:9/a.jpg", 3
    ),
    SEND: lambda wechat, openid: wechat.send_subscription(openid, TEMPLATE, PAGE, VALUES, "zh-CN"),
    "/wxa/getwxacodeunlimit": lambda wechat, openid: wechat.qr_code("i=1", PAGE),
}

FAULTS = [
    ("timeout", {}, WeChatUnknown, WeChatUnknown),
    ("reset", {}, WeChatUnknown, WeChatUnknown),
    ("errcode", {"errcode": -1}, WeChatBusy, WeChatBusy),
    ("errcode", {"errcode": 45011}, WeChatBusy, WeChatBusy),
    ("errcode", {"errcode": 45009}, WeChatRefused, WeChatRefused),
    ("errcode", {"errcode": 40001}, WeChatRefused, WeChatRefused),
    ("status", {"status": 503}, WeChatBusy, WeChatBusy),
    ("status", {"status": 502}, WeChatBusy, WeChatUnknown),
    ("status", {"status": 404}, WeChatBusy, WeChatBusy),
    ("status", {"status": 302}, WeChatBusy, WeChatUnknown),
    ("garbage", {}, WeChatBusy, WeChatUnknown),
]


def assert_nothing_secret(
    error: BaseException, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    secrets = [settings.wechat_app_secret.get_secret_value(), JS_CODE, PHONE_CODE, "session_key"]
    tokens = DatabaseTokens(settings.wechat_app_id)
    if fetch_all("SELECT 1 FROM wechat_tokens"):
        secrets.append(tokens.get(lambda force: pytest.fail("there is one")))
    logging.getLogger("test").error("call failed", exc_info=error)
    told = [caplog.text, str(error), repr(error), repr(vars(error))]
    told += traceback.format_exception(error, chain=True)
    chained = error
    while chained:
        told.append(repr(chained) + repr(chained.args))
        chained = chained.__cause__ or chained.__context__
    for secret in secrets:
        assert all(secret not in text for text in told)


@pytest.mark.parametrize("path", CALLS)
@pytest.mark.parametrize(("kind", "options", "expected", "for_a_send"), FAULTS)
def test_fault(
    path: str,
    kind: str,
    options: dict[str, int],
    expected: type[WeChatError],
    for_a_send: type[WeChatError],
    wechat: WeChat,
    wechat_settings: Settings,
    sandbox: Sandbox,
    openid: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    sandbox.fault(path, kind, times=None, **options)
    with pytest.raises(WeChatError) as failure:
        CALLS[path](wechat, openid)
    assert type(failure.value) is (for_a_send if path == SEND else expected)
    assert failure.value.__cause__ is None
    assert failure.value.__context__ is None
    assert_nothing_secret(failure.value, caplog, wechat_settings)
    retried = options.get("errcode") == 40001 and path != "/sns/jscode2session"
    assert len(sandbox.world.calls(path)) == (2 if retried else 1)


@pytest.mark.parametrize("path", [path for path in CALLS if path != "/sns/jscode2session"])
@pytest.mark.parametrize(
    ("kind", "options", "expected"),
    [
        ("timeout", {}, WeChatUnreachable),
        ("reset", {}, WeChatUnreachable),
        ("errcode", {"errcode": 45011}, WeChatBusy),
        ("errcode", {"errcode": 40125}, WeChatRefused),
        ("status", {}, WeChatBusy),
        ("garbage", {}, WeChatBusy),
    ],
)
def test_without_a_token_nothing_was_delivered(
    path: str,
    kind: str,
    options: dict[str, int],
    expected: type[WeChatError],
    wechat: WeChat,
    wechat_settings: Settings,
    sandbox: Sandbox,
    openid: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    sandbox.fault("/cgi-bin/stable_token", kind, times=None, **options)
    with pytest.raises(WeChatError) as failure:
        CALLS[path](wechat, openid)
    assert type(failure.value) is expected
    assert_nothing_secret(failure.value, caplog, wechat_settings)
    assert sandbox.world.calls(path) == []


@pytest.mark.parametrize("path", CALLS)
@pytest.mark.parametrize("host", ["127.0.0.1:1", "no-such-host.invalid"])
def test_no_connection(
    path: str,
    host: str,
    wechat: WeChat,
    wechat_settings: Settings,
    openid: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    wechat.phone_number(PHONE_CODE)
    settings = wechat_settings.model_copy(update={"wechat_api_base_url": f"http://{host}"})
    cut_off = WeChat(settings, DatabaseTokens(settings.wechat_app_id))
    with pytest.raises(WeChatUnreachable) as failure:
        CALLS[path](cut_off, openid)
    assert_nothing_secret(failure.value, caplog, wechat_settings)


def test_no_answer_to_connecting(wechat_settings: Settings, database: str) -> None:
    """A full backlog drops further connections, so connecting itself runs into the time limit."""
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for client in (first, second):
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        address = f"http://127.0.0.1:{full.getsockname()[1]}"
        settings = wechat_settings.model_copy(update={"wechat_api_base_url": address})
        with pytest.raises(WeChatUnreachable):
            WeChat(settings, DatabaseTokens("x")).exchange_code(JS_CODE)


@pytest.mark.parametrize("kind", ["timeout", "reset", "garbage", "status"])
def test_lost_answer_of_a_delivered_message_is_unknown(
    kind: str, wechat: WeChat, sandbox: Sandbox, openid: str
) -> None:
    sandbox.fault(SEND, kind, after=True, status=504)
    with pytest.raises(WeChatUnknown):
        CALLS[SEND](wechat, openid)
    assert len(sandbox.world.messages(openid)) == 1


def test_slow_answer_in_time_is_an_answer(wechat: WeChat, sandbox: Sandbox, openid: str) -> None:
    sandbox.fault(SEND, "slow", seconds=0.1)
    assert CALLS[SEND](wechat, openid)


def test_good_calls_log_no_secret(
    wechat: WeChat,
    wechat_settings: Settings,
    openid: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    for call in CALLS.values():
        call(wechat, openid)
    assert "/sns/jscode2session" in caplog.text
    assert_nothing_secret(Exception(), caplog, wechat_settings)
