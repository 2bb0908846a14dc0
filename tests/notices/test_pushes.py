"""What WeChat pushes: taken in only when genuine, answered at once, acted on once."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from backend.kernel import clock, outbox
from backend.kernel.db import execute, fetch_all, fetch_one
from backend.kernel.settings import Settings
from backend.notices import delivery, ledger, pushes, templates
from backend.notices.rules import TemplateKind
from backend.notices.templates import Template, Templates
from backend.sandbox import Sandbox
from backend.sandbox.push import encrypt, envelope, signature
from tests.notices.conftest import work

OPENID = "o-lixiuying"
FAR = datetime(2099, 1, 1, tzinfo=clock.LOCAL)


class Pusher:
    """WeChat's side of the push, in every shape it has."""

    def __init__(self, client: FlaskClient, wechat: Sandbox) -> None:
        self.client = client
        self.account = wechat.world.account

    def message(
        self, event: str, content: dict[str, Any], at: datetime | None = None
    ) -> dict[str, Any]:
        created = str(int((at or clock.now()).timestamp()))
        head = {"ToUserName": "gh_1", "FromUserName": OPENID, "CreateTime": created}
        return head | {"MsgType": "event", "Event": event} | content

    def json(self, message: dict[str, Any]) -> Any:
        query, body = envelope(message, self.account, clock.now().timestamp())
        return self.client.post("/wechat/push", query_string=query, data=body)

    def xml(self, message: dict[str, Any]) -> Any:
        sealed = encrypt(f"<xml>{_xml(message)}</xml>", self.account)
        query = {"timestamp": "1", "nonce": "2", "encrypt_type": "aes"}
        query["msg_signature"] = signature(self.account.push_token, "1", "2", sealed)
        body = f"<xml><ToUserName>gh_1</ToUserName><Encrypt>{sealed}</Encrypt></xml>"
        return self.client.post("/wechat/push", query_string=query, data=body.encode())


def _xml(value: dict[str, Any]) -> str:
    parts = []
    for key, item in value.items():
        for one in item if isinstance(item, list) else [item]:
            inner = _xml(one) if isinstance(one, dict) else f"<![CDATA[{one}]]>"
            parts.append(f"<{key}>{inner}</{key}>")
    return "".join(parts)


@pytest.fixture
def push(client: FlaskClient, wechat: Sandbox) -> Pusher:
    return Pusher(client, wechat)


def yes(*given: Template, outcome: str = "accept") -> dict[str, Any]:
    listed = [
        {"TemplateId": each.template_id, "SubscribeStatusString": outcome, "PopupScene": "1"}
        for each in given
    ]
    return {"List": listed[0] if len(listed) == 1 else listed}


def credits(person_id: UUID, *given: Template) -> list[int]:
    return [ledger.credits_left(person_id, each) for each in given]


@pytest.mark.parametrize("shape", ["json", "xml"])
@pytest.mark.parametrize("count", [1, 3])
def test_each_yes_in_a_push_is_a_credit_once(
    person_id: UUID, push: Pusher, shipped_templates: Templates, shape: str, count: int
) -> None:
    given = list(shipped_templates.by_key.values())[:count]
    message = push.message("subscribe_msg_popup_event", yes(*given))
    if shape == "xml":
        message = message | {"SubscribeMsgPopupEvent": {"List": message["List"]}}
        del message["List"]
    for _ in range(3):
        answer = getattr(push, shape)(message)
        assert (answer.status_code, answer.text) == (200, "success")
    assert outbox.backlog() == count, "repeats are dropped at the door"
    work()
    assert credits(person_id, *given) == [1] * count
    assert outbox.dead_letters() == []


def test_a_yes_that_the_client_reported_too_is_one_credit(
    person_id: UUID, push: Pusher, client: FlaskClient, reply: Template
) -> None:
    push.json(push.message("subscribe_msg_popup_event", yes(reply)))
    report = {"results": [{"template_id": reply.template_id, "outcome": "accept"}]}
    headers = {"Authorization": f"Bearer {person_id}", "Idempotency-Key": "subscribe-1"}
    answer = client.post("/api/subscriptions", json=report, headers=headers)
    assert answer.get_json()["templates"][0]["credits"] == 1
    work()
    assert credits(person_id, reply) == [1]


