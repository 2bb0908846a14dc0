"""Closed is not fixed: evidence, deferral, a second and a third look."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from backend.kernel.errors import NotFound
from backend.service_requests import errors, queries, service
from backend.service_requests.queries import Queue, Wanted
from backend.service_requests.rules import A, Outcome
from backend.service_requests.service import Answer, sweeps
from tests.at_once import at_once
from tests.service_requests.conftest import (
    EXPLAINED,
    NOW,
    REFERRED,
    WATER,
    Cast,
    act,
    fixed,
    state,
    unit_id,
    version,
    view,
)

DAY = timedelta(days=1)


def reply(cast: Cast, request_id: UUID, answer: Answer, who: str = "chenwei", now=NOW) -> None:
    service.reply(cast[who], request_id, version(request_id), answer, now)


@pytest.fixture
def accepted(cast: Cast, submitted: UUID) -> UUID:
    act(cast["chenwei"], submitted, A.ACCEPT)
    return submitted


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        (Answer(Outcome.FIXED, "好了", basis="规定"), ["/attachment_ids"]),
        (Answer(Outcome.EXPLAINED, "好了"), ["/basis"]),
        (Answer(Outcome.REFERRED, "好了"), ["/referred_to", "/referred_contact"]),
        (Answer(Outcome.REFERRED, "好了", referred_to="供电公司"), ["/referred_contact"]),
    ],
)
def test_no_outcome_without_what_shows_it(cast: Cast, accepted: UUID, answer: Answer, wanted):
    with pytest.raises(errors.EvidenceMissing) as refused:
        reply(cast, accepted, answer)
    assert [field.field for field in refused.value.fields] == wanted
    assert state(accepted) == "accepted"


def test_the_resident_sees_what_the_outcome_rests_on(cast: Cast, accepted: UUID):
    reply(cast, accepted, replace(REFERRED, basis="不相干"))
    outcome = view(cast["lixiuying"], accepted)["outcome"]
    assert outcome == {
        "kind": "referred", "basis": None, "referred_to": "供电公司", "referred_contact": "95598",
        "until_on": None, "duplicate_of": None,
    }  # fmt: skip


def test_twice_contested_goes_to_a_supervisor_whose_reply_is_the_last(cast: Cast, accepted: UUID):
    li, ma = cast["lixiuying"], cast["majing"]
    reply(cast, accepted, EXPLAINED)
    act(li, accepted, A.CONTEST)
    reply(cast, accepted, fixed(cast["chenwei"]))
    act(li, accepted, A.CONTEST)
    assert state(accepted) == "supervised"
    assert view(cast["chenwei"], accepted)["actions"] == []
    waiting = queries.workbench(ma, Queue.DECIDE, Wanted(), None, 9, NOW).items
    assert str(accepted) in waiting
    assert view(ma, accepted)["actions"] == ["reply", "direct"]

    reply(cast, accepted, EXPLAINED, who="majing")
    told = view(li, accepted)
    assert told["actions"] == ["confirm", "rate"]
    assert "复核" in told["receipt"]["next"]
    with pytest.raises(errors.ReviewConcluded):
        act(li, accepted, A.CONTEST)
    sweeps.close_unconfirmed(NOW + 9 * DAY)
    assert state(accepted) == "closed_unconfirmed"


def test_a_supervisor_has_it_done_again_by_another_unit(cast: Cast, accepted: UUID):
    reply(cast, accepted, EXPLAINED)
    act(cast["lixiuying"], accepted, A.CONTEST)
    reply(cast, accepted, EXPLAINED)
    later = NOW + 2 * DAY
    act(cast["lixiuying"], accepted, A.CONTEST, now=later)
    with pytest.raises(errors.UnknownUnit):
        service.direct(
            cast["majing"], accepted, version(accepted), "换人", later, unit_id=UUID(int=7)
        )
    for who in ("chenwei", "liufang", "yangguang", "lixiuying"):
        with pytest.raises(errors.ActionNotYours):
            act(cast[who], accepted, A.DIRECT)
    service.direct(
        cast["majing"], accepted, version(accepted), "换人办", later, unit_id=unit_id(WATER)
    )
    found = view(cast["zhaolei"], accepted, later)
    assert (found["state"], found["handler"]) == ("rework", None)
    assert found["due_at"] == "2026-11-26T08:00:00+00:00"
    with pytest.raises(NotFound):
        view(cast["chenwei"], accepted)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_it_is_put_off_to_a_day_within_a_year(cast: Cast, accepted: UUID, days: int):
    until = date(2026, 11, 23) + timedelta(days=days)
    with pytest.raises(errors.DateOutOfRange):
        service.defer(cast["chenwei"], accepted, version(accepted), until, "以后", NOW)


def test_what_was_put_off_is_taken_up_again_once(cast: Cast, accepted: UUID):
    act(cast["chenwei"], accepted, A.DEFER)
    told = view(cast["lixiuying"], accepted)
    assert told["outcome"]["until_on"] == "2026-12-23"
    assert told["actions"] == ["contest", "withdraw"]
    midnight = NOW + 29 * DAY + timedelta(hours=8)
    sweeps.reopen(midnight - timedelta(seconds=1))
    assert state(accepted) == "deferred"
    sweeps.reopen(midnight)
    assert view(cast["lixiuying"], accepted)["due_at"] == "2026-12-23T16:00:00+00:00"
    with pytest.raises(errors.AlreadyDeferred):
        act(cast["chenwei"], accepted, A.DEFER, now=midnight)


def test_the_resident_need_not_wait(cast: Cast, accepted: UUID):
    act(cast["chenwei"], accepted, A.DEFER)
    act(cast["lixiuying"], accepted, A.CONTEST)
    assert state(accepted) == "contested"
    sweeps.reopen(NOW + 60 * DAY)
    assert state(accepted) == "contested"


def test_it_came_back(cast: Cast, accepted: UUID):
    li = cast["lixiuying"]
    reply(cast, accepted, fixed(cast["chenwei"]))
    act(li, accepted, A.CONFIRM)
    last = NOW + 42 * DAY
    assert "came-back" in view(li, accepted, NOW + 41 * DAY)["actions"]
    too_late = last + 2 * DAY
    assert "came-back" not in view(li, accepted, too_late)["actions"]
    with pytest.raises(errors.CameBackTooLate):
        act(li, accepted, A.CAME_BACK, now=too_late)
    act(li, accepted, A.CAME_BACK, now=NOW + 41 * DAY)
    found = view(cast["chenwei"], accepted, NOW + 41 * DAY)
    assert found["state"] == "contested" and "reply" in found["actions"]
    reply(cast, accepted, fixed(cast["chenwei"], NOW + 41 * DAY), now=NOW + 41 * DAY)
    act(li, accepted, A.CONTEST, now=NOW + 41 * DAY)
    assert state(accepted) == "supervised"


def test_after_coming_back_a_supervisor_can_look_anew(cast: Cast, accepted: UUID):
    li = cast["lixiuying"]
    for _ in range(2):
        reply(cast, accepted, EXPLAINED)
        act(li, accepted, A.CONTEST)
    reply(cast, accepted, EXPLAINED, who="majing")
    act(li, accepted, A.CONFIRM)
    act(li, accepted, A.CAME_BACK)
    reply(cast, accepted, EXPLAINED)
    assert "contest" in view(li, accepted)["actions"]


def test_a_reminder_a_day(cast: Cast, submitted: UUID):
    li = cast["lixiuying"]
    act(li, submitted, A.REMIND)
    with pytest.raises(errors.RemindedToday):
        act(li, submitted, A.REMIND, now=NOW + timedelta(hours=7, minutes=59))
    act(li, submitted, A.REMIND, now=NOW + timedelta(hours=8))
    with pytest.raises(errors.ActionNotYours):
        act(cast["chenwei"], submitted, A.REMIND)


def test_confirming_and_contesting_at_once_is_one_of_them(cast: Cast, accepted: UUID):
    reply(cast, accepted, EXPLAINED)
    seen, li = version(accepted), cast["lixiuying"]
    came_to = at_once(
        lambda: service.confirm(li, accepted, seen, NOW),
        lambda: service.contest(li, accepted, seen, "没好", (), NOW),
        lambda: sweeps.close_unconfirmed(NOW + 9 * DAY),
    )
    assert len([each for each in came_to[:2] if each is None]) <= 1
    assert version(accepted) == seen + 1


def test_refusals_have_their_codes(caller, cast: Cast, accepted: UUID):
    body = {"version": version(accepted), "outcome": "fixed", "text": "好了"}
    answer = caller("chenwei").post(f"/requests/{accepted}/reply", body)
    assert (answer.status_code, answer.json["code"]) == (422, "evidence_missing")
    assert answer.json["errors"][0]["field"] == "/attachment_ids"
    reminder = {"version": version(accepted)}
    assert caller("lixiuying").post(f"/requests/{accepted}/remind", reminder).status_code == 200
    reminder = {"version": version(accepted)}
    answer = caller("lixiuying").post(f"/requests/{accepted}/remind", reminder)
    assert (answer.status_code, answer.json["code"]) == (409, "reminded_today")
