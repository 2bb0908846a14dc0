"""A crowd that wants one and the same time, from four processes at once."""

import os
import random
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import psutil
import pytest
import requests

from backend.kernel import clock
from backend.kernel.clock import LOCAL
from tests.callers import Answer, Caller
from tests.faults.rushing import Crowd
from tests.running import Running, eventually

pytestmark = pytest.mark.faults

ROUNDS = int(os.environ.get("RUSH_ROUNDS", "4"))
"""``make soak-bookings`` asks for 50."""

CLIENTS = 200
MOVERS, STAFF, PLANNERS, WAITERS = 20, 10, 10, 10
VILLAGE = "520526001001"
SLOT_MINUTES = 15
EVERY_DAY = [
    {
        "weekday": weekday, "starts": "00:00", "ends": "24:00", "slot_minutes": SLOT_MINUTES,
        "modes": ["phone"], "place": None, "valid_from": "2026-01-01", "on_holidays": True,
    }
    for weekday in range(1, 8)
]  # fmt: skip
MATTER = {"topic": "loan", "facts": "借了钱不还", "opposing": []}
TAKEN = 201, None
MOVED = 200, None
REFUSALS = {
    "slot_taken", "already_booked_then", "too_many_bookings", "booking_changed", "wait_not_needed",
    "already_waiting", "plan_changed", "slot_past",
}  # fmt: skip


@pytest.fixture(scope="module")
def lawyer(running: Running) -> tuple[Caller, str]:
    """An adviser with a time every quarter of an hour, and the id of that record."""
    officer = running.caller("wujianguo")
    term = {"term_from": "2026-01-01", "term_until": None}
    entry = {"name": "杨雪梅", "firm": "乌撒律师事务所", "licence_no": "19905202099000001"}
    villages = {"villages": [VILLAGE], "standby": [], "languages": ["mandarin"]}
    adviser = officer.post("/api/advisers", {**entry, **term, **villages}).expect(201)
    path = f"/api/advisers/{adviser['id']}/invitation"
    code = officer.post(path, {}).expect(201)["code"]
    lawyer = running.caller("lawyer-of-the-crowd")
    lawyer.post("/api/me/roles", {"invitation_code": code}).expect(201)
    plan = {"version": 1, "rules": EVERY_DAY}
    version = lawyer.get(f"/api/resources/{adviser['id']}/plan").expect(200)["version"]
    plan = {"version": version, "rules": EVERY_DAY}
    lawyer.put(f"/api/resources/{adviser['id']}/plan", plan).expect(200)
    return lawyer, adviser["id"]


@pytest.fixture(scope="module")
def residents(running: Running) -> list[Caller]:
    return [running.caller(f"crowd-{n}") for n in range(CLIENTS - STAFF - PLANNERS)]


def booked(resident: Caller, adviser: str, starts_at: datetime) -> str:
    """A resident's appointment."""
    hold = {"starts_at": starts_at.isoformat(), "mode": "phone"}
    held = resident.post(f"/api/resources/{adviser}/holds", hold).expect(201)
    resident.post("/api/consultations", {**MATTER, "booking_id": held["id"]}).expect(201)
    return str(held["id"])


def test_one_time_goes_to_exactly_one(
    running: Running, lawyer: tuple[Caller, str], residents: list[Caller], crowd: Crowd
):
    """Residents, staff, people who move their appointment, plans that change meanwhile."""
    keeper, adviser = lawyer
    chosen = random.Random(4)
    tomorrow = (clock.now().astimezone(LOCAL) + timedelta(days=1)).replace(
        hour=8, minute=0, second=0, microsecond=0
    )
    for number, mover in enumerate(residents[:MOVERS]):
        mover.put("/api/me", {"name": f"居民{number}"}).expect(200)
    movers, waiters = residents[:MOVERS], residents[MOVERS : MOVERS + WAITERS]
    moved = [
        booked(mover, adviser, tomorrow + timedelta(days=5, minutes=SLOT_MINUTES * n))
        for n, mover in enumerate(movers)
    ]
    statuses: Counter[tuple[int, str | None]] = Counter()
    for number in range(ROUNDS):
        slot = tomorrow + timedelta(minutes=SLOT_MINUTES * number)
        time_wanted = {"starts_at": slot.isoformat(), "mode": "phone"}
        sequences = dict(
            running.rows("SELECT id::text, sequence FROM bookings WHERE id = ANY(%s)", moved)
        )
        plan = keeper.get(f"/api/resources/{adviser}/plan").expect(200)
        days = {"from_on": slot.date().isoformat(), "to_on": slot.date().isoformat()}
        holds = f"/api/resources/{adviser}/holds"
        wanted: list[Any] = [
            *([m.token, "POST", f"/api/bookings/{b}/move",
               {**time_wanted, "sequence": sequences[b]}]
              for m, b in zip(movers, moved, strict=True)),
            *([w.token, "POST", f"/api/resources/{adviser}/waits", days] for w in waiters),
            *([r.token, "POST", holds, time_wanted] for r in residents[MOVERS + WAITERS :]),
            *([keeper.token, "POST", f"/api/advisers/{adviser}/bookings",
               {**MATTER, **time_wanted, "name": f"赵{n}", "phone": None, "area_code": VILLAGE}]
              for n in range(STAFF)),
            *([keeper.token, "PUT", f"/api/resources/{adviser}/plan",
               {"version": plan["version"], "rules": EVERY_DAY, "accepted": []}]
              for _ in range(PLANNERS)),
        ]  # fmt: skip
        assert len(wanted) == CLIENTS
        order = list(range(CLIENTS))
        chosen.shuffle(order)
        shuffled = crowd.ask([wanted[n] for n in order])
        answers = [answer for _, answer in sorted(zip(order, shuffled, strict=True))]
        statuses.update(answers)
        planned, rest = answers[-PLANNERS:], answers[:-PLANNERS]
        takers = [*rest[:MOVERS], *rest[MOVERS + WAITERS :]]
        assert Counter(takers)[TAKEN] + Counter(takers)[MOVED] == 1, Counter(answers)
        assert planned.count(MOVED) == 1, Counter(planned)
        refused = {code for status, code in answers if status >= 400}
        assert refused <= REFUSALS, Counter(answers)
        live = running.rows(
            "SELECT count(*) FROM bookings WHERE starts_at < %s AND occupied_until > %s"
            " AND state IN ('held', 'booked', 'checked_in', 'served')",
            slot + timedelta(minutes=SLOT_MINUTES),
            slot,
        )
        assert live == [(1,)]
    sys.stdout.write(f"{ROUNDS} rounds of {CLIENTS}: {dict(statuses)}\n")


