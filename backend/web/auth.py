"""Who is calling. Every view needs a sign-in unless it says otherwise."""

import re
from collections.abc import Callable
from datetime import datetime

from flask import Flask, g, request

from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.errors import Unauthenticated
from backend.web.traits import View, mark

Authenticator = Callable[[str, datetime], Actor | None]
"""Token and moment in, the person out; None when the token is unknown, expired or revoked."""

_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/=-]{8,200})", re.IGNORECASE)


def init_auth(app: Flask, authenticate: Authenticator) -> None:
    """Say how tokens become people."""
    app.extensions["authenticate"] = authenticate


def public(view: View) -> View:
    """Anyone may call this view; nobody is signed in inside it."""
    return mark(view, public=True)


def without_database(view: View) -> View:
    """No connection is taken for this view, so it answers when the database does not."""
    return mark(view, public=True, database=False)


def current_actor() -> Actor:
    """The signed-in person of this request."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        raise Unauthenticated
    return actor


def bearer_token() -> str:
    """The token of this request. Raises Unauthenticated if there is none that could be ours."""
    match = _BEARER.fullmatch(request.headers.get("Authorization", ""))
    if match is None:
        raise Unauthenticated
    return match[1]


def authenticate(app: Flask, token: str) -> Actor | None:
    """The person behind a token."""
    authenticator: Authenticator = app.extensions["authenticate"]
    return authenticator(token, now())
