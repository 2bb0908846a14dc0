"""Between the socket and WeChat's addresses: records every call and breaks those it was told to.

Faults (``after: true`` lets the call take effect and only spoils its answer):

=========  =====================================================================
timeout    no answer for ``seconds`` (default 60), then the connection is dropped
reset      the connection is reset
slow       the right answer, ``seconds`` late
errcode    the error ``errcode``; nothing happens
status     the HTTP status ``status`` (default 503) with a page of HTML
garbage    status 200 and no JSON
=========  =====================================================================
"""

import json
import os
import socket
import struct
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Response

from backend.sandbox.api import refusal_body
from backend.sandbox.rules import Refusal
from backend.sandbox.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KINDS = ("timeout", "reset", "slow", "errcode", "status", "garbage")
PREFIXES = ("/sns/", "/cgi-bin/", "/wxa/")
_ABORT_ON_CLOSE = struct.pack("ii", 1, 0)


class Wire:
    """WSGI middleware around the whole app; other paths pass untouched."""

    def __init__(self, app: "WSGIApplication", world: World) -> None:
        self._app = app
        self._world = world
        self._released = threading.Event()

    def release(self) -> None:
        """Let go of every call that is being held."""
        held, self._released = self._released, threading.Event()
        held.set()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.startswith(PREFIXES):
            return self._app(environ, start_response)
        kind, options = self._world.take_fault(path) or (None, {})
        answer: Response | None = None
        if kind in (None, "slow") or options.get("after"):
            answer = Response.from_app(self._app, environ, buffered=True)
        self._world.record_call(path, _errcode(answer, kind, options), kind)
        if kind in ("timeout", "slow"):
            self._released.wait(float(options.get("seconds", 60)))
        if kind in ("timeout", "reset"):
            _hang_up(environ)
        elif kind == "errcode":
            answer = Response(refusal_body(Refusal(int(options["errcode"]))))
            answer.mimetype = "application/json"
        elif kind == "status":
            answer = Response("<html>upstream</html>", int(options.get("status", 503)))
        elif kind == "garbage":
            answer = Response("<html>not what was asked for")
        assert answer is not None
        return answer(environ, start_response)


def _errcode(answer: Response | None, kind: str | None, options: dict[str, Any]) -> int | None:
    """What the call came to: 0 where it worked; None where a fault kept it from happening."""
    if answer is None:
        return int(options["errcode"]) if kind == "errcode" else None
    if answer.mimetype != "application/json":
        return 0
    return int(json.loads(answer.get_data()).get("errcode", 0))


def _hang_up(environ: "WSGIEnvironment") -> None:
    """Drop the connection without an answer: the client sees a reset."""
    connection: socket.socket = environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT_ON_CLOSE)
    os.close(connection.detach())
    raise ConnectionResetError("hung up on purpose")
