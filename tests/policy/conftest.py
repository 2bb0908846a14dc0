"""The demo's people in the whole product."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from backend.sandbox import Sandbox
from tests.policy.scene import Scene
from tests.running import admin_url

__all__ = ["admin_url"]


@pytest.fixture
def scene(app: Flask, sandbox: Sandbox) -> Scene:
    return Scene(app, sandbox)


class Quiet(WSGIRequestHandler):
    """Writes no log of its own: what the product's server writes is asked for elsewhere."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@pytest.fixture
def pushed_to(app: Flask, sandbox: Sandbox) -> Iterator[None]:
    """Pretended WeChat tells the product what happens."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    answering = threading.Thread(target=server.serve_forever, args=(0.05,))
    answering.start()
    sandbox.world.set_push(push_url=f"http://127.0.0.1:{server.server_port}/wechat/push")
    yield
    sandbox.wait_for_pushes()
    server.shutdown()
    answering.join()
    server.server_close()
