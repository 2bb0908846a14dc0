"""The state machine as a table, and its interpreter."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from backend.kernel.clock import LOCAL
from backend.kernel.errors import DomainError
from backend.service_requests.errors import (
    ActionNotPossible,
    ActionNotYours,
    AlreadyAsked,
    AlreadyDeferred,
    CameBackTooLate,
    ExtensionAlreadyRequested,
    ExtensionDecidedByOther,
    NotExtendable,
    ObjectionTooLate,
    OthersMergedHere,
    RatingClosed,
    RemindedToday,
    ReviewConcluded,
    RulingFinal,
    TasksOpen,
)
from backend.service_requests.rules.facts import Facts, Standing
from backend.service_requests.rules.standing import (
    ASKING,
    CO_HANDLER,
    DISPATCHER,
    LEAD_UNIT,
    LEADER,
    REQUESTER,
    SUPERVISOR,
)
from backend.service_requests.rules.states import (
    WITH_UNIT,
    Action,
    Assignee,
    Capacity,
    ExtensionState,
    State,
)

RATING_CHANGEABLE = timedelta(days=30)
"""How long a rating can be changed after it was first given."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition beyond state and capacity, and the refusal when it does not hold."""

    holds: Callable[[Facts, Standing], bool]
    refusal: type[DomainError]


@dataclass(frozen=True, slots=True)
class Rule:
    """From a state, by an action, to a state.

    Where several rules share state and action, the first whose guards hold is it; if none does,
    the refusal is of the last one.
    """

    state: State
    action: Action
    to: State
    by: frozenset[Capacity]
    guards: tuple[Guard, ...] = ()


S, A = State, Action

SYSTEM: frozenset[Capacity] = frozenset()
"""No capacity allows it: only time, or what became of another request, does."""

ASSIGNERS = {Assignee.UNIT: DISPATCHER, Assignee.MEMBER: LEADER}
"""Which of the capacities that may assign give it to what."""


def _reminded_today(facts: Facts, by: Standing) -> bool:
    last = facts.reminded_at
    return last is not None and last.astimezone(LOCAL).date() >= by.now.astimezone(LOCAL).date()


def _decides_for_other(facts: Facts, by: Standing) -> bool:
    return facts.extension is not None and facts.extension.asked_by != by.actor_id


ASK_ONCE = Guard(lambda facts, by: not facts.asked, AlreadyAsked)
LAST_ITEM = Guard(lambda facts, by: facts.missing <= 1, ActionNotPossible)
IN_TIME = Guard(
    lambda facts, by: facts.objection_until is not None and by.now <= facts.objection_until,
    ObjectionTooLate,
)
NOT_RULED = Guard(lambda facts, by: not facts.ruled, RulingFinal)
TASKS_DONE = Guard(lambda facts, by: facts.open_tasks == 0, TasksOpen)
SOME_TASK_OPEN = Guard(lambda facts, by: facts.open_tasks > 0, ActionNotPossible)
DEFER_ONCE = Guard(lambda facts, by: facts.deferrals == 0, AlreadyDeferred)
NOT_MAIN = Guard(lambda facts, by: not facts.main, OthersMergedHere)
IS_MERGED = Guard(lambda facts, by: facts.merged, ActionNotPossible)
ONCE_A_DAY = Guard(lambda facts, by: not _reminded_today(facts, by), RemindedToday)
EXTENDABLE = Guard(lambda facts, by: facts.extendable, NotExtendable)
EXTEND_ONCE = Guard(lambda facts, by: facts.extension is None, ExtensionAlreadyRequested)
PENDING = Guard(
    lambda facts, by: (
        facts.extension is not None and facts.extension.state is ExtensionState.PENDING
    ),
    ActionNotPossible,
)
ANOTHER_DECIDES = Guard(_decides_for_other, ExtensionDecidedByOther)
FIRST_CONTEST = Guard(lambda facts, by: facts.contests == 0, ReviewConcluded)
NOT_CONCLUDED = Guard(lambda facts, by: not facts.concluded, ReviewConcluded)
STILL_FOLLOWED = Guard(
    lambda facts, by: facts.came_back_until is not None and by.now <= facts.came_back_until,
    CameBackTooLate,
)
RATED_BEFORE = Guard(lambda facts, by: facts.rated_at is not None, ActionNotPossible)
RATABLE = Guard(
    lambda facts, by: facts.rated_at is None or by.now <= facts.rated_at + RATING_CHANGEABLE,
    RatingClosed,
)


