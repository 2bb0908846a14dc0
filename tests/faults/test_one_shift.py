"""A crowd that wants the few places of one shift, while others call off, from four processes."""

import os
import random
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from backend.kernel import clock
from tests.callers import Caller
from tests.faults.rushing import Crowd
from tests.running import Running

pytestmark = pytest.mark.faults

ROUNDS = int(os.environ.get("SHIFT_ROUNDS", "1"))
"""``make soak-signups`` asks for 50."""

PLACES = 20
CLIENTS = int(os.environ.get("SHIFT_CLIENTS", "200"))
"""``make soak-signups`` asks for 500."""

VILLAGE = "520526001001"
PROFILE = {"born_on": "1990-05-01", "skills": [], "guardian": None}


@pytest.fixture(scope="module")
def organiser(running: Running) -> Caller:
    admin = running.caller("admin")
    invitation = {"role": "organiser", "area_code": VILLAGE}
    code = admin.post("/api/invitations", invitation).expect(201)["code"]
    organiser = running.caller("organiser-of-the-crowd")
    organiser.post("/api/me/roles", {"invitation_code": code}).expect(201)
    station = {"name": "大洼塘社区文明实践站", "area_code": VILLAGE}
    organiser.post("/api/organisations", station).expect(201)
    return organiser


@pytest.fixture(scope="module")
def volunteers(running: Running) -> list[Caller]:
    found = [running.caller(f"volunteer-{n}") for n in range(CLIENTS)]
    for number, volunteer in enumerate(found):
        volunteer.put("/api/me", {"name": f"志愿者{number}"}).expect(200)
        volunteer.put("/api/me/volunteer", PROFILE).expect(200)
    return found


def new_shift(organiser: Caller, number: int) -> str:
    """A published one, with so many places, days ahead: who moves up has the place at once."""
    start = clock.now() + timedelta(days=3 + number)
    (station,) = organiser.get("/api/me/organisations").expect(200)["items"]
    made = organiser.post(
        "/api/activities",
        {
            "organisation_id": station["id"], "kind": "environment", "title": "清扫村道",
            "description": "一起扫", "area_code": VILLAGE, "place": "村委会",
            "contact": {"name": "站长", "phone": "0857-6223000"},
            "shifts": [{
                "starts_at": start.isoformat(), "capacity": PLACES,
                "ends_at": (start + timedelta(hours=2)).isoformat(),
            }],
        },
    ).expect(201)  # fmt: skip
    path = f"/api/activities/{made['id']}/publish"
    organiser.post(path, {"version": made["version"]}).expect(200)
    found: str = made["shifts"][0]["id"]
    return found


def test_places_are_never_too_many_and_never_empty_while_somebody_waits(
    running: Running, organiser: Caller, volunteers: list[Caller], crowd: Crowd
):
    """Twice as many as there are places have come before; half of them call off meanwhile."""
    chosen = random.Random(5)
    statuses: Counter[tuple[int, str | None]] = Counter()
    for number in range(ROUNDS):
        shift_id = new_shift(organiser, number)
        path = f"/api/shifts/{shift_id}/signups"
        order = list(volunteers)
        chosen.shuffle(order)
        early, late = order[: 2 * PLACES], order[2 * PLACES :]
        signups = {v.token: v.post(path, {}).expect(201)["id"] for v in early}
        leaving = chosen.sample(early, PLACES)
        wanted: list[Any] = [
            *([v.token, "POST", f"/api/signups/{signups[v.token]}/cancel", None] for v in leaving),
            *([v.token, "POST", path, {}] for v in late),
            *([v.token, "POST", path, {}] for v in early),
        ]
        chosen.shuffle(wanted)
        answers = crowd.ask(wanted)
        statuses.update(answers)
        assert {status for status, _ in answers} <= {200, 201, 409}, Counter(answers)
        assert {code for _, code in answers} <= {None, "signed_up_already"}, Counter(answers)
        states = dict(
            running.rows(
                "SELECT state, count(*) FROM signups WHERE shift_id = %s GROUP BY state", shift_id
            )
        )
        assert states["confirmed"] == PLACES and states["cancelled"] == PLACES, states
        assert running.rows("SELECT taken FROM shifts WHERE id = %s", shift_id) == [(PLACES,)]
        overtaken = running.rows(
            """
            SELECT count(*) FROM signups waiting JOIN signups placed USING (shift_id)
            WHERE shift_id = %s AND waiting.state = 'waiting' AND placed.state = 'confirmed'
                AND waiting.queued_at < placed.queued_at
            """,
            shift_id,
        )
        assert overtaken == [(0,)]
        twice = running.rows(
            "SELECT person_id FROM signups WHERE shift_id = %s AND ended_at IS NULL"
            " GROUP BY person_id HAVING count(*) > 1",
            shift_id,
        )
        assert twice == []
    sys.stdout.write(f"{ROUNDS} rounds of {CLIENTS} for {PLACES}: {dict(statuses)}\n")
