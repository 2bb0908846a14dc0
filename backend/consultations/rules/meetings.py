"""Who may know of a meeting, who may know what it is about, and what each side can do now. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from backend.bookings.rules import CHECK_IN_BEFORE, NO_SHOW_AFTER, NO_SHOW_WITHIN, State
from backend.kernel.actor import Actor, Role, Scope

MOST_OPPOSING: Final = 5
LONGEST_MINUTES: Final = 600

RATED_WITHIN: Final = timedelta(days=30)
"""After the meeting was recorded; a rating can be changed as long."""


class Capacity(StrEnum):
    """As what somebody has to do with a meeting."""

    PERSON = "person"
    """Whose matter it is."""
    AGENT = "agent"
    """Who booked it for them, while the consent is in force."""
    ADVISER = "adviser"
    """Who is met; nobody else in the register."""
    WRITER = "writer"
    """The grid worker or justice officer who wrote it down for somebody without a telephone."""
    OFFICE = "office"
    """The justice office over the area."""


INFORMED: Final = frozenset({Capacity.PERSON, Capacity.AGENT, Capacity.ADVISER, Capacity.WRITER})
"""They know what it is about anyway. The office has to say why it reads that."""

ASKING_SIDE: Final = frozenset({Capacity.PERSON, Capacity.AGENT})

WRITING_ROLES: Final = (Role.GRID_WORKER, Role.JUSTICE)
"""Who may book for somebody without a telephone, in their area. The adviser may, too."""


class Action(StrEnum):
    MOVE = "move"
    CANCEL = "cancel"
    CHECK_IN = "check-in"
    NO_SHOW = "no-show"
    SERVE = "serve"
    RATE = "rate"


class Reason(StrEnum):
    """Why the justice office looks into somebody's matter."""

    COMPLAINT = "complaint"
    """About the adviser, by who was advised."""
    SUPERVISION = "supervision"
    CASE = "case"
    """Before approving a case made of it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides about a meeting. ``state`` to ``cancel_until`` are the booking's."""

    id: UUID
    booking_id: UUID
    adviser_id: UUID
    adviser_person_id: UUID | None
    person_id: UUID
    agent_id: UUID | None
    mandate_id: UUID | None
    entered_by: UUID | None
    area_code: str
    topic: str
    served_at: datetime | None
    state: State
    starts_at: datetime
    ends_at: datetime
    cancel_until: datetime
    detached: bool
    """The account of the person is closed: nothing is left to read."""


def capacities(actor: Actor, facts: Facts) -> frozenset[Capacity]:
    """Everything the actor is to the meeting; nothing means that it does not exist for them."""
    held = {
        Capacity.PERSON: actor.id == facts.person_id,
        Capacity.AGENT: facts.mandate_id in {mandate.id for mandate in actor.mandates},
        Capacity.ADVISER: actor.id == facts.adviser_person_id and actor.has(Role.ADVISER),
        Capacity.WRITER: actor.id == facts.entered_by
        and _over(actor, facts.area_code, *WRITING_ROLES),
        Capacity.OFFICE: _over(actor, facts.area_code, Role.JUSTICE),
    }
    return frozenset(capacity for capacity, is_held in held.items() if is_held)


def may_book_for_others(actor: Actor, area_code: str, adviser_person_id: UUID | None) -> bool:
    """Whether staff may book for somebody of the area who has no telephone."""
    is_adviser = actor.id == adviser_person_id and actor.has(Role.ADVISER)
    return is_adviser or _over(actor, area_code, *WRITING_ROLES)


def is_informed(held: frozenset[Capacity]) -> bool:
    """Whether they may read what it is about, and what was said."""
    return bool(held & INFORMED)


def reads_for_office(held: frozenset[Capacity]) -> bool:
    """Whether their reading is a look into somebody else's affairs, and so on record."""
    return bool(held) and not held & ASKING_SIDE


def sees_rating(held: frozenset[Capacity]) -> bool:
    """The person, and the office that answers for advisers; never who was rated."""
    return bool(held & {Capacity.PERSON, Capacity.OFFICE}) and Capacity.ADVISER not in held


def possible(actor: Actor, facts: Facts, now: datetime) -> list[Action]:
    """What the actor can do now."""
    held = capacities(actor, facts)
    provider = Capacity.ADVISER in held
    agent = Capacity.AGENT in held and actor.acts_for(facts.person_id, Scope.ACT)
    resident = agent or bool(held & {Capacity.PERSON, Capacity.WRITER})
    side = provider or resident
    booked = facts.state is State.BOOKED
    changeable = booked and side and now < (facts.starts_at if provider else facts.cancel_until)
    found = {
        Action.MOVE: changeable,
        Action.CANCEL: changeable,
        Action.CHECK_IN: booked
        and side
        and facts.starts_at - CHECK_IN_BEFORE <= now <= facts.ends_at,
        Action.NO_SHOW: booked
        and side
        and facts.starts_at + NO_SHOW_AFTER <= now <= facts.ends_at + NO_SHOW_WITHIN,
        Action.SERVE: provider and is_on(facts, now),
        Action.RATE: Capacity.PERSON in held and may_rate(facts, now),
    }
    return [action for action, is_possible in found.items() if is_possible]


def is_on(facts: Facts, now: datetime) -> bool:
    """Whether the meeting has begun, and nobody has said yet what became of it."""
    begun = facts.state is State.CHECKED_IN or now >= facts.starts_at
    return begun and facts.state in (State.BOOKED, State.CHECKED_IN)


def may_rate(facts: Facts, now: datetime) -> bool:
    """Whether the meeting took place, not too long ago."""
    return facts.served_at is not None and now <= facts.served_at + RATED_WITHIN


def _over(actor: Actor, area_code: str, *roles: Role) -> bool:
    return any(area_code.startswith(code) for code in actor.area_codes(*roles))


_VILLAGE_DIGITS: Final = 12


def area_of(home_area_code: str | None, served: Sequence[str]) -> str:
    """The village a matter is of: where the person lives, or else the first that the adviser
    serves, a village before a larger area.

    >>> area_of("520526001001003", ["520526002001"])
    '520526001001'
    >>> area_of("520526", ["520526002", "520526002001"])
    '520526002001'
    """
    if home_area_code is not None and len(home_area_code) >= _VILLAGE_DIGITS:
        return home_area_code[:_VILLAGE_DIGITS]
    return min(served, key=lambda code: (-len(code), code))