def test_four_hundred_at_once_and_a_double_tap(
    running: Running, lawyer: tuple[Caller, str], residents: list[Caller], crowd: Crowd
):
    """Some tap twice: with one key it is one hold, and with two the second is the same person's."""
    _, adviser = lawyer
    slot = (clock.now().astimezone(LOCAL) + timedelta(days=9)).replace(
        hour=8, minute=0, second=0, microsecond=0
    )
    hold = {"starts_at": slot.isoformat(), "mode": "phone"}
    twice = [r.token for r in residents for _ in range(2)] + [r.token for r in residents[:40]]
    assert len(twice) == 400
    answers = crowd.ask([[t, "POST", f"/api/resources/{adviser}/holds", hold] for t in twice])
    assert {code for status, code in answers if status >= 400} <= REFUSALS, Counter(answers)
    holders = running.rows(
        "SELECT person_id FROM bookings WHERE starts_at = %s AND state = 'held'", slot
    )
    assert len(holders) == 1
    # Only the one who got it can have got it again, in place of the first.
    assert 1 <= Counter(answers)[TAKEN] <= 3


def kill_web_processes(running: Running) -> None:
    """Those that answer; the server starts others in their place."""
    found = eventually(lambda: psutil.Process(running.serve.pid).children(), "a web process")
    for process in found:
        process.kill()


def insisting(ask: Callable[[], Answer]) -> Answer:
    """The answer, asked for again for as long as the connection is lost or it is being made."""

    def answer() -> Answer | None:
        try:
            found = ask()
        except requests.RequestException:
            return None
        return None if found.status >= 500 or found.status == 409 else found

    return eventually(answer, "an answer")


def test_whatever_is_killed_a_time_is_booked_once_or_free_again(
    running: Running, lawyer: tuple[Caller, str], residents: list[Caller]
):
    """Killed between hold and form, and at any moment of the form; each key has one answer."""
    _, adviser = lawyer
    chosen, other = random.Random(9), residents[-1]
    first = (clock.now().astimezone(LOCAL) + timedelta(days=12)).replace(
        hour=8, minute=0, second=0, microsecond=0
    )

    def hold(person: Caller, slot: datetime, key: str) -> Answer:
        wanted = {"starts_at": slot.isoformat(), "mode": "phone"}
        return person.post(f"/api/resources/{adviser}/holds", wanted, key)

    def states(slot: datetime) -> list[str]:
        found = running.rows("SELECT state FROM bookings WHERE starts_at = %s", slot)
        return [state for (state,) in found]

    for number, li in enumerate(residents[-1 - max(1, ROUNDS // 4) : -1]):
        li.put("/api/me", {"name": f"王{number}"}).expect(200)
        slot, holding, form = first + timedelta(days=number), uuid4().hex, uuid4().hex
        held = hold(li, slot, holding).expect(201)
        kill_web_processes(running)
        assert insisting(lambda li=li, at=slot, key=holding: hold(li, at, key)).expect(201) == held
        matter = {**MATTER, "booking_id": held["id"]}

        def book(li: Caller = li, matter: dict[str, Any] = matter, key: str = form) -> Answer:
            return li.post("/api/consultations", matter, key)

        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(book)
            threading.Event().wait(chosen.uniform(0, 0.05))
            kill_web_processes(running)
            try:
                acknowledged = asked.result().status == 201
            except requests.RequestException:
                acknowledged = False
        assert not acknowledged or states(slot) == ["booked"]
        made = insisting(book).expect(201)
        assert made["booking"]["state"] == "booked"
        assert book().expect(201) == made
        assert states(slot) == ["booked"]
        matters = running.rows(
            "SELECT count(*) FROM consultations WHERE booking_id = %s", held["id"]
        )
        assert matters == [(1,)]

    abandoned = first - timedelta(days=1)
    held = hold(li, abandoned, uuid4().hex).expect(201)
    kill_web_processes(running)
    taken = insisting(lambda: li.get(f"/api/bookings/{held['id']}")).expect(200)
    assert taken["state"] == "held"
    assert hold(other, abandoned, uuid4().hex).json["code"] == "slot_taken"
    running.rows(
        "UPDATE bookings SET held_until = now() - interval '1 s' WHERE id = %s RETURNING id",
        held["id"],
    )
    hold(other, abandoned, uuid4().hex).expect(201)
    assert sorted(states(abandoned)) == ["expired", "held"]
