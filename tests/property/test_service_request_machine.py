"""Anybody does anything, in any order, on any version: the promises hold all the same."""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from backend.kernel.db import fetch_all
from backend.kernel.errors import DomainError, NotFound
from backend.service_requests import queries, rules, service
from backend.service_requests.rules import Action, State, Visibility
from tests.service_requests.conftest import DO, NOW, ROLES, Cast, lamp, unrouted, view

HANDLING = [action for action in Action if action is not Action.RATE]


class Handling(RuleBasedStateMachine):
    """One request among everybody; the oracle is the pure table, the subject the real service."""

    def __init__(self, cast: Cast) -> None:
        super().__init__()
        self.cast = cast
        self.now = NOW

    @initialize(draft=st.sampled_from([lamp, unrouted]), visibility=st.sampled_from(Visibility))
    def submit(self, draft: Any, visibility: Visibility) -> None:
        self.id = service.submit(self.cast["lixiuying"], draft(visibility=visibility), self.now)
        self.version, self.state, self.ended = 1, State.SUBMITTED, False
        self.timeline = self._timeline()

    def _timeline(self) -> list[tuple[Any, ...]]:
        return fetch_all(
            "SELECT seq, kind, at, actor_id, capacity, unit_id, text, data::text, shown_to"
            " FROM timeline_events WHERE request_id = %s ORDER BY seq",
            (self.id,),
        )

    def _current(self) -> queries.Current:
        current = queries.current(self.cast["yangguang"], self.id)
        assert current is not None
        return current

    @rule(
        who=st.sampled_from(sorted(ROLES)),
        action=st.sampled_from(HANDLING),
        behind=st.sampled_from([0, 0, 0, 1]),
        hours=st.integers(0, 30),
    )
    def somebody_does_something(self, who: str, action: Action, behind: int, hours: int) -> None:
        self._do(who, action, behind, hours)

    @precondition(lambda self: not self.ended)
    @rule(data=st.data(), hours=st.integers(0, 30))
    def somebody_does_what_they_can(self, data: st.DataObject, hours: int) -> None:
        """So that runs get further than chance would take them."""
        facts = self._current().facts
        possible = [
            (who, action)
            for who in sorted(ROLES)
            for action in rules.possible_actions(rules.capacities(self.cast[who], facts), facts)
            if action in DO
        ]
        self._do(*data.draw(st.sampled_from(possible)), behind=0, hours=hours)

    def _do(self, who: str, action: Action, behind: int, hours: int) -> None:
        self.now += timedelta(hours=hours)
        before = self._current()
        held = rules.capacities(self.cast[who], before.facts)
        expected = rules.possible_actions(held, before.facts)
        try:
            DO[action](self.cast[who], self.id, self.version - behind, self.now)
        except NotFound:
            assert not held
        except DomainError:
            # ASSIGN in these tests is to a unit, so leaders cannot, nor to where it is already.
            assert behind or action not in expected or action is Action.ASSIGN
        else:
            assert not behind and action in expected and not self.ended
            self.version += 1
            self.state = rules.TRANSITIONS[before.facts.state, action].to
            self.ended = self.state in rules.TERMINAL
            if action is Action.SUPPLY:
                assert self._current().due_at >= before.due_at

    @rule(who=st.sampled_from(sorted(ROLES)), score=st.integers(1, 5))
    def somebody_rates(self, who: str, score: int) -> None:
        try:
            service.rate(self.cast[who], self.id, score, None, self.now)
        except DomainError:
            assert who != "lixiuying" or self.state is not State.CONFIRMED
        else:
            assert who == "lixiuying" and self.state is State.CONFIRMED

    @invariant()
    def what_is_stored_is_what_was_done(self) -> None:
        current = self._current()
        assert (current.version, current.facts.state) == (self.version, self.state)

    @invariant()
    def the_timeline_only_grows(self) -> None:
        timeline = self._timeline()
        assert timeline[: len(self.timeline)] == self.timeline
        assert [event[0] for event in timeline] == list(range(1, len(timeline) + 1))
        assert len(timeline) == self.version
        self.timeline = timeline

    @invariant()
    def everybody_who_sees_it_gets_four_answers_and_what_they_can_do(self) -> None:
        facts = self._current().facts
        for actor in self.cast.values():
            held = rules.capacities(actor, facts)
            if not held:
                assert not queries.may_see(actor, self.id)
                continue
            shown = view(actor, self.id, self.now)
            assert set(shown["receipt"]) == {"who", "next", "by_when", "if_not"}
            assert all(shown["receipt"].values())
            assert shown["actions"] == list(rules.possible_actions(held, facts))
            assert not (self.ended and set(shown["actions"]) - {Action.RATE})


def test_the_promises_hold_whatever_anybody_does(cast: Cast) -> None:
    run_state_machine_as_test(
        lambda: Handling(cast),
        settings=settings(
            max_examples=30,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
