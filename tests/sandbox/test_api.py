"""The manners of the pretended api.weixin.qq.com, over HTTP."""

from typing import Any

import pytest
import requests

from backend.sandbox import Sandbox

PHONE = "/wxa/business/getuserphonenumber"


def post(sandbox: Sandbox, path: str, body: Any, token: str | None = None) -> dict[str, Any]:
    token = sandbox.world.stable_token(force=False)["access_token"] if token is None else token
    kind = {"data": body} if isinstance(body, bytes) else {"json": body}
    answer = requests.post(sandbox.url + path, params={"access_token": token}, timeout=5, **kind)
    assert answer.status_code == 200
    return dict(answer.json())


def stable_token(sandbox: Sandbox, **changes: Any) -> dict[str, Any]:
    account = sandbox.world.account
    body = {
        "grant_type": "client_credential",
        "appid": account.app_id,
        "secret": account.app_secret,
    }
    return post(sandbox, "/cgi-bin/stable_token", body | changes)


def sign_in(sandbox: Sandbox, **changes: str) -> dict[str, Any]:
    account = sandbox.world.account
    query = {
        "appid": account.app_id,
        "secret": account.app_secret,
        "grant_type": "authorization_code",
    }
    answer = requests.get(sandbox.url + "/sns/jscode2session", params=query | changes, timeout=5)
    return dict(answer.json())


# --- codes --------------------------------------------------------------------------------------


def test_login_code(sandbox: Sandbox) -> None:
    code = sandbox.world.issue_code("oSomebody")
    first = sign_in(sandbox, js_code=code)
    assert first["openid"] == "oSomebody"
    assert first["session_key"]
    assert "unionid" not in first
    assert "errcode" not in first
    assert sign_in(sandbox, js_code=code)["errcode"] == 40163


def test_demo_code_is_the_same_person_each_time(sandbox: Sandbox) -> None:
    li, again = (sign_in(sandbox, js_code="demo-lixiuying") for _ in range(2))
    assert li["openid"] == again["openid"] == sandbox.world.person("lixiuying")
    assert li["session_key"] != again["session_key"]
    assert sign_in(sandbox, js_code="demo-chenwei")["openid"] != li["openid"]


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"js_code": "made-up"}, 40029),
        ({"js_code": ""}, 41008),
        ({"appid": "wx0"}, 40013),
        ({"secret": "wrong"}, 40125),
        ({"secret": ""}, 41004),
        ({"grant_type": "client_credential"}, 40002),
    ],
)
def test_refused_sign_in(sandbox: Sandbox, changes: dict[str, str], errcode: int) -> None:
    answer = sign_in(sandbox, **({"js_code": "demo-a"} | changes))
    assert answer["errcode"] == errcode
    assert " rid: " in answer["errmsg"]


def test_login_code_is_no_phone_code(sandbox: Sandbox) -> None:
    assert post(sandbox, PHONE, {"code": sandbox.world.issue_code("o")})["errcode"] == 40029
    code = sandbox.world.issue_phone_code("13812345678")
    assert sign_in(sandbox, js_code=code)["errcode"] == 40029
    assert post(sandbox, PHONE, {"code": code})["phone_info"]["phoneNumber"] == "13812345678"


# --- tokens -------------------------------------------------------------------------------------


def test_token_is_the_same_until_its_last_five_minutes(sandbox: Sandbox) -> None:
    first = stable_token(sandbox)
    assert 7190 < first["expires_in"] <= 7200
    sandbox.world.advance(6800)
    assert stable_token(sandbox)["access_token"] == first["access_token"]
    sandbox.world.advance(150)
    second = stable_token(sandbox)
    assert second["access_token"] != first["access_token"]
    for token in (first, second):
        answer = post(sandbox, PHONE, {"code": "phone-13812345678"}, token["access_token"])
        assert answer["errcode"] == 0
    sandbox.world.advance(300)
    answer = post(sandbox, PHONE, {"code": "phone-13812345678"}, first["access_token"])
    assert answer["errcode"] == 42001


def test_forcing_ends_the_last_token(sandbox: Sandbox) -> None:
    first = stable_token(sandbox)["access_token"]
    second = stable_token(sandbox, force_refresh=True)["access_token"]
    assert first != second
    assert post(sandbox, PHONE, {"code": "x"}, first)["errcode"] == 40001
    assert stable_token(sandbox, force_refresh=True)["access_token"] == second
    sandbox.world.advance(31)
    assert stable_token(sandbox, force_refresh=True)["access_token"] != second


