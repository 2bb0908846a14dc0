"""People to sign in, through the real client and the pretended WeChat."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask

from backend.integrations.wechat import WeChat
from backend.kernel.actor import Actor
from backend.kernel.db import fetch_all
from backend.people import service

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
COUNTY = "520526"
TOWNSHIP = "520526001"
VILLAGE = "520526001001"


@pytest.fixture
def wechat(app: Flask) -> WeChat:
    """The product's own client, talking to the sandbox."""
    client: WeChat = app.extensions["wechat"]
    return client


@pytest.fixture
def units(database: str) -> list[UUID]:
    """Two units of the county."""
    return [row[0] for row in fetch_all("SELECT id FROM units ORDER BY id LIMIT 2")]


@pytest.fixture
def signed_in(database: str, wechat: WeChat) -> Callable[[str], service.SignedIn]:
    """Signs somebody in, by the name the sandbox knows them under."""

    def sign_in(slug: str) -> service.SignedIn:
        return service.sign_in(wechat, f"demo-{slug}", "zh-CN", NOW, session_days=30)

    return sign_in


def actor(signed_in: service.SignedIn, now: datetime = NOW) -> Actor:
    """Who the session belongs to, with the roles of that moment."""
    found = service.authenticate(signed_in.token, now)
    assert found is not None
    return found
