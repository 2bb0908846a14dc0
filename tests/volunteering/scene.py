"""A station of a village, who organises there, volunteers, and a shift."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from backend.kernel import outbox
from backend.kernel.actor import Actor, Role
from backend.kernel.db import execute, fetch_all, fetch_one
from backend.kernel.json import loads
from backend.people import queries as people_queries
from backend.people import service as people
from backend.volunteering.jobs import HANDLERS
from backend.volunteering.queries import facts
from backend.volunteering.queries.facts import SignupFacts
from backend.volunteering.service import activities, presence, signing_up, viewing, volunteers
from backend.volunteering.service.activities import Plan
from backend.volunteering.service.shifts import Times
from backend.volunteering.service.volunteers import Profile

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""A Monday, 09:00 in China."""
VILLAGE, TOWNSHIP, ELSEWHERE, COUNTY = "520526001001", "520526001", "520526002", "520526"
START = NOW + timedelta(days=3)
END = START + timedelta(hours=3)
GUARDIAN = {"name": "李建国", "phone": "13800001234"}


def enrol(name: str, *roles: tuple[Role, str], now: datetime = NOW) -> Actor:
    """Somebody of the village who has signed in."""
    person_id = people.ensure_person(f"openid-{name}", name, now, home_area_code=VILLAGE)
    for role, area in roles:
        people.grant(person_id, role, now, area_code=area)
    return fresh(person_id, now)


def fresh(person_id: UUID, now: datetime = NOW) -> Actor:
    """With the roles and consents of the moment."""
    found = people_queries.actor_of(person_id, now)
    assert found is not None
    return found


def volunteer(
    name: str,
    born_on: date = date(1990, 5, 1),
    skills: Sequence[str] = (),
    guardian: dict[str, str] | None = None,
) -> Actor:
    """Somebody who said when they were born and what they can do."""
    actor = enrol(name)
    volunteers.join(actor, Profile(born_on, skills, guardian), NOW)
    return actor


def organiser(name: str = "马组织", area: str = VILLAGE) -> Actor:
    return enrol(name, (Role.ORGANISER, area))


def station(actor: Actor, area: str = VILLAGE, name: str = "大洼塘社区文明实践站") -> UUID:
    return activities.create_organisation(actor, name, area, "0857-6223000", NOW)


def plan(organisation_id: UUID, **changes: Any) -> Plan:
    said: dict[str, Any] = {
        "organisation_id": organisation_id, "kind": "environment", "title": "清扫村道",
        "description": "一起把村道扫干净", "area_code": VILLAGE, "place": "村委会门口",
        "contact_name": "马组织", "contact_phone": "0857-6223000", "min_age": None, "skills": (),
        "insured": False, "needs_approval": False, "opens_at": None, "closes_at": None,
        "attachment_ids": (),
    }  # fmt: skip
    return Plan(**(said | changes))


def times(start: datetime = START, hours: float = 3, capacity: int = 2, **more: Any) -> Times:
    said: dict[str, Any] = {"note": None, "beat": ()}
    return Times(start, start + timedelta(hours=hours), capacity, **(said | more))


def published(actor: Actor, *shifts: Times, now: datetime = NOW, **changes: Any) -> UUID:
    """An activity everybody sees; its organisation is made with the first."""
    row = fetch_one("SELECT id FROM volunteer_organisations ORDER BY created_at LIMIT 1")
    organisation_id = row[0] if row else station(actor)
    activity_id = activities.create(
        actor, plan(organisation_id, **changes), shifts or (times(),), now
    )
    activities.publish(actor, activity_id, 1, now)
    return activity_id


def shifts_of(activity_id: UUID) -> list[UUID]:
    rows = fetch_all("SELECT id FROM shifts WHERE activity_id = %s ORDER BY starts_at",
                     (activity_id,))  # fmt: skip
    return [row[0] for row in rows]


def shift_of(actor: Actor, **more: Any) -> UUID:
    """The one shift of a new activity."""
    changes = {name: more.pop(name) for name in list(more) if name in Plan.__slots__}
    (shift_id,) = shifts_of(published(actor, times(**more), **changes))
    return shift_id


def signed_up(actor: Actor, shift_id: UUID, now: datetime = NOW) -> UUID:
    return signing_up.sign_up(actor, shift_id, None, now)


def standing(signup_id: UUID) -> SignupFacts:
    found = facts.signup(signup_id)
    assert found is not None
    return found


def shown(actor: Actor, signup_id: UUID, now: datetime = NOW) -> dict[str, Any]:
    found: dict[str, Any] = loads(viewing.signup(actor, signup_id, now))
    return found


def roster(actor: Actor, shift_id: UUID, now: datetime = NOW) -> dict[str, dict[str, Any]]:
    """The lines of the roster by name."""
    lines = loads(viewing.roster(actor, shift_id, now))["items"]
    return {line["name"]: line for line in lines}


def qr(actor: Actor, shift_id: UUID, now: datetime) -> str:
    found: str = presence.code(actor, shift_id, now)["qr"]
    return found


def told(person: Actor) -> list[str]:
    """The kinds of the notices in somebody's inbox, in order."""
    rows = fetch_all("SELECT kind FROM notices WHERE recipient_id = %s ORDER BY id", (person.id,))
    return [kind for (kind,) in rows]


def deliver(now: datetime = NOW) -> None:
    """Do what was promised for until now, by the scene's clock instead of the database's."""
    execute("UPDATE outbox SET available_at = %s WHERE available_at = created_at", (NOW,))
    while events := outbox.claim(now, 100):
        for event in events:
            if event.kind in HANDLERS:
                HANDLERS[event.kind](event, now)
            outbox.complete(event, now)
