"""The transition table, pair by pair and capacity by capacity."""

from dataclasses import replace
from uuid import UUID

import pytest

from backend.kernel.actor import Actor, Grant, Role
from backend.service_requests import rules
from backend.service_requests.errors import ActionNotPossible, ActionNotYours, AlreadyAsked
from backend.service_requests.rules import Action, Capacity, Facts, State, TextVerdict, Visibility

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

# Written out again on purpose, by state, so that a slip in the table shows. r: requester,
# h: handler, l: leader, d: dispatcher.
EXPECTED = {
    "submitted": "accept:hl not-accept:hld assign:d withdraw:r",
    "accepted": "assign:ld start:hl ask:hl reply:hl withdraw:r",
    "assigned": "assign:ld start:hl ask:hl reply:hl withdraw:r",
    "in_progress": "ask:hl reply:hl withdraw:r",
    "awaiting_resident": "supply:r withdraw:r",
    "replied": "confirm:r contest:r",
    "contested": "start:hl reply:hl",
    "rework": "ask:hl reply:hl",
    "confirmed": "rate:r",
    "not_accepted": "",
    "withdrawn": "",
}


def expected(state: State, capacity: Capacity) -> set[str]:
    rows = (row.split(":") for row in EXPECTED[state.value].split())
    return {action for action, letters in rows if capacity.value[0] in letters}


@pytest.mark.parametrize("capacity", Capacity)
@pytest.mark.parametrize("state", State)
def test_each_capacity_can_do_what_the_table_says_and_nothing_else(state, capacity):
    facts, held = replace(FACTS, state=state), frozenset({capacity})
    allowed = expected(state, capacity)

    assert {action.value for action in rules.possible_actions(held, facts)} == allowed
    for action in Action:
        if action.value in allowed:
            assert rules.decide(action, held, facts) is rules.TRANSITIONS[state, action]
        else:
            with pytest.raises((ActionNotPossible, ActionNotYours)):
                rules.decide(action, held, facts)


def test_what_nobody_can_do_now_is_told_from_what_is_not_yours():
    accepted = replace(FACTS, state=State.ACCEPTED)
    with pytest.raises(ActionNotPossible):
        rules.decide(Action.ACCEPT, rules.LEAD_UNIT, accepted)
    with pytest.raises(ActionNotYours):
        rules.decide(Action.ACCEPT, rules.REQUESTER, accepted)
    with pytest.raises(ActionNotPossible):
        rules.decide(Action.ASSIGN, rules.LEADER, FACTS)


@pytest.mark.parametrize("state", State)
def test_it_can_be_given_to_a_unit_by_the_dispatcher_and_to_a_person_by_the_leader(state):
    facts = replace(FACTS, state=state)
    by_leader = ("member",) if state in (State.ACCEPTED, State.ASSIGNED) else ()
    by_dispatcher = ("unit",) if by_leader or state is State.SUBMITTED else ()
    assert rules.assignable(rules.LEADER, facts) == by_leader
    assert rules.assignable(rules.DISPATCHER, facts) == by_dispatcher
    assert rules.assignable(rules.LEADER | rules.DISPATCHER, facts) == by_dispatcher + by_leader
    assert rules.assignable(frozenset({Capacity.HANDLER, Capacity.SUPERVISOR}), facts) == ()


@pytest.mark.parametrize("state", [State.ACCEPTED, State.ASSIGNED, State.IN_PROGRESS, State.REWORK])
def test_the_resident_is_asked_once_only(state):
    asked = replace(FACTS, state=state, asked=True)
    with pytest.raises(AlreadyAsked):
        rules.decide(Action.ASK, rules.LEAD_UNIT, asked)
    assert Action.ASK not in rules.possible_actions(rules.LEAD_UNIT, asked)


def test_every_state_is_reached_and_only_terminal_ones_lead_nowhere():
    reached, queue = {State.SUBMITTED}, [State.SUBMITTED]
    while queue:
        here = queue.pop()
        for (state, _), rule in rules.TRANSITIONS.items():
            if state is here and rule.to not in reached:
                reached.add(rule.to)
                queue.append(rule.to)
    assert reached == set(State)

    left = {state for (state, _), rule in rules.TRANSITIONS.items() if rule.to is not state}
    assert set(State) - left == rules.TERMINAL
    assert set(State) == rules.WITH_UNIT | rules.WITH_RESIDENT | rules.TERMINAL


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
        ({Capacity.HANDLER, Capacity.DISPATCHER}, True, True, True),
    ],
)
def test_anonymous_hides_the_requester_from_all_but_the_dispatcher(held, name, phone, rating):
    anonymous, held = replace(FACTS, visibility=Visibility.ANONYMOUS), frozenset(held)
    assert rules.sees_requester(held, anonymous) is name
    assert rules.may_call(held, anonymous) is phone
    assert rules.sees_rating(held) is rating
    assert rules.sees_requester(held, FACTS)


def test_the_phone_is_for_those_who_act_while_there_is_something_to_do():
    assert rules.may_call(frozenset({Capacity.HANDLER}), FACTS)
    assert not rules.may_call(frozenset({Capacity.SUPERVISOR}), FACTS)
    for state in rules.TERMINAL:
        assert not rules.may_call(frozenset({Capacity.HANDLER}), replace(FACTS, state=state))


def test_an_action_is_recorded_in_the_capacity_that_allows_it():
    both = frozenset({Capacity.HANDLER, Capacity.DISPATCHER})
    accept, assign = (
        rules.TRANSITIONS[State.SUBMITTED, action] for action in (Action.ACCEPT, Action.ASSIGN)
    )
    assert rules.acts_as(accept, both) is Capacity.HANDLER
    assert rules.acts_as(assign, both) is Capacity.DISPATCHER


@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize("verdict", TextVerdict)
def test_only_public_text_that_passed_may_be_published(visibility, verdict):
    allowed = visibility is Visibility.PUBLIC and verdict is TextVerdict.PASS
    assert rules.publishable(visibility, verdict) is allowed
