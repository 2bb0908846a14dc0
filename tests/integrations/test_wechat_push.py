"""Pushes: WeChat's official samples, what the sandbox really sends, and what nobody should send."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pydantic import SecretStr

from backend.integrations.wechat import (
    BadPush,
    PushEvent,
    Suggest,
    WeChat,
    check_signature,
    decrypt_push,
    events,
    first_time,
    forget_seen,
)
from backend.integrations.wechat.push import CHANGE, MEDIA, POPUP, SENT
from backend.kernel.db import db
from backend.kernel.settings import Settings
from backend.sandbox import Account, Sandbox
from backend.sandbox.push import envelope, signature
from tests.integrations.conftest import PAGE, TEMPLATE, VALUES

VECTORS = json.loads((Path(__file__).parent / "wechat-vectors.json").read_text())
SAFE = VECTORS["push_safe_mode_json"]
SAFE_PARAMS = {key: SAFE[key] for key in ("timestamp", "nonce", "signature", "msg_signature")}
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.fixture
def official(settings: Settings) -> Settings:
    """The account of WeChat's samples."""
    return settings.model_copy(
        update={
            "wechat_app_id": SAFE["appid"],
            "wechat_push_token": SecretStr(SAFE["token"]),
            "wechat_encoding_aes_key": SecretStr(SAFE["encoding_aes_key"]),
        }
    )


@pytest.fixture
def plain(official: Settings) -> Settings:
    return official.model_copy(update={"wechat_encoding_aes_key": SecretStr("")})


def message(**changes: Any) -> dict[str, Any]:
    return {
        "ToUserName": "gh_1",
        "FromUserName": "oLi",
        "CreateTime": "1700000000",
        "MsgType": "event",
    } | changes


# --- WeChat's own samples -----------------------------------------------------------------------


def test_official_address_check() -> None:
    sample = VECTORS["push_url_check"]
    given_parts = [sample[key] for key in ("token", "timestamp", "nonce", "signature")]
    assert check_signature(*given_parts)
    assert not check_signature("BBBBB", *given_parts[1:])
    assert not check_signature(*given_parts[:3], "签名")
    assert not check_signature("", "", "", "da39a3ee5e6b4b0d3255bfef95601890afd80709")


def test_official_plain_push(plain: Settings) -> None:
    sample = VECTORS["push_plain_post"]
    body = json.dumps(message(Event="debug_demo")).encode()
    assert decrypt_push(body, sample, plain)["Event"] == "debug_demo"


def test_official_safe_push(official: Settings) -> None:
    opened = decrypt_push(json.dumps(SAFE["body"]).encode(), SAFE_PARAMS, official)
    assert opened == SAFE["plaintext"]


def test_official_safe_push_as_xml(official: Settings) -> None:
    sealed = SAFE["body"]["Encrypt"]
    body = f"<xml><ToUserName>gh</ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    assert decrypt_push(body.encode(), SAFE_PARAMS, official) == SAFE["plaintext"]


# --- what must not get in -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"msg_signature": "0" * 40},
        {"msg_signature": SAFE["signature"]},
        {"msg_signature": "签名"},
        {"timestamp": "1714112446"},
        {"nonce": "1"},
    ],
)
def test_wrong_signature(official: Settings, change: dict[str, str]) -> None:
    with pytest.raises(BadPush):
        decrypt_push(json.dumps(SAFE["body"]).encode(), SAFE_PARAMS | change, official)


@pytest.mark.parametrize("missing", ["msg_signature", "timestamp", "nonce"])
def test_missing_parameter(official: Settings, missing: str) -> None:
    params = {key: value for key, value in SAFE_PARAMS.items() if key != missing}
    with pytest.raises(BadPush):
        decrypt_push(json.dumps(SAFE["body"]).encode(), params, official)


def test_push_for_another_mini_program(official: Settings) -> None:
    other = official.model_copy(update={"wechat_app_id": "wx0000000000000000"})
    with pytest.raises(BadPush):
        decrypt_push(json.dumps(SAFE["body"]).encode(), SAFE_PARAMS, other)


def test_plain_push_where_safe_mode_is_configured(official: Settings) -> None:
    body = json.dumps(message(Event="debug_demo")).encode()
    with pytest.raises(BadPush):
        decrypt_push(body, VECTORS["push_plain_post"], official)


def test_safe_push_where_no_key_is_configured(plain: Settings) -> None:
    with pytest.raises(BadPush):
        decrypt_push(json.dumps(SAFE["body"]).encode(), SAFE_PARAMS, plain)


def test_nothing_is_taken_without_a_token(plain: Settings) -> None:
    """The signature over an empty token can be made by anybody."""
    open_house = plain.model_copy(update={"wechat_push_token": SecretStr("")})
    account = Account(push_token="", encoding_aes_key="")
    query, body = envelope(message(Event="debug_demo"), account, 1_700_000_000)
    with pytest.raises(BadPush):
        decrypt_push(body, query, open_house)


