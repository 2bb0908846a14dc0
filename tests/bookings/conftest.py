"""A room that somebody runs, with a plan, and people who want it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from backend.bookings import ports, queries, service
from backend.bookings.jobs import HANDLERS
from backend.bookings.ports import Happening
from backend.bookings.rules import Cut, Mode, PlanRule, Slot
from backend.kernel import outbox
from backend.kernel.actor import Actor
from backend.kernel.clock import LOCAL
from backend.kernel.db import execute, fetch_all, fetch_one
from backend.kernel.workdays import Calendar
from backend.people import queries as people_queries
from backend.people import service as people

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""A Monday, 09:00 in China."""
MONDAY = date(2026, 11, 23)
TUESDAY = MONDAY + timedelta(days=1)
VILLAGE = "520526001001"
KIND = "room"
MORNING = (9 * 60, 12 * 60)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A local moment."""
    return datetime.combine(day, time(hour, minute), LOCAL).astimezone(UTC)


def hours(
    weekday: int = 2,
    span: tuple[int, int] = MORNING,
    *,
    minutes: int = 30,
    modes: tuple[Mode, ...] = (Mode.IN_PERSON, Mode.PHONE),
    capacity: int = 1,
    pause: int = 0,
    valid_from: date = MONDAY,
    valid_until: date | None = None,
    on_holidays: bool = False,
) -> PlanRule:
    """Hours of one weekday, by default Tuesday morning in half hours."""
    cut = Cut(minutes, modes, pause, capacity, "村委会")
    return PlanRule(weekday, *span, cut, valid_from, valid_until, on_holidays)


def person(name: str) -> Actor:
    """Somebody who has signed in."""
    person_id = people.ensure_person(f"openid-{name}", name, NOW)
    found = people_queries.actor_of(person_id, NOW)
    assert found is not None
    return found


def fresh(actor: Actor, now: datetime = NOW) -> Actor:
    """With the consents of the moment."""
    found = people_queries.actor_of(actor.id, now)
    assert found is not None
    return found


@pytest.fixture
def told() -> list[Happening]:
    """What the feature that uses the bookings was told."""
    return []


@pytest.fixture(autouse=True)
def room_kind(told: list[Happening]) -> Iterator[None]:
    before = ports._calendar
    ports.plug_in(calendar=Calendar)
    ports.register_kind(
        KIND,
        runs=lambda actor, resource_id: (
            fetch_one(
                "SELECT 1 FROM booking_resources WHERE id = %s AND owner_id = %s",
                (resource_id, actor.id),
            )
            is not None
        ),
        wrote=lambda actor, booking_id: False,
        tell=lambda happening, now: told.append(happening),
    )
    yield
    ports._kinds.pop(KIND)
    ports._calendar = before


@pytest.fixture
def keeper(database: str) -> Actor:
    """Who runs the room."""
    return person("keeper")


@pytest.fixture
def li(database: str) -> Actor:
    return person("li")


@pytest.fixture
def wang(database: str) -> Actor:
    return person("wang")


@pytest.fixture
def room(keeper: Actor) -> UUID:
    """Open on Tuesday mornings: six half hours."""
    return open_room(keeper)


def open_room(keeper: Actor, *rules: PlanRule, name: str = "调解室") -> UUID:
    """A room with these hours, by default Tuesday mornings."""
    resource_id = service.create_resource(
        KIND,
        name,
        NOW,
        areas=[],
        term_from=MONDAY - timedelta(days=100),
        term_until=MONDAY + timedelta(days=200),
        owner_id=keeper.id,
    )
    service.set_plan_rules(resource_id, rules or [hours()], NOW)
    return resource_id


def book(actor: Actor, room: UUID, starts_at: datetime, now: datetime = NOW) -> UUID:
    """A booked time."""
    booking_id = service.hold(actor, room, starts_at, Mode.PHONE, now)
    service.confirm(actor, booking_id, now)
    return booking_id


def free(room: UUID, now: datetime = NOW) -> list[Slot]:
    """All that a resident can take."""
    resource = queries.snapshot(room, now)
    assert resource is not None
    until = now + timedelta(days=60)
    others = queries.taken([resource.key], now, until, now)[resource.key]
    return list(queries.free_slots(resource, others, now))


def state(booking_id: UUID) -> str:
    row = fetch_one("SELECT state FROM bookings WHERE id = %s", (booking_id,))
    assert row is not None
    return str(row[0])


def run_outbox(now: datetime) -> None:
    """Do what is due by then, as the worker does; what was promised counts from ``NOW``."""
    execute("UPDATE outbox SET available_at = %s WHERE available_at = created_at", (NOW,))
    for event in outbox.claim(now, limit=1000):
        if event.kind in HANDLERS:
            HANDLERS[event.kind](event, now)
        outbox.complete(event, now)


def waits() -> list[tuple[UUID, str]]:
    """Every wait in the order of the line."""
    return fetch_all("SELECT id, state FROM booking_waits ORDER BY place")
