"""Callers that ask too often wait."""

import pytest

from backend.web.limits import Limiter
from tests.web.conftest import Caller, make_app
from tests.web.test_problems import problem


@pytest.fixture
def limited(lamp_app, settings):
    limiter = Limiter(
        "memory://", per_person="3/minute", per_address="4/minute", sign_in="2/minute"
    )
    return make_app(settings.model_copy(update={"rate_limits_enabled": True}), limiter)


def test_each_person_for_themselves(limited):
    li, wang = (Caller(limited.test_client(), t) for t in ("st_li-xiuying", "st_wang-dafu"))
    assert [li.get("/api/lamps").status_code for _ in range(3)] == [200] * 3
    answer = li.get("/api/lamps")
    body = problem(answer, 429, "too_many_requests")
    seconds = int(answer.headers["Retry-After"])
    assert 1 <= seconds <= 61
    assert str(seconds) in body["detail"]
    assert wang.get("/api/lamps").status_code == 200


def test_guessing_at_sign_in_is_slow(limited):
    client = limited.test_client()
    statuses = [client.post("/api/sessions", json={}).status_code for _ in range(3)]
    assert statuses == [201, 201, 429]


def test_guessing_tokens_is_slow(limited):
    client = limited.test_client()
    statuses = [
        client.get("/api/lamps", headers={"Authorization": f"Bearer st_guess-{i}"}).status_code
        for i in range(5)
    ]
    assert statuses == [401] * 4 + [429]


def test_health_is_not_limited_by_callers_of_the_api(limited):
    li = Caller(limited.test_client(), "st_li-xiuying")
    for _ in range(10):
        li.get("/api/lamps")
    assert limited.test_client().get("/healthz").status_code == 200


def test_counts_here_while_the_shared_storage_is_down(lamp_app, settings):
    # Nothing listens on port 1.
    limiter = Limiter("redis://127.0.0.1:1/0", per_person="2/minute")
    app = make_app(settings.model_copy(update={"rate_limits_enabled": True}), limiter)
    li = Caller(app.test_client(), "st_li-xiuying")
    assert [li.get("/api/lamps").status_code for _ in range(3)] == [200, 200, 429]
