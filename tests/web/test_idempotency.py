"""Once means once: repeated, raced, refused, purged."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from threading import Barrier

import pytest

from backend.kernel.db import db, execute, fetch_all, fetch_one
from backend.web.idempotency import KEPT, purge
from tests.web.conftest import LI, Caller
from tests.web.test_problems import problem

LAMP = {"name": "路灯"}


def lamp_names() -> list[str]:
    return [row[0] for row in fetch_all("SELECT name FROM lamps ORDER BY name")]


def kept() -> int:
    row = fetch_one("SELECT count(*) FROM idempotency_keys")
    assert row is not None
    return row[0]


def test_a_repeated_request_gets_the_first_answer(li):
    first = li.post("/api/lamps", key="once-only", json=LAMP)
    again = li.post("/api/lamps", key="once-only", json=LAMP)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.data == first.data
    assert again.content_type == first.content_type
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert lamp_names() == ["路灯"]


@pytest.mark.parametrize("key", [None, "", "short", "x" * 65, "with space", "灯灯灯灯灯灯灯灯"])
def test_a_sane_key_is_needed(li, key):
    headers = {**li.headers, **({"Idempotency-Key": key.encode().decode("latin-1")} if key else {})}
    answer = li.client.post("/api/lamps", json=LAMP, headers=headers)
    problem(answer, 400, "idempotency_key_required")
    assert lamp_names() == []


def test_the_same_key_for_something_else(li):
    li.post("/api/lamps", key="once-only", json=LAMP)
    answer = li.post("/api/lamps", key="once-only", json={"name": "别的"})
    problem(answer, 422, "idempotency_key_reused")
    answer = li.post("/api/lamps/photos", key="once-only", json=LAMP)
    problem(answer, 422, "idempotency_key_reused")
    assert lamp_names() == ["路灯"]


def test_keys_are_ones_own(li, wang):
    li.post("/api/lamps", key="the-same-key", json={"name": "甲"})
    wang.post("/api/lamps", key="the-same-key", json={"name": "乙"})
    assert sorted(lamp_names()) == sorted(["甲", "乙"])


@pytest.mark.parametrize(
    ("name", "status"),
    [("broken", 409), ("refused", 409), ("", 422)],
)
def test_a_refused_try_leaves_nothing(li, name, status):
    assert li.post("/api/lamps", key="try-again", json={"name": name}).status_code == status
    assert (lamp_names(), kept()) == ([], 0)
    assert li.post("/api/lamps", key="try-again", json=LAMP).status_code == 201


def test_a_race_has_one_winner_and_one_answer(lamp_app):
    start = Barrier(6)

    def submit(_: int):
        caller = Caller(lamp_app.test_client(), "st_li-xiuying")
        start.wait()
        return caller.post("/api/lamps", key="all-at-once", json={"name": "slow"})

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(submit, range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.data for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    assert lamp_names() == ["slow"]


def send(caller: Caller, content: bytes, **fields: str):
    files = {"file": (BytesIO(content), "lamp.jpg"), **fields}
    return caller.post("/api/lamps/photos", key="photo-key", data=files)


def test_uploads_are_recognised_by_content(li):
    first, again = send(li, b"pixels"), send(li, b"pixels")
    assert first.get_json()["bytes"] == 6
    assert again.data == first.data
    problem(send(li, b"others"), 422, "idempotency_key_reused")


def test_what_takes_long_is_done_without_a_connection_and_not_again(li, lamp_app):
    with ThreadPoolExecutor(1) as server:  # this thread's connection is the test's
        first, again = (server.submit(send, li, b"pixels").result() for _ in range(2))
    assert first.get_json()["connected"]
    assert again.data == first.data
    assert lamp_app.extensions["developed"] == [False]


def test_of_racing_uploads_one_counts(lamp_app):
    start = Barrier(4)

    def upload(_: int):
        caller = Caller(lamp_app.test_client(), "st_li-xiuying")
        start.wait()
        return send(caller, b"pixels")

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(upload, range(4)))
    assert len({answer.data for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1


def test_what_cannot_be_prepared_is_refused_and_leaves_nothing(li, lamp_app):
    problem(send(li, b"black"), 422, "validation_failed")
    problem(send(li, b"pixels", colour="red"), 422, "validation_failed")
    assert kept() == 0
    assert len(lamp_app.extensions["developed"]) == 1, "the form is checked first"
    assert send(li, b"pixels").status_code == 201


def test_stored_answers_are_unreadable(li):
    li.post("/api/lamps", key="once-only", json={"name": "李秀英"})
    row = fetch_one("SELECT body FROM idempotency_keys WHERE person_id = %s", (LI.id,))
    assert row is not None
    assert "李秀英".encode() not in bytes(row[0])


def test_two_statements_more_than_the_work_itself(li, monkeypatch):
    statements: list[str] = []
    run = db.execute_sql

    def counted(sql, *args, **kwargs):
        statements.append(sql)
        return run(sql, *args, **kwargs)

    monkeypatch.setattr(db, "execute_sql", counted)
    li.post("/api/lamps", json=LAMP)
    assert len([sql for sql in statements if "idempotency_keys" in sql]) == 2
    assert len(statements) == 3


def test_kept_for_a_week(li):
    li.post("/api/lamps", key="old-request", json=LAMP)
    li.post("/api/lamps", key="new-request", json=LAMP)
    now = datetime.now(UTC)
    execute(
        "UPDATE idempotency_keys SET created_at = %s WHERE key = 'old-request'",
        (now - KEPT - timedelta(seconds=1),),
    )
    purge(now)
    assert fetch_all("SELECT key FROM idempotency_keys") == [("new-request",)]
