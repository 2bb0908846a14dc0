"""Advisers in the register, and people with roles."""

from datetime import date, datetime
from uuid import UUID

from backend.advisers import service
from backend.advisers.rules.register import Entry
from backend.kernel.actor import Actor, Role
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


def entry(
    name: str,
    *villages: str,
    standby: tuple[str, ...] = (),
    term_from: date = date(2026, 1, 1),
    term_until: date | None = None,
    languages: tuple[str, ...] = ("mandarin",),
    licence_no: str | None = None,
) -> Entry:
    """What the register says of somebody; without a number of a licence, a new one."""
    return Entry(
        name=name,
        firm="贵州草海律师事务所",
        licence_no=licence_no or new_id().hex,
        phone="0857-0000301",
        languages=languages,
        intro=None,
        term_from=term_from,
        term_until=term_until,
        villages=villages,
        standby=standby,
    )


def registered(
    name: str,
    person_id: UUID | None,
    now: datetime,
    *villages: str,
    standby: tuple[str, ...] = (),
    term_until: date | None = None,
) -> UUID:
    """An adviser of these villages, and on standby for those; the id."""
    wanted = entry(name, *villages, standby=standby, term_until=term_until)
    adviser_id = service.create(None, wanted, now)
    if person_id is not None:
        service.appoint(adviser_id, person_id, now)
    return adviser_id
