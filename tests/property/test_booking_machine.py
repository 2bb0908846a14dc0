"""Anybody takes, moves and frees time, in any order, while plans and clocks change."""

from datetime import date, datetime, timedelta
from itertools import combinations
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

from backend.bookings import errors, queries, service
from backend.bookings.rules import Mode, PlanRule
from backend.bookings.service import NewException
from backend.kernel.actor import Actor
from backend.kernel.clock import LOCAL
from backend.kernel.db import execute, fetch_all
from backend.kernel.errors import DomainError
from tests.bookings.conftest import (
    NOW,
    TUESDAY,
    at,
    free,
    hours,
    open_room,
    person,
    room_kind,
    told,
)

__all__ = ["room_kind", "told"]

NAMES = ("li", "wang", "zhao", "qian", "sun")
PLANS: tuple[tuple[PlanRule, ...], ...] = (
    (hours(span=(540, 600), minutes=60),),
    (hours(span=(540, 600), minutes=60, capacity=2),),
    (hours(span=(555, 600), minutes=20, pause=5),),
    (hours(span=(540, 570), modes=(Mode.PHONE,)), hours(weekday=3, span=(540, 570))),
)
"""Few times, so that they are fought for."""

WEEK = timedelta(days=7)
MODES = st.sampled_from(list(Mode))
WHO = st.sampled_from(NAMES)
SLOTS = st.builds(
    lambda weeks, day, minutes: (
        at(TUESDAY, 9) + WEEK * weeks + timedelta(days=day, minutes=minutes)
    ),
    st.integers(0, 1),
    st.sampled_from([0, 0, 0, 1]),
    st.sampled_from([0, 0, 0, 15, 40]),
)


