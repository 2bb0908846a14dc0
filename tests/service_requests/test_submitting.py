"""One form: the resident says it once, and category and area decide the rest."""

import pytest

from backend.kernel.db import fetch_all, fetch_one
from backend.kernel.errors import ValidationFailed
from backend.service_requests import service
from backend.service_requests.numbers import is_receipt_number
from backend.service_requests.service import Place
from tests.service_requests.conftest import (
    LAMPS,
    NOW,
    Cast,
    lamp,
    outbox_kinds,
    unit_id,
    unrouted,
    view,
)


def test_category_and_area_decide_who_leads_and_by_when(cast: Cast):
    request_id = service.submit(cast["lixiuying"], lamp(), NOW)
    found = view(cast["lixiuying"], request_id)

    assert is_receipt_number(found["number"]) and found["number"].startswith("261123-")
    assert found["state"] == "submitted" and found["version"] == 1
    assert found["lead_unit"]["id"] == str(unit_id(LAMPS))
    assert found["deadline_profile"] == "utilities"
    assert found["due_at"] == "2026-11-24T08:00:00+00:00"
    assert found["answers"] == [
        {"code": "fault", "value": "dark"},
        {"code": "lamp_count", "value": 2},
    ]
    assert found["area"] == {"code": "520526001001", "full_name": "海边街道 大洼塘社区"}
    assert all(found["receipt"].values())
    assert found["actions"] == ["remind", "withdraw"]
    assert found["mine"] is True


def test_what_no_rule_routes_waits_for_the_dispatcher(cast: Cast):
    request_id = service.submit(cast["lixiuying"], unrouted(), NOW)
    found = view(cast["yangguang"], request_id)
    assert found["lead_unit"] is None
    assert found["actions"] == ["not-accept", "assign"]


def test_everything_that_follows_is_promised_in_the_same_transaction(cast: Cast):
    request_id = service.submit(cast["lixiuying"], lamp(), NOW)
    assert outbox_kinds() == ["service_request.check_text", "service_request.submitted"]
    audited = fetch_all(
        "SELECT actor_id, action FROM audit_log WHERE subject_id = %s", (request_id,)
    )
    assert audited == [(cast["lixiuying"].id, "service_request.submitted")]


def test_the_source_of_the_deadline_and_the_calendar_are_kept(cast: Cast):
    service.submit(cast["lixiuying"], lamp(), NOW)
    source, calendar = fetch_one("SELECT deadline_source, calendar_version FROM service_requests")
    assert "北京" in source and calendar.startswith("chinesecalendar-")


def test_every_mistake_is_told_at_once_and_nothing_is_kept(cast: Cast):
    draft = lamp(area_code="520526999", answers={"lamp_count": 0, "colour": "red"})
    with pytest.raises(ValidationFailed) as refused:
        service.submit(cast["lixiuying"], draft, NOW)
    assert {(error.field, error.code) for error in refused.value.fields} == {
        ("/area_code", "unknown_area"),
        ("/answers/fault", "required"),
        ("/answers/lamp_count", "too_small"),
        ("/answers/colour", "unknown_field"),
    }
    with pytest.raises(ValidationFailed) as refused:
        service.submit(cast["lixiuying"], lamp(category="dragons"), NOW)
    assert [error.code for error in refused.value.fields] == ["unknown_category"]
    assert fetch_one("SELECT count(*) FROM service_requests") == (0,)
    assert outbox_kinds() == []


def test_words_of_danger_to_life_are_flagged_for_staff_only(cast: Cast):
    draft = lamp(description="灯杆倒了压到人，他昏迷了")
    request_id = service.submit(cast["lixiuying"], draft, NOW)
    for_staff = view(cast["chenwei"], request_id)["timeline"]
    assert [event["kind"] for event in for_staff] == ["submitted", "danger_flagged"]
    assert for_staff[1]["data"] == {"words": ["昏迷"]}
    assert for_staff[1]["by"] == {"role": "system", "name": None}
    for_resident = view(cast["lixiuying"], request_id)["timeline"]
    assert [event["kind"] for event in for_resident] == ["submitted"]


def test_the_place_is_sealed_for_this_request_alone(cast: Cast):
    first = service.submit(cast["lixiuying"], lamp(), NOW)
    second = service.submit(cast["lixiuying"], lamp(place=None), NOW)
    assert view(cast["chenwei"], first)["place"] == {
        "text": "村口小卖部对面",
        "latitude": 26.87,
        "longitude": 104.27,
    }
    assert view(cast["chenwei"], second)["place"] is None
    (blob,) = fetch_one("SELECT place_encrypted FROM service_requests WHERE id = %s", (first,))
    assert "小卖部".encode() not in bytes(blob)


def test_numbers_differ_and_the_words_of_a_place_alone_are_enough(cast: Cast):
    ids = [service.submit(cast["lixiuying"], lamp(place=Place("老街口")), NOW) for _ in range(3)]
    numbers = {view(cast["lixiuying"], request_id)["number"] for request_id in ids}
    assert len(numbers) == 3
