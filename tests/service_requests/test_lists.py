"""Lists: what is in them, in which order, and that turning pages loses and repeats nothing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from backend.kernel.actor import Actor, Mandate, Scope
from backend.kernel.db import execute
from backend.kernel.ids import new_id
from backend.kernel.json import dumps, loads
from backend.service_requests import errors, queries, service
from backend.service_requests.queries import Page, Queue, View, Wanted
from backend.service_requests.queries.lists import STATES_IN
from backend.service_requests.rules import A, State
from tests.service_requests.conftest import NOW, Cast, act, lamp, unrouted, view


def items(page: Page) -> list[dict[str, Any]]:
    return loads(page.items)


def ids(page: Page) -> list[str]:
    return [item["id"] for item in items(page)]


def bench(actor: Actor, queue: Queue = Queue.ALL, now=NOW, **wanted: Any) -> list[str]:
    return ids(queries.workbench(actor, queue, Wanted(**wanted), None, 50, now))


def test_an_item_says_what_a_list_needs(cast: Cast, submitted: UUID):
    (item,) = items(queries.own(cast["lixiuying"], None, None, None, 20))
    assert item == {
        "id": str(submitted),
        "number": view(cast["lixiuying"], submitted)["number"],
        "state": "submitted",
        "category": "street_lamp",
        "area_name": "大洼塘社区",
        "summary": "村口到小学这段路两盏路灯一个多星期不亮了，孩子摸黑走。",
        "submitted_at": "2026-11-23T08:00:00+00:00",
        "updated_at": "2026-11-23T08:00:00+00:00",
        "due_at": "2026-11-24T08:00:00+00:00",
        "due_provisional": False,
        "unit_name": "海边街道综合行政执法队",
        "awaits_me": False,
        "for_name": None,
    }


def test_it_awaits_whoever_has_the_next_step(cast: Cast, submitted: UUID):
    def awaited() -> set[str]:
        found = set()
        for who, actor in cast.items():
            page = queries.own(actor, None, None, None, 20)
            if actor.grants:
                page = queries.workbench(actor, Queue.ALL, Wanted(), None, 20, NOW)
            if any(item["awaits_me"] for item in items(page)):
                found.add(who)
        return found

    assert awaited() == {"chenwei", "liufang"}
    act(cast["chenwei"], submitted, A.ACCEPT)
    assert awaited() == {"chenwei"}
    act(cast["chenwei"], submitted, A.ASK)
    assert awaited() == {"lixiuying"}
    act(cast["lixiuying"], submitted, A.SUPPLY)
    act(cast["chenwei"], submitted, A.REPLY)
    assert awaited() == {"lixiuying"}
    act(cast["lixiuying"], submitted, A.CONTEST)
    assert awaited() == {"chenwei"}
    service.submit(cast["wangdafu"], unrouted(), NOW)
    assert awaited() == {"chenwei", "yangguang"}


def test_queues(cast: Cast, submitted: UUID):
    unknown = service.submit(cast["wangdafu"], unrouted(), NOW)
    taken = service.submit(cast["wangdafu"], lamp(), NOW)
    act(cast["chenwei"], taken, A.ACCEPT)
    closed = service.submit(cast["wangdafu"], lamp(), NOW)
    act(cast["wangdafu"], closed, A.WITHDRAW)

    first, third = str(submitted), str(taken)
    assert bench(cast["chenwei"], Queue.MINE) == [third]
    assert set(bench(cast["chenwei"], Queue.UNIT)) == {first, third}
    assert bench(cast["chenwei"], Queue.DISPATCH) == []
    assert bench(cast["yangguang"], Queue.DISPATCH) == [str(unknown)]
    assert set(bench(cast["yangguang"])) == {first, third, str(unknown)}
    assert bench(cast["yangguang"], states=[State.WITHDRAWN]) == [str(closed)]
    assert bench(cast["sunhao"]) == []
    for refused in (
        lambda: bench(cast["lixiuying"]),
        lambda: queries.workbench_summary(cast["lixiuying"], NOW),
    ):
        with pytest.raises(errors.StaffOnly):
            refused()


def test_who_acts_for_somebody_works_on_what_is_others(cast: Cast, submitted: UUID):
    acting = Mandate(new_id(), cast["wangdafu"].id, frozenset(Scope))
    handler = replace(cast["chenwei"], mandates=(acting,))
    page = queries.workbench(handler, Queue.UNIT, Wanted(), None, 10, NOW)
    assert [item["id"] for item in loads(page.items)] == [str(submitted)]


def test_danger_comes_first_and_then_what_is_due_soonest(cast: Cast):
    later = service.submit(cast["wangdafu"], lamp(), NOW + timedelta(hours=1))
    sooner = service.submit(cast["wangdafu"], lamp(), NOW)
    danger = service.submit(
        cast["wangdafu"], lamp(description="有人触电"), NOW + timedelta(hours=2)
    )
    chen = cast["chenwei"]
    assert bench(chen) == [str(danger), str(sooner), str(later)]
    page = queries.workbench(chen, Queue.UNIT, Wanted(), None, 20, NOW)
    assert [item["danger"] for item in items(page)] == [True, False, False]


def test_what_waits_for_the_resident_comes_after_what_waits_for_the_office(cast: Cast):
    chen = cast["chenwei"]
    danger = service.submit(cast["wangdafu"], lamp(description="有人触电"), NOW)
    asked = service.submit(cast["wangdafu"], lamp(), NOW)
    waiting = service.submit(cast["wangdafu"], lamp(), NOW + timedelta(hours=1))
    act(chen, asked, A.ACCEPT, A.ASK)
    act(chen, danger, A.ACCEPT, A.REPLY)
    assert bench(chen) == [str(waiting), str(danger), str(asked)]
    act(cast["wangdafu"], danger, A.CONTEST)
    assert bench(chen) == [str(danger), str(waiting), str(asked)]


def test_late_is_what_waits_for_the_office_past_its_time(cast: Cast, submitted: UUID):
    asked = service.submit(cast["wangdafu"], lamp(), NOW)
    act(cast["chenwei"], asked, A.ACCEPT, A.ASK)
    tomorrow = NOW + timedelta(days=1, minutes=1)
    assert bench(cast["chenwei"], overdue=True) == []
    assert bench(cast["chenwei"], overdue=True, now=tomorrow) == [str(submitted)]
    summary = loads(queries.workbench_summary(cast["chenwei"], tomorrow))
    assert summary == {
        "mine": 1, "unit": 2, "tasks": 0, "dispatch": 0, "decide": 0, "all": 2,
        "overdue": 1, "due_today": 0,
    }  # fmt: skip
    at_breakfast = NOW + timedelta(hours=17)
    assert loads(queries.workbench_summary(cast["chenwei"], at_breakfast))["due_today"] == 1
    assert bench(cast["chenwei"], due_today=True, now=at_breakfast) == [str(submitted)]
    assert bench(cast["chenwei"], due_today=True) == []
    assert bench(cast["chenwei"], due_today=True, now=tomorrow) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("路灯", True),
        ("小学", True),
        ("大洼塘", True),
        ("太阳能路灯", True),
        ("street light", True),
        ("摸黑", True),
        ("黑", True),
        ("停水", False),
        ("小卖部", False),
        ("lixiuying", False),
        ("、。", False),
        ("' | '' & !", False),
    ],
)
def test_two_characters_are_enough_to_find_it(cast: Cast, submitted: UUID, words: str, found: bool):
    assert (ids(queries.own(cast["lixiuying"], None, words, None, 20)) != []) is found


def test_it_is_found_by_its_number_however_typed(cast: Cast, submitted: UUID):
    number = view(cast["lixiuying"], submitted)["number"]
    for words in (number, number.replace("-", ""), number.replace("-", " "), number[:13]):
        assert bench(cast["chenwei"], words=words) == [str(submitted)], words


def test_each_of_ones_own_is_in_one_view(cast: Cast, submitted: UUID):
    def views() -> set[View | None]:
        own = cast["lixiuying"]
        return {v for v in (*View, None) if ids(queries.own(own, v, None, None, 20))}

    li, chen = cast["lixiuying"], cast["chenwei"]
    assert views() == {View.OPEN, None}
    for who, actions, found in (
        (chen, (A.ACCEPT, A.ASK), View.NEEDS_ME),
        (li, (A.SUPPLY,), View.OPEN),
        (chen, (A.REPLY,), View.NEEDS_ME),
        (li, (A.CONTEST,), View.OPEN),
        (chen, (A.REPLY,), View.NEEDS_ME),
        (li, (A.CONFIRM,), View.CLOSED),
    ):
        act(who, submitted, *actions)
        assert views() == {found, None}


def test_the_views_hold_every_state_once():
    assert sorted(state for states in STATES_IN.values() for state in states) == sorted(State)


def test_the_workbench_narrows_to_several_states(cast: Cast, submitted: UUID):
    taken = service.submit(cast["wangdafu"], lamp(), NOW)
    act(cast["chenwei"], taken, A.ACCEPT)
    chen = cast["chenwei"]
    assert bench(chen, states=[State.ACCEPTED]) == [str(taken)]
    assert set(bench(chen, states=[State.ACCEPTED, State.SUBMITTED])) == {
        str(taken),
        str(submitted),
    }
    assert bench(chen, states=[State.REPLIED, State.WITHDRAWN]) == []


def turned(read: Any, insert: Any) -> list[str]:
    """All ids, page by page, with something new arriving before each page is turned."""
    found: list[str] = []
    key = None
    while True:
        page = read(key)
        found += ids(page)
        if page.next_key is None:
            return found
        key = loads(dumps(list(page.next_key)))
        insert()


def test_turning_pages_loses_and_repeats_nothing_while_others_arrive(cast: Cast):
    who = cast["lixiuying"]
    made = [str(service.submit(who, lamp(), NOW + timedelta(seconds=n // 2))) for n in range(7)]
    arrived = iter(range(100))

    def arrive() -> None:
        service.submit(who, lamp(), NOW + timedelta(hours=1, seconds=next(arrived)))

    own = turned(lambda key: queries.own(who, None, None, key, 2), arrive)
    assert sorted(own) == sorted(made) and len(own) == len(made)

    # What arrives later is due later, so the workbench shows it too, at the end, and once.
    unit = turned(
        lambda key: queries.workbench(cast["chenwei"], Queue.UNIT, Wanted(), key, 4, NOW),
        lambda: None,
    )
    assert len(unit) == len(set(unit)) == 7 + next(arrived)
    assert unit[:7] == [request_id for request_id in unit if request_id in made]


def test_the_english_reader_gets_english_names(cast: Cast, submitted: UUID):
    execute("UPDATE people SET language = 'en' WHERE id = %s", (cast["lixiuying"].id,))
    reader = Actor(id=cast["lixiuying"].id, name="", language="en")
    (item,) = items(queries.own(reader, None, None, None, 20))
    found = view(reader, submitted)
    assert item["unit_name"] == found["lead_unit"]["name"]
    assert "Law Enforcement Team" in item["unit_name"]
    assert item["unit_name"] in found["receipt"]["who"]
