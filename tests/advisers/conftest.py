"""A small register: the adviser of 大洼塘社区 with a week to book, who stands in there, and the
justice office of the township."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.advisers import legal, service
from backend.advisers.rules.register import RESOURCE_KIND
from backend.areas import county
from backend.bookings import ports as booking_ports
from backend.bookings import service as bookings
from backend.bookings.rules import Cut, Mode, PlanRule
from backend.kernel.actor import Actor, Role
from backend.kernel.ids import new_token, token_digest
from backend.kernel.settings import ROOT
from backend.people.models import Session
from tests.advisers.register import (
    COUNTY,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    enrolled,
    entry,
    registered,
)

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""A Monday, 09:00 in China."""

TUESDAYS = PlanRule(
    weekday=2,
    starts_minute=9 * 60,
    ends_minute=12 * 60,
    cut=Cut(30, (Mode.IN_PERSON, Mode.PHONE), 0, 1, "村委会"),
    valid_from=date(2026, 1, 1),
    valid_until=None,
    on_holidays=False,
)


@pytest.fixture(autouse=True)
def county_in_force(migrated: str) -> Iterator[None]:
    """What `assemble` plugs in, for tests without the whole product."""
    before = booking_ports._calendar, dict(booking_ports._kinds)
    legal.configure(ROOT / "config")
    booking_ports.plug_in(calendar=lambda: county.current().calendar)
    booking_ports.register_kind(
        RESOURCE_KIND,
        runs=service.runs,
        wrote=lambda actor, booking_id: False,
        tell=lambda happening, now: None,
    )
    yield
    booking_ports._calendar = before[0]
    booking_ports._kinds.clear()
    booking_ports._kinds.update(before[1])


@pytest.fixture
def adviser_id(database: str) -> UUID:
    """何敏 in the register: 大洼塘社区's own adviser, on Tuesday mornings."""
    made = service.create(None, entry("何敏", VILLAGE), NOW)
    bookings.set_plan_rules(made, [TUESDAYS], NOW)
    return made


@pytest.fixture
def adviser(adviser_id: UUID) -> Actor:
    """何敏, who has joined."""
    person_id = enrolled("何律师", NOW).id
    service.appoint(adviser_id, person_id, NOW)
    return enrolled("何律师", NOW)


@pytest.fixture
def standby_id(database: str) -> UUID:
    """陆军: of the village beside it, and stands in all over the township."""
    made = registered("陆军", None, NOW, OTHER_VILLAGE, standby=(TOWNSHIP,))
    bookings.set_plan_rules(made, [TUESDAYS], NOW)
    return made


@pytest.fixture
def justice_officer(database: str) -> Actor:
    """Of the justice office of 海边街道."""
    return enrolled("司法所", NOW, (Role.JUSTICE, TOWNSHIP))


@pytest.fixture
def far_officer(database: str) -> Actor:
    """Of that of another township."""
    return enrolled("别的司法所", NOW, (Role.JUSTICE, OTHER_TOWNSHIP))


@pytest.fixture
def admin(database: str) -> Actor:
    return enrolled("管理员", NOW, (Role.ADMIN, COUNTY))


@pytest.fixture
def resident(database: str) -> Actor:
    return enrolled("李秀英", NOW)


class Device:
    """One person, signed in to the whole product."""

    def __init__(self, client: FlaskClient, actor: Actor) -> None:
        self._client = client
        self._token = new_token("st")
        Session.insert(
            person=actor.id,
            token_digest=token_digest(self._token),
            created_at=NOW,
            expires_at=datetime(2100, 1, 1, tzinfo=UTC),
            last_seen_on=NOW.date(),
        ).execute()

    def get(self, path: str, **headers: str) -> TestResponse:
        return self._send("GET", path, headers)

    def post(self, path: str, body: Any = None) -> TestResponse:
        key = {"Idempotency-Key": uuid4().hex}
        return self._send("POST", path, key, json={} if body is None else body)

    def put(self, path: str, body: Any) -> TestResponse:
        return self._send("PUT", path, {}, json=body)

    def _send(self, method: str, path: str, headers: dict[str, str], **kwargs: Any) -> TestResponse:
        signed = {"Authorization": f"Bearer {self._token}", **headers}
        return self._client.open(f"/api{path}", method=method, headers=signed, **kwargs)


@pytest.fixture
def device(app: Flask) -> Any:
    """Signs somebody in."""
    return lambda actor: Device(app.test_client(), actor)
