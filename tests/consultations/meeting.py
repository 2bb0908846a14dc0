"""An adviser of a village with a plan, people who want to meet them, and a meeting."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from backend.bookings import service as bookings
from backend.bookings.jobs import HANDLERS as BOOKING_HANDLERS
from backend.bookings.rules import Cut, Mode, PlanRule
from backend.consultations import service
from backend.consultations.jobs import HANDLERS
from backend.consultations.service import About
from backend.kernel import outbox
from backend.kernel.actor import Actor, Role
from backend.kernel.clock import LOCAL
from backend.kernel.db import execute, fetch_all, fetch_one
from backend.kernel.json import loads
from backend.people import queries as people_queries
from backend.people import service as people
from tests.advisers.register import registered

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""A Monday, 09:00 in China."""
TUESDAY = date(2026, 11, 24)
VILLAGE, ELSEWHERE, COUNTY = "520526001001", "520526002", "520526"
FACTS, OPPONENT, OPINION = "借条写了三年，一直不还。", "王大富", "先写催款函，留好证据。"


def at(hour: int, minute: int = 0, day: date = TUESDAY) -> datetime:
    """A local moment."""
    return datetime.combine(day, time(hour, minute), LOCAL).astimezone(UTC)


def enrol(name: str, role: tuple[Role, str] | None = None, now: datetime = NOW) -> Actor:
    """Somebody of the village who has signed in."""
    person_id = people.ensure_person(f"openid-{name}", name, now, home_area_code=VILLAGE)
    if role is not None:
        people.grant(person_id, role[0], now, area_code=role[1])
    return fresh(person_id, now)


def fresh(person_id: UUID, now: datetime = NOW) -> Actor:
    """With the roles and consents of the moment."""
    found = people_queries.actor_of(person_id, now)
    assert found is not None
    return found


def opened(adviser_id: UUID) -> UUID:
    """With a plan: every weekday from 9 to 17, half hours."""
    cut = Cut(30, (Mode.IN_PERSON, Mode.PHONE), 0, 1, "村委会")
    rules = [PlanRule(n, 540, 1020, cut, date(2026, 11, 1), None, True) for n in range(1, 8)]
    bookings.set_plan_rules(adviser_id, rules, NOW)
    return adviser_id


def adviser_named(name: str, person: Actor | None, *villages: str, **more: Any) -> UUID:
    person_id = None if person is None else person.id
    return opened(registered(name, person_id, NOW, *villages, **more))


def about(**changes: Any) -> About:
    told: dict[str, Any] = {
        "topic": "loan",
        "opposing": [OPPONENT],
        "facts": FACTS,
        "since_on": None,
        "keep_private": False,
    }
    return About(**(told | changes))


def held(
    actor: Actor,
    adviser_id: UUID,
    starts_at: datetime,
    mandate_id: UUID | None = None,
    now: datetime = NOW,
) -> UUID:
    return bookings.hold(actor, adviser_id, starts_at, Mode.PHONE, now, mandate_id=mandate_id)


def booked(
    actor: Actor, adviser_id: UUID, starts_at: datetime, now: datetime = NOW, **changes: Any
) -> UUID:
    """A meeting."""
    return service.book(actor, held(actor, adviser_id, starts_at, now=now), about(**changes), now)


def seen(actor: Actor, consultation_id: UUID, now: datetime = NOW) -> dict[str, Any]:
    found: dict[str, Any] = loads(service.view(actor, consultation_id, now))
    return found


def days(actor: Actor, now: datetime = NOW) -> dict[str, Any]:
    found: dict[str, Any] = loads(service.agenda(actor, None, 7, now))
    return found


def count(table: str) -> int:
    row = fetch_one(f"SELECT count(*) FROM {table}")
    assert row is not None
    return int(row[0])


def run_outbox(now: datetime) -> None:
    """Do what is due by then, as the worker does; what was promised at once counts from NOW."""
    execute("UPDATE outbox SET available_at = %s WHERE available_at = created_at", (NOW,))
    handlers: dict[str, Callable[..., None]] = {**BOOKING_HANDLERS, **HANDLERS}
    for event in outbox.claim(now, limit=1000):
        if event.kind in handlers:
            handlers[event.kind](event, now)
        outbox.complete(event, now)


def told(actor: Actor) -> list[str]:
    """The kinds of the notices somebody got, in order."""
    rows = fetch_all(
        "SELECT kind FROM notices WHERE recipient_id = %s ORDER BY created_at, id", (actor.id,)
    )
    return [kind for (kind,) in rows]


SOON = timedelta(minutes=1)
