"""Complaints: about whom, who takes them, and to whom they are never given.

Whom a complaint is about never learns of it: `queries.visible_to` hides it from them everywhere.
Here is decided what that gate goes by, and that nobody gives it to them either.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.areas import county
from backend.areas import service as areas
from backend.areas.catalogue import Category
from backend.kernel.actor import Actor, Role
from backend.kernel.errors import FieldError, ValidationFailed
from backend.kernel.ids import new_id
from backend.people import queries as people
from backend.service_requests import names, queries
from backend.service_requests.errors import (
    AgentComplainedAbout,
    UnitComplainedAbout,
    UnknownUnit,
)
from backend.service_requests.models import ComplaintTarget
from backend.service_requests.queries import Current
from backend.service_requests.rules import Visibility


@dataclass(frozen=True, slots=True)
class About:
    """Whom a resident complains about, beside whom the category is about by itself."""

    unit_ids: Sequence[UUID] = ()
    person_names: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A name as the resident wrote it, and everybody with a role who bears it."""

    name: str
    people: tuple[people.StaffMember, ...]


@dataclass(frozen=True, slots=True)
class Complaint:
    """About which units and which people a request complains."""

    implied: frozenset[UUID]
    """Units the category is about."""
    units: frozenset[UUID]
    """Other units the resident named."""
    people: tuple[Named, ...]

    def lead_unit(self, category: Category, area_code: str) -> UUID | None:
        """The unit that takes it: independent of all it is about; None: a dispatcher decides."""
        colleagues = {
            unit_id for named in self.people for person in named.people for unit_id in person.units
        }
        return areas.complaint_unit(
            category.code,
            area_code,
            self.implied | self.units | colleagues,
            unknown=any(not named.people for named in self.people),
        )

    def keep_from(self, agent: Actor) -> None:
        """Nobody passes on, for somebody else, what is about themselves.

        Raises AgentComplainedAbout.
        """
        of_unit = agent.unit_ids(*Role) & (self.implied | self.units)
        named = {names.folded(named.name) for named in self.people}
        if of_unit or names.folded(agent.name) in named:
            raise AgentComplainedAbout

    def record(self, request_id: UUID) -> None:
        """Write down whom it is about, which hides it from them from this moment on."""
        for unit_id in sorted(self.implied | self.units):
            _insert(request_id, unit_id=unit_id, implied=unit_id in self.implied)
        for named in self.people:
            for person in named.people:
                _insert(request_id, person_id=person.id, name=named.name)
            if not named.people:
                _insert(request_id, name=named.name)


def _insert(
    request_id: UUID,
    *,
    unit_id: UUID | None = None,
    person_id: UUID | None = None,
    name: str | None = None,
    implied: bool = False,
) -> None:
    target_id = new_id()
    ComplaintTarget.insert(
        id=target_id,
        request_id=request_id,
        unit_id=unit_id,
        person_id=person_id,
        name_encrypted=None if name is None else names.seal(name, target_id),
        name_hash=None if name is None else names.search_hash(name),
        implied=implied,
    ).execute()


def complaint_of(
    category: Category, area_code: str, about: About, visibility: Visibility, now: datetime
) -> Complaint | None:
    """Whom a request complains about; None if about nobody.

    Raises ValidationFailed: a complaint cannot be public, the units named must be there, and what
    a category is about by itself must be clear from the place.
    """
    if not (category.complaint or about.unit_ids or about.person_names):
        return None
    errors = [
        FieldError(f"/about/unit_ids/{index}", "unknown_unit")
        for index, unit_id in enumerate(about.unit_ids)
        if not queries.unit_in_use(unit_id)
    ]
    if visibility is Visibility.PUBLIC:
        errors.append(FieldError("/visibility", "complaint_not_public"))
    if county.current().is_too_wide(category, area_code):
        errors.append(FieldError("/area_code", "area_too_wide"))
    if errors:
        raise ValidationFailed(fields=errors)
    implied = areas.units_complained_about(category.code, area_code)
    return Complaint(
        implied, frozenset(about.unit_ids) - implied, _bearers(about.person_names, now)
    )


def _bearers(typed: Sequence[str], now: datetime) -> tuple[Named, ...]:
    by_name = {names.folded(name): name for name in typed}
    staff = people.staff(now) if by_name else []
    return tuple(
        Named(name, tuple(person for person in staff if names.folded(person.name) == folded))
        for folded, name in by_name.items()
    )


def unit_to_give(current: Current, unit_id: UUID) -> None:
    """Whether the request may be given to the unit at all.

    Raises UnknownUnit, UnitComplainedAbout.
    """
    if not queries.unit_in_use(unit_id):
        raise UnknownUnit
    if current.complaint and queries.complains_about(current.id, unit_id):
        raise UnitComplainedAbout


def person_to_give(current: Current, person_id: UUID, now: datetime) -> None:
    """Whether somebody of the lead unit may be given the request: all may, but whom it is about.

    Raises UnitComplainedAbout.
    """
    if current.complaint and not queries.may_view(person_id, current.id, now):
        raise UnitComplainedAbout
