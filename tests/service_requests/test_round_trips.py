"""How often a hot route turns to the database: everything counts, sign-in, BEGIN and COMMIT too."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.kernel import clock
from backend.kernel.ids import new_token, token_digest
from backend.people.models import Session
from tests.service_requests.conftest import Cast
from tests.service_requests.test_http import LAMP

Ask = Callable[..., TestResponse]


@pytest.fixture
def ask(client: FlaskClient, cast: Cast) -> Ask:
    """李秀英, signed in to the whole product."""
    token, now = new_token("st"), clock.now()
    Session.insert(
        person=cast["lixiuying"].id,
        token_digest=token_digest(token),
        created_at=now,
        expires_at=now + timedelta(days=1),
        last_seen_on=now.astimezone(clock.LOCAL).date(),
    ).execute()

    def ask(method: str, path: str, **kwargs) -> TestResponse:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}
        answer = client.open(f"/api{path}", method=method, headers=headers, **kwargs)
        assert answer.status_code in (200, 201), answer.text
        return answer

    return ask


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """One item for each wait for the server."""
    counted: list[int] = []
    wait = psycopg.Connection.wait

    def counting(self, *args, **kwargs):
        counted.append(1)
        return wait(self, *args, **kwargs)

    monkeypatch.setattr(psycopg.Connection, "wait", counting)
    yield counted


def test_a_submission(ask: Ask, trips: list[int]):
    ask("POST", "/requests", json=LAMP)
    assert len(trips) == 13


def test_a_list(ask: Ask, submitted: UUID, trips: list[int]):
    ask("GET", "/requests")
    assert len(trips) == 2


def test_a_detail_without_pictures(ask: Ask, submitted: UUID, trips: list[int]):
    ask("GET", f"/requests/{submitted}")
    assert len(trips) == 2
