"""Written questions: who gets them, and what is refused."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from backend.advisers import service as advisers
from backend.consultations.errors.meetings import NameNeeded
from backend.consultations.errors.questions import TooManyQuestions
from backend.consultations.rules.questions import MOST_OPEN
from backend.consultations.service import question_reading as reading
from backend.consultations.service import question_thread as threads
from backend.kernel.actor import Actor, Role, Scope
from backend.kernel.db import execute, fetch_all
from backend.kernel.errors import MandateNotInForce, NotFound, ValidationFailed
from backend.people import queries as people_queries
from backend.people import service as people
from backend.people.service import Terms
from tests.consultations.meeting import (
    COUNTY,
    ELSEWHERE,
    NOW,
    OPPONENT,
    SOON,
    VILLAGE,
    adviser_named,
    enrol,
    fresh,
    run_outbox,
    told,
)
from tests.consultations.question import (
    TEXT,
    asked,
    li,
    office_of,
    officer,
    read,
    sun,
    waiting,
    zheng,
)

__all__ = ["li", "officer", "sun", "zheng"]


def test_the_villages_adviser_gets_it_and_has_a_day(
    li: Actor, zheng: Actor, sun: Actor, officer: Actor
):
    question = asked(li, since_on=date(2024, 1, 2))
    mine, theirs = read(li, question), read(zheng, question)
    assert mine["adviser"]["name"] == "郑明" and mine["mine"] and not theirs["mine"]
    assert mine["due_at"] == NOW + timedelta(hours=24) and not mine["overdue"]
    assert read(li, question, NOW + timedelta(hours=25))["overdue"]
    for view in (mine, theirs):
        assert (view["text"], view["opposing"], view["state"]) == (TEXT, [OPPONENT], "open")
        assert str(view["limitation"]["until_on"]) == "2027-01-02"
        assert view["limitation"]["article"]
    assert mine["actions"] == ["post", "close"] and theirs["actions"] == ["answer"]
    for stranger in (enrol("过路人"), sun, officer):
        with pytest.raises(NotFound):
            read(stranger, question)
        assert waiting(stranger) == []
    assert waiting(zheng) == [question]
    run_outbox(NOW + SOON)
    assert (told(li), told(zheng)) == (["question_received"], ["question_asked"])
    assert told(sun) == told(officer) == []


def test_what_is_asked_is_in_no_table_in_clear(li: Actor, zheng: Actor):
    question = asked(li)
    threads.post(fresh(zheng.id), question, threads.Post("没有约定的，视为没有利息。"), NOW)
    tables = ("questions", "question_posts", "ledger_entries", "audit_log", "outbox", "notices")
    for table in (*tables, "matter_parties"):
        for (row,) in fetch_all(f"SELECT to_jsonb(t)::text FROM {table} t"):
            assert not any(secret in row for secret in (TEXT, OPPONENT, "视为没有利息")), table


def test_an_advisers_reading_is_on_record_and_ones_own_is_not(li: Actor, zheng: Actor):
    question = asked(li)
    read(li, question)
    assert people_queries.accesses(li.id, "zh-CN") == []
    read(zheng, question)
    (access,) = people_queries.accesses(li.id, "zh-CN")
    assert (access.by_name, access.fields) == ("郑明", ["question"])
    assert access.matter is not None and access.matter.id == question


@pytest.mark.parametrize("known", ["周老五", "周 老五", "周老五先生"])
@pytest.mark.parametrize("given", [["周老五"], ["周　老五", "马大嫂"]])
def test_who_advises_the_other_side_is_passed_over_and_learns_nothing(
    li: Actor, zheng: Actor, sun: Actor, known: str, given: Sequence[str]
):
    advisers.remember_parties(office_of(zheng), "practice", uuid4(), [known], [], NOW)
    question = asked(li, opposing=given)
    assert read(li, question)["adviser"]["name"] == "孙立"
    run_outbox(NOW + SOON)
    assert told(zheng) == [] and waiting(zheng) == []
    with pytest.raises(NotFound):
        read(zheng, question)
    assert waiting(sun) == [question]


def test_where_nobody_is_free_the_justice_office_gets_it_at_once(
    li: Actor, zheng: Actor, sun: Actor, officer: Actor
):
    for lawyer in (zheng, sun):
        advisers.remember_parties(office_of(lawyer), "practice", uuid4(), [OPPONENT], [], NOW)
    question = asked(li)
    view = read(li, question)
    assert view["adviser"] is None and view["handed_on"]
    assert "conflict" not in str(view) and OPPONENT not in str(view["actions"])
    assert waiting(officer) == [question]
    run_outbox(NOW + SOON)
    assert told(officer) == ["question_asked"]
    assert told(zheng) == told(sun) == []


def test_an_adviser_without_an_account_cannot_be_reached(li: Actor, sun: Actor):
    adviser_named("没有加入", None, VILLAGE)
    assert read(li, asked(li))["adviser"]["name"] == "孙立"


def test_nobody_is_given_their_own_question(zheng: Actor, sun: Actor):
    assert read(zheng, asked(fresh(zheng.id)))["adviser"]["name"] == "孙立"


def test_one_adviser_is_not_tried_with_name_after_name(li: Actor, zheng: Actor, sun: Actor):
    """After three refusals a day all is refused: who an adviser's clients are cannot be found."""
    names = ["周老五", "马三", "王四"]
    advisers.remember_parties(office_of(zheng), "practice", uuid4(), names, [], NOW)
    for name in names:
        assert read(li, asked(li, opposing=[name]))["adviser"]["name"] == "孙立"
    assert read(li, asked(li, opposing=["谁也不是"]))["adviser"]["name"] == "孙立"
    assert (
        read(enrol("王大嫂"), asked(enrol("王大嫂"), opposing=["谁也不是"]))["adviser"]["name"]
        == "郑明"
    )


