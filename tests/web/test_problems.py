"""Refusals: the right status, a stable code, a sentence in the caller's language."""

import io
import re

import peewee
import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder

from backend.kernel import db as kernel_db
from backend.web.errors import field_codes

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def problem(response, status: int, code: str) -> dict:
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.content_type == "application/problem+json"
    body = response.get_json()
    assert body["code"] == code
    assert body["status"] == status
    assert body["type"].endswith(f"/problems/{code}")
    assert body["request_id"] == response.headers["X-Request-Id"]
    assert body["title"] and body["detail"]
    return body


def test_each_status(li, stranger):
    name = {"name": "路灯"}
    problem(li.post("/api/lamps", data="{", content_type="application/json"), 400, "bad_json")
    problem(li.get("/api/nothing"), 404, "not_found")
    problem(li.post("/api/lamps", data="name=x"), 415, "unsupported_media_type")
    problem(li.post("/api/lamps", json={}), 422, "validation_failed")
    problem(li.post("/api/lamps", json={"name": "broken"}), 409, "conflict")
    problem(li.get("/api/lamps/fail"), 500, "internal")
    large = b'{"name":"' + b"x" * 262_144 + b'"}'
    answer = li.post("/api/lamps", data=large, content_type="application/json")
    problem(answer, 413, "body_too_large")
    answer = stranger.post("/api/lamps", json=name)
    problem(answer, 401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_method_not_allowed_says_what_is(li):
    answer = li.client.put("/api/lamps", headers=li.headers)
    problem(answer, 405, "method_not_allowed")
    allowed = {method.strip() for method in answer.headers["Allow"].split(",")}
    assert allowed == {"GET", "HEAD", "POST"}


def test_sentences_are_in_the_callers_language(li, wang, stranger):
    chinese = problem(li.post("/api/lamps", json={}), 422, "validation_failed")
    english = problem(wang.post("/api/lamps", json={}), 422, "validation_failed")
    for sentence in (chinese["detail"], chinese["title"], chinese["errors"][0]["message"]):
        assert CHINESE.search(sentence)
    for sentence in (english["detail"], english["title"], english["errors"][0]["message"]):
        assert not CHINESE.search(sentence)
    # A person's own setting wins over what the phone says.
    own = li.post("/api/lamps", json={}, headers={"Accept-Language": "en"})
    assert CHINESE.search(own.get_json()["detail"])
    assert own.headers["Content-Language"] == "zh-CN"


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        (None, "zh-CN"),
        ("en-GB,zh;q=0.5", "en"),
        ("zh-Hant-TW", "zh-CN"),
        ("fr", "zh-CN"),
        ("fr,en;q=0.2", "en"),
        ("en;q=0", "zh-CN"),
        (";;;=,,", "zh-CN"),
    ],
)
def test_language_of_a_stranger(stranger, accepted, expected):
    headers = {"Accept-Language": accepted} if accepted else {}
    answer = stranger.get("/api/lamps", headers=headers)
    assert answer.headers["Content-Language"] == expected


def test_domain_field_errors_have_sentences(li):
    body = problem(li.get("/api/lamps/rule"), 422, "validation_failed")
    assert body["errors"] == [
        {"field": "/answers/lamp_no", "code": "too_long", "message": "最多 5 个字"}
    ]


def test_both_catalogues_know_the_same_field_codes():
    assert field_codes("zh-CN") == field_codes("en")


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("'x'::int", 422, "validation_failed"),  # a value the database refuses
        ("99999999999999999999::int8", 422, "validation_failed"),
        ("nothing_of_the_kind", 500, "internal"),
    ],
)
def test_database_errors(li, query, status, code):
    problem(li.get("/api/lamps/sql", query_string={"q": query}), status, code)


@pytest.mark.parametrize("sqlstate", ["40001", "40P01", "55P03", "57014"])
def test_a_busy_database_asks_to_come_back(li, sqlstate):
    kernel_db.execute(
        "CREATE OR REPLACE FUNCTION pg_temp.busy() RETURNS int LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{sqlstate}'; END $$"
    )
    answer = li.get("/api/lamps/sql", query_string={"q": "pg_temp.busy()"})
    problem(answer, 503, "busy")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_used_up_pool_asks_to_come_back(lamp_app: Flask, li, monkeypatch):
    from playhouse.pool import MaxConnectionsExceeded

    def used_up(*_args, **_kwargs):
        raise MaxConnectionsExceeded("all in use")

    kernel_db.db.close()
    try:
        monkeypatch.setattr(peewee.Database, "connect", used_up)
        monkeypatch.setattr(type(kernel_db.db), "connect", used_up)
        problem(li.get("/api/lamps/fail"), 503, "busy")
    finally:
        monkeypatch.undo()
        kernel_db.db.connect()


def test_the_connection_goes_back_after_every_request(li):
    kernel_db.db.close()
    try:
        for path in ("/api/lamps", "/api/lamps/fail", "/api/lamps/sql?q=1/0", "/api/nothing"):
            li.get(path)
            assert kernel_db.db.is_closed()
        li.post("/api/lamps", json={"name": "x"})
        li.post("/api/lamps", json={})
        assert kernel_db.db.is_closed()
    finally:
        kernel_db.db.connect()


class WatchfulBody(io.BytesIO):
    """Looks, whenever it is read from, whether a connection is held meanwhile."""

    def __init__(self, body: bytes) -> None:
        super().__init__(body)
        self.held: list[bool] = []

    def read(self, *args) -> bytes:
        self.held.append(not kernel_db.db.is_closed())
        return super().read(*args)

    def readinto(self, *args) -> int:
        self.held.append(not kernel_db.db.is_closed())
        return super().readinto(*args)


@pytest.mark.parametrize("path", ["/api/lamps", "/api/lamps/photos", "/api/sessions"])
def test_no_connection_is_held_while_a_body_arrives(li, path):
    environ = EnvironBuilder(data={"file": (io.BytesIO(b"x" * 1_000), "a.jpg")}).get_environ()
    body = WatchfulBody(environ["wsgi.input"].read())
    kernel_db.db.close()
    try:
        li.post(path, input_stream=body, content_type=environ["CONTENT_TYPE"])
    finally:
        kernel_db.db.connect()
    assert body.held and not any(body.held)


def test_an_empty_answer_has_no_type(li):
    answer = li.delete("/api/lamps/018f0000-0000-7000-8000-000000000009")
    assert (answer.status_code, answer.data) == (204, b"")
    assert "Content-Type" not in answer.headers


def test_request_ids(li):
    assert (
        li.get("/api/lamps", headers={"X-Request-Id": "trace-0001"}).headers["X-Request-Id"]
        == "trace-0001"
    )
    for hostile in ("short", "x" * 65, "ab cd efgh", "<script>alert(1)</script>"):
        given = li.get("/api/lamps", headers={"X-Request-Id": hostile}).headers["X-Request-Id"]
        assert re.fullmatch("[0-9a-f]{32}", given)


def test_security_headers(li):
    for path in ("/api/lamps", "/api/nothing", "/healthz"):
        headers = li.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"


def test_options_is_no_way_around_signing_in(stranger):
    answer = stranger.client.open("/api/lamps", method="OPTIONS")
    problem(answer, 405, "method_not_allowed")
