"""The way of a request, step by step, as the people on both sides see it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from backend.kernel.db import fetch_all, fetch_one
from backend.kernel.errors import NotFound
from backend.service_requests import errors, service
from backend.service_requests.rules import A
from tests.service_requests.conftest import (
    DO,
    EXPLAINED,
    LAMPS,
    NOW,
    ROLES,
    WATER,
    Cast,
    act,
    enrol,
    lamp,
    outbox_kinds,
    state,
    unit_id,
    unrouted,
    version,
    view,
)


def test_from_lamp_out_to_lamp_lit(cast: Cast, submitted: UUID):
    act(cast["chenwei"], submitted, A.ACCEPT, A.START, A.REPLY)
    act(cast["lixiuying"], submitted, A.CONFIRM)
    service.rate(cast["lixiuying"], submitted, 5, "很快", NOW)

    found = view(cast["lixiuying"], submitted)
    assert found["state"] == "confirmed"
    assert found["handler"] == {"id": str(cast["chenwei"].id), "name": "chenwei"}
    assert found["rating"]["score"] == 5
    told = [(e["seq"], e["kind"], e["by"]["role"]) for e in found["timeline"]]
    assert told == [
        (1, "submitted", "requester"),
        (2, "accepted", "handler"),
        (3, "started", "handler"),
        (4, "replied", "handler"),
        (5, "confirmed", "requester"),
    ]
    assert found["timeline"][3]["data"] == {"outcome": "fixed"}
    assert found["timeline"][3]["text"] == "换了灯头"
    assert found["timeline"][3]["unit"]["id"] == str(unit_id(LAMPS))
    audited = fetch_all(
        "SELECT action FROM audit_log WHERE subject_kind = 'service_request' ORDER BY action"
    )
    assert [action.partition(".")[2] for (action,) in audited] == sorted(
        [*(kind for _, kind, _ in told), "rated"]
    )


def test_not_accepting_says_why_and_where_to_go(cast: Cast, submitted: UUID):
    act(cast["chenwei"], submitted, A.NOT_ACCEPT)
    found = view(cast["lixiuying"], submitted)
    assert found["state"] == "not_accepted" and found["actions"] == []
    last = found["timeline"][-1]
    assert (last["text"], last["data"]) == ("不归这里", {"where_to_go": "找供电局"})


def test_the_dispatcher_finds_the_unit_and_the_leader_the_handler(cast: Cast):
    request_id = service.submit(cast["lixiuying"], unrouted(), NOW)
    service.assign(cast["yangguang"], request_id, 1, NOW, unit_id=unit_id(LAMPS), note="先打个电话")
    found = view(cast["liufang"], request_id)
    assert found["state"] == "assigned" and found["handler"] is None
    assert [(e["kind"], e["text"]) for e in found["timeline"][1:]] == [
        ("assigned", None),
        ("note", "先打个电话"),
    ]
    kinds_for_resident = [e["kind"] for e in view(cast["lixiuying"], request_id)["timeline"]]
    assert "note" not in kinds_for_resident

    service.assign(
        cast["liufang"], request_id, version(request_id), NOW, handler_id=cast["chenwei"].id
    )
    assert view(cast["lixiuying"], request_id)["handler"]["name"] == "chenwei"


def test_an_assignment_says_to_whom_and_by_whose_unit(cast: Cast):
    request_id = service.submit(cast["lixiuying"], unrouted(), NOW)
    service.assign(cast["yangguang"], request_id, 1, NOW, unit_id=unit_id(LAMPS), note="先打个电话")
    service.assign(cast["liufang"], request_id, 2, NOW, handler_id=cast["chenwei"].id)
    lamps = {"id": str(unit_id(LAMPS)), "name": "海边街道综合行政执法队"}
    told = view(cast["chenwei"], request_id)["timeline"][1:]
    assert [(e["kind"], e["by"]["name"], e["unit"], e["internal"], e["data"]) for e in told] == [
        (
            "assigned",
            "yangguang",
            None,
            False,
            {"unit_id": lamps["id"], "unit_name": lamps["name"]},
        ),
        ("note", "yangguang", None, True, {}),
        (
            "assigned",
            "liufang",
            lamps,
            False,
            {"handler_id": str(cast["chenwei"].id), "handler_name": "chenwei"},
        ),
    ]
    reader = replace(cast["chenwei"], language="en")
    english = view(reader, request_id)["timeline"]
    assert english[1]["data"]["unit_name"] == english[3]["unit"]["name"] != lamps["name"]
    assert not any(e["internal"] for e in view(cast["lixiuying"], request_id)["timeline"])


def test_a_view_says_to_what_it_can_be_given(cast: Cast, submitted: UUID):
    def assignable() -> dict[str, list[str]]:
        staff = ("chenwei", "liufang", "yangguang", "majing")
        return {who: found for who in staff if (found := view(cast[who], submitted)["assignable"])}

    assert assignable() == {"yangguang": ["unit"]}
    act(cast["chenwei"], submitted, A.ACCEPT)
    assert assignable() == {"yangguang": ["unit"], "liufang": ["member"]}
    act(cast["chenwei"], submitted, A.START)
    assert assignable() == {}


def test_giving_it_to_another_unit_takes_it_from_the_first(cast: Cast, submitted: UUID):
    act(cast["chenwei"], submitted, A.ACCEPT)
    act(cast["yangguang"], submitted, A.ASSIGN)
    found = view(cast["zhaolei"], submitted)
    assert found["handler"] is None and found["lead_unit"]["id"] == str(unit_id(WATER))
    with pytest.raises(NotFound):
        view(cast["chenwei"], submitted)


def test_what_an_assignment_must_not_be(cast: Cast, submitted: UUID):
    act(cast["liufang"], submitted, A.ACCEPT)
    lamps, colleague = unit_id(LAMPS), cast["chenwei"].id
    for who, target, refusal in [
        ("yangguang", {}, errors.AssignToUnitOrHandler),
        ("yangguang", {"unit_id": lamps, "handler_id": colleague}, errors.AssignToUnitOrHandler),
        ("yangguang", {"unit_id": lamps}, errors.AlreadyThere),
        ("yangguang", {"unit_id": UUID(int=7)}, errors.UnknownUnit),
        ("yangguang", {"handler_id": colleague}, errors.ActionNotYours),
        ("liufang", {"unit_id": unit_id(WATER)}, errors.ActionNotYours),
        ("liufang", {"handler_id": cast["zhaolei"].id}, errors.NotInUnit),
        ("liufang", {"handler_id": cast["liufang"].id}, errors.AlreadyThere),
        ("chenwei", {"handler_id": colleague}, errors.ActionNotYours),
    ]:
        with pytest.raises(refusal):
            service.assign(cast[who], submitted, version(submitted), NOW, **target)
    assert state(submitted) == "accepted"


def test_nobody_handles_their_own_request(cast: Cast):
    colleague = enrol("xiaowang", None)
    request_id = service.submit(colleague, lamp(), NOW)
    colleague = enrol("xiaowang", ROLES["chenwei"])
    with pytest.raises(errors.ActionNotYours):
        act(colleague, request_id, A.ACCEPT)
    act(cast["liufang"], request_id, A.ACCEPT)
    with pytest.raises(errors.HandlerIsRequester):
        service.assign(cast["liufang"], request_id, 2, NOW, handler_id=colleague.id)


def test_the_clock_stands_while_the_resident_is_asked(cast: Cast, submitted: UUID):
    act(cast["chenwei"], submitted, A.ACCEPT)
    act(cast["chenwei"], submitted, A.ASK, now=NOW + timedelta(hours=4))
    asked = view(cast["lixiuying"], submitted, NOW + timedelta(days=9))
    assert asked["actions"] == ["supply", "withdraw"]
    assert "不计时" in asked["receipt"]["by_when"]
    act(cast["lixiuying"], submitted, A.SUPPLY, now=NOW + timedelta(days=10))
    supplied = view(cast["lixiuying"], submitted, NOW + timedelta(days=10))
    assert supplied["state"] == "in_progress"
    # 24 hours from 08:00, of which 4 had passed: 20 are left on the tenth day.
    assert supplied["due_at"] == "2026-12-04T04:00:00+00:00"


def test_there_is_no_second_list(cast: Cast, submitted: UUID):
    act(cast["chenwei"], submitted, A.ACCEPT, A.ASK)
    act(cast["lixiuying"], submitted, A.SUPPLY)
    with pytest.raises(errors.AlreadyAsked):
        act(cast["chenwei"], submitted, A.ASK)
    act(cast["chenwei"], submitted, A.REPLY)
    act(cast["lixiuying"], submitted, A.CONTEST)
    act(cast["chenwei"], submitted, A.START)
    with pytest.raises(errors.AlreadyAsked):
        act(cast["chenwei"], submitted, A.ASK)


def test_contesting_starts_the_clock_again(cast: Cast, submitted: UUID):
    act(cast["chenwei"], submitted, A.ACCEPT, A.REPLY)
    later = NOW + timedelta(days=3)
    act(cast["lixiuying"], submitted, A.CONTEST, now=later)
    contested = view(cast["lixiuying"], submitted, later)
    assert contested["state"] == "contested"
    assert contested["due_at"] == "2026-11-27T08:00:00+00:00"
    act(cast["chenwei"], submitted, A.START, now=later)
    assert state(submitted) == "rework"


def test_replying_at_once_makes_one_the_handler(cast: Cast, submitted: UUID):
    act(cast["yangguang"], submitted, A.ASSIGN)
    service.reply(cast["zhaolei"], submitted, 2, EXPLAINED, NOW)
    assert view(cast["lixiuying"], submitted)["handler"]["name"] == "zhaolei"


def test_an_old_version_is_refused_with_the_new_one(cast: Cast, submitted: UUID):
    act(cast["chenwei"], submitted, A.ACCEPT)
    with pytest.raises(errors.RequestChanged) as refused:
        service.start(cast["chenwei"], submitted, 1, NOW)
    assert refused.value.extra == {"version": 2}


def test_a_refused_action_leaves_no_trace(cast: Cast, submitted: UUID):
    before = outbox_kinds()
    for who, action in [("lixiuying", A.ACCEPT), ("chenwei", A.CONFIRM), ("chenwei", A.REPLY)]:
        with pytest.raises((errors.ActionNotYours, errors.ActionNotPossible)):
            act(cast[who], submitted, action)
    for action in DO:
        with pytest.raises(NotFound):
            act(cast["wangdafu"], submitted, action)
    assert outbox_kinds() == before
    assert version(submitted) == 1
    assert fetch_one("SELECT count(*) FROM timeline_events") == (1,)


def test_only_the_requester_rates_and_only_once_there_is_a_reply(cast: Cast, submitted: UUID):
    act(cast["chenwei"], submitted, A.ACCEPT)
    with pytest.raises(errors.ActionNotPossible):
        service.rate(cast["lixiuying"], submitted, 1, None, NOW)
    act(cast["chenwei"], submitted, A.REPLY)
    for who in ("chenwei", "liufang", "yangguang", "majing"):
        with pytest.raises(errors.ActionNotYours):
            service.rate(cast[who], submitted, 5, None, NOW)
    with pytest.raises(NotFound):
        service.rate(cast["wangdafu"], submitted, 5, None, NOW)


def test_there_is_one_rating_and_every_change_is_on_record(cast: Cast, submitted: UUID):
    act(cast["chenwei"], submitted, A.ACCEPT, A.REPLY)
    act(cast["lixiuying"], submitted, A.CONFIRM)
    for score in (2, 2, 5):
        service.rate(cast["lixiuying"], submitted, score, None, NOW)
    assert fetch_all("SELECT score FROM ratings") == [(5,)]
    audited = fetch_all("SELECT details FROM audit_log WHERE action = 'service_request.rated'")
    assert sorted(details["score"] for (details,) in audited) == [2, 5]
    assert view(cast["chenwei"], submitted)["rating"] is None
    assert view(cast["majing"], submitted)["rating"]["score"] == 5
