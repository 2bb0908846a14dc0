"""Handled together with another: one answer for all, and a clock, receipt and rating for each."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from backend.kernel.actor import Role
from backend.kernel.db import fetch_one
from backend.kernel.errors import NotFound
from backend.service_requests import errors, service
from backend.service_requests.rules import Outcome
from backend.service_requests.service import About, Answer, sweeps
from tests.service_requests.conftest import (
    LAMPS,
    NOW,
    WATER,
    Cast,
    enrol,
    fixed,
    lamp,
    state,
    unit_id,
    version,
    view,
)

EXPLAINED = Answer(Outcome.EXPLAINED, "线路改造，下周恢复", basis="《城市照明管理规定》第二十条")
LATER = NOW + timedelta(hours=3)


def number(request_id: UUID) -> str:
    row = fetch_one("SELECT number FROM service_requests WHERE id = %s", (request_id,))
    assert row is not None
    return row[0]


def merge(actor: Any, request_id: UUID, main_id: UUID, now: Any = NOW) -> None:
    service.merge(actor, request_id, version(request_id), number(main_id), "同一排路灯", now)


@pytest.fixture
def main_id(cast: Cast) -> UUID:
    request_id = service.submit(cast["lixiuying"], lamp(), NOW)
    service.accept(cast["chenwei"], request_id, version(request_id), NOW)
    return request_id


@pytest.fixture
def other_id(cast: Cast, main_id: UUID) -> UUID:
    """王大福's, merged into 李秀英's three hours later."""
    request_id = service.submit(cast["wangdafu"], lamp(description="小学门口路灯黑的"), LATER)
    merge(cast["chenwei"], request_id, main_id, LATER)
    return request_id


def test_a_merged_request_keeps_its_own_clock_and_receipt(
    cast: Cast, main_id: UUID, other_id: UUID
):
    mine = view(cast["wangdafu"], other_id, LATER)
    assert mine["state"] == "merged" and mine["outcome"]["kind"] == "duplicate"
    assert mine["outcome"]["duplicate_of"] is None, "李秀英's number is not his to know"
    assert mine["due_at"] != view(cast["lixiuying"], main_id)["due_at"]
    assert mine["number"].replace("-", "") == number(other_id)
    assert all(mine["receipt"].values())
    staff = view(cast["chenwei"], other_id, LATER)
    assert staff["outcome"]["duplicate_of"].replace("-", "") == number(main_id)


def test_all_are_answered_with_the_main_one_and_each_decides(
    cast: Cast, main_id: UUID, other_id: UUID
):
    service.reply(cast["chenwei"], main_id, version(main_id), EXPLAINED, LATER)
    mine = view(cast["wangdafu"], other_id, LATER)
    assert mine["state"] == "replied"
    assert (mine["outcome"]["kind"], mine["outcome"]["basis"]) == ("explained", EXPLAINED.basis)
    assert mine["timeline"][-1]["text"] == EXPLAINED.text

    service.contest(cast["wangdafu"], other_id, version(other_id), "还是黑的", (), LATER)
    service.confirm(cast["lixiuying"], main_id, version(main_id), LATER)
    service.rate(cast["lixiuying"], main_id, 5, None, LATER)
    assert (state(main_id), state(other_id)) == ("confirmed", "contested")
    assert view(cast["wangdafu"], other_id, LATER)["rating"] is None

    service.reply(cast["chenwei"], other_id, version(other_id), EXPLAINED, LATER)
    service.confirm(cast["wangdafu"], other_id, version(other_id), LATER)
    assert state(other_id) == "confirmed"


def test_what_was_said_to_be_the_same_can_be_contested(cast: Cast, main_id: UUID, other_id: UUID):
    service.contest(cast["wangdafu"], other_id, version(other_id), "不是一回事", (), LATER)
    service.reply(cast["chenwei"], main_id, version(main_id), EXPLAINED, LATER)
    assert (state(main_id), state(other_id)) == ("replied", "contested")


def test_all_are_put_off_with_the_main_one_and_come_back_by_themselves(
    cast: Cast, main_id: UUID, other_id: UUID
):
    until = LATER.date() + timedelta(days=20)
    service.defer(cast["chenwei"], main_id, version(main_id), until, "等开春", LATER)
    mine = view(cast["wangdafu"], other_id, LATER)
    assert mine["state"] == "deferred" and mine["outcome"]["until_on"] == until.isoformat()

    then = LATER + timedelta(days=21)
    sweeps.reopen(then)
    assert (state(main_id), state(other_id)) == ("in_progress", "merged")
    service.reply(cast["chenwei"], main_id, version(main_id), EXPLAINED, then)
    assert state(other_id) == "replied"


def test_one_that_is_put_off_is_answered_when_the_main_one_is_earlier(
    cast: Cast, main_id: UUID, other_id: UUID
):
    until = LATER.date() + timedelta(days=20)
    service.defer(cast["chenwei"], main_id, version(main_id), until, "等开春", LATER)
    service.contest(cast["lixiuying"], main_id, version(main_id), "等不了", (), LATER)
    service.reply(cast["chenwei"], main_id, version(main_id), EXPLAINED, LATER)
    assert state(other_id) == "replied"


@pytest.mark.parametrize("put_off", [False, True])
def test_where_the_main_one_ends_unanswered_the_others_go_on(
    cast: Cast, main_id: UUID, other_id: UUID, put_off: bool
):
    if put_off:
        until = LATER.date() + timedelta(days=20)
        service.defer(cast["chenwei"], main_id, version(main_id), until, "等开春", LATER)
    service.withdraw(cast["lixiuying"], main_id, version(main_id), None, LATER)
    mine = view(cast["wangdafu"], other_id, LATER)
    assert mine["state"] == "in_progress" and mine["outcome"] is None
    service.reply(cast["chenwei"], other_id, version(other_id), EXPLAINED, LATER)
    assert state(other_id) == "replied"


def test_what_is_not_accepted_lets_the_others_go_too(cast: Cast):
    first = service.submit(cast["lixiuying"], lamp(), NOW)
    second = service.submit(cast["wangdafu"], lamp(), NOW)
    merge(cast["chenwei"], second, first)
    service.not_accept(cast["chenwei"], first, version(first), "不归这里", "找供电局", NOW)
    assert state(second) == "in_progress"


def test_nothing_is_merged_into_what_will_not_be_answered(cast: Cast, main_id: UUID):
    chen, request_id = cast["chenwei"], service.submit(cast["wangdafu"], lamp(), NOW)
    elsewhere = service.submit(
        cast["lixiuying"], lamp(category="water_outage", answers={"scope": "area"}), NOW
    )
    about = About([unit_id(WATER)], ())
    complaint = service.submit(cast["lixiuying"], lamp(about=about), NOW)
    for into in (request_id, elsewhere, complaint):
        with pytest.raises(errors.NotMergeable):
            merge(chen, request_id, into)
    for wrong in ("261123-000000-0", "路灯", "0" * 30):
        with pytest.raises(errors.NotMergeable):
            service.merge(chen, request_id, version(request_id), wrong, None, NOW)

    with pytest.raises(errors.NotMergeable):
        merge(enrol("second", (Role.HANDLER, LAMPS)), complaint, main_id)

    service.reply(chen, main_id, version(main_id), EXPLAINED, NOW)
    with pytest.raises(errors.NotMergeable):
        merge(chen, request_id, main_id)
    assert state(request_id) == "submitted"


def test_there_are_no_chains(cast: Cast, main_id: UUID, other_id: UUID):
    chen, third = cast["chenwei"], service.submit(cast["sunhao"], lamp(), LATER)
    with pytest.raises(errors.NotMergeable):
        merge(chen, third, other_id)
    with pytest.raises(errors.OthersMergedHere):
        merge(chen, main_id, third)
    merge(chen, third, main_id, LATER)
    service.reply(chen, main_id, version(main_id), EXPLAINED, LATER)
    assert state(third) == state(other_id) == "replied"


def test_only_the_lead_unit_merges(cast: Cast, main_id: UUID):
    request_id = service.submit(cast["wangdafu"], lamp(), NOW)
    with pytest.raises(errors.ActionNotYours):
        merge(cast["yangguang"], request_id, main_id)
    with pytest.raises(NotFound):
        merge(cast["zhaolei"], request_id, main_id)


def test_over_http(cast: Cast, main_id: UUID, caller: Any):
    request_id = service.submit(cast["wangdafu"], lamp(), NOW)
    path, chen = f"/requests/{request_id}/merge", caller("chenwei")
    grouped = view(cast["chenwei"], main_id)["number"]
    assert chen.post(path, {"version": 1, "into": "x"}).get_json()["code"] == "not_mergeable"
    assert chen.post(path, {"version": 1}).status_code == 422
    merged = chen.post(path, {"version": 1, "into": grouped, "text": "同一排路灯"})
    assert merged.status_code == 200 and merged.get_json()["state"] == "merged"


def test_the_others_see_the_same_evidence(cast: Cast, main_id: UUID, other_id: UUID):
    service.reply(cast["chenwei"], main_id, version(main_id), fixed(cast["chenwei"]), LATER)
    (of_main,) = view(cast["lixiuying"], main_id, LATER)["attachments"]
    seen = view(cast["wangdafu"], other_id, LATER)
    (of_other,) = seen["attachments"]
    assert of_other["kind"] == "replied" and of_other["id"] != of_main["id"]
    assert (of_other["width"], of_other["size"]) == (of_main["width"], of_main["size"])
    assert seen["timeline"][-1]["data"]["outcome"] == "fixed"
    assert seen["timeline"][-1]["attachment_ids"] == [of_other["id"]]
