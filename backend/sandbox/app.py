"""The Flask app of the sandbox."""

from collections.abc import Iterable
from typing import cast

from flask import Blueprint, Flask

from backend.sandbox.api import api
from backend.sandbox.control import control
from backend.sandbox.push import Pusher
from backend.sandbox.wire import Wire
from backend.sandbox.world import World


def create_app(
    world: World,
    *,
    control_origin: str | None = None,
    pages: Iterable[Blueprint] = (),
) -> Flask:
    """``pages`` are blueprints served beside WeChat's addresses, such as the demo page at ``/``.

    ``control_origin`` is the one other origin whose pages may call ``/_sandbox/``.
    """
    app = Flask("backend.sandbox", static_folder=None)
    app.config["SANDBOX_CONTROL_ORIGIN"] = control_origin
    app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
    wire = Wire(app.wsgi_app, world)
    app.wsgi_app = wire  # type: ignore[method-assign]
    app.extensions |= {
        "sandbox_world": world,
        "sandbox_pusher": Pusher(world),
        "sandbox_wire": wire,
    }
    for blueprint in (api, control, *pages):
        app.register_blueprint(blueprint)
    return app


def pusher_of(app: Flask) -> Pusher:
    return cast(Pusher, app.extensions["sandbox_pusher"])


def wire_of(app: Flask) -> Wire:
    return cast(Wire, app.extensions["sandbox_wire"])
