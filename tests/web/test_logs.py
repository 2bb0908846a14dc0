"""What is written down about requests, and what never is."""

import io
import json
import logging

import pytest
import structlog

from backend.web import logs
from tests.web.conftest import Caller, make_app


@pytest.fixture
def lines():
    stream = io.BytesIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.configure(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_one_line_a_request(lines, lamp_app, settings):
    li = Caller(make_app(settings).test_client(), "st_li-xiuying")
    path = "/api/lamps/018f0000-0000-7000-8000-000000000009"
    answer = li.get(f"{path}?phone=13812345678")
    (line,) = lines()
    assert line["event"] == "request"
    assert line["route"] == "/api/lamps/<uuid:lamp_id>"
    assert (line["method"], line["status"]) == ("GET", answer.status_code)
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert line["ms"] >= 0
    assert set(line) == {
        "event",
        "level",
        "at",
        "method",
        "route",
        "status",
        "ms",
        "request_id",
        "code",
    }


def test_failures_are_told_without_what_they_were_about(lines, lamp_app, settings):
    li = Caller(make_app(settings).test_client(), "st_li-xiuying")
    li.get("/api/lamps/fail")
    failure, request = lines()
    assert failure["event"] == "unexpected"
    assert failure["error"] == "RuntimeError"
    assert any("tests/web/conftest.py" in frame for frame in failure["frames"])
    assert failure["request_id"] == request["request_id"]
    everything = json.dumps(lines(), ensure_ascii=False)
    assert "李秀英" not in everything and "13812345678" not in everything


def test_the_safety_net(lines):
    log = structlog.get_logger("test")
    log.info(
        "call 13812345678 now",
        phone="13812345678",
        token="st_whatever",
        identity="52052619900101123X",
        note="Bearer st_abcdefgh",
        count=3,
    )
    logging.getLogger("library").error("id 520526199001011234 and 13912345678")
    ours, theirs = lines()
    everything = json.dumps([ours, theirs])
    for secret in ("138123", "139123", "5205261990", "st_", "whatever"):
        assert secret not in everything
    assert ours["count"] == 3


def test_what_only_looks_like_a_number_stays_whole_in_the_name_of_a_request(lines):
    chance = "8914d7eb17059025340b9b9031ffdc64"
    structlog.get_logger("test").info("unexpected", request_id=chance)
    (line,) = lines()
    assert line["request_id"] == chance


def test_a_librarys_exception_is_a_type_and_frames(lines):
    try:
        raise ValueError("13812345678 李秀英")
    except ValueError:
        logging.getLogger("library").exception("it failed")
    (line,) = lines()
    assert line["error"] == "ValueError"
    assert "李秀英" not in json.dumps(line, ensure_ascii=False)
