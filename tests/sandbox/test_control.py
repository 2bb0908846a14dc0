"""The other side of the sandbox: control, faults, and state that lasts."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Blueprint

from backend.sandbox import Sandbox

Control = Callable[..., Any]


@pytest.fixture
def control(sandbox: Sandbox) -> Control:
    def call(method: str, address: str, body: Any = None, **query: str) -> Any:
        answer = requests.request(
            method, f"{sandbox.url}/_sandbox{address}", json=body, params=query, timeout=5
        )
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    return call


TEMPLATE = {
    "template_id": "T",
    "title": "诉求办理进度",
    "kind": "one_time",
    "fields": [{"key": "thing1", "label": "诉求类型"}, {"key": "phrase2", "label": "状态"}],
}


def test_a_message_from_the_question_to_the_phone(sandbox: Sandbox, control: Control) -> None:
    control("PUT", "/templates", {"items": [TEMPLATE]})
    control("PUT", "/pages", {"pages": ["pages/request/detail"]})
    openid = control("POST", "/people", {"name": "lixiuying"})["openid"]
    results = [{"template_id": "T", "outcome": "accept"}]
    granted = control("POST", "/subscriptions", {"name": "lixiuying", "results": results})
    assert granted == {"openid": openid, "credits": {"T": 1}}
    for number in (1, 2):
        if number == 2:
            control("POST", "/subscriptions", {"openid": openid, "results": results})
        data = {"thing1": {"value": f"路灯{number}"}, "phrase2": {"value": "办理中"}}
        token = sandbox.world.stable_token(force=False)["access_token"]
        requests.post(
            f"{sandbox.url}/cgi-bin/message/subscribe/send",
            params={"access_token": token},
            json={
                "touser": openid,
                "template_id": "T",
                "data": data,
                "page": f"pages/request/detail?id={number}",
            },
            timeout=5,
        )
    newest, oldest = control("GET", "/messages", name="lixiuying")["items"]
    assert newest["title"] == "诉求办理进度"
    assert newest["page"] == "pages/request/detail?id=2"
    assert newest["fields"] == [
        {"key": "thing1", "label": "诉求类型", "value": "路灯2"},
        {"key": "phrase2", "label": "状态", "value": "办理中"},
    ]
    assert oldest["page"] == "pages/request/detail?id=1"
    assert control("GET", "/messages", openid="oNobody")["items"] == []
    assert control("GET", "/credits", openid=openid) == {"credits": {}}
    assert control("GET", "/templates")["items"][0]["title"] == "诉求办理进度"


def test_switching_off_takes_every_credit(sandbox: Sandbox, control: Control) -> None:
    control("PUT", "/templates", {"items": [TEMPLATE]})
    openid = sandbox.world.person("a")
    sandbox.accept(openid, "T")
    control("DELETE", "/subscriptions", {"openid": openid, "template_ids": ["T"]})
    assert sandbox.world.credits(openid) == {}


def test_codes_and_the_clock(sandbox: Sandbox, control: Control) -> None:
    code = control("POST", "/codes", {"name": "lixiuying"})["code"]
    assert sandbox.world.sign_in(code)["openid"] == sandbox.world.person("lixiuying")
    phone_code = control("POST", "/phone-codes", {"phone": "13812345678"})["code"]
    assert sandbox.world.phone_number(phone_code) == "13812345678"
    before = sandbox.world.store.now()
    control("POST", "/clock", {"advance_seconds": 3600})
    assert sandbox.world.store.now() - before >= 3600


def test_calls_are_counted_and_faults_run_out(sandbox: Sandbox, control: Control) -> None:
    path = "/cgi-bin/stable_token"
    fault = {"path": path, "kind": "errcode", "errcode": -1, "times": 2}
    control("POST", "/faults", fault)
    codes = [requests.post(sandbox.url + path, timeout=5).json()["errcode"] for _ in range(3)]
    assert codes == [-1, -1, 44002]
    listed = control("GET", "/calls", path=path)
    assert listed["count"] == 3
    assert [call["errcode"] for call in listed["items"]] == codes
    assert [call["fault"] for call in listed["items"]] == ["errcode", "errcode", None]


def test_fault_until_cleared_lets_go_of_held_calls(sandbox: Sandbox, control: Control) -> None:
    control("POST", "/faults", {"path": "*", "kind": "timeout", "times": None})
    with pytest.raises(requests.ReadTimeout):
        requests.get(sandbox.url + "/sns/jscode2session", timeout=0.2)
    control("DELETE", "/faults")
    assert requests.get(sandbox.url + "/sns/jscode2session", timeout=5).ok


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/faults", {"path": "*", "kind": "flood"}),
        ("/faults", {"path": "*", "kind": "errcode"}),
        ("/clock", {}),
        ("/clock", {"advance_seconds": "soon"}),
        ("/codes", []),
    ],
)
def test_malformed_orders_are_400(sandbox: Sandbox, path: str, body: Any) -> None:
    answer = requests.post(f"{sandbox.url}/_sandbox{path}", json=body, timeout=5)
    assert answer.status_code == 400
    form = requests.post(f"{sandbox.url}/_sandbox{path}", data={"a": "b"}, timeout=5)
    assert form.status_code == 415


def test_template_of_unknown_types_is_refused(sandbox: Sandbox) -> None:
    item = TEMPLATE | {"fields": [{"key": "secret1", "label": "?"}]}
    answer = requests.put(f"{sandbox.url}/_sandbox/templates", json={"items": [item]}, timeout=5)
    assert (answer.status_code, answer.json()["errcode"]) == (400, 40097)


def test_only_one_origin_may_control() -> None:
    with Sandbox(control_origin="http://127.0.0.1:8600") as sandbox:
        for origin, allowed in (("http://127.0.0.1:8600", True), ("http://evil.example", False)):
            for method in ("OPTIONS", "GET"):
                answer = requests.request(
                    method,
                    f"{sandbox.url}/_sandbox/calls",
                    headers={"Origin": origin},
                    timeout=5,
                )
                given = answer.headers.get("Access-Control-Allow-Origin")
                assert given == (origin if allowed else None)


def test_reset_forgets_everything(sandbox: Sandbox, control: Control) -> None:
    sandbox.world.sign_in("demo-a")
    sandbox.world.advance(60)
    sandbox.fault("*", "garbage")
    control("POST", "/reset", {})
    assert sandbox.world.store.rows("SELECT * FROM people") == []
    assert sandbox.world.store.rows("SELECT * FROM faults") == []
    assert sandbox.world.store.get("clock_offset") is None


def test_state_survives_a_restart(tmp_path: Path) -> None:
    with Sandbox(data=tmp_path) as sandbox:
        openid = sandbox.world.sign_in("demo-lixiuying")["openid"]
        sandbox.world.register_template("T", "t", TEMPLATE["fields"], "one_time")
        sandbox.accept(openid, "T")
        token = sandbox.world.stable_token(force=False)["access_token"]
    with Sandbox(data=tmp_path) as sandbox:
        assert sandbox.world.credits(openid) == {"T": 1}
        sandbox.world.check_token(token)


def test_further_pages_are_served() -> None:
    page = Blueprint("page", __name__)
    page.add_url_rule("/", view_func=lambda: "demo")
    with Sandbox(blueprints=[page]) as sandbox:
        assert requests.get(sandbox.url + "/", timeout=5).text == "demo"


def test_pushes_are_listed_with_their_answer(sandbox: Sandbox, control: Control) -> None:
    control("PUT", "/templates", {"items": [TEMPLATE]})
    control("PUT", "/push", {"url": sandbox.url + "/nothing/here"})
    sandbox.accept(sandbox.world.person("a"), "T")
    (push,) = control("GET", "/pushes", wait="1")["items"]
    assert (push["event"], push["status"], push["attempts"]) == (
        "subscribe_msg_popup_event",
        404,
        3,
    )


def test_command_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "backend.sandbox", "--port", "0", "--data", str(tmp_path)]
    command += ["--service-url", "http://127.0.0.1:1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().split()[3].rstrip(",")
        try:
            answer = requests.get(
                url + "/_sandbox/health", headers={"Origin": "http://127.0.0.1:1"}, timeout=5
            )
            assert answer.headers["Access-Control-Allow-Origin"] == "http://127.0.0.1:1"
        finally:
            process.terminate()
        assert process.wait(10) == 0