BOMB = b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><xml><Encrypt>&b;</Encrypt></xml>"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b"<xml>", b"<a/>", b"<xml/>", b"[" * 100_000, BOMB],
)
@pytest.mark.parametrize("mode", ["official", "plain"])
def test_malformed_body(body: bytes, mode: str, request: pytest.FixtureRequest) -> None:
    params = VECTORS["push_plain_post"] if mode == "plain" else SAFE_PARAMS
    with pytest.raises(BadPush):
        decrypt_push(body, params, request.getfixturevalue(mode))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(body=st.binary(max_size=80) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_body_signed_or_not(body: bytes) -> None:
    """Whatever comes: a message or BadPush."""
    account = Account()
    settings = Settings.model_construct(
        wechat_app_id=account.app_id,
        wechat_push_token=SecretStr(account.push_token),
        wechat_encoding_aes_key=SecretStr(""),
    )
    query, _ = envelope(message(), Account(encoding_aes_key=""), 1_700_000_000)
    try:
        told = events(decrypt_push(body, query, settings))
    except BadPush:
        return
    assert all(isinstance(event, PushEvent) for event in told)


@given(sealed=st.binary(max_size=100).map(lambda raw: raw.hex()) | st.text(max_size=50) | JSON)
def test_any_sealed_content_of_who_knows_the_token(sealed: Any) -> None:
    account = Account()
    settings = Settings.model_construct(
        wechat_app_id=account.app_id,
        wechat_push_token=SecretStr(account.push_token),
        wechat_encoding_aes_key=SecretStr(account.encoding_aes_key),
    )
    known = sealed if isinstance(sealed, str) else ""
    params = {
        "timestamp": "1",
        "nonce": "2",
        "msg_signature": signature(account.push_token, "1", "2", known),
    }
    with pytest.raises(BadPush):
        decrypt_push(json.dumps({"Encrypt": sealed}).encode(), params, settings)


FIELDS = [
    "FromUserName",
    "CreateTime",
    "Event",
    "MsgType",
    "MsgId",
    "List",
    "SubscribeMsgPopupEvent",
    "trace_id",
    "result",
    "isrisky",
    "status_code",
    "errcode",
]


@given(
    base=st.sampled_from([POPUP, CHANGE, SENT, MEDIA, "other"]),
    changes=st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=4),
)
def test_any_message(base: str, changes: dict[str, Any]) -> None:
    try:
        told = events(message(Event=base, trace_id="t", isrisky=0) | changes)
    except BadPush:
        return
    assert len({event.dedupe_key for event in told}) <= len(told)


# --- one shape ----------------------------------------------------------------------------------

ACCEPT = {"TemplateId": "A", "SubscribeStatusString": "accept", "PopupScene": "0"}
REJECT = {"TemplateId": "B", "SubscribeStatusString": "reject", "PopupScene": "0"}


@pytest.mark.parametrize(
    "content",
    [
        {"List": ACCEPT},
        {"List": [ACCEPT]},
        {"SubscribeMsgPopupEvent": {"List": ACCEPT}},
        {"SubscribeMsgPopupEvent": {"List": [ACCEPT]}},
        {"SubscribeMsgPopupEvent": [ACCEPT]},
    ],
)
def test_single_answer_in_any_shape(content: dict[str, Any]) -> None:
    (event,) = events(message(Event=POPUP, **content))
    assert (event.kind, event.openid) == (POPUP, "oLi")
    assert event.created_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert event.data == {"template_id": "A", "outcome": "accept"}


def test_several_answers_are_several_events() -> None:
    told = events(message(Event=POPUP, List=[ACCEPT, REJECT]))
    assert [(event.data["template_id"], event.data["outcome"]) for event in told] == [
        ("A", "accept"),
        ("B", "reject"),
    ]
    assert len({event.dedupe_key for event in told}) == 2


def test_sent_event_with_numbers_as_text() -> None:
    item = {"TemplateId": "A", "MsgID": "1", "ErrorCode": "43101", "ErrorStatus": "refused"}
    (event,) = events(message(Event=SENT, List=item))
    assert event.data == {
        "template_id": "A",
        "message_id": "1",
        "error_code": 43101,
        "error_status": "refused",
    }


@pytest.mark.parametrize(
    ("content", "suggest", "error_code"),
    [
        ({"result": {"suggest": "pass", "label": 100}, "errcode": 0}, Suggest.PASS, 0),
        ({"result": {"suggest": "risky", "label": "20002"}}, Suggest.RISKY, 0),
        ({"errcode": -1008}, None, -1008),
        ({"result": {"suggest": "pass", "label": 100}, "errcode": "-1008"}, None, -1008),
        ({"result": {"suggest": "new word"}}, None, 0),
        ({}, None, 0),
        ({"isrisky": 0, "status_code": 0}, Suggest.PASS, 0),
        ({"isrisky": "1", "status_code": "0"}, Suggest.RISKY, 0),
        ({"isrisky": 0, "status_code": 4294966288}, None, 4294966288),
    ],
)
def test_media_verdict(content: dict[str, Any], suggest: Suggest | None, error_code: int) -> None:
    (event,) = events(message(Event=MEDIA, trace_id="t-1", **content))
    assert event.data["trace_id"] == "t-1"
    assert (event.data["suggest"], event.data["error_code"]) == (suggest, error_code)


