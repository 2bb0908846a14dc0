"""Who may do what with a service request, and what becomes of it. Pure: no database, no clock.

`TRANSITIONS` is the only statement of the state machine. The service executes it, the client's
buttons, the documented diagram and the property tests are read from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from backend.kernel.actor import Actor, Role
from backend.kernel.errors import DomainError
from backend.service_requests.errors import ActionNotPossible, ActionNotYours, AlreadyAsked


class State(StrEnum):
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    AWAITING_RESIDENT = "awaiting_resident"
    REPLIED = "replied"
    CONFIRMED = "confirmed"
    CONTESTED = "contested"
    REWORK = "rework"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """Everything that can be done with a submitted request; the value is the code clients use."""

    ACCEPT = "accept"
    NOT_ACCEPT = "not-accept"
    ASSIGN = "assign"
    START = "start"
    ASK = "ask"
    SUPPLY = "supply"
    REPLY = "reply"
    CONFIRM = "confirm"
    CONTEST = "contest"
    WITHDRAW = "withdraw"
    RATE = "rate"


class Capacity(StrEnum):
    """What an actor is to one particular request; the value is shown in the timeline."""

    REQUESTER = "requester"
    HANDLER = "handler"
    LEADER = "leader"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"


class Visibility(StrEnum):
    PRIVATE = "private"
    PUBLIC = "public"
    ANONYMOUS = "anonymous"


class Outcome(StrEnum):
    FIXED = "fixed"
    EXPLAINED = "explained"
    REFERRED = "referred"


class TextVerdict(StrEnum):
    """What WeChat's content check said; NONE (no verdict yet, or never) is not a pass."""

    NONE = "none"
    PASS = "pass"  # noqa: S105
    REVIEW = "review"
    RISKY = "risky"


class Kind(StrEnum):
    """Kinds of timeline events: the past tense of an action, or something staff should know.

    A rating leaves no event: the lead unit reads the timeline and must not learn of ratings.
    """

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    ASSIGNED = "assigned"
    STARTED = "started"
    ASKED = "asked"
    SUPPLIED = "supplied"
    REPLIED = "replied"
    CONFIRMED = "confirmed"
    CONTESTED = "contested"
    WITHDRAWN = "withdrawn"
    NOTE = "note"
    DANGER_FLAGGED = "danger_flagged"
    TEXT_FLAGGED = "text_flagged"


EVENT_OF = {
    Action.ACCEPT: Kind.ACCEPTED,
    Action.NOT_ACCEPT: Kind.NOT_ACCEPTED,
    Action.ASSIGN: Kind.ASSIGNED,
    Action.START: Kind.STARTED,
    Action.ASK: Kind.ASKED,
    Action.SUPPLY: Kind.SUPPLIED,
    Action.REPLY: Kind.REPLIED,
    Action.CONFIRM: Kind.CONFIRMED,
    Action.CONTEST: Kind.CONTESTED,
    Action.WITHDRAW: Kind.WITHDRAWN,
}
"""What the timeline, the audit log and the outbox call an action that has been taken."""


class ShownTo(StrEnum):
    """RESIDENT: everybody who may see the request; STAFF: everybody but the requester."""

    RESIDENT = "resident"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules need to know of one request."""

    state: State
    requester_id: UUID
    area_code: str
    lead_unit_id: UUID | None
    handler_id: UUID | None
    visibility: Visibility
    asked: bool
    """Whether the one list of missing things has been sent."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition beyond state and capacity, and the refusal when it does not hold."""

    holds: Callable[[Facts], bool]
    refusal: type[DomainError]


@dataclass(frozen=True, slots=True)
class Rule:
    to: State
    by: frozenset[Capacity]
    guard: Guard | None = None


S, A = State, Action

REQUESTER = frozenset({Capacity.REQUESTER})
DISPATCHER = frozenset({Capacity.DISPATCHER})
LEADER = frozenset({Capacity.LEADER})
LEAD_UNIT = frozenset({Capacity.HANDLER, Capacity.LEADER})


