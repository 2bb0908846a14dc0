"""Anybody does anything, in any order, on any version, while time passes: the promises hold."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

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

from backend.kernel.actor import Actor, Mandate, Role, Scope
from backend.kernel.db import fetch_all, fetch_one
from backend.kernel.errors import DomainError, NotFound
from backend.kernel.messages import LANGUAGES
from backend.people import queries as people_queries
from backend.people import service as people
from backend.service_requests import queries, rules, service
from backend.service_requests.rules import CLOSED, A, Action, Standing, State, Visibility
from backend.service_requests.service import sweeps
from tests.service_requests.conftest import (
    DO,
    ELECTRICITY,
    LAMPS,
    NOW,
    Cast,
    Do,
    enrol,
    lamp,
    unit_id,
    unrouted,
    version,
    view,
)

SWEEPS = (
    sweeps.escalate,
    sweeps.close_unconfirmed,
    sweeps.reopen,
    sweeps.follow_up,
    sweeps.tell_late_tasks,
    sweeps.recount,
)
AGENT = "wangdafu"
TASKS = {A.ANSWER_TASK, A.CANCEL_TASK}
"""Acts that name no version: others may act meanwhile."""
NEEDS_MORE = {A.ASSIGN, A.MERGE, A.ANSWER_TASK, A.OPEN_TASK}
"""What can be refused for where it goes: to the unit that has it, to a request that is answered, to
a unit that owes a part already, or for another unit."""
FINAL = {State.NOT_ACCEPTED, State.WITHDRAWN}


def another_cast(cast: Cast) -> Cast:
    """With a helper of another unit, a second leader, and somebody who acts for 李秀英."""
    terms = people.Terms((Scope.SUBMIT, Scope.ACT), 365)
    offered = people.offer(cast["lixiuying"], terms, NOW).code
    people.claim(cast[AGENT], offered, NOW)
    everybody = {
        **cast,
        "helper": enrol("helper", (Role.HANDLER, ELECTRICITY)),
        "second": enrol("second", (Role.UNIT_LEAD, LAMPS)),
    }
    return {slug: fresh(actor, NOW) for slug, actor in everybody.items()}


def fresh(actor: Actor, now: datetime) -> Actor:
    """With the roles and consents of the moment."""
    found = people_queries.actor_of(actor.id, now)
    assert found is not None
    return found


class Handling(RuleBasedStateMachine):
    """One request among everybody; the oracle is the pure table, the subject the real service."""

    def __init__(self, cast: Cast) -> None:
        super().__init__()
        self.cast = cast
        self.now = NOW

    @initialize(
        draft=st.sampled_from([lamp, lamp, unrouted]),
        visibility=st.sampled_from(Visibility),
        acted_for=st.booleans(),
    )
    def submit(self, draft: Any, visibility: Visibility, acted_for: bool) -> None:
        self.main = service.submit(self.cast[AGENT], lamp(), self.now)
        agent: Actor = self.cast[AGENT]
        mandate: Mandate = agent.mandates[0]
        who, mandate_id = (agent, mandate.id) if acted_for else (self.cast["lixiuying"], None)
        made = draft(visibility=visibility, mandate_id=mandate_id)
        self.id = service.submit(who, made, self.now)
        self.state, self.version, self.due_at = State.SUBMITTED, 1, self._current().due_at
        self.timeline = self._timeline()

    def _timeline(self) -> list[tuple[Any, ...]]:
        return fetch_all(
            "SELECT seq, at, kind, actor_id, capacity, unit_id, text, data::text, shown_to"
            " FROM timeline_events WHERE request_id = %s ORDER BY seq",
            (self.id,),
        )

    def _current(self) -> queries.Current:
        current = queries.current_for_system(self.id)
        assert current is not None
        return current

    def _standing(self, who: str, facts: rules.Facts) -> Standing:
        actor = self.cast[who]
        return Standing(actor.id, rules.capacities(actor, facts), self.now)

    def _possible(self) -> Iterator[tuple[str, Action]]:
        facts = self._current().facts
        for who in sorted(self.cast):
            for action in rules.possible_actions(self._standing(who, facts), facts):
                yield who, action

    @rule(
        data=st.data(),
        action=st.sampled_from([*DO, A.MERGE]),
        behind=st.sampled_from([0, 0, 0, 1]),
        hours=st.integers(0, 30),
    )
    def somebody_does_something(
        self, data: st.DataObject, action: Action, behind: int, hours: int
    ) -> None:
        self._do(data.draw(st.sampled_from(sorted(self.cast))), action, behind, hours)

    @precondition(lambda self: self.state not in FINAL)
    @rule(data=st.data(), hours=st.integers(0, 30))
    def somebody_does_what_they_can(self, data: st.DataObject, hours: int) -> None:
        """So that runs get further than chance would take them."""
        possible = [each for each in self._possible() if each[1] is not A.RATE]
        if possible:
            self._do(*data.draw(st.sampled_from(possible)), behind=0, hours=hours)

    def _do(self, who: str, action: Action, behind: int, hours: int) -> None:
        self._pass(timedelta(hours=hours))
        actor, before = self.cast[who], self._current()
        by = self._standing(who, before.facts)
        expected = rules.possible_actions(by, before.facts)
        do: Do = DO.get(action, self._merge)
        try:
            do(actor, self.id, before.version - behind, self.now)
        except NotFound:
            assert not by.held
        except DomainError:
            assert behind or action not in expected or action in NEEDS_MORE
        else:
            assert action in expected and (not behind or action in TASKS)
            after = self._current()
            allowed = {
                rule.to
                for rule in rules.TRANSITIONS
                if (rule.state, rule.action) == (before.facts.state, action) and rule.by & by.held
            }
            assert after.facts.state in allowed and after.version == before.version + 1

    def _merge(self, actor: Actor, request_id: UUID, seen: int, now: datetime) -> None:
        row = fetch_one("SELECT number FROM service_requests WHERE id = %s", (self.main,))
        assert row is not None
        service.merge(actor, request_id, seen, row[0], None, now)

    @rule(who=st.sampled_from(["chenwei", AGENT]), action=st.sampled_from(list(DO)))
    def the_other_request_goes_on(self, who: str, action: Action) -> None:
        """What is merged into it goes with it."""
        try:
            DO[action](self.cast[who], self.main, version(self.main), self.now)
        except DomainError:
            return

    @rule(days=st.sampled_from([1, 2, 8, 29, 45, 200]))
    def time_passes(self, days: int) -> None:
        self._pass(timedelta(days=days))
        for sweep in SWEEPS:
            sweep(self.now)

    def _pass(self, span: timedelta) -> None:
        """A consent runs out by itself; 2026 and the year after are as far as it goes."""
        self.now += span
        self.cast[AGENT] = fresh(self.cast[AGENT], self.now)

    @rule(data=st.data(), score=st.integers(1, 5))
    def somebody_rates(self, data: st.DataObject, score: int) -> None:
        who = data.draw(st.sampled_from(sorted(self.cast)))
        facts = self._current().facts
        can = A.RATE in rules.possible_actions(self._standing(who, facts), facts)
        try:
            service.rate(self.cast[who], self.id, score, None, self.now)
        except DomainError:
            assert not can
        else:
            assert can and who == "lixiuying" and facts.replied_at is not None

    @invariant()
    def versions_and_deadlines_only_grow_and_the_end_is_the_end(self) -> None:
        current = self._current()
        assert current.version >= self.version
        if current.facts.state is not self.state:
            assert current.version > self.version
            assert self.state not in FINAL
            if self.state in CLOSED:
                assert current.facts.state is State.CONTESTED
        assert current.due_at >= self.due_at
        self.version, self.state = current.version, current.facts.state
        self.due_at = current.due_at

    @invariant()
    def the_timeline_only_grows_and_never_runs_backwards(self) -> None:
        timeline = self._timeline()
        assert timeline[: len(self.timeline)] == self.timeline
        assert [event[0] for event in timeline] == list(range(1, len(timeline) + 1))
        moments = [event[1] for event in timeline]
        assert moments == sorted(moments) and moments[-1] <= self.now
        self.timeline = timeline

    @invariant()
    def somebody_or_time_can_lead_on(self) -> None:
        """Time: a reply is closed, what was put off is taken up. Where only parts of other units
        stand in the way, those can be answered or taken back."""
        state = self._current().facts.state
        leads_on = {
            rule.action
            for rule in rules.TRANSITIONS
            if rule.state is state and rule.to is not rule.state
        } - {A.WITHDRAW}
        possible = (leads_on | TASKS) & {action for _, action in self._possible()}
        assert state in CLOSED | {State.REPLIED, State.DEFERRED} or possible

    @invariant()
    def everybody_who_sees_it_gets_four_answers_and_what_they_can_do(self) -> None:
        facts = self._current().facts
        for who, person in self.cast.items():
            by = self._standing(who, facts)
            if not by.held:
                assert not queries.may_see(person, self.id)
                continue
            for language in LANGUAGES:
                shown = view(replace(person, language=language), self.id, self.now)
                assert set(shown["receipt"]) == {"who", "next", "by_when", "if_not"}
                assert all(shown["receipt"].values())
                assert "None" not in "".join(shown["receipt"].values())
                assert shown["actions"] == list(rules.possible_actions(by, facts))


def test_the_promises_hold_whatever_anybody_does(cast: Cast) -> None:
    everybody = another_cast(cast)
    assert unit_id(ELECTRICITY)
    run_state_machine_as_test(
        lambda: Handling(dict(everybody)),
        settings=settings(
            max_examples=30,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