def _at_work(state: State) -> tuple[Rule, ...]:
    """What the lead unit can do in every state in which it works on the request."""
    return (
        Rule(state, A.ASK, S.AWAITING_RESIDENT, LEAD_UNIT, (ASK_ONCE,)),
        Rule(state, A.REPLY, S.REPLIED, LEAD_UNIT, (TASKS_DONE,)),
        Rule(state, A.DEFER, S.DEFERRED, LEAD_UNIT, (DEFER_ONCE, TASKS_DONE)),
        Rule(state, A.MERGE, S.MERGED, LEAD_UNIT, (NOT_MAIN, TASKS_DONE)),
        Rule(state, A.OPEN_TASK, state, LEAD_UNIT),
        Rule(state, A.CANCEL_TASK, state, LEAD_UNIT, (SOME_TASK_OPEN,)),
        Rule(state, A.ANSWER_TASK, state, CO_HANDLER, (SOME_TASK_OPEN,)),
        Rule(state, A.REQUEST_EXTENSION, state, LEAD_UNIT, (EXTENDABLE, EXTEND_ONCE)),
        Rule(state, A.DECIDE_EXTENSION, state, LEADER | SUPERVISOR, (PENDING, ANOTHER_DECIDES)),
    )


def _objectionable(state: State) -> Rule:
    return Rule(state, A.DISPUTE, S.DISPUTED, LEAD_UNIT, (NOT_RULED, IN_TIME))


def _rated(state: State) -> Rule:
    return Rule(state, A.RATE, state, REQUESTER, (RATABLE,))


def _rated_anew(state: State) -> Rule:
    """Where no reply stands nothing is rated first, but what was said can be taken back."""
    return Rule(state, A.RATE, state, REQUESTER, (RATED_BEFORE, RATABLE))


def _came_back(state: State) -> Rule:
    return Rule(state, A.CAME_BACK, S.CONTESTED, ASKING, (STILL_FOLLOWED,))


TRANSITIONS: tuple[Rule, ...] = (
    Rule(S.SUBMITTED, A.ACCEPT, S.ACCEPTED, LEAD_UNIT),
    Rule(S.SUBMITTED, A.NOT_ACCEPT, S.NOT_ACCEPTED, LEAD_UNIT | DISPATCHER),
    Rule(S.SUBMITTED, A.ASSIGN, S.ASSIGNED, DISPATCHER),
    Rule(S.SUBMITTED, A.MERGE, S.MERGED, LEAD_UNIT, (NOT_MAIN,)),
    _objectionable(S.SUBMITTED),
    #
    Rule(S.ACCEPTED, A.ASSIGN, S.ASSIGNED, LEADER | DISPATCHER),
    Rule(S.ACCEPTED, A.START, S.IN_PROGRESS, LEAD_UNIT),
    *_at_work(S.ACCEPTED),
    _objectionable(S.ACCEPTED),
    #
    Rule(S.ASSIGNED, A.ASSIGN, S.ASSIGNED, LEADER | DISPATCHER),
    Rule(S.ASSIGNED, A.START, S.IN_PROGRESS, LEAD_UNIT),
    *_at_work(S.ASSIGNED),
    _objectionable(S.ASSIGNED),
    #
    Rule(S.DISPUTED, A.RULE, S.ASSIGNED, DISPATCHER),
    #
    *_at_work(S.IN_PROGRESS),
    #
    Rule(S.AWAITING_RESIDENT, A.SUPPLY, S.IN_PROGRESS, ASKING, (LAST_ITEM,)),
    Rule(S.AWAITING_RESIDENT, A.SUPPLY, S.AWAITING_RESIDENT, ASKING),
    Rule(S.AWAITING_RESIDENT, A.START, S.IN_PROGRESS, LEAD_UNIT),
    # Never possible, as it was asked: so that a second list is refused, and flagged, as just that.
    Rule(S.AWAITING_RESIDENT, A.ASK, S.AWAITING_RESIDENT, LEAD_UNIT, (ASK_ONCE,)),
    Rule(S.AWAITING_RESIDENT, A.ANSWER_TASK, S.AWAITING_RESIDENT, CO_HANDLER, (SOME_TASK_OPEN,)),
    #
    Rule(S.REPLIED, A.CONFIRM, S.CONFIRMED, ASKING),
    Rule(S.REPLIED, A.CONTEST, S.CONTESTED, ASKING, (NOT_CONCLUDED, FIRST_CONTEST)),
    Rule(S.REPLIED, A.CONTEST, S.SUPERVISED, ASKING, (NOT_CONCLUDED,)),
    Rule(S.REPLIED, A.CLOSE_UNCONFIRMED, S.CLOSED_UNCONFIRMED, SYSTEM),
    _rated(S.REPLIED),
    #
    Rule(S.CONTESTED, A.START, S.REWORK, LEAD_UNIT),
    *_at_work(S.CONTESTED),
    #
    *_at_work(S.REWORK),
    #
    Rule(S.SUPERVISED, A.DIRECT, S.REWORK, SUPERVISOR),
    Rule(S.SUPERVISED, A.REPLY, S.REPLIED, SUPERVISOR, (TASKS_DONE,)),
    #
    Rule(S.DEFERRED, A.CONTEST, S.CONTESTED, ASKING),
    Rule(S.DEFERRED, A.REOPEN, S.MERGED, SYSTEM, (IS_MERGED,)),
    Rule(S.DEFERRED, A.REOPEN, S.IN_PROGRESS, SYSTEM),
    #
    Rule(S.MERGED, A.CONTEST, S.CONTESTED, ASKING),
    Rule(S.MERGED, A.REPLY, S.REPLIED, SYSTEM),
    Rule(S.MERGED, A.DEFER, S.DEFERRED, SYSTEM),
    Rule(S.MERGED, A.RELEASE, S.IN_PROGRESS, SYSTEM),
    #
    _rated(S.CONFIRMED),
    _came_back(S.CONFIRMED),
    _rated(S.CLOSED_UNCONFIRMED),
    _came_back(S.CLOSED_UNCONFIRMED),
    #
    *(
        _rated_anew(state)
        for state in State
        if state in WITH_UNIT | {S.AWAITING_RESIDENT, S.DEFERRED, S.WITHDRAWN}
    ),
    *(Rule(state, A.REMIND, state, ASKING, (ONCE_A_DAY,)) for state in State if state in WITH_UNIT),
    *(
        Rule(state, A.WITHDRAW, S.WITHDRAWN, ASKING)
        for state in State
        if state in WITH_UNIT | {S.AWAITING_RESIDENT, S.DEFERRED}
    ),
)


