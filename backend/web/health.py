"""Whether this process is alive, and whether it can do its work."""

from collections.abc import Callable, Mapping

from flask import Flask, Response

from backend.kernel.db import connection, fetch_one
from backend.kernel.json import dumps
from backend.web.auth import without_database
from backend.web.errors import log_exception
from backend.web.responses import json_response

Check = Callable[[], bool]
"""True if all is well; False or an exception if not."""


def database_reachable() -> bool:
    """A connection can be had and answers."""
    with connection():
        return fetch_one("SELECT 1") is not None


def init_health(app: Flask, checks: Mapping[str, Check]) -> None:
    """``/healthz`` says that the process answers, ``/readyz`` that every check holds."""

    @app.get("/healthz")
    @without_database
    def healthz() -> Response:
        return json_response('{"status":"ok"}')

    @app.get("/readyz")
    @without_database
    def readyz() -> Response:
        found = {name: _holds(name, check) for name, check in checks.items()}
        ready = all(found.values())
        body = {
            "status": "ok" if ready else "unavailable",
            "checks": {name: "ok" if holds else "failed" for name, holds in found.items()},
        }
        return json_response(dumps(body), 200 if ready else 503)


def _holds(name: str, check: Check) -> bool:
    try:
        return check()
    except Exception as error:
        log_exception(f"readiness_{name}_failed", error)
        return False