def test_forcing_ends_after_twenty_a_day(sandbox: Sandbox) -> None:
    stable_token(sandbox)
    for _ in range(20):
        assert "access_token" in stable_token(sandbox, force_refresh=True)
        sandbox.world.advance(31)
    assert stable_token(sandbox, force_refresh=True)["errcode"] == 45009


@pytest.mark.parametrize(("token", "errcode"), [("", 41001), ("made-up", 40001)])
def test_bad_token(sandbox: Sandbox, token: str, errcode: int) -> None:
    assert post(sandbox, PHONE, {"code": "x"}, token)["errcode"] == errcode


# --- bodies -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "errcode"),
    [(b"", 44002), (b"code=1", 47001), (b"[]", 47001), ('{"code":"中"}'.encode("gbk"), 47001)],
)
def test_body_must_be_a_json_object_in_utf8(sandbox: Sandbox, body: bytes, errcode: int) -> None:
    assert post(sandbox, PHONE, body)["errcode"] == errcode


def test_methods(sandbox: Sandbox) -> None:
    answer = requests.get(sandbox.url + PHONE, timeout=5).json()
    assert answer["errcode"] == 43002
    answer = requests.post(sandbox.url + "/sns/jscode2session", timeout=5).json()
    assert answer["errcode"] == 43001


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"version": 1}, 40097),
        ({"scene": 5}, 40129),
        ({"content": ""}, 44004),
        ({"content": "字" * 2501}, 45002),
        ({"openid": "oNobody"}, 40003),
    ],
)
def test_refused_text_check(sandbox: Sandbox, changes: dict[str, Any], errcode: int) -> None:
    openid = sign_in(sandbox, js_code="demo-a")["openid"]
    body = {"version": 2, "scene": 3, "openid": openid, "content": "路灯"}
    assert post(sandbox, "/wxa/msg_sec_check", body)["result"]["suggest"] == "pass"
    assert post(sandbox, "/wxa/msg_sec_check", body | changes)["errcode"] == errcode


def test_text_check_needs_a_visit(sandbox: Sandbox) -> None:
    openid = sandbox.world.person("never here")
    body = {"version": 2, "scene": 3, "openid": openid, "content": "路灯"}
    assert post(sandbox, "/wxa/msg_sec_check", body)["errcode"] == 61010


# --- messages -----------------------------------------------------------------------------------


def send(sandbox: Sandbox, openid: str, **changes: Any) -> dict[str, Any]:
    body = {"touser": openid, "template_id": "T", "data": {"thing1": {"value": "路灯"}}}
    return post(sandbox, "/cgi-bin/message/subscribe/send", body | changes)


@pytest.fixture
def openid(sandbox: Sandbox) -> str:
    sandbox.world.register_template("T", "进度", [{"key": "thing1", "label": "事项"}], "one_time")
    sandbox.world.register_template("L", "公告", [{"key": "thing1", "label": "事项"}], "long_term")
    return sandbox.world.person("lixiuying")


def test_accepts_add_up_and_a_rejection_takes_none(sandbox: Sandbox, openid: str) -> None:
    sandbox.accept(openid, "T")
    sandbox.accept(openid, "T")
    sandbox.world.answer_popup(openid, [{"template_id": "T", "outcome": "reject"}])
    assert [send(sandbox, openid)["errcode"] for _ in range(3)] == [0, 0, 43101]


def test_long_term_template_lasts_until_rejected(sandbox: Sandbox, openid: str) -> None:
    sandbox.accept(openid, "L")
    assert [send(sandbox, openid, template_id="L")["errcode"] for _ in range(3)] == [0, 0, 0]
    sandbox.world.answer_popup(openid, [{"template_id": "L", "outcome": "reject"}])
    assert send(sandbox, openid, template_id="L")["errcode"] == 43101


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"touser": "oNobody"}, 40003),
        ({"touser": None}, 40003),
        ({"template_id": "X"}, 40037),
        ({"page": "pages/x"}, 41030),
        ({"data": {}}, 47003),
        ({"lang": "fr"}, 40097),
        ({"miniprogram_state": "beta"}, 40097),
    ],
)
def test_refused_message(
    sandbox: Sandbox, openid: str, changes: dict[str, Any], errcode: int
) -> None:
    sandbox.accept(openid, "T")
    assert send(sandbox, openid, **changes)["errcode"] == errcode
    assert sandbox.world.credits(openid) == {"T": 1}
    assert sandbox.world.messages(openid) == []