def test_handling_an_event_again_changes_nothing(
    person_id: UUID, push: Pusher, reply: Template
) -> None:
    push.json(push.message("subscribe_msg_popup_event", yes(reply)))
    (event,) = outbox.claim(FAR)
    for _ in range(3):
        pushes.take(event.payload, clock.now())
    assert credits(person_id, reply) == [1]


def test_a_no_takes_nothing_from_a_one_time_template(
    person_id: UUID, push: Pusher, reply: Template, grant: Callable[..., None]
) -> None:
    grant(person_id, reply, at=clock.now())
    push.json(push.message("subscribe_msg_popup_event", yes(reply, outcome="reject")))
    work()
    assert credits(person_id, reply) == [1]


def test_switching_a_template_off_takes_its_credits(
    person_id: UUID,
    push: Pusher,
    shipped_templates: Templates,
    reply: Template,
    grant: Callable[..., None],
) -> None:
    other = shipped_templates.by_key["request_progress"]
    for template in (reply, other):
        grant(person_id, template, times=2, at=clock.now() - timedelta(seconds=5))
    push.json(push.message("subscribe_msg_change_event", yes(reply, outcome="reject")))
    push.json(
        push.message(
            "subscribe_msg_change_event", yes(other, outcome="accept"), clock.now() + timedelta(1)
        )
    )
    work()
    assert credits(person_id, reply, other) == [0, 2]


