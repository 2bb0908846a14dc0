"""What the demo page is made of, over HTTP."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from flask import Blueprint, Response, jsonify, redirect, request, send_from_directory

from backend.sandbox.api import world

_SITE = Path(__file__).with_name("site")
_SHOWN = 50
"""Messages of one person on the page; older ones are left out."""

_GROUPS = {
    "admin": "admin",
    "dispatcher": "governance",
    "supervisor": "governance",
    "inspector": "governance",
    "adviser": "law",
    "justice_officer": "law",
    "organiser": "volunteering",
    "unit_lead": "units",
    "handler": "units",
    "grid_worker": "units",
}
"""Where on the page a role belongs; somebody with several stands with the first of these."""


@dataclass(frozen=True, slots=True)
class Person:
    """One of the cast. ``about`` says in each language who it is."""

    slug: str
    name: str
    phone: str
    group: str
    about: dict[str, str]


def demo_page(cast_file: Path, service_url: str) -> Blueprint:
    """``service_url`` is where the mini-program's pages are served; nothing else is framed."""
    people = _cast(cast_file)
    address = urlsplit(service_url)
    origin = f"{address.scheme}://{address.netloc}"
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        f" connect-src 'self'; frame-src {origin}; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    )
    page = Blueprint("demo_page", __name__)

    @page.get("/")
    def start() -> Any:
        host, _, port = request.host.partition(":")
        # The service lets one origin frame it, named by the same host as its own.
        if host == "localhost" and address.hostname == "127.0.0.1":
            return redirect(f"http://127.0.0.1:{port}/")
        return send_from_directory(_SITE, "index.html")

    @page.get("/demo/<path:name>")
    def file(name: str) -> Response:
        return send_from_directory(_SITE, name)

    @page.get("/demo/cast")
    def cast() -> Response:
        return jsonify(
            service_origin=origin, run=_run(), people=[asdict(person) for person in people]
        )

    @page.get("/demo/phones")
    def phones() -> Response:
        """Of each person: the messages, newest first, and how many of each template may come."""
        response = jsonify(_phones(people))
        response.add_etag()
        response.make_conditional(request)
        return response

    @page.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-cache"
        return response

    return page


def _cast(path: Path) -> list[Person]:
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))["people"]
    return [
        Person(
            slug=entry["slug"],
            name=entry["name"],
            phone=entry["phone"],
            group=_group(entry),
            about=entry["about"],
        )
        for entry in entries
    ]


def _group(entry: Mapping[str, Any]) -> str:
    roles = {role["role"] for role in entry.get("roles", ())}
    return next((group for role, group in _GROUPS.items() if role in roles), "residents")


def _run() -> str:
    """Names this state of the sandbox; another after a reset, so that the page forgets too."""
    store = world().store
    with store.transaction():
        run = store.get("demo_run")
        if run is None:
            run = secrets.token_hex(8)
            store.put("demo_run", run)
    return str(run)


def _phones(people: list[Person]) -> dict[str, Any]:
    known = world().store.rows("SELECT openid, name FROM people WHERE name IS NOT NULL")
    openids = {row["name"]: row["openid"] for row in known}
    shown: dict[str, Any] = {}
    for person in people:
        openid = openids.get(person.slug)
        messages = world().messages(openid)[:_SHOWN] if openid else []
        credits = world().credits(openid) if openid else {}
        shown[person.slug] = {"messages": messages, "credits": credits}
    return {"phones": shown, "templates": world().templates()}
