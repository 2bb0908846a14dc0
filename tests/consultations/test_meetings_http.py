"""Meetings over HTTP: from a kept time to a rating, and what is refused on the way."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from time_machine import travel

from backend.advisers import service as advisers
from backend.attachments import service as attachments
from backend.bookings import service as bookings
from backend.bookings.rules import Cut, Mode, PlanRule
from backend.demo import pictures
from backend.kernel.actor import Actor, Role
from backend.kernel.clock import LOCAL, now
from tests.advisers.conftest import Device, device
from tests.advisers.register import VILLAGE, enrolled, registered

__all__ = ["device"]

SignedIn = Callable[[Actor], Device]
MATTER = {"topic": "loan", "facts": "借条写了三年，一直不还。", "opposing": ["王大富"]}


@pytest.fixture
def adviser(app: Flask) -> UUID:
    """The village's: every hour, any day and night."""
    return open_always("何敏", enrolled("何律师", now()))


@pytest.fixture
def li(adviser: UUID, device: SignedIn) -> Device:
    return device(enrolled("李秀英", now()))


@pytest.fixture
def lawyer(adviser: UUID, device: SignedIn) -> Device:
    return device(enrolled("何律师", now()))


def open_always(name: str, person: Actor, **served: Any) -> UUID:
    made = registered(name, person.id, now(), *([] if served else [VILLAGE]), **served)
    today = now().astimezone(LOCAL).date()
    cut = Cut(60, (Mode.IN_PERSON, Mode.PHONE), 0, 1, "村委会")
    days = [PlanRule(day, 0, 1440, cut, today, None, True) for day in range(1, 8)]
    bookings.set_plan_rules(made, days, now())
    return made


def free(device: Device, adviser: UUID) -> list[str]:
    """Starts of free times, from the day after tomorrow on."""
    first = now().astimezone(LOCAL).date() + timedelta(days=2)
    answer = device.get(f"/resources/{adviser}/slots?from={first}&days=3").json
    return [slot["starts_at"] for day in answer["days"] for slot in day["slots"]]


def held(device: Device, adviser: UUID) -> str:
    wanted = {"starts_at": free(device, adviser)[0], "mode": "phone"}
    kept = device.post(f"/resources/{adviser}/holds", wanted)
    assert kept.status_code == 201, kept.text
    return str(kept.json["id"])


def booked(device: Device, adviser: UUID, **more: Any) -> dict[str, Any]:
    made = device.post("/consultations", {**MATTER, "booking_id": held(device, adviser), **more})
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json
    return found


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def uploaded(owner: UUID) -> str:
    photo = pictures.draw("field", random.Random(3))
    taken_in = attachments.prepare(owner, photo, "image/jpeg", now())
    return str(attachments.take_in(owner, taken_in, now()).id)


def test_from_a_kept_time_to_a_rating(li: Device, lawyer: Device, adviser: UUID):
    made = booked(li, adviser)
    path = f"/consultations/{made['id']}"
    assert (made["booking"]["state"], made["mine"]) == ("booked", True)
    (item,) = li.get("/me/consultations?when=coming").json["items"]
    assert (item["id"], item["topic"]) == (made["id"], "loan")
    assert li.get("/me/consultations?when=past").json["items"] == []
    early = lawyer.post(f"{path}/serve", {"opinion": "先催。", "minutes": 20})
    assert refused(early) == (409, "consultation_not_on")
    over = datetime.fromisoformat(made["booking"]["ends_at"]) + timedelta(minutes=5)
    with travel(over):
        (waiting,) = lawyer.get("/adviser/agenda").json["to_record"]
        assert waiting["id"] == made["id"]
        for wrong in ({"opinion": "", "minutes": 20}, {"opinion": "先催。", "minutes": 601}):
            assert refused(lawyer.post(f"{path}/serve", wrong))[0] == 422
        closed = li.put(f"{path}/rating", {"score": 5})
        assert refused(closed) == (409, "consultation_rating_closed")
        served = lawyer.post(f"{path}/serve", {"opinion": "先写催款函。", "minutes": 20})
        assert served.status_code == 200 and served.json["opinion"] == "先写催款函。"
        rated = li.put(f"{path}/rating", {"score": 4, "comment": "讲得明白"})
        assert rated.json["rating"]["score"] == 4
        assert lawyer.get(path).json["rating"] is None
        assert refused(lawyer.put(f"{path}/rating", {"score": 5}))[0] == 403