def test_a_long_term_template_follows_the_persons_word(
    person_id: UUID, push: Pusher, reply: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    lasting = replace(reply, kind=TemplateKind.LONG_TERM)
    monkeypatch.setattr(templates, "_in_force", Templates({lasting.key: lasting}, {}))
    start = clock.now() - timedelta(minutes=30)
    left = []
    words = [("popup", "accept"), ("popup", "reject"), ("change", "accept"), ("change", "reject")]
    for index, (event, outcome) in enumerate(words):
        at = start + timedelta(minutes=index)
        push.json(push.message(f"subscribe_msg_{event}_event", yes(lasting, outcome=outcome), at))
        work()
        left += credits(person_id, lasting)
    assert left == [1, 0, 1, 0]


def test_events_of_strangers_and_of_other_templates_are_dropped_quietly(
    person_id: UUID, push: Pusher, reply: Template
) -> None:
    stranger = push.message("subscribe_msg_popup_event", yes(reply)) | {"FromUserName": "o-nobody"}
    unknown = yes(replace(reply, template_id="X" * 43))
    for message in (
        stranger,
        push.message("subscribe_msg_popup_event", unknown),
        push.message("subscribe_msg_change_event", unknown),
        push.message(
            "subscribe_msg_sent_event", end("1") | {"List": end("1")["List"] | {"TemplateId": "X"}}
        ),
        push.message("debug_demo", {"debug_str": "hello world"}),
        push.message("", {"MsgType": "text", "Content": "在吗", "MsgId": 9}),
    ):
        assert push.json(message).text == "success"
    work()
    assert outbox.dead_letters() == []
    assert fetch_all("SELECT 1 FROM subscription_grants") == []


def end(message_id: str, error_code: str = "0") -> dict[str, Any]:
    status = "success" if error_code == "0" else "failed"
    reply = templates.in_force().by_key["request_reply"]
    item = {"TemplateId": reply.template_id, "MsgID": message_id}
    return {"List": item | {"ErrorCode": error_code, "ErrorStatus": status}}


@pytest.fixture
def sending(
    person_id: UUID,
    wechat: Sandbox,
    reply: Template,
    grant: Callable[..., None],
    tell: Callable[..., UUID],
) -> Callable[[], delivery.Claim]:
    """Begin to send one more message, and go no further."""

    def begin() -> delivery.Claim:
        grant(person_id, reply, times=1, at=clock.now())
        tell(person_id)
        row = fetch_one("SELECT id FROM wechat_sends WHERE state = 'pending'")
        assert row is not None
        claim = delivery.claim(row[0], clock.now())
        assert claim is not None
        execute("UPDATE outbox SET done_at = now()")
        return claim

    return begin


def states() -> list[tuple[Any, ...]]:
    return fetch_all("SELECT state, error_code, message_id FROM wechat_sends ORDER BY id")


@pytest.mark.parametrize(
    ("error_code", "state"),
    [
        ("0", ("sent", None, "77")),
        ("43101", ("refused", "43101", "77")),
        ("5", ("failed", "5", "77")),
    ],
)
def test_word_of_a_lost_message_ends_the_doubt(
    push: Pusher, sending: Callable[[], delivery.Claim], error_code: str, state: tuple[Any, ...]
) -> None:
    delivery.maybe_delivered(sending(), "no answer", clock.now())
    push.json(push.message("subscribe_msg_sent_event", end("77", error_code)))
    work()
    assert states() == [state]


def test_word_of_two_lost_messages_leaves_both_in_doubt(
    push: Pusher, sending: Callable[[], delivery.Claim]
) -> None:
    for _ in range(2):
        delivery.maybe_delivered(sending(), "no answer", clock.now())
    push.json(push.message("subscribe_msg_sent_event", end("77")))
    work()
    assert [state for state, _, _ in states()] == ["unknown", "unknown"]


def test_a_late_failure_of_a_sent_message_is_written_down(
    person_id: UUID, push: Pusher, reply: Template, sending: Callable[[], delivery.Claim]
) -> None:
    delivery.delivered(sending(), "77", clock.now())
    delivery.delivered(sending(), "78", clock.now())
    push.json(push.message("subscribe_msg_sent_event", end("77", "5")))
    work()
    assert states() == [("failed", "5", "77"), ("sent", None, "78")]
    assert credits(person_id, reply) == [0]


def test_word_that_overtakes_the_answer_waits_for_it(
    push: Pusher, sending: Callable[[], delivery.Claim]
) -> None:
    claim = sending()
    push.json(push.message("subscribe_msg_sent_event", end("77")))
    work()
    assert states() == [("sending", None, None)] and outbox.backlog() == 1
    delivery.delivered(claim, "77", clock.now())
    work()
    assert states() == [("sent", None, "77")] and outbox.backlog() == 0


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        ({"errcode": 0, "result": {"suggest": "pass", "label": 100}}, "pass"),
        ({"errcode": 0, "result": {"suggest": "risky", "label": 20002}}, "risky"),
        ({"isrisky": 1, "status_code": 0}, "risky"),
        ({"errcode": -1008, "result": {"suggest": "pass", "label": 100}}, None),
        ({"errcode": 0}, None),
    ],
)
def test_the_verdict_on_an_image_is_recorded_and_none_is_no_pass(
    push: Pusher, content: dict[str, Any], verdict: str | None
) -> None:
    message = push.message("wxa_media_check", {"appid": "wx1", "trace_id": "t-1"} | content)
    for _ in range(2):
        assert push.json(message).text == "success"
    work()
    assert fetch_all("SELECT trace_id, verdict FROM media_verdicts") == (
        [("t-1", verdict)] if verdict else []
    )
    assert outbox.dead_letters() == []


def test_two_verdicts_of_one_second_are_two(push: Pusher) -> None:
    at = clock.now()
    for trace in ("t-1", "t-2"):
        content = {"trace_id": trace, "errcode": 0, "result": {"suggest": "pass", "label": 100}}
        push.json(push.message("wxa_media_check", content, at))
    work()
    assert fetch_one("SELECT count(*) FROM media_verdicts") == (2,)


def test_the_address_check_echoes_only_for_who_knows_the_token(
    client: FlaskClient, wechat: Sandbox
) -> None:
    token = wechat.world.account.push_token
    query = {"timestamp": "1", "nonce": "2", "echostr": "4375120948345356249"}
    good = client.get(
        "/wechat/push", query_string=query | {"signature": signature(token, "1", "2")}
    )
    assert (good.status_code, good.text) == (200, "4375120948345356249")
    assert good.mimetype == "text/plain"
    bad = client.get("/wechat/push", query_string=query | {"signature": "0" * 40})
    assert (bad.status_code, bad.get_json()["code"]) == (403, "push_not_genuine")
    for partial in ({}, {"signature": "x"}, query):
        assert client.get("/wechat/push", query_string=partial).status_code == 422


