"""Advisers in the register, put there directly: what they are booked for is another matter."""

from datetime import date, datetime
from uuid import UUID

from backend.kernel.actor import Actor, Role
from backend.kernel.db import execute
from backend.kernel.ids import new_id
from backend.people import queries as people_queries
from backend.people import service as people

VILLAGE = "520526001001"
OTHER_VILLAGE = "520526001002"
TOWNSHIP = "520526001"
OTHER_TOWNSHIP = "520526002"
COUNTY = "520526"


def enrolled(slug: str, now: datetime, *roles: tuple[Role, str]) -> Actor:
    """Somebody of that name with these roles over these areas."""
    person_id = people.ensure_person(f"openid-{slug}", slug, now)
    for role, area_code in roles:
        people.grant(person_id, role, now, area_code=area_code)
    return actor(person_id, now)


def actor(person_id: UUID, now: datetime) -> Actor:
    """The person as they are signed in at that moment."""
    found = people_queries.actor_of(person_id, now)
    assert found is not None
    return found


def registered(
    name: str,
    person_id: UUID | None,
    now: datetime,
    *villages: str,
    standby: tuple[str, ...] = (),
    term_until: date | None = None,
) -> UUID:
    """An adviser of these villages, and on standby for those; the id."""
    adviser_id = new_id()
    execute(
        "INSERT INTO booking_resources"
        " (id, kind, name, owner_id, term_from, term_until, created_at)"
        " VALUES (%s, 'adviser', %s, %s, '2026-01-01', %s, %s)",
        (adviser_id, name, person_id, term_until, now),
    )
    for code in (*villages, *standby):
        execute(
            "INSERT INTO booking_resource_areas (resource_id, kind, area_code, standby)"
            " VALUES (%s, 'adviser', %s, %s)",
            (adviser_id, code, code in standby),
        )
    execute(
        "INSERT INTO advisers (id, name, firm, licence_no, languages, person_id, search)"
        " VALUES (%s, %s, '贵州草海律师事务所', %s, '{}', %s, '')",
        (adviser_id, name, str(adviser_id), person_id),
    )
    return adviser_id
