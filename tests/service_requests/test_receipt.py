"""Who, what next, by when, what if not: answered in every state, to all, in every language."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from backend.kernel import messages
from backend.service_requests.receipt import Holding, receipt
from backend.service_requests.rules import Capacity, State
from tests.service_requests.test_rules import FACTS, UNIT_ID

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

HOLDING = Holding(
    unit="海边街道综合行政执法队",
    unit_phone="0857-0001903",
    handler=None,
    due_at=NOW + timedelta(days=1),
    due_provisional=False,
    updated_at=NOW,
    confirm_until=NOW + timedelta(days=7),
    reopen_at=NOW + timedelta(days=30),
    follow_up_at=NOW + timedelta(days=28),
)
FOLLOWED = {State.CONFIRMED, State.CLOSED_UNCONFIRMED}


def facts_in(state, unit, concluded=False):
    """What holds of a request in that state, closed ones being followed until a while after."""
    return replace(
        FACTS,
        state=state,
        lead_unit_id=UNIT_ID if unit else None,
        concluded=concluded,
        came_back_until=NOW + timedelta(days=42) if state in FOLLOWED else None,
    )


def sentences(state, capacity, holding, language="zh-CN", now=NOW, facts=FACTS):
    told = receipt(replace(facts, state=state), frozenset({capacity}), holding, now)
    return {name: messages.text(line.key, language, **line.params) for name, line in told}


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("capacity", Capacity)
@pytest.mark.parametrize("state", State)
def test_four_answers_in_every_state_for_everybody(state, capacity, language):
    with_unit = product(
        (HOLDING.unit,), (HOLDING.unit_phone, None), ("陈伟", None), (True, False), (0, 30, 50)
    )
    without = product((None,), (None,), (None,), (True, False), (0, 30, 50))
    unrouted = state in (State.SUBMITTED, State.NOT_ACCEPTED, State.WITHDRAWN)
    for unit, phone, handler, provisional, days in [*with_unit, *(without if unrouted else ())]:
        holding = replace(
            HOLDING, unit=unit, unit_phone=phone, handler=handler, due_provisional=provisional
        )
        told = sentences(
            state,
            capacity,
            holding,
            language,
            NOW + timedelta(days=days),
            facts_in(state, unit),
        )
        assert set(told) == {"who", "next", "by_when", "if_not"}
        assert all(told.values())
        assert "None" not in "".join(told.values())


def test_it_says_who_and_by_when_in_local_time():
    told = sentences(State.ASSIGNED, Capacity.REQUESTER, replace(HOLDING, handler="陈伟"))
    assert "海边街道综合行政执法队" in told["who"] and "陈伟" in told["who"]
    assert "2026年11月24日 16:00" in told["by_when"]
    assert "0857-0001903" in told["if_not"]


def test_it_says_when_the_date_may_still_move_and_when_it_has_passed():
    told = sentences(State.ACCEPTED, Capacity.REQUESTER, replace(HOLDING, due_provisional=True))
    assert "暂定" in told["by_when"]
    late = sentences(State.ACCEPTED, Capacity.REQUESTER, HOLDING, now=NOW + timedelta(days=2))
    assert "超期" in late["by_when"]


def test_the_clock_stands_while_it_waits_for_the_resident():
    long_after = NOW + timedelta(days=30)
    told = sentences(State.AWAITING_RESIDENT, Capacity.REQUESTER, HOLDING, now=long_after)
    assert "不计时" in told["by_when"]
    assert "您" in told["who"]


@pytest.mark.parametrize("state", FOLLOWED)
def test_what_is_closed_says_how_long_it_can_come_back(state):
    def told(days):
        facts = facts_in(state, "u")
        now = NOW + timedelta(days=days)
        return sentences(state, Capacity.REQUESTER, HOLDING, now=now, facts=facts)

    assert "12月21日会再问您" in told(0)["next"]
    assert "请看看问题有没有反复" in told(30)["next"]
    assert "问题又来了" in told(0)["if_not"] == told(30)["if_not"]
    assert "请再提一件" in told(50)["if_not"]


def test_a_supervisors_reply_is_told_as_the_last():
    told = sentences(
        State.REPLIED, Capacity.AGENT, HOLDING, facts=facts_in(State.REPLIED, "u", True)
    )
    assert "督办员的复核答复" in told["next"] and "12345" in told["if_not"]


def test_every_sentence_is_used():
    """No sentence of the receipt in the catalogue is left over."""
    used = set()
    for state, capacity, unit, handler, phone, days, provisional, concluded in product(
        State, Capacity, (None, "u"), (None, "h"), (None, "p"), (0, 30, 50), (False, True),
        (False, True),
    ):  # fmt: skip
        holding = replace(
            HOLDING, unit=unit, unit_phone=phone, handler=handler, due_provisional=provisional
        )
        facts = facts_in(state, unit, concluded)
        told = receipt(facts, frozenset({capacity}), holding, NOW + timedelta(days=days))
        used |= {line.key for _, line in told}
    for language in messages.LANGUAGES:
        prefix = "service_requests.receipt."
        assert {k for k in messages.catalogue(language) if k.startswith(prefix)} == used
