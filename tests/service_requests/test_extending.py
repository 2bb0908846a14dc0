"""More time: once, with a reason, and granted by somebody else."""

from datetime import timedelta
from uuid import UUID

import pytest

from backend.kernel.actor import Role
from backend.service_requests import errors, queries, service
from backend.service_requests.queries import Queue, Wanted
from backend.service_requests.rules import A
from tests.at_once import at_once
from tests.service_requests.conftest import LAMPS, NOW, Cast, act, enrol, version, view


def decide(cast: Cast, who: str, request_id: UUID, granted: bool, now=NOW) -> None:
    service.decide_extension(cast[who], request_id, version(request_id), granted, "抓紧办", now)


@pytest.fixture
def pending(cast: Cast, submitted: UUID) -> UUID:
    act(cast["chenwei"], submitted, A.ACCEPT, A.REQUEST_EXTENSION)
    return submitted


@pytest.mark.parametrize("who", ["liufang", "majing"])
def test_a_leader_or_a_supervisor_grants_it_and_the_resident_is_told(
    cast: Cast, pending: UUID, who: str
):
    found = view(cast["lixiuying"], pending)
    assert found["due_at"] == "2026-11-24T08:00:00+00:00"
    assert "extension_requested" not in [event["kind"] for event in found["timeline"]]
    waiting = queries.workbench(cast[who], Queue.DECIDE, Wanted(), None, 9, NOW).items
    assert str(pending) in waiting

    decide(cast, who, pending, granted=True, now=NOW + timedelta(hours=5))
    told = view(cast["lixiuying"], pending)
    # 24 hours on top of the deadline there was.
    assert told["due_at"] == "2026-11-25T08:00:00+00:00"
    last = told["timeline"][-1]
    assert (last["kind"], last["text"], last["data"]) == (
        "extension_granted",
        "等灯头到货",
        {"note": "抓紧办"},
    )
    assert told["extension"]["state"] == "granted"


def test_a_refusal_moves_nothing_and_there_is_no_second_try(cast: Cast, pending: UUID):
    decide(cast, "liufang", pending, granted=False)
    found = view(cast["chenwei"], pending)
    assert found["due_at"] == "2026-11-24T08:00:00+00:00"
    assert found["extension"]["state"] == "refused" and found["extension"]["note"] == "抓紧办"
    with pytest.raises(errors.ExtensionAlreadyRequested):
        act(cast["chenwei"], pending, A.REQUEST_EXTENSION)
    with pytest.raises(errors.ActionNotPossible):
        decide(cast, "liufang", pending, granted=True)


def test_who_asked_does_not_decide(cast: Cast, submitted: UUID):
    act(cast["liufang"], submitted, A.ACCEPT, A.REQUEST_EXTENSION)
    with pytest.raises(errors.ExtensionDecidedByOther):
        decide(cast, "liufang", submitted, granted=True)
    for who in ("chenwei", "yangguang", "lixiuying"):
        with pytest.raises(errors.ActionNotYours):
            decide(cast, who, submitted, granted=True)
    assert "decide-extension" in view(cast["majing"], submitted)["actions"]


def test_the_clock_runs_on_while_it_is_pending(cast: Cast, pending: UUID):
    late = NOW + timedelta(days=2)
    assert "超期" in view(cast["lixiuying"], pending, late)["receipt"]["by_when"]
    act(cast["chenwei"], pending, A.REPLY, now=late)
    with pytest.raises(errors.ActionNotPossible):
        decide(cast, "liufang", pending, granted=True, now=late)


def test_two_leaders_at_once_decide_one_thing(cast: Cast, pending: UUID):
    second = enrol("second", (Role.UNIT_LEAD, LAMPS))
    seen = version(pending)
    came_to = at_once(
        lambda: service.decide_extension(cast["liufang"], pending, seen, True, None, NOW),
        lambda: service.decide_extension(second, pending, seen, False, None, NOW),
    )
    assert sorted(type(each).__name__ for each in came_to) == ["NoneType", "RequestChanged"]
    found = view(cast["chenwei"], pending)
    granted = found["extension"]["state"] == "granted"
    assert (found["due_at"] == "2026-11-25T08:00:00+00:00") is granted


def test_a_refusal_has_its_code(caller, cast: Cast, pending: UUID):
    body = {"version": version(pending), "reason": "再等等"}
    answer = caller("chenwei").post(f"/requests/{pending}/request-extension", body)
    assert (answer.status_code, answer.json["code"]) == (409, "extension_already_requested")