def test_pictures_are_for_both_sides_and_for_nobody_else(
    app: Flask, li: Device, lawyer: Device, adviser: UUID, device: SignedIn
):
    picture = uploaded(enrolled("李秀英", now()).id)
    made = booked(li, adviser, attachment_ids=[picture])
    path = f"/consultations/{made['id']}"
    for side in (li, lawyer):
        (shown,) = side.get(path).json["attachments"]
        assert shown["id"] == picture
        opened = app.test_client().get(shown["url"])
        assert opened.status_code == 200 and opened.content_type.startswith("image/")
    stranger = device(enrolled("过路人", now()))
    assert refused(stranger.get(path)) == (404, "not_found")
    assert refused(li.post("/consultations", {
        **MATTER, "booking_id": held(li, adviser), "attachment_ids": [picture],
    }))[0] == 422  # fmt: skip


def test_who_is_in_conflict_names_others_and_no_reason(li: Device, lawyer: Device, adviser: UUID):
    other = open_always("孙立", enrolled("孙立", now()), standby=(VILLAGE,))
    advisers.remember_parties(adviser, "practice", uuid4(), ["王大 富"], [], now())
    booking = held(li, adviser)
    answer = li.post("/consultations", {**MATTER, "booking_id": booking})
    assert refused(answer) == (422, "adviser_cannot_take_it")
    assert [one["id"] for one in answer.json["others"]] == [str(other)]
    assert "王大" not in answer.text
    assert li.get(f"/bookings/{booking}").json["state"] == "expired"
    assert lawyer.get("/adviser/agenda").json["items"] == []


def test_what_is_wrong_with_the_form_is_said_and_the_time_is_kept(li: Device, adviser: UUID):
    booking = held(li, adviser)
    for field, wrong in (("topic", "astrology"), ("facts", " "), ("opposing", ["甲"] * 6)):
        answer = li.post("/consultations", {**MATTER, "booking_id": booking, field: wrong})
        assert refused(answer) == (422, "validation_failed"), field
        assert answer.json["errors"][0]["field"].startswith(f"/{field}")
    assert li.get(f"/bookings/{booking}").json["state"] == "held"
    assert li.post("/consultations", {**MATTER, "booking_id": booking}).status_code == 201
    again = li.post("/consultations", {**MATTER, "booking_id": booking})
    assert refused(again) == (409, "consultation_exists")
    gone = held(li, adviser)
    li.post(f"/bookings/{gone}/release")
    assert refused(li.post("/consultations", {**MATTER, "booking_id": gone})) == (
        409, "hold_expired",
    )  # fmt: skip


def test_staff_of_the_area_book_for_somebody(
    li: Device, lawyer: Device, adviser: UUID, device: SignedIn
):
    grid = device(enrolled("孙浩", now(), (Role.GRID_WORKER, VILLAGE)))
    wanted = {
        **MATTER, "starts_at": free(grid, adviser)[0], "mode": "in_person", "name": "陈大爷",
        "phone": None, "area_code": VILLAGE,
    }  # fmt: skip
    path = f"/advisers/{adviser}/bookings"
    assert refused(li.post(path, wanted))[0] == 403
    made = grid.post(path, wanted)
    assert made.status_code == 201 and made.json["person_name"] == "陈大爷"
    assert refused(grid.post(path, wanted))[1] in ("slot_taken", "slot_not_offered")
    assert lawyer.get(f"/consultations/{made.json['id']}").json["facts"] == MATTER["facts"]
