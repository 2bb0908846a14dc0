"""The transition table, pair by pair and capacity by capacity."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from backend.kernel.actor import Actor, Grant, Mandate, Role, Scope
from backend.kernel.errors import DomainError
from backend.service_requests import errors, rules
from backend.service_requests.errors import ActionNotPossible, ActionNotYours
from backend.service_requests.rules import (
    Action,
    Capacity,
    Extension,
    ExtensionState,
    Facts,
    Standing,
    State,
    TextVerdict,
    Visibility,
)

REQUESTER_ID, STAFF_ID, UNIT_ID, OTHER_UNIT_ID = (UUID(int=n) for n in range(1, 5))

FACTS = Facts(
    state=State.SUBMITTED,
    requester_id=REQUESTER_ID,
    area_code="520526001001",
    lead_unit_id=UNIT_ID,
    handler_id=None,
    visibility=Visibility.PRIVATE,
    asked=False,
)

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

# Written out again on purpose, by state, so that a slip in the table shows. r: requester, a: agent,
# h: handler, l: leader, c: co-handler, d: dispatcher, s: supervisor. A reader can do nothing.
AT_WORK = (
    "ask:hl reply:hl defer:hl merge:hl open-task:hl cancel-task:hl answer-task:c"
    " request-extension:hl decide-extension:ls remind:ra withdraw:ra rate:r"
)
EXPECTED = {
    "submitted": "accept:hl not-accept:hld assign:d dispute:hl merge:hl remind:ra withdraw:ra"
    " rate:r",
    "accepted": f"{AT_WORK} assign:ld start:hl dispute:hl",
    "assigned": f"{AT_WORK} assign:ld start:hl dispute:hl",
    "disputed": "rule:d remind:ra withdraw:ra rate:r",
    "in_progress": AT_WORK,
    "awaiting_resident": "supply:ra start:hl ask:hl answer-task:c withdraw:ra rate:r",
    "replied": "confirm:ra contest:ra rate:r",
    "contested": f"{AT_WORK} start:hl",
    "rework": AT_WORK,
    "supervised": "direct:s reply:s remind:ra withdraw:ra rate:r",
    "deferred": "contest:ra withdraw:ra rate:r",
    "merged": "contest:ra remind:ra withdraw:ra rate:r",
    "confirmed": "came-back:ra rate:r",
    "closed_unconfirmed": "came-back:ra rate:r",
    "not_accepted": "",
    "withdrawn": "rate:r",
}
BY_ITSELF = {
    ("replied", "close-unconfirmed", "closed_unconfirmed"),
    ("deferred", "reopen", "merged"),
    ("deferred", "reopen", "in_progress"),
    ("merged", "reply", "replied"),
    ("merged", "defer", "deferred"),
    ("merged", "release", "in_progress"),
}

EVERYTHING_HOLDS = replace(
    FACTS,
    missing=1,
    co_unit_ids=frozenset({OTHER_UNIT_ID}),
    objection_until=NOW,
    extendable=True,
    replied_at=NOW,
    came_back_until=NOW,
    rated_at=NOW,
)


def by(*held: Capacity, id: UUID = STAFF_ID, now: datetime = NOW) -> Standing:
    return Standing(id, frozenset(held), now)


def expected(state: State, capacity: Capacity) -> set[str]:
    letter = "-" if capacity is Capacity.READER else capacity.value[0]
    rows = (row.split(":") for row in EXPECTED[state.value].split())
    return {action for action, letters in rows if letter in letters}


@pytest.mark.parametrize("capacity", Capacity)
@pytest.mark.parametrize("state", State)
def test_each_capacity_can_do_what_the_table_says_and_nothing_else(state, capacity):
    """With every guard holding that can hold together: a part of another unit is open or not,
    and more time is asked for or not."""
    plain = replace(EVERYTHING_HOLDS, state=state)
    busy = replace(
        plain, open_tasks=1, extension=Extension(ExtensionState.PENDING, asked_by=REQUESTER_ID)
    )
    allowed, standing = expected(state, capacity), by(capacity)

    possible = {*rules.possible_actions(standing, plain), *rules.possible_actions(standing, busy)}
    assert possible == allowed
    for action, facts in product(Action, (plain, busy)):
        if action in rules.possible_actions(standing, facts):
            rule = rules.decide(action, standing, facts)
            assert (rule.state, rule.action) == (state, action) and capacity in rule.by
        else:
            with pytest.raises(DomainError):
                rules.decide(action, standing, facts)


def test_what_happens_by_itself_is_nobodys_to_do():
    table = {
        (rule.state.value, rule.action.value, rule.to.value)
        for rule in rules.TRANSITIONS
        if rule.by is rules.SYSTEM
    }
    assert table == BY_ITSELF
    everybody = by(*Capacity)
    for state, action, _ in BY_ITSELF:
        facts = replace(EVERYTHING_HOLDS, state=State(state), merged=True)
        assert rules.rule_for_system(Action(action), everybody, facts)
        with pytest.raises((ActionNotPossible, ActionNotYours)):
            rules.decide(Action(action), everybody, facts)


def test_what_nobody_can_do_now_is_told_from_what_is_not_yours():
    accepted = replace(FACTS, state=State.ACCEPTED)
    with pytest.raises(ActionNotPossible):
        rules.decide(Action.ACCEPT, by(Capacity.HANDLER), accepted)
    with pytest.raises(ActionNotYours):
        rules.decide(Action.ACCEPT, by(Capacity.REQUESTER), accepted)
    with pytest.raises(ActionNotPossible):
        rules.decide(Action.ASSIGN, by(Capacity.LEADER), FACTS)


@pytest.mark.parametrize("state", State)
def test_it_can_be_given_to_a_unit_by_the_dispatcher_and_to_a_person_by_the_leader(state):
    facts = replace(FACTS, state=state)
    by_leader = ("member",) if state in (State.ACCEPTED, State.ASSIGNED) else ()
    by_dispatcher = ("unit",) if by_leader or state is State.SUBMITTED else ()
    both = by(Capacity.LEADER, Capacity.DISPATCHER)
    assert rules.assignable(by(Capacity.LEADER), facts) == by_leader
    assert rules.assignable(by(Capacity.DISPATCHER), facts) == by_dispatcher
    assert rules.assignable(both, facts) == by_dispatcher + by_leader
    assert rules.assignable(by(Capacity.HANDLER, Capacity.SUPERVISOR), facts) == ()


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("state", "action", "capacity", "changes", "refusal"),
    [
        ("in_progress", "ask", "handler", {"asked": True}, errors.AlreadyAsked),
        ("contested", "ask", "leader", {"asked": True}, errors.AlreadyAsked),
        ("assigned", "dispute", "handler", {"ruled": True}, errors.RulingFinal),
        ("assigned", "dispute", "leader", {"objection_until": NOW - DAY}, errors.ObjectionTooLate),
        ("submitted", "dispute", "leader", {"objection_until": None}, errors.ObjectionTooLate),
        ("in_progress", "reply", "handler", {"open_tasks": 1}, errors.TasksOpen),
        ("in_progress", "defer", "handler", {"open_tasks": 1}, errors.TasksOpen),
        ("in_progress", "merge", "handler", {"open_tasks": 1}, errors.TasksOpen),
        ("in_progress", "defer", "handler", {"deferrals": 1}, errors.AlreadyDeferred),
        ("submitted", "merge", "handler", {"main": True}, errors.OthersMergedHere),
        ("in_progress", "answer-task", "co_handler", {}, errors.ActionNotPossible),
        ("submitted", "remind", "requester", {"reminded_at": NOW}, errors.RemindedToday),
        ("rework", "request-extension", "handler", {"extendable": False}, errors.NotExtendable),
        (
            "rework",
            "request-extension",
            "handler",
            {"extension": Extension(ExtensionState.REFUSED, asked_by=STAFF_ID)},
            errors.ExtensionAlreadyRequested,
        ),
        (
            "rework",
            "decide-extension",
            "leader",
            {"extension": Extension(ExtensionState.PENDING, asked_by=STAFF_ID)},
            errors.ExtensionDecidedByOther,
        ),
        (
            "rework",
            "decide-extension",
            "supervisor",
            {"extension": Extension(ExtensionState.GRANTED, asked_by=REQUESTER_ID)},
            errors.ActionNotPossible,
        ),
        ("replied", "contest", "requester", {"concluded": True}, errors.ReviewConcluded),
        ("confirmed", "came-back", "agent", {"came_back_until": None}, errors.CameBackTooLate),
        (
            "closed_unconfirmed",
            "came-back",
            "requester",
            {"came_back_until": NOW - DAY},
            errors.CameBackTooLate,
        ),
        ("replied", "rate", "requester", {"rated_at": NOW - 31 * DAY}, errors.RatingClosed),
        ("contested", "rate", "requester", {"rated_at": None}, errors.ActionNotPossible),
    ],
)
def test_what_a_guard_forbids_is_refused_by_its_name(state, action, capacity, changes, refusal):
    facts = replace(EVERYTHING_HOLDS, state=State(state), **changes)
    standing = by(Capacity(capacity))
    assert Action(action) not in rules.possible_actions(standing, facts)
    with pytest.raises(refusal):
        rules.decide(Action(action), standing, facts)


def test_a_second_contest_goes_past_the_unit():
    replied = replace(FACTS, state=State.REPLIED)
    first = rules.decide(Action.CONTEST, by(Capacity.REQUESTER), replied)
    second = rules.decide(Action.CONTEST, by(Capacity.AGENT), replace(replied, contests=1))
    assert (first.to, second.to) == (State.CONTESTED, State.SUPERVISED)


def test_the_last_item_sets_the_work_going_again():
    awaiting = replace(FACTS, state=State.AWAITING_RESIDENT, asked=True)
    goes_to = {
        missing: rules.decide(
            Action.SUPPLY, by(Capacity.REQUESTER), replace(awaiting, missing=missing)
        ).to
        for missing in (1, 2, 10)
    }
    assert goes_to == {
        1: State.IN_PROGRESS,
        2: State.AWAITING_RESIDENT,
        10: State.AWAITING_RESIDENT,
    }


def test_a_day_of_reminding_ends_at_midnight_in_the_county():
    evening = datetime(2026, 11, 23, 15, 59, tzinfo=UTC)  # 23:59 in China
    reminded = replace(FACTS, reminded_at=evening - timedelta(hours=8))
    assert Action.REMIND not in rules.possible_actions(
        by(Capacity.REQUESTER, now=evening), reminded
    )
    midnight = evening + timedelta(minutes=1)
    assert Action.REMIND in rules.possible_actions(by(Capacity.REQUESTER, now=midnight), reminded)


def test_every_state_is_reached_and_only_closed_ones_lead_nowhere():
    reached, queue = {State.SUBMITTED}, [State.SUBMITTED]
    while queue:
        here = queue.pop()
        for rule in rules.TRANSITIONS:
            if rule.state is here and rule.to not in reached:
                reached.add(rule.to)
                queue.append(rule.to)
    assert reached == set(State)

    left = {rule.state for rule in rules.TRANSITIONS if rule.to is not rule.state}
    assert set(State) - left == {State.NOT_ACCEPTED, State.WITHDRAWN}
    assert set(State) == (rules.WITH_UNIT | rules.WITH_RESIDENT | rules.CLOSED | {State.DEFERRED})
    back = {rule.action for rule in rules.TRANSITIONS if rule.state in rules.CLOSED}
    assert back == {Action.RATE, Action.CAME_BACK}


def test_from_every_open_state_there_is_a_way_to_a_closed_one():
    ends, grown = set(rules.CLOSED), True
    while grown:
        before = len(ends)
        ends |= {rule.state for rule in rules.TRANSITIONS if rule.to in ends}
        grown = len(ends) > before
    assert ends == set(State)


def actor(*grants: Grant, id: UUID = STAFF_ID) -> Actor:
    return Actor(id=id, name="", grants=grants)


@pytest.mark.parametrize(
    ("who", "held"),
    [
        (actor(id=REQUESTER_ID), {Capacity.REQUESTER}),
        (actor(), set()),
        (actor(Grant(Role.HANDLER, unit_id=UNIT_ID)), {Capacity.HANDLER}),
        (actor(Grant(Role.UNIT_LEAD, unit_id=UNIT_ID)), {Capacity.LEADER}),
        (actor(Grant(Role.HANDLER, unit_id=OTHER_UNIT_ID)), set()),
        (actor(Grant(Role.DISPATCHER, area_code="520526")), {Capacity.DISPATCHER}),
        (actor(Grant(Role.DISPATCHER, area_code="520526001001")), {Capacity.DISPATCHER}),
        (actor(Grant(Role.DISPATCHER, area_code="520526002")), set()),
        (actor(Grant(Role.DISPATCHER, area_code="520526001001001")), set()),
        (actor(Grant(Role.SUPERVISOR, area_code="520526")), {Capacity.SUPERVISOR}),
        (actor(Grant(Role.GRID_WORKER, area_code="520526001001")), set()),
        (actor(Grant(Role.ADMIN, area_code="520526")), set()),
        # Nobody is official in their own cause.
        (actor(Grant(Role.UNIT_LEAD, unit_id=UNIT_ID), id=REQUESTER_ID), {Capacity.REQUESTER}),
    ],
)
def test_capacities(who, held):
    assert rules.capacities(who, FACTS) == held


MANDATE_ID = UUID(int=9)


@pytest.mark.parametrize(
    ("scopes", "held"),
    [
        ({Scope.SUBMIT}, {Capacity.READER}),
        ({Scope.SUBMIT, Scope.ACT}, {Capacity.AGENT}),
        ({Scope.ACT}, {Capacity.AGENT}),
    ],
)
def test_who_acts_for_the_requester_is_nothing_else(scopes, held):
    facts = replace(FACTS, mandate_id=MANDATE_ID)
    mandate = Mandate(MANDATE_ID, REQUESTER_ID, frozenset(scopes))
    leader = actor(Grant(Role.UNIT_LEAD, unit_id=UNIT_ID))
    assert rules.capacities(replace(leader, mandates=(mandate,)), facts) == held
    assert rules.capacities(leader, facts) == {Capacity.LEADER}
    another = replace(mandate, id=UUID(int=10))
    assert rules.capacities(replace(actor(), mandates=(another,)), facts) == set()


def test_a_unit_that_helps_is_a_co_handler_until_its_part_is_taken_back():
    helper = actor(Grant(Role.HANDLER, unit_id=OTHER_UNIT_ID))
    helped = replace(FACTS, co_unit_ids=frozenset({OTHER_UNIT_ID}))
    assert rules.capacities(helper, helped) == {Capacity.CO_HANDLER}
    assert rules.capacities(helper, FACTS) == set()


def test_a_supervisor_comes_from_outside_the_unit():
    supervisor = Grant(Role.SUPERVISOR, area_code="520526")
    within = actor(supervisor, Grant(Role.HANDLER, unit_id=UNIT_ID))
    assert rules.capacities(within, FACTS) == {Capacity.HANDLER}
    helping = replace(FACTS, co_unit_ids=frozenset({OTHER_UNIT_ID}))
    outside = actor(supervisor, Grant(Role.HANDLER, unit_id=OTHER_UNIT_ID))
    assert rules.capacities(outside, helping) == {Capacity.CO_HANDLER, Capacity.SUPERVISOR}


def test_no_unit_means_no_handlers():
    unrouted = replace(FACTS, lead_unit_id=None)
    assert rules.capacities(actor(Grant(Role.HANDLER, unit_id=UNIT_ID)), unrouted) == set()


@pytest.mark.parametrize(
    ("held", "name", "phone", "rating"),
    [
        ({Capacity.REQUESTER}, True, False, True),
        ({Capacity.HANDLER}, False, False, False),
        ({Capacity.LEADER}, False, False, False),
        ({Capacity.DISPATCHER}, True, True, True),
        ({Capacity.SUPERVISOR}, False, False, True),
        ({Capacity.AGENT}, True, False, True),
        ({Capacity.READER}, True, False, True),
        ({Capacity.CO_HANDLER}, False, False, False),
        # Who works on it does not see how it was rated, whatever else they are.
        ({Capacity.HANDLER, Capacity.DISPATCHER}, True, True, False),
    ],
)
def test_anonymous_hides_the_requester_from_all_but_the_dispatcher(held, name, phone, rating):
    anonymous, held = replace(FACTS, visibility=Visibility.ANONYMOUS), frozenset(held)
    assert rules.sees_requester(held, anonymous) is name
    assert rules.may_call(held, anonymous) is phone
    assert rules.sees_rating(held) is rating
    assert rules.sees_requester(held, FACTS) is (held != {Capacity.CO_HANDLER})


def test_the_phone_is_for_those_who_act_while_there_is_something_to_do():
    assert rules.may_call(frozenset({Capacity.HANDLER}), FACTS)
    assert not rules.may_call(frozenset({Capacity.SUPERVISOR}), FACTS)
    for state in rules.CLOSED:
        assert not rules.may_call(frozenset({Capacity.HANDLER}), replace(FACTS, state=state))


def test_an_action_is_recorded_in_the_capacity_that_allows_it():
    both = frozenset({Capacity.HANDLER, Capacity.DISPATCHER})
    standing = by(*both)
    accept = rules.decide(Action.ACCEPT, standing, FACTS)
    assign = rules.decide(Action.ASSIGN, standing, FACTS)
    assert rules.acts_as(accept, standing) is Capacity.HANDLER
    assert rules.acts_as(assign, standing) is Capacity.DISPATCHER


@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize("verdict", TextVerdict)
def test_only_public_text_that_passed_may_be_published(visibility, verdict):
    allowed = visibility is Visibility.PUBLIC and verdict is TextVerdict.PASS
    assert rules.publishable(visibility, verdict) is allowed