class Taking(RuleBasedStateMachine):
    def __init__(self, people: dict[str, Actor]) -> None:
        super().__init__()
        for table in ("bookings", "booking_waits", "booking_exceptions", "outbox"):
            execute(f"DELETE FROM {table}")
        self.people = people
        self.keeper = people["keeper"]
        self.now = NOW
        self.room = open_room(self.keeper, *PLANS[0])
        self.promised: dict[UUID, tuple[datetime, int]] = {}

    def _all(self, *states: str) -> list[dict[str, Any]]:
        names = ("id", "person_id", "state", "starts_at", "until", "seat", "capacity", "sequence")
        return [
            dict(zip(names, row, strict=True))
            for row in fetch_all(
                "SELECT id, person_id, state, starts_at, occupied_until, seat, capacity, sequence"
                " FROM bookings WHERE state = ANY(%s) ORDER BY id",
                (list(states),),
            )
        ]

    def _someones(self, data: st.DataObject, *states: str) -> tuple[Actor, dict[str, Any]]:
        booking = data.draw(st.sampled_from(self._all(*states)))
        owner = next(p for p in self.people.values() if p.id == booking["person_id"])
        return data.draw(st.sampled_from([owner, self.keeper])), booking

    def _try(self, act: Any) -> Any:
        """Done or refused, never anything else."""
        try:
            return act()
        except DomainError:
            return None

    @initialize()
    def everything_is_taken(self) -> None:
        """So that there is somebody to wait for."""
        for name, slot in zip(NAMES, free(self.room, self.now), strict=False):
            actor = self.people[name]
            booking_id = service.hold(actor, self.room, slot.starts_at, Mode.PHONE, self.now)
            service.confirm(actor, booking_id, self.now)

    @rule(who=WHO, starts_at=SLOTS, mode=MODES, staff=st.booleans())
    def hold(self, who: str, starts_at: datetime, mode: Mode, staff: bool) -> None:
        person = self.people[who]
        actor, other = (self.keeper, person.id) if staff else (person, None)
        slots = {slot.starts_at: slot for slot in free(self.room, self.now)}
        try:
            service.hold(actor, self.room, starts_at, mode, self.now, person_id=other)
        except errors.SlotTaken:
            # Never called taken while it is free: unless it was just offered to who waits.
            assert starts_at not in slots or self._all("held")
        except DomainError:
            pass

    @precondition(lambda self: self._all("held"))
    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        actor, booking = self._someones(data, "held")
        booked = self._try(lambda: service.confirm(actor, booking["id"], self.now))
        if booked is not None:
            self.promised[booked.id] = (booked.starts_at, booking["sequence"])

    @precondition(lambda self: self._all("held"))
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        actor, booking = self._someones(data, "held")
        service.release(actor, booking["id"], self.now)

    @precondition(lambda self: self._all("booked"))
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        actor, booking = self._someones(data, "booked")
        args = (booking["id"], booking["sequence"], "有事", self.now)
        self._try(lambda: service.cancel(actor, *args))

    @precondition(lambda self: self._all("booked"))
    @rule(data=st.data(), starts_at=SLOTS, mode=MODES)
    def move(self, data: st.DataObject, starts_at: datetime, mode: Mode) -> None:
        actor, booking = self._someones(data, "booked")
        args = (booking["id"], booking["sequence"], starts_at, mode, None, self.now)
        self._try(lambda: service.move(actor, *args))

    @rule(who=WHO, weeks=st.integers(0, 1), mode=st.none() | MODES)
    def wait(self, who: str, weeks: int, mode: Mode | None) -> None:
        first: date = TUESDAY + WEEK * weeks
        args = (self.room, first, first + timedelta(days=1), mode, self.now)
        self._try(lambda: service.join(self.people[who], *args))

    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        rows = fetch_all("SELECT id, person_id FROM booking_waits ORDER BY place")
        if rows:
            wait_id, person_id = data.draw(st.sampled_from(rows))
            owner = next(p for p in self.people.values() if p.id == person_id)
            service.leave(owner, wait_id, self.now)

    @rule(rules=st.sampled_from(PLANS))
    def change_plan(self, rules: tuple[PlanRule, ...]) -> None:
        accepted: list[UUID] = []
        for _ in range(2):
            found = queries.snapshot(self.room, self.now)
            assert found is not None
            args = (self.room, found.version, rules, accepted, self.now)
            try:
                service.change_plan(self.keeper, *args)
                return
            except errors.PlanConflicts as refused:
                accepted = [c["booking_id"] for c in refused.extra["conflicts"]]
        raise AssertionError("what was listed was accepted, and still refused")

    @rule(starts_at=SLOTS, minutes=st.integers(10, 90))
    def close(self, starts_at: datetime, minutes: int) -> None:
        closed = NewException(starts_at, starts_at + timedelta(minutes=minutes), "开庭", None)
        accepted = [booking["id"] for booking in self._all("booked", "held")]
        service.add_exception(self.keeper, self.room, closed, accepted, self.now)

    @rule(suspended=st.booleans())
    def suspend(self, suspended: bool) -> None:
        if suspended:
            service.suspend(self.room, "换证", self.now)
        else:
            service.resume(self.room, self.now)

    @rule(minutes=st.sampled_from([1, 9, 10, 11, 60, 121, 24 * 60, 5 * 24 * 60]))
    def pass_time(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        service.sweep(self.now)
        assert not [h for h in self._all("held") if self._ran_out(h["id"])]
        self._nobody_waits_for_what_is_free()

    def _ran_out(self, booking_id: UUID) -> bool:
        found = queries.booking(booking_id)
        assert found is not None and found.held_until is not None
        return found.held_until <= self.now

    def _nobody_waits_for_what_is_free(self) -> None:
        found = queries.snapshot(self.room, self.now)
        assert found is not None
        slots = free(self.room, self.now) if found.bookable(self.now) else []
        for wait in queries.line(found.key):
            assert not [slot for slot in slots if _fits(wait, slot.starts_at, slot.modes)]

    @invariant()
    def no_two_live_bookings_share_a_seat_at_any_time(self) -> None:
        live = self._all("held", "booked", "checked_in", "served")
        for one, other in combinations(live, 2):
            if one["starts_at"] < other["until"] and other["starts_at"] < one["until"]:
                assert 1 not in (one["capacity"], other["capacity"])
                assert one["seat"] != other["seat"]

    @invariant()
    def capacity_is_never_exceeded(self) -> None:
        live = self._all("held", "booked", "checked_in", "served")
        for one in live:
            at_once = [b for b in live if b["starts_at"] <= one["starts_at"] < b["until"]]
            assert len(at_once) <= max(b["capacity"] for b in at_once)

    @invariant()
    def offers_go_to_who_waits_longest(self) -> None:
        offered = fetch_all(
            "SELECT w.place, b.starts_at, b.mode FROM bookings b JOIN booking_waits w"
            " ON w.id = b.wait_id WHERE b.state = 'held' AND w.state = 'offered'"
        )
        waiting = fetch_all(
            "SELECT place, from_on, to_on, mode FROM booking_waits WHERE state = 'waiting'"
        )
        for place, starts_at, mode in offered:
            day = starts_at.astimezone(LOCAL).date()
            for earlier, from_on, to_on, wanted in waiting:
                passed_over = earlier < place and from_on <= day <= to_on
                assert not (passed_over and wanted in (None, mode))

    @invariant()
    def what_was_booked_stands_until_somebody_changes_it(self) -> None:
        for booking_id, (starts_at, sequence) in self.promised.items():
            found = queries.booking(booking_id)
            assert found is not None
            if found.sequence == sequence:
                assert (found.state, found.starts_at) == ("booked", starts_at)

    def teardown(self) -> None:
        """Whatever happened, no time is lost: with everything given back all of it is free."""
        execute("DELETE FROM booking_waits WHERE id NOT IN (SELECT wait_id FROM bookings"
                " WHERE wait_id IS NOT NULL)")  # fmt: skip
        service.resume(self.room, self.now)
        service.sweep(self.now + timedelta(hours=3))
        for booking in self._all("held", "booked"):
            if booking["state"] == "held":
                service.release(self.keeper, booking["id"], self.now)
            elif booking["starts_at"] > self.now:
                args = (booking["id"], booking["sequence"], "清场", self.now)
                service.cancel(self.keeper, *args)
        found = queries.snapshot(self.room, self.now)
        assert found is not None
        past = [b for b in self._all("booked") if b["starts_at"] <= self.now]
        offered = list(queries.free_slots(found, [], self.now))
        assert free(self.room, self.now) == [
            slot for slot in offered if not any(b["until"] > slot.starts_at for b in past)
        ]


def _fits(wait: Any, starts_at: datetime, modes: tuple[Mode, ...]) -> bool:
    day = starts_at.astimezone(LOCAL).date()
    return wait.from_on <= day <= wait.to_on and (wait.mode is None or wait.mode in modes)


def test_time_is_neither_given_twice_nor_lost(database: str) -> None:
    people = {name: person(name) for name in (*NAMES, "keeper")}
    run_state_machine_as_test(
        lambda: Taking(people),
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
