"""What happens around every view: limits, connection, sign-in, headers, one log line.

One function before and one after, instead of a dozen hooks: this runs on every request.
"""

import re
from random import getrandbits
from time import perf_counter

from flask import Flask, Response, g, request

from backend.kernel.db import give_back, take
from backend.kernel.errors import NotFound, Unauthenticated
from backend.kernel.settings import Settings
from backend.web import logs
from backend.web.auth import authenticate, bearer_token
from backend.web.errors import BadRequest
from backend.web.limits import Limiter
from backend.web.traits import Traits, traits_of

REQUEST_ID_HEADER = "X-Request-Id"
JSON_BYTES = 256 * 1024
UPLOAD_BYTES = 11 * 1024 * 1024

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_API_POLICY = "default-src 'none'; frame-ancestors 'none'"


def hold() -> None:
    """Take a connection for the rest of the request."""
    g.connection_taken = take()


def release(error: BaseException | None = None) -> None:
    """Give the connection back, if one is held: others need it more while we wait or compute."""
    if g.pop("connection_taken", False):
        give_back()


def install(app: Flask, settings: Settings) -> None:
    """Put the pipeline around every view of the app."""
    lifecycle = _Lifecycle(app, settings)
    app.before_request(lifecycle.begin)
    app.after_request(lifecycle.finish)
    app.teardown_request(release)


class _Lifecycle:
    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app = app
        self.headers = [
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Cache-Control", "no-store"),
            ("Content-Security-Policy", _API_POLICY),
        ]
        if settings.demo_frame_origin is None:
            self.headers.append(("X-Frame-Options", "DENY"))
        if settings.public_url.startswith("https://"):
            self.headers.append(("Strict-Transport-Security", "max-age=31536000"))

    def begin(self) -> None:
        g.started = perf_counter()
        given = request.headers.get(REQUEST_ID_HEADER, "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else f"{getrandbits(128):032x}"
        rule = request.url_rule
        if rule is None:
            return
        if "\x00" in request.path:
            raise NotFound
        traits = traits_of(self.app.view_functions[rule.endpoint])
        if not traits.uploads:
            request.max_content_length = JSON_BYTES
        if traits.public:
            # What costs no query is not counted: many people share an address, each loads the site.
            if traits.limit or traits.database:
                self._limit(traits.limit or "address", request.remote_addr or "")
            if traits.database:
                self._receive(traits)
                hold()
            return
        self._sign_in(traits)

    def _sign_in(self, traits: Traits) -> None:
        token = bearer_token()
        hold()
        actor = authenticate(self.app, token)
        if actor is None:
            self._limit("address", request.remote_addr or "")
            raise Unauthenticated
        self._limit("person", str(actor.id))
        if traits.limit:
            self._limit(traits.limit, str(actor.id))
        g.actor = actor
        if request.method != "GET" and self._awaits_body():
            # A body may arrive as slowly as a bad network: no connection is held meanwhile.
            release()
            self._receive(traits)
            hold()

    @staticmethod
    def _awaits_body() -> bool:
        return bool(request.content_length) or "chunked" in request.headers.get(
            "Transfer-Encoding", ""
        )

    def _receive(self, traits: Traits) -> None:
        if not self._awaits_body():
            return
        if traits.uploads and request.mimetype == "multipart/form-data":
            if None in request.files or None in request.form:
                raise BadRequest  # a part without a name
        else:
            request.get_data(cache=True)

    def _limit(self, kind: str, caller: str) -> None:
        limiter: Limiter | None = self.app.extensions.get("limiter")
        if limiter is not None:
            limiter.check(kind, caller)

    def finish(self, response: Response) -> Response:
        headers = response.headers
        present = {name for name, _ in headers}
        for name, value in self.headers:
            if name not in present:
                headers.add(name, value)
        headers.add(REQUEST_ID_HEADER, g.request_id)
        rule = request.url_rule
        logs.access(
            method=request.method,
            route=rule.rule if rule is not None else None,
            status=response.status_code,
            ms=round((perf_counter() - g.started) * 1000, 1),
            request_id=g.request_id,
            code=g.get("problem_code"),
        )
        return response
