"""Starting and stopping the real processes."""

import threading

import pytest

from tests.callers import Answer, Caller
from tests.running import Running, eventually

SIGN_IN = "/sns/jscode2session"


def wait_for_call(running: Running, path: str, before: int) -> None:
    eventually(
        lambda: running.wechat("GET", f"calls?path={path}")["count"] > before,
        f"WeChat to be asked {path}",
    )


def test_a_request_under_way_at_sigterm_is_answered(running: Running):
    answers: list[Answer] = []
    nobody = running.caller()
    before = running.wechat("GET", f"calls?path={SIGN_IN}")["count"]
    running.wechat("POST", "faults", {"path": SIGN_IN, "kind": "slow", "seconds": 1.5})
    asking = threading.Thread(
        target=lambda: answers.append(nobody.post("/api/sessions", {"code": "demo-lixiuying"}))
    )
    asking.start()
    wait_for_call(running, SIGN_IN, before)

    assert running.serve.stop() == 0
    asking.join()
    (answer,) = answers
    assert answer.expect(201)["person"]["name"] == "李秀英"
    running.serve.restart()
    Caller(nobody._send, answer.json["token"]).get("/api/me").expect(200)


@pytest.mark.parametrize("name", ["serve", "worker", "sandbox"])
def test_each_process_ends_cleanly_and_starts_again(running: Running, name: str):
    process = getattr(running, name)
    assert process.stop() == 0
    process.restart()
    running.caller("chenwei").get("/api/me").expect(200)


@pytest.mark.faults
@pytest.mark.parametrize("name", ["serve", "worker", "sandbox"])
def test_each_process_starts_again_after_sigkill(running: Running, name: str):
    process = getattr(running, name)
    process.kill()
    process.restart()
    running.caller("chenwei").get("/api/me").expect(200)


def test_what_is_written_is_one_json_object_a_line(running: Running):
    running.caller("chenwei").get("/api/workbench/requests").expect(200)
    lines = running.serve.written().splitlines()
    assert any('"route":"/api/workbench/requests"' in line for line in lines)
    assert all(line.startswith("{") and line.endswith("}") for line in lines), lines