def test_what_has_little_time_left_to_go_to_law_stands_first(li: Actor, zheng: Actor):
    wang = enrol("王大嫂")
    calm = asked(li, since_on=date(2025, 6, 1))
    unknown = asked(wang, now=NOW + timedelta(minutes=1))
    urgent = asked(wang, since_on=date(2023, 12, 1), now=NOW + timedelta(minutes=2))
    assert waiting(zheng, NOW + timedelta(minutes=3)) == [urgent, calm, unknown]


def test_somebody_else_asks_with_consent_and_only_with_that(li: Actor, zheng: Actor):
    daughter = enrol("张敏")
    with pytest.raises(MandateNotInForce):
        asked(daughter, mandate_id=uuid4())
    code = people.offer(li, Terms({Scope.SUBMIT, Scope.ACT}, 30), NOW).code
    mandate_id = people.claim(daughter, code, NOW)
    question = asked(fresh(daughter.id), mandate_id=mandate_id)
    assert read(li, question)["on_behalf"] == {"agent_name": "张敏"}
    assert read(zheng, question)["person_name"] == "李秀英"
    (item,), _ = reading.own(fresh(daughter.id), None, 20, NOW)
    assert item["for_name"] == "李秀英"
    own = asked(li)
    with pytest.raises(NotFound):
        read(daughter, own)
    people.revoke_mandate(li, mandate_id, NOW)
    with pytest.raises(NotFound):
        read(daughter, question)


@pytest.mark.parametrize(
    ("field", "wrong", "code"),
    [
        ("area_code", "999999999999", "unknown_area"),
        ("topic", "astrology", "unknown_topic"),
        ("since_on", NOW.date() + timedelta(days=2), "since_ahead"),
    ],
)
def test_what_cannot_be_is_named_by_its_field(
    li: Actor, zheng: Actor, field: str, wrong: Any, code: str
):
    with pytest.raises(ValidationFailed) as refused:
        asked(li, **{field: wrong})
    assert [(one.field, one.code) for one in refused.value.fields] == [(f"/{field}", code)]
    assert fetch_all("SELECT FROM questions") == []


def test_a_name_is_needed_and_ten_at_a_time_are_enough(li: Actor, zheng: Actor):
    nameless = people.ensure_person("openid-nameless", "", NOW, home_area_code=VILLAGE)
    with pytest.raises(NameNeeded):
        asked(fresh(nameless))
    for _ in range(MOST_OPEN):
        last = asked(li)
    with pytest.raises(TooManyQuestions):
        asked(li)
    threads.close(li, last, NOW)
    asked(li)


def test_who_served_elsewhere_or_is_suspended_is_not_asked(li: Actor, zheng: Actor, sun: Actor):
    adviser_named("远处律师", enrol("远处律师"), f"{ELSEWHERE}001")
    officer = enrol("韩所长", (Role.JUSTICE, COUNTY))
    advisers.suspend(officer, office_of(zheng), "执业证年检", NOW)
    assert read(li, asked(li))["adviser"]["name"] == "孙立"
    execute("UPDATE booking_resources SET suspended_at = now(), suspended_reason = '病'")
    assert read(li, asked(li))["adviser"] is None
