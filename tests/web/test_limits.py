"""Callers that ask too often wait."""

from collections.abc import Iterator
from threading import Thread

import pytest
import time_machine
from fakeredis import TcpFakeServer

from backend.web.limits import Limits
from tests.web.conftest import Caller, make_app
from tests.web.test_problems import problem


@pytest.fixture
def limited(lamp_app, settings):
    """Builds apps, each a process of its own as far as counting goes."""

    def build(storage: str = "memory://", **changes):
        changes |= {"rate_limits_enabled": True, "rate_limit_storage_url": storage}
        return make_app(
            settings.model_copy(update=changes), Limits(person=3, address=4, sign_in=2, signed=8)
        )

    with time_machine.travel("2026-05-01T08:00:15Z", tick=False):
        yield build


def statuses(caller: Caller, count: int) -> list[int]:
    return [caller.get("/api/lamps").status_code for _ in range(count)]


def test_each_person_for_themselves(limited):
    app = limited()
    li, wang = (Caller(app.test_client(), t) for t in ("st_li-xiuying", "st_wang-dafu"))
    assert statuses(li, 3) == [200, 200, 200]
    answer = li.get("/api/lamps")
    body = problem(answer, 429, "too_many_requests")
    assert answer.headers["Retry-After"] == "46"
    assert "46" in body["detail"]
    assert wang.get("/api/lamps").status_code == 200


def test_after_the_time_told_it_works_again(limited):
    li = Caller(limited().test_client(), "st_li-xiuying")
    assert statuses(li, 4)[-1] == 429
    with time_machine.travel("2026-05-01T08:01:01Z", tick=False):
        assert li.get("/api/lamps").status_code == 200


def test_guessing_at_sign_in_is_slow(limited):
    client = limited().test_client()
    given = [client.post("/api/sessions", json={}).status_code for _ in range(3)]
    assert given == [201, 201, 429]


def test_guessing_once_signed_in_is_slow_for_each_person(limited):
    app = limited()
    li, wang = (Caller(app.test_client(), t) for t in ("st_li-xiuying", "st_wang-dafu"))
    assert [li.post("/api/lamps/keys").status_code for _ in range(3)] == [204, 204, 429]
    assert wang.post("/api/lamps/keys").status_code == 204
    assert li.get("/api/lamps").status_code == 429, "each guess was a request, too"


def test_signed_calls_have_a_limit_of_their_own(limited):
    """A village behind one address looks at pictures; WeChat pushes from one address."""
    client = limited().test_client()
    given = [client.get("/api/lamps/picture").status_code for _ in range(9)]
    assert given == [204] * 8 + [429]
    others = [client.get("/api/lamps/count").status_code for _ in range(5)]
    assert others == [204] * 4 + [429], "which is not taken from what else is public"


def test_guessing_tokens_is_slow(limited):
    client = limited().test_client()
    given = [
        client.get("/api/lamps", headers={"Authorization": f"Bearer st_guess-{i}"}).status_code
        for i in range(5)
    ]
    assert given == [401] * 4 + [429]


def test_what_costs_no_query_is_not_counted(limited):
    client = limited().test_client()
    assert {client.get("/healthz").status_code for _ in range(9)} == {200}


def guess(client, address: str) -> int:
    headers = {"Authorization": "Bearer st_guessed-token", "X-Forwarded-For": address}
    return client.get("/api/lamps", headers=headers).status_code


def test_an_address_cannot_be_made_up(limited):
    client = limited().test_client()
    assert [guess(client, f"10.0.0.{i}") for i in range(5)] == [401] * 4 + [429]


def test_behind_a_proxy_of_ours_the_callers_address_counts(limited):
    client = limited(trusted_proxies=1).test_client()
    assert [guess(client, f"10.0.0.{i}") for i in range(5)] == [401] * 5
    # Only what our own proxy added last is believed.
    assert [guess(client, f"10.9.9.{i}, 10.0.1.1") for i in range(5)] == [401] * 4 + [429]


@pytest.fixture
def redis_url() -> Iterator[str]:
    server = TcpFakeServer(("127.0.0.1", 0), server_type="redis")
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"redis://127.0.0.1:{server.server_address[1]}/0"
    server.shutdown()
    server.server_close()


def test_processes_count_together_in_redis(limited, redis_url):
    one, other = (Caller(limited(redis_url).test_client(), "st_li-xiuying") for _ in range(2))
    assert statuses(one, 2) + statuses(other, 2) == [200, 200, 200, 429]


def test_counts_here_while_redis_is_down(limited):
    # Nothing listens on port 1.
    li = Caller(limited("redis://127.0.0.1:1/0").test_client(), "st_li-xiuying")
    assert statuses(li, 4) == [200, 200, 200, 429]
