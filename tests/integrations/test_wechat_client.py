"""Every call, against WeChat's rules as the sandbox keeps them."""

import io

import pytest
from PIL import Image

from backend.integrations.wechat import (
    LoginIdentity,
    Suggest,
    WeChat,
    WeChatRefused,
)
from backend.integrations.wechat.errors import (
    BAD_CODE,
    BAD_OPENID,
    BAD_PAGE,
    BAD_TEMPLATE,
    BAD_VALUE,
    BLOCKED_USER,
    NO_CREDIT,
    NOT_SEEN_LATELY,
    USED_CODE,
)
from backend.kernel.settings import Settings
from backend.sandbox import Sandbox
from tests.integrations.conftest import PAGE, TEMPLATE, VALUES


def test_code_is_exchanged_once(wechat: WeChat, sandbox: Sandbox) -> None:
    code = sandbox.world.issue_code("oSomebody")
    sandbox.world.add_person("oSomebody", unionid="uSomebody")
    assert wechat.exchange_code(code) == LoginIdentity("oSomebody", "uSomebody")
    with pytest.raises(WeChatRefused) as refusal:
        wechat.exchange_code(code)
    assert refusal.value.errcode == USED_CODE
    assert refusal.value.request_id


def test_code_ends_after_five_minutes(wechat: WeChat, sandbox: Sandbox) -> None:
    code = sandbox.world.issue_code("oSomebody")
    sandbox.world.advance(301)
    with pytest.raises(WeChatRefused) as refusal:
        wechat.exchange_code(code)
    assert refusal.value.errcode == BAD_CODE


def test_blocked_person_cannot_sign_in(wechat: WeChat, sandbox: Sandbox) -> None:
    code = sandbox.world.issue_code("oSomebody")
    sandbox.world.block("oSomebody")
    with pytest.raises(WeChatRefused) as refusal:
        wechat.exchange_code(code)
    assert refusal.value.errcode == BLOCKED_USER


def test_signing_in_needs_no_access_token(wechat: WeChat, sandbox: Sandbox) -> None:
    sandbox.fault("/cgi-bin/stable_token", "status", times=None)
    identity = wechat.exchange_code("demo-lixiuying")
    assert identity == wechat.exchange_code("demo-lixiuying")
    assert sandbox.world.calls("/cgi-bin/stable_token") == []


def test_phone_number(wechat: WeChat, sandbox: Sandbox) -> None:
    assert wechat.phone_number(sandbox.world.issue_phone_code("13812345678")) == "13812345678"
    assert wechat.phone_number("phone-13900001111") == "13900001111"
    with pytest.raises(WeChatRefused) as refusal:
        wechat.phone_number("made-up")
    assert refusal.value.errcode == BAD_CODE


@pytest.mark.parametrize(
    ("text", "suggest"),
    [
        ("村口的路灯不亮了", Suggest.PASS),
        ("加微信返利", Suggest.REVIEW),
        ("加微信返利，赌博网站", Suggest.RISKY),
    ],
)
def test_text_verdict(wechat: WeChat, openid: str, text: str, suggest: Suggest) -> None:
    verdict = wechat.check_text(openid, text, 3)
    assert verdict.suggest is suggest
    assert verdict.trace_id
    assert (verdict.label == 100) == (suggest is Suggest.PASS)


def test_long_text_is_checked_to_its_end(wechat: WeChat, openid: str) -> None:
    """Also where a word lies across two parts, and where characters are two units long."""
    for filling in ("灯", "𠮷"):
        for length in (1248, 2448, 2500):
            assert wechat.check_text(openid, filling * length, 3).suggest is Suggest.PASS
            verdict = wechat.check_text(openid, filling * length + "赌博网站" + filling * 9, 3)
            assert verdict.suggest is Suggest.RISKY


def test_text_of_a_person_long_gone_is_refused(
    wechat: WeChat, sandbox: Sandbox, openid: str
) -> None:
    sandbox.world.advance(7201)
    with pytest.raises(WeChatRefused) as refusal:
        wechat.check_text(openid, "路灯", 3)
    assert refusal.value.errcode == NOT_SEEN_LATELY


def test_message_arrives_as_it_was_sent(wechat: WeChat, sandbox: Sandbox, openid: str) -> None:
    page = f"{PAGE}?id=1"
    result = wechat.send_subscription(openid, TEMPLATE, page, VALUES, "zh-CN")
    (message,) = sandbox.world.messages(openid)
    assert result.message_id == str(message["id"])
    assert message["title"] == "诉求办理进度"
    assert message["page"] == page
    assert {item["key"]: item["value"] for item in message["fields"]} == VALUES
    assert (message["lang"], message["state"]) == ("zh_CN", "formal")


def test_one_accept_is_one_message(wechat: WeChat, sandbox: Sandbox, openid: str) -> None:
    wechat.send_subscription(openid, TEMPLATE, PAGE, VALUES, "en")
    with pytest.raises(WeChatRefused) as refusal:
        wechat.send_subscription(openid, TEMPLATE, PAGE, VALUES, "en")
    assert refusal.value.errcode == NO_CREDIT
    assert len(sandbox.world.messages(openid)) == 1


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"openid": "oNobody"}, BAD_OPENID),
        ({"template_id": "unknown"}, BAD_TEMPLATE),
        ({"page": "pages/not/there"}, BAD_PAGE),
        ({"values": VALUES | {"thing2": "字" * 21}}, BAD_VALUE),
        ({"values": {"thing2": "路灯"}}, BAD_VALUE),
    ],
)
def test_refused_message_uses_up_nothing(
    wechat: WeChat, sandbox: Sandbox, openid: str, change: dict[str, object], errcode: int
) -> None:
    message = {
        "openid": openid,
        "template_id": TEMPLATE,
        "page": PAGE,
        "values": VALUES,
        "language": "zh-CN",
    }
    with pytest.raises(WeChatRefused) as refusal:
        wechat.send_subscription(**(message | change))
    assert refusal.value.errcode == errcode
    assert sandbox.world.credits(openid) == {TEMPLATE: 1}


def test_wrong_value_names_its_field(wechat: WeChat, openid: str) -> None:
    with pytest.raises(WeChatRefused) as refusal:
        wechat.send_subscription(openid, TEMPLATE, PAGE, VALUES | {"phrase3": "ok"}, "zh-CN")
    assert refusal.value.field == "phrase3"


def test_qr_code_is_an_image(wechat: WeChat, sandbox: Sandbox) -> None:
    sandbox.world.set_pages([PAGE])
    image = Image.open(io.BytesIO(wechat.qr_code("i=AbC-123", PAGE)))
    assert image.size[0] == image.size[1] >= 280
    with pytest.raises(WeChatRefused) as refusal:
        wechat.qr_code("中文", PAGE)
    assert refusal.value.errcode == 40169


def test_qr_code_of_a_page_not_released(wechat: WeChat) -> None:
    with pytest.raises(WeChatRefused) as refusal:
        wechat.qr_code("i=1", "pages/not/there")
    assert refusal.value.errcode == BAD_PAGE


@pytest.mark.parametrize(("field", "errcode"), [("app_id", 40013), ("app_secret", 40125)])
def test_wrong_credentials(
    wechat: WeChat, wechat_settings: Settings, sandbox: Sandbox, field: str, errcode: int
) -> None:
    account = sandbox.world.store.get("account")
    sandbox.world.store.put("account", account | {field: "another"})
    for call in (lambda: wechat.exchange_code("demo-a"), lambda: wechat.phone_number("x")):
        with pytest.raises(WeChatRefused) as refusal:
            call()
        assert refusal.value.errcode == errcode