class Assignee(StrEnum):
    """To what a request can be given: another unit, or one of the lead unit's people."""

    UNIT = "unit"
    MEMBER = "member"


ASSIGNERS = {Assignee.UNIT: DISPATCHER, Assignee.MEMBER: LEADER}
"""Which of the capacities that may assign give it to what."""

ASK_ONCE = Guard(lambda facts: not facts.asked, AlreadyAsked)

TRANSITIONS: dict[tuple[State, Action], Rule] = {
    (S.SUBMITTED, A.ACCEPT): Rule(S.ACCEPTED, LEAD_UNIT),
    (S.SUBMITTED, A.NOT_ACCEPT): Rule(S.NOT_ACCEPTED, LEAD_UNIT | DISPATCHER),
    (S.SUBMITTED, A.ASSIGN): Rule(S.ASSIGNED, DISPATCHER),
    (S.SUBMITTED, A.WITHDRAW): Rule(S.WITHDRAWN, REQUESTER),
    #
    (S.ACCEPTED, A.ASSIGN): Rule(S.ASSIGNED, LEADER | DISPATCHER),
    (S.ACCEPTED, A.START): Rule(S.IN_PROGRESS, LEAD_UNIT),
    (S.ACCEPTED, A.ASK): Rule(S.AWAITING_RESIDENT, LEAD_UNIT, ASK_ONCE),
    (S.ACCEPTED, A.REPLY): Rule(S.REPLIED, LEAD_UNIT),
    (S.ACCEPTED, A.WITHDRAW): Rule(S.WITHDRAWN, REQUESTER),
    #
    (S.ASSIGNED, A.ASSIGN): Rule(S.ASSIGNED, LEADER | DISPATCHER),
    (S.ASSIGNED, A.START): Rule(S.IN_PROGRESS, LEAD_UNIT),
    (S.ASSIGNED, A.ASK): Rule(S.AWAITING_RESIDENT, LEAD_UNIT, ASK_ONCE),
    (S.ASSIGNED, A.REPLY): Rule(S.REPLIED, LEAD_UNIT),
    (S.ASSIGNED, A.WITHDRAW): Rule(S.WITHDRAWN, REQUESTER),
    #
    (S.IN_PROGRESS, A.ASK): Rule(S.AWAITING_RESIDENT, LEAD_UNIT, ASK_ONCE),
    (S.IN_PROGRESS, A.REPLY): Rule(S.REPLIED, LEAD_UNIT),
    (S.IN_PROGRESS, A.WITHDRAW): Rule(S.WITHDRAWN, REQUESTER),
    #
    (S.AWAITING_RESIDENT, A.SUPPLY): Rule(S.IN_PROGRESS, REQUESTER),
    (S.AWAITING_RESIDENT, A.WITHDRAW): Rule(S.WITHDRAWN, REQUESTER),
    #
    (S.REPLIED, A.CONFIRM): Rule(S.CONFIRMED, REQUESTER),
    (S.REPLIED, A.CONTEST): Rule(S.CONTESTED, REQUESTER),
    #
    (S.CONTESTED, A.START): Rule(S.REWORK, LEAD_UNIT),
    (S.CONTESTED, A.REPLY): Rule(S.REPLIED, LEAD_UNIT),
    #
    (S.REWORK, A.ASK): Rule(S.AWAITING_RESIDENT, LEAD_UNIT, ASK_ONCE),
    (S.REWORK, A.REPLY): Rule(S.REPLIED, LEAD_UNIT),
    #
    (S.CONFIRMED, A.RATE): Rule(S.CONFIRMED, REQUESTER),
}

TERMINAL = frozenset({S.NOT_ACCEPTED, S.CONFIRMED, S.WITHDRAWN})
"""States that nothing leads out of. A rating follows in CONFIRMED without leaving it."""

