"""The worker's part after a commit: what it would find, and what is in the inboxes then."""

from datetime import timedelta

from backend.kernel import clock, outbox
from backend.kernel.db import fetch_all
from backend.kernel.outbox import Event
from backend.service_requests import jobs, service
from tests.service_requests.conftest import NOW


def events() -> list[Event]:
    """What the worker would find, in order, as it would find it."""
    return outbox.claim(clock.now() + timedelta(days=1), limit=100)


def tell_all(now=NOW) -> None:
    for event in events():
        if event.kind != service.CHECK_TEXT and event.kind.startswith("service_request."):
            jobs.HANDLERS[event.kind](event, now)
        outbox.complete(event, now)


def inboxes() -> dict[str, list[str]]:
    rows = fetch_all(
        "SELECT p.name, n.kind FROM notices n JOIN people p ON p.id = n.recipient_id ORDER BY n.id"
    )
    found: dict[str, list[str]] = {}
    for name, kind in rows:
        found.setdefault(name, []).append(kind.removeprefix("request_"))
    return found
