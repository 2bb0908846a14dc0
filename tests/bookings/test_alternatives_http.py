"""Times that an appointment could be moved to, as clients ask for them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from backend.bookings import schemas, service
from backend.bookings.rules import Cut, Mode, PlanRule
from backend.kernel.actor import Actor, Scope
from backend.kernel.clock import LOCAL, now
from backend.people import service as people
from backend.people.service import Terms
from tests.advisers.conftest import Device, device
from tests.advisers.register import VILLAGE, actor, enrolled, registered

__all__ = ["device"]

SignedIn = Callable[[Actor], Device]


@pytest.fixture
def adviser(app: Flask) -> UUID:
    """One who has half an hour every two hours, any day and night."""
    made = registered("何敏", enrolled("何律师", now()).id, now(), VILLAGE)
    today = now().astimezone(LOCAL).date()
    cut = Cut(30, (Mode.PHONE,), 90)
    days = [PlanRule(day, 0, 1440, cut, today, None, True) for day in range(1, 8)]
    service.set_plan_rules(made, days, now())
    return made


def free(device: Device, adviser: UUID) -> list[dict[str, Any]]:
    """From the day after tomorrow on: it can still be changed, at any hour this runs."""
    first = now().astimezone(LOCAL).date() + timedelta(days=2)
    answer = device.get(f"/resources/{adviser}/slots?from={first}&days=7").json
    return [slot for day in answer["days"] for slot in day["slots"]]


def taken(
    device: Device, adviser: UUID, slot: dict[str, Any], mandate_id: UUID | None = None
) -> str:
    """A meeting at that time; the id of the booking."""
    wanted = {
        "starts_at": slot["starts_at"],
        "mode": "phone",
        "mandate_id": mandate_id and str(mandate_id),
    }
    held = device.post(f"/resources/{adviser}/holds", wanted)
    assert held.status_code == 201, held.text
    matter = {"booking_id": held.json["id"], "topic": "loan", "facts": "借钱不还", "opposing": []}
    made = device.post("/consultations", matter)
    assert made.status_code == 201, made.text
    return str(held.json["id"])


def test_the_next_free_times_but_those_of_others(device: SignedIn, adviser: UUID):
    li, wang = device(enrolled("李秀英", now())), device(enrolled("周大姐", now()))
    booking = taken(li, adviser, free(li, adviser)[0])
    soonest = li.get(f"/bookings/{booking}/alternatives").json["slots"]
    assert len(soonest) == 3
    taken(wang, adviser, soonest[0])
    answer = li.get(f"/bookings/{booking}/alternatives")
    assert answer.status_code == 200 and not schemas.SlotList().validate(answer.json)
    found = [slot["starts_at"] for slot in answer.json["slots"]]
    assert len(found) == 3 and found[:2] == [slot["starts_at"] for slot in soonest[1:]]
    moved = li.post(
        f"/bookings/{booking}/move", {"starts_at": found[0], "mode": "phone", "sequence": 0}
    )
    assert moved.status_code == 200, moved.text
    assert datetime.fromisoformat(moved.json["starts_at"]) == datetime.fromisoformat(found[0])


def test_both_sides_ask_and_nobody_else(device: SignedIn, adviser: UUID):
    li, lawyer = device(enrolled("李秀英", now())), device(enrolled("何律师", now()))
    booking = taken(li, adviser, free(li, adviser)[0])
    path = f"/bookings/{booking}/alternatives"
    assert lawyer.get(path).status_code == 200
    stranger = device(enrolled("周大姐", now())).get(path)
    assert (stranger.status_code, stranger.json["code"]) == (404, "not_found")
    nothing = li.get(f"/bookings/{adviser}/alternatives")
    assert (nothing.status_code, nothing.json["code"]) == (404, "not_found")


def test_who_may_only_ask_for_somebody_moves_nothing(device: SignedIn, adviser: UUID):
    grandmother, son = enrolled("周奶奶", now()), enrolled("周小军", now())
    code = people.offer(grandmother, Terms({Scope.SUBMIT}, 30), now()).code
    people.claim(son, code, now())
    (mandate,) = actor(son.id, now()).mandates
    his = device(son)
    booking = taken(his, adviser, free(his, adviser)[0], mandate.id)
    refused = his.get(f"/bookings/{booking}/alternatives")
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")


def test_who_is_suspended_has_no_other_times(device: SignedIn, adviser: UUID):
    li = device(enrolled("李秀英", now()))
    booking = taken(li, adviser, free(li, adviser)[0])
    service.suspend(adviser, "换证", now())
    assert li.get(f"/bookings/{booking}").json["displaced"] is True
    assert li.get(f"/bookings/{booking}/alternatives").json == {"slots": []}