def _rules(state: State, action: Action) -> tuple[Rule, ...]:
    return tuple(rule for rule in TRANSITIONS if rule.state is state and rule.action is action)


_BY_STATE = {state: {action: _rules(state, action) for action in Action} for state in State}
_EVER_BY = {
    action: frozenset(
        capacity for rule in TRANSITIONS if rule.action is action for capacity in rule.by
    )
    for action in Action
}


def possible_actions(by: Standing, facts: Facts) -> tuple[Action, ...]:
    """The actions somebody of this standing can take now, in the order of `Action`."""
    return tuple(
        action
        for action, rules in _BY_STATE[facts.state].items()
        if any(rule.by & by.held and _first_refusal(rule, facts, by) is None for rule in rules)
    )


def assignable(by: Standing, facts: Facts) -> tuple[Assignee, ...]:
    """To what somebody of this standing can give it now."""
    allowed = _BY_STATE[facts.state][Action.ASSIGN]
    return tuple(
        to
        for to, capacities in ASSIGNERS.items()
        if any(rule.by & by.held & capacities for rule in allowed)
    )


def decide(action: Action, by: Standing, facts: Facts) -> Rule:
    """The rule to execute. Raises ActionNotYours, ActionNotPossible, or a guard's refusal."""
    if not _EVER_BY[action] & by.held:
        raise ActionNotYours
    return _first_that_holds(
        (rule for rule in _BY_STATE[facts.state][action] if rule.by & by.held), facts, by
    )


def rule_for_system(action: Action, by: Standing, facts: Facts) -> Rule:
    """The rule by which it happens by itself. Raises ActionNotPossible."""
    return _first_that_holds(
        (rule for rule in _BY_STATE[facts.state][action] if rule.by is SYSTEM), facts, by
    )


def _first_that_holds(rules: Iterable[Rule], facts: Facts, by: Standing) -> Rule:
    refusal: type[DomainError] = ActionNotPossible
    for rule in rules:
        failed = _first_refusal(rule, facts, by)
        if failed is None:
            return rule
        refusal = failed
    raise refusal


def _first_refusal(rule: Rule, facts: Facts, by: Standing) -> type[DomainError] | None:
    return next((guard.refusal for guard in rule.guards if not guard.holds(facts, by)), None)


def acts_as(rule: Rule, by: Standing) -> Capacity:
    """The capacity recorded for an action: the first of `Capacity` that allows it."""
    return next(capacity for capacity in Capacity if capacity in rule.by & by.held)
