"""Who may know of a written question, what each side can do now, and by when. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from backend.kernel.actor import Actor, Scope
from backend.kernel.actor import Role as Granted

ANSWERED_WITHIN: Final = timedelta(hours=24)
"""By the clock, from when it is asked or asked again."""

RATED_WITHIN: Final = timedelta(days=30)
"""After the last answer; a rating can be changed as long."""

MOST_OPEN: Final = 10
"""Of one person at a time."""

MOST_POSTS: Final = 100
"""Of one thread."""

LONGEST_MINUTES: Final = 240
"""That an adviser can say one answer took."""

SUMMARY_LENGTH: Final = 40
"""Characters of a question in a list."""


class State(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Role(StrEnum):
    """As what somebody wrote."""

    RESIDENT = "resident"
    AGENT = "agent"
    ADVISER = "adviser"
    STANDBY = "standby"
    JUSTICE_OFFICER = "justice_officer"


ASKING: Final = frozenset({Role.RESIDENT, Role.AGENT})


class Action(StrEnum):
    POST = "post"
    CLOSE = "close"
    RATE = "rate"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides about a question. ``recipients`` are the advisers who may answer, by person."""

    id: UUID
    person_id: UUID
    agent_id: UUID | None
    mandate_id: UUID | None
    area_code: str
    state: State
    adviser_id: UUID | None
    justice_at: datetime | None
    posts: int
    answered_at: datetime | None
    answered_by: UUID | None
    detached: bool
    recipients: dict[UUID, UUID]

    def adviser_of(self, person_id: UUID) -> UUID | None:
        """As which adviser the person may answer."""
        return self.recipients.get(person_id)


def role(actor: Actor, facts: Facts) -> Role | None:
    """What the actor is to the question; None means that it does not exist for them.

    Whose it is reads it as that, whatever else they are; nobody answers themselves.
    """
    if actor.id == facts.person_id:
        return Role.RESIDENT
    if facts.mandate_id in {mandate.id for mandate in actor.mandates}:
        return Role.AGENT
    if facts.detached:
        return None
    adviser_id = facts.adviser_of(actor.id)
    if adviser_id is not None and actor.has(Granted.ADVISER):
        return Role.ADVISER if adviser_id == facts.adviser_id else Role.STANDBY
    over = actor.area_codes(Granted.JUSTICE)
    if facts.justice_at is not None and facts.area_code.startswith(tuple(over)):
        return Role.JUSTICE_OFFICER
    return None


def possible(actor: Actor, facts: Facts, now: datetime) -> list[Action]:
    """What the actor can do now."""
    as_what = role(actor, facts)
    goes_on = facts.state is not State.CLOSED
    asking = may_act(actor, facts)
    found = {
        Action.POST: goes_on and asking,
        Action.CLOSE: goes_on and asking,
        Action.RATE: as_what is Role.RESIDENT and may_rate(facts, now),
        Action.ANSWER: goes_on and as_what not in (None, *ASKING) and may_answer(actor, facts),
    }
    return [action for action, is_possible in found.items() if is_possible]


def may_act(actor: Actor, facts: Facts) -> bool:
    """Whether the actor speaks for the side that asked: an agent only within the consent."""
    as_what = role(actor, facts)
    return as_what is Role.RESIDENT or (
        as_what is Role.AGENT and actor.acts_for(facts.person_id, Scope.ACT)
    )


def may_answer(actor: Actor, facts: Facts) -> bool:
    """The first to answer answers; from then on they may add, and the others when it is asked
    again."""
    return facts.state is State.OPEN or facts.answered_by == actor.id


def may_rate(facts: Facts, now: datetime) -> bool:
    """Whether it was answered, not too long ago."""
    return facts.answered_at is not None and now <= facts.answered_at + RATED_WITHIN


def summary(text: str) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= SUMMARY_LENGTH else line[: SUMMARY_LENGTH - 1] + "…"