WITH_UNIT = frozenset({S.SUBMITTED, S.ACCEPTED, S.ASSIGNED, S.IN_PROGRESS, S.CONTESTED, S.REWORK})
"""States in which the next step is the public body's: its clock runs, and it can be late."""

WITH_RESIDENT = frozenset({S.AWAITING_RESIDENT, S.REPLIED})
"""States in which the next step is the resident's: the clock of the public body stands."""

LEAD_CAPACITIES = {Role.HANDLER: Capacity.HANDLER, Role.UNIT_LEAD: Capacity.LEADER}
AREA_CAPACITIES = {Role.DISPATCHER: Capacity.DISPATCHER, Role.SUPERVISOR: Capacity.SUPERVISOR}


def capacities(actor: Actor, facts: Facts) -> frozenset[Capacity]:
    """What the actor is to this request; empty for a stranger, who must not learn it exists.

    Nobody is official in their own cause: the requester is the requester and nothing else.
    An area contains those whose codes begin with its own (statistical division codes do).
    """
    if actor.id == facts.requester_id:
        return REQUESTER
    of_unit = {
        capacity
        for role, capacity in LEAD_CAPACITIES.items()
        if facts.lead_unit_id in actor.unit_ids(role)
    }
    of_area = {
        capacity
        for role, capacity in AREA_CAPACITIES.items()
        if any(facts.area_code.startswith(code) for code in actor.area_codes(role))
    }
    return frozenset(of_unit | of_area)


def possible_actions(held: frozenset[Capacity], facts: Facts) -> tuple[Action, ...]:
    """The actions somebody with these capacities can take now, in the order of `Action`."""
    return tuple(
        action
        for action in Action
        if (rule := TRANSITIONS.get((facts.state, action)))
        and rule.by & held
        and (rule.guard is None or rule.guard.holds(facts))
    )


def assignable(held: frozenset[Capacity], facts: Facts) -> tuple[Assignee, ...]:
    """To what somebody with these capacities can give it now."""
    return tuple(
        to for to, by in ASSIGNERS.items() if Action.ASSIGN in possible_actions(held & by, facts)
    )


def decide(action: Action, held: frozenset[Capacity], facts: Facts) -> Rule:
    """The rule to execute. Raises ActionNotYours, ActionNotPossible, or the guard's refusal."""
    if not any(rule.by & held for (_, a), rule in TRANSITIONS.items() if a is action):
        raise ActionNotYours
    rule = TRANSITIONS.get((facts.state, action))
    if rule is None or not rule.by & held:
        raise ActionNotPossible
    if rule.guard is not None and not rule.guard.holds(facts):
        raise rule.guard.refusal
    return rule


def acts_as(rule: Rule, held: frozenset[Capacity]) -> Capacity:
    """The capacity recorded for an action: the first of `Capacity` that allows it."""
    return next(capacity for capacity in Capacity if capacity in rule.by & held)


def sees_requester(held: frozenset[Capacity], facts: Facts) -> bool:
    """Whether these capacities may learn who asked: anonymous means to all but the dispatcher."""
    return facts.visibility is not Visibility.ANONYMOUS or bool(held & (REQUESTER | DISPATCHER))


def may_call(held: frozenset[Capacity], facts: Facts) -> bool:
    """Whether these staff may have the requester's phone: who can act, while it is open.

    The view shows them the number masked; each look at it in clear is asked for and recorded.
    """
    return (
        bool(held & (LEAD_UNIT | DISPATCHER))
        and facts.state not in TERMINAL
        and sees_requester(held, facts)
    )


def sees_rating(held: frozenset[Capacity]) -> bool:
    """Not the lead unit: who cannot see a rating cannot press for another."""
    return not held <= LEAD_UNIT


def publishable(visibility: Visibility, verdict: TextVerdict) -> bool:
    """Whether the text may be shown beyond those who handle it."""
    return visibility is Visibility.PUBLIC and verdict is TextVerdict.PASS
