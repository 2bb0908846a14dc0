"""The product running, or in this process with a clock that tests move."""

from collections.abc import Iterator

import pytest
from flask import Flask

from backend.kernel import clock
from backend.kernel.settings import Settings
from backend.sandbox import Sandbox
from tests.faults.clockwork import Clockwork, serving
from tests.faults.rushing import Crowd
from tests.running import Running, admin_url, running

__all__ = ["admin_url", "running"]


@pytest.fixture
def crowd(running: Running) -> Iterator[Crowd]:
    crowd = Crowd(running.url)
    yield crowd
    crowd.stop()


@pytest.fixture
def clockwork(
    app: Flask, settings: Settings, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Clockwork]:
    monkeypatch.setitem(app.extensions, "wechat", None)
    with serving(app) as url:
        product = Clockwork(app, settings, sandbox, url)
        monkeypatch.setattr(clock, "now", product.now)
        yield product
        sandbox.world.set_push(push_url="")
        sandbox.wait_for_pushes()
