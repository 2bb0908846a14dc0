"""Who is acting, and what they have been granted."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from backend.kernel.errors import MandateNotInForce


class Role(StrEnum):
    """Roles are granted; being a resident needs no grant."""

    GRID_WORKER = "grid_worker"
    HANDLER = "handler"
    UNIT_LEAD = "unit_lead"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    INSPECTOR = "inspector"
    """Takes up what residents report of pressure on them; nothing a handler or lead may read."""
    ADVISER = "adviser"
    """A village's legal adviser (村法律顾问); whose record it is, the register of advisers says."""
    JUSTICE = "justice_officer"
    """Of a justice office (司法所): keeps the register of advisers over its area."""
    ORGANISER = "organiser"
    """Organises volunteering in its area: activities, who comes, and their hours."""
    ADMIN = "admin"


UNIT_ROLES = frozenset({Role.HANDLER, Role.UNIT_LEAD})
"""Roles held in a unit; every other role is held over an area."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One role in one unit, or over one area and everything below it."""

    role: Role
    unit_id: UUID | None = None
    area_code: str | None = None


class Scope(StrEnum):
    """What somebody may do for another person: ask for something, and act on what was asked."""

    SUBMIT = "submit"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Mandate:
    """A consent in force under which the actor acts for ``principal_id`` (代办)."""

    id: UUID
    principal_id: UUID
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person with the grants and mandates that are in force at this moment."""

    id: UUID
    name: str
    language: str = "zh-CN"
    home_area_code: str | None = None
    grants: tuple[Grant, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    session_id: UUID | None = None

    def has(self, role: Role) -> bool:
        """Whether the role is held anywhere."""
        return any(grant.role == role for grant in self.grants)

    def unit_ids(self, *roles: Role) -> frozenset[UUID]:
        """Units in which one of the roles is held."""
        return frozenset(g.unit_id for g in self._holding(roles) if g.unit_id)

    def area_codes(self, *roles: Role) -> frozenset[str]:
        """Topmost areas over which one of the roles is held."""
        return frozenset(g.area_code for g in self._holding(roles) if g.area_code)

    def person_acted_for(self, mandate_id: UUID | None, scope: Scope) -> UUID:
        """Whose matter it is: one's own, or of who consented. Raises MandateNotInForce."""
        if mandate_id is None:
            return self.id
        for mandate in self.mandates:
            if mandate.id == mandate_id and scope in mandate.scopes:
                return mandate.principal_id
        raise MandateNotInForce

    def acts_for(self, person_id: UUID, scope: Scope) -> bool:
        """Whether the person is the actor, or consented to the actor's doing such things."""
        return person_id == self.id or any(
            mandate.principal_id == person_id and scope in mandate.scopes
            for mandate in self.mandates
        )

    def acts_in(self, person_id: UUID, mandate_id: UUID | None, *scopes: Scope) -> bool:
        """Whether the person is the actor, or what was begun under ``mandate_id`` may be gone on
        with: that very consent is in force for one of the ``scopes``. A later one opens nothing
        the person did themselves or through somebody else.
        """
        return person_id == self.id or any(
            mandate.id == mandate_id and not mandate.scopes.isdisjoint(scopes)
            for mandate in self.mandates
        )

    def _holding(self, roles: tuple[Role, ...]) -> Iterator[Grant]:
        return (grant for grant in self.grants if grant.role in roles)