HOSTILE = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b"{}",
    b'{"Encrypt": 5}',
    b'{"Encrypt": "AAAA"}',
    b"<xml></xml>",
    b"<xml><Encrypt></Encrypt></xml>",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]><xml><Encrypt>&a;</Encrypt></xml>",
    b"[" * 5000,
    b"x" * 300_000,
]


@pytest.mark.parametrize("body", HOSTILE, ids=lambda body: repr(body[:30]))
@pytest.mark.parametrize("query", [{}, {"timestamp": "1", "nonce": "2", "msg_signature": "0" * 40}])
def test_what_is_not_from_wechat_is_refused(
    client: FlaskClient, query: dict[str, str], body: bytes
) -> None:
    answer = client.post("/wechat/push", query_string=query, data=body)
    assert answer.status_code in (403, 413)
    assert answer.mimetype == "application/problem+json"
    assert outbox.backlog() == 0


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"Event": "subscribe_msg_popup_event", "CreateTime": "1"},
        {"Event": "subscribe_msg_popup_event", "FromUserName": OPENID, "CreateTime": "soon"},
        {"Event": "subscribe_msg_popup_event", "FromUserName": OPENID, "CreateTime": "9" * 18},
        {"Event": "subscribe_msg_popup_event", "FromUserName": OPENID, "CreateTime": "1"},
        {"Event": "wxa_media_check", "FromUserName": OPENID, "CreateTime": "1", "trace_id": ["a"]},
        {
            "Event": "wxa_media_check",
            "FromUserName": OPENID,
            "CreateTime": "1",
            "trace_id": "a\x00",
        },
        {
            "Event": "wxa_media_check",
            "FromUserName": OPENID,
            "CreateTime": "1",
            "trace_id": "\ud800",
        },
    ],
    ids=repr,
)
def test_what_wechat_would_never_say_is_refused(push: Pusher, message: dict[str, Any]) -> None:
    sealed = encrypt(json.dumps(message), push.account)
    query = {"timestamp": "1", "nonce": "2"}
    query["msg_signature"] = signature(push.account.push_token, "1", "2", sealed)
    answer = push.client.post("/wechat/push", query_string=query, json={"Encrypt": sealed})
    assert (answer.status_code, answer.get_json()["code"]) == (400, "push_unreadable")
    assert outbox.backlog() == 0


def test_the_whole_way_from_the_question_to_the_end_of_the_message(
    web: Flask,
    wechat: Sandbox,
    new_person: Callable[..., UUID],
    reply: Template,
    tell: Callable[..., UUID],
) -> None:
    server = make_server("127.0.0.1", 0, web, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        wechat.world.set_push(push_url=f"http://127.0.0.1:{server.server_port}/wechat/push")
        openid = wechat.world.person("lixiuying")
        person_id = new_person(openid)
        wechat.accept(openid, reply.template_id)
        wechat.wait_for_pushes()
        work()
        assert credits(person_id, reply) == [1]
        tell(person_id)
        work()
        wechat.wait_for_pushes()
        work()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    ((state, error_code, message_id),) = states()
    assert (state, error_code) == ("sent", None) and message_id
    assert outbox.backlog() == 0 and outbox.dead_letters() == []
    assert credits(person_id, reply) == [0]


def test_the_product_that_expects_no_push_takes_none(
    web: Flask, push: Pusher, wechat_settings: Settings, reply: Template
) -> None:
    hidden = type(wechat_settings.wechat_push_token)
    unset = {"wechat_push_token": hidden(""), "wechat_encoding_aes_key": hidden("")}
    web.extensions["settings"] = wechat_settings.model_copy(update=unset)
    message = push.message("subscribe_msg_popup_event", yes(reply))
    assert push.json(message).status_code == 403