def test_dedupe_key() -> None:
    def key(**changes: Any) -> str:
        return events(message(Event=MEDIA, trace_id="t-1") | changes)[0].dedupe_key

    assert key() == key(CreateTime=1700000000)
    others = [{"trace_id": "t-2"}, {"CreateTime": "1"}, {"FromUserName": "oX"}, {"MsgId": 1}]
    assert len({key(), *(key(**change) for change in others)}) == 5
    assert key(MsgId=1) == key(MsgId="1", CreateTime="2")
    assert "oLi" not in key()


def test_seen_once(database: str) -> None:
    assert first_time("k", NOW)
    assert not first_time("k", NOW + timedelta(days=1))
    assert forget_seen(before=NOW) == 0
    assert forget_seen(before=NOW + timedelta(seconds=1)) == 1
    assert first_time("k", NOW)


def test_not_seen_if_the_work_on_it_failed(database: str) -> None:
    with db.atomic() as transaction:
        assert first_time("k", NOW)
        transaction.rollback()
    assert first_time("k", NOW)


# --- from the sandbox, over HTTP ----------------------------------------------------------------


class Receiver:
    """What the product's address for pushes does, and an image for WeChat to look at."""

    def __init__(self, settings: Settings, image: bytes) -> None:
        told = self.told = []
        failures = self.failures = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(image)

            def do_POST(self) -> None:
                params = dict(parse_qsl(urlsplit(self.path).query))
                body = self.rfile.read(int(self.headers["Content-Length"]))
                try:
                    told.extend(events(decrypt_push(body, params, settings)))
                except BadPush as error:
                    failures.append(error)
                self.answer(b"success")

            def answer(self, body: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture(params=["safe", "plain"])
def receiver(
    request: pytest.FixtureRequest,
    wechat_settings: Settings,
    sandbox: Sandbox,
    openid: str,
    tmp_path: Path,
) -> Iterator[Receiver]:
    settings = wechat_settings
    if request.param == "plain":
        settings = settings.model_copy(update={"wechat_encoding_aes_key": SecretStr("")})
        sandbox.world.set_push(encoding_aes_key="")
    Image.new("RGB", (8, 8)).save(tmp_path / "image.png")
    receiver = Receiver(settings, (tmp_path / "image.png").read_bytes())
    thread = threading.Thread(target=receiver.server.serve_forever, args=(0.05,))
    thread.start()
    sandbox.world.set_push(push_url=receiver.url + "/wechat/push")
    yield receiver
    sandbox.wait_for_pushes()
    receiver.server.shutdown()
    thread.join()
    receiver.server.server_close()
    assert receiver.failures == []


def test_grant_is_told(receiver: Receiver, sandbox: Sandbox, openid: str) -> None:
    sandbox.accept(openid, TEMPLATE)
    sandbox.wait_for_pushes()
    (event,) = receiver.told
    assert (event.kind, event.openid) == (POPUP, openid)
    assert event.data == {"template_id": TEMPLATE, "outcome": "accept"}


def test_sent_message_is_told_with_its_id(
    receiver: Receiver, wechat: WeChat, sandbox: Sandbox, openid: str
) -> None:
    result = wechat.send_subscription(openid, TEMPLATE, PAGE, VALUES, "zh-CN")
    sandbox.wait_for_pushes()
    (event,) = receiver.told
    assert event.kind == SENT
    assert event.data["message_id"] == result.message_id
    assert event.data["error_code"] == 0


@pytest.mark.parametrize(
    ("path", "suggest"),
    [("/good.jpg", Suggest.PASS), ("/bad.jpg", Suggest.RISKY), ("/missing", None)],
)
def test_verdict_on_an_image_is_told(
    receiver: Receiver,
    wechat: WeChat,
    sandbox: Sandbox,
    openid: str,
    path: str,
    suggest: Suggest | None,
) -> None:
    verdict = {"part": "/bad.jpg", "suggest": "risky", "label": 20002}
    sandbox.world.store.put("media_verdicts", [verdict])
    url = "http://127.0.0.1:1/gone.jpg" if path == "/missing" else receiver.url + path
    trace_id = wechat.check_media(openid, url, 3)
    sandbox.wait_for_pushes()
    (event,) = receiver.told
    assert (event.kind, event.openid) == (MEDIA, openid)
    assert (event.data["trace_id"], event.data["suggest"]) == (trace_id, suggest)
