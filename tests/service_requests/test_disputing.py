"""A unit says once that it is not responsible; the dispatcher decides for good."""

from datetime import timedelta
from uuid import UUID

import pytest

from backend.kernel.errors import NotFound
from backend.service_requests import errors, queries, service
from backend.service_requests.queries import Queue, Wanted
from backend.service_requests.rules import A
from tests.at_once import at_once
from tests.service_requests.conftest import (
    LAMPS,
    NOW,
    WATER,
    Cast,
    act,
    state,
    unit_id,
    version,
    view,
)

LAST_MOMENT = timedelta(days=7, hours=7, minutes=59, seconds=59)
"""From Monday 16:00 in China to the last second of the fifth working day after."""


def test_the_dispatcher_names_who_is_responsible(cast: Cast, submitted: UUID):
    due_at = view(cast["lixiuying"], submitted)["due_at"]
    service.dispute(cast["chenwei"], submitted, 1, "不归我们", NOW, unit_id=unit_id(WATER))
    disputed = view(cast["yangguang"], submitted)
    assert disputed["state"] == "disputed" and disputed["actions"] == ["rule"]
    assert disputed["timeline"][-1]["data"]["unit_name"] == "县供水公司"
    waiting = queries.workbench(cast["yangguang"], Queue.DECIDE, Wanted(), None, 9, NOW).items
    assert str(submitted) in waiting

    service.rule(cast["yangguang"], submitted, 2, unit_id(WATER), "井盖归供水", NOW)
    ruled = view(cast["zhaolei"], submitted)
    assert ruled["state"] == "assigned" and ruled["lead_unit"]["id"] == str(unit_id(WATER))
    # The quarrel is not the resident's: their clock ran on.
    assert ruled["due_at"] == due_at
    assert ruled["timeline"][-1]["data"]["unit_id"] == str(unit_id(WATER))
    with pytest.raises(NotFound):
        view(cast["chenwei"], submitted)


@pytest.mark.parametrize("to", [LAMPS, WATER])
def test_after_the_ruling_nobody_returns_it(cast: Cast, submitted: UUID, to: str):
    act(cast["chenwei"], submitted, A.ACCEPT, A.DISPUTE)
    service.rule(cast["yangguang"], submitted, version(submitted), unit_id(to), "就这样", NOW)
    lead = cast["chenwei" if to == LAMPS else "zhaolei"]
    assert "dispute" not in view(lead, submitted)["actions"]
    assert view(lead, submitted)["objection_until"] is None
    with pytest.raises(errors.RulingFinal):
        act(lead, submitted, A.DISPUTE)


def test_an_objection_comes_in_time(cast: Cast, submitted: UUID):
    last = NOW + LAST_MOMENT
    assert "dispute" in view(cast["chenwei"], submitted, last)["actions"]
    late = last + timedelta(seconds=1)
    assert "dispute" not in view(cast["chenwei"], submitted, late)["actions"]
    with pytest.raises(errors.ObjectionTooLate):
        act(cast["chenwei"], submitted, A.DISPUTE, now=late)
    # Another unit has its own time, from when it gets it.
    act(cast["yangguang"], submitted, A.ASSIGN, now=late)
    act(cast["zhaolei"], submitted, A.DISPUTE, now=late + timedelta(days=1))
    assert state(submitted) == "disputed"


def test_what_an_objection_and_a_ruling_must_not_be(cast: Cast, submitted: UUID):
    chen, yang = cast["chenwei"], cast["yangguang"]
    for target, refusal in [
        (unit_id(LAMPS), errors.AlreadyThere),
        (UUID(int=7), errors.UnknownUnit),
    ]:
        with pytest.raises(refusal):
            service.dispute(chen, submitted, 1, "不归我们", NOW, unit_id=target)
    for who, refusal in [("lixiuying", errors.ActionNotYours), ("majing", errors.ActionNotYours),
                         ("zhaolei", NotFound)]:  # fmt: skip
        with pytest.raises(refusal):
            act(cast[who], submitted, A.DISPUTE)
    with pytest.raises(errors.ActionNotPossible):
        act(yang, submitted, A.RULE)
    act(chen, submitted, A.DISPUTE)
    for who in ("chenwei", "liufang", "majing", "lixiuying"):
        with pytest.raises(errors.ActionNotYours):
            act(cast[who], submitted, A.RULE)
    with pytest.raises(errors.UnknownUnit):
        service.rule(yang, submitted, 2, UUID(int=7), "x", NOW)
    assert (state(submitted), version(submitted)) == ("disputed", 2)


def test_the_resident_can_still_remind_and_withdraw(cast: Cast, submitted: UUID):
    act(cast["chenwei"], submitted, A.DISPUTE)
    assert view(cast["lixiuying"], submitted)["actions"] == ["remind", "withdraw"]
    act(cast["lixiuying"], submitted, A.WITHDRAW)
    with pytest.raises(errors.ActionNotPossible):
        act(cast["yangguang"], submitted, A.RULE)


def test_two_rulings_at_once_are_one(cast: Cast, submitted: UUID):
    act(cast["chenwei"], submitted, A.DISPUTE)
    came_to = at_once(
        *(
            lambda code=code: service.rule(
                cast["yangguang"], submitted, 2, unit_id(code), "归它", NOW
            )
            for code in (LAMPS, WATER)
        )
    )
    assert sorted(type(each).__name__ for each in came_to) == ["NoneType", "RequestChanged"]
    assert version(submitted) == 3


def test_a_refusal_has_its_code(caller, cast: Cast, submitted: UUID):
    act(cast["chenwei"], submitted, A.DISPUTE)
    service.rule(cast["yangguang"], submitted, 2, unit_id(LAMPS), "归执法队", NOW)
    answer = caller("chenwei").post(
        f"/requests/{submitted}/dispute", {"version": 3, "reason": "还是不归我们"}
    )
    assert (answer.status_code, answer.json["code"]) == (409, "ruling_final")
