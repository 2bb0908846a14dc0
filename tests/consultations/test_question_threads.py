"""A written question goes on: answered, asked further, handed on when late, closed, rated."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from backend.advisers import service as advisers
from backend.consultations.errors.meetings import PersonOnly
from backend.consultations.errors.questions import (
    QuestionAnswered,
    QuestionClosed,
    QuestionNotYours,
    QuestionRatingClosed,
    ThreadTooLong,
)
from backend.consultations.rules import questions as rules
from backend.consultations.service import matter
from backend.consultations.service import question_thread as threads
from backend.consultations.service.question_sweeps import hand_on
from backend.consultations.service.questions import QUESTION
from backend.kernel.actor import Actor, Scope
from backend.kernel.db import execute, fetch_all, fetch_one
from backend.kernel.errors import NotFound, ValidationFailed
from backend.people import service as people
from backend.people.service import Terms
from tests.consultations.meeting import NOW, OPPONENT, SOON, count, enrol, fresh, run_outbox, told
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

ANSWER = "没有约定利息的，视为没有利息。"
LATE = NOW + timedelta(hours=24)


def post(
    actor: Actor, question: UUID, text: str = ANSWER, now: datetime = NOW, **more: Any
) -> None:
    threads.post(fresh(actor.id, now), question, threads.Post(text, **more), now)


def test_an_answer_answers_and_is_in_the_ledger(li: Actor, zheng: Actor):
    question = asked(li)
    post(zheng, question, minutes=10)
    view = read(li, question)
    assert (view["state"], view["answered_at"]) == ("answered", NOW)
    (said,) = view["posts"]
    assert (said["by"], said["text"]) == ({"name": "郑明", "role": "adviser"}, ANSWER)
    assert view["actions"] == ["post", "close", "rate"]
    assert waiting(zheng) == []
    post(zheng, question, "逾期以后可以要。", NOW + SOON, minutes=5)
    entries = fetch_all("SELECT kind, source, minutes, entered_later FROM ledger_entries")
    assert entries == [("question", "service", 15, False)]
    run_outbox(NOW + SOON)
    assert told(li).count("question_answered") == 2


def test_asking_on_opens_it_again_for_another_day_and_gives_an_open_one_no_more(
    li: Actor, zheng: Actor
):
    question = asked(li)
    post(li, question, "补充一句", NOW + timedelta(hours=3))
    assert read(li, question)["due_at"] == NOW + timedelta(hours=24)
    post(zheng, question, now=NOW + timedelta(hours=4))
    again = NOW + timedelta(hours=30)
    post(li, question, "逾期利息呢？", again)
    view = read(li, question, again)
    assert (view["state"], view["due_at"]) == ("open", again + timedelta(hours=24))
    assert waiting(zheng, again) == [question]
    run_outbox(again)
    assert told(zheng) == ["question_asked", "question_asked_again", "question_asked_again"]


def test_what_nobody_answered_goes_to_who_stands_in_and_the_justice_office(
    li: Actor, zheng: Actor, sun: Actor, officer: Actor
):
    question = asked(li)
    run_outbox(NOW + SOON)
    hand_on(LATE - SOON)
    assert waiting(sun, LATE - SOON) == waiting(officer, LATE - SOON) == []
    hand_on(LATE)
    hand_on(LATE + SOON)
    run_outbox(LATE + SOON)
    for late in (sun, officer):
        assert told(late) == ["question_handed"]
        assert waiting(late, LATE) == [question]
    assert told(li) == ["question_received", "question_late"]
    assert read(li, question, LATE)["handed_on"]
    assert read(zheng, question, LATE)["actions"] == ["answer"]
    post(sun, question, now=LATE)
    (said,) = read(li, question, LATE)["posts"]
    assert said["by"] == {"name": "孙立", "role": "standby"}
    for slower in (zheng, officer):
        with pytest.raises(QuestionAnswered):
            post(slower, question, now=LATE)
    post(sun, question, "还有一点。", LATE)
    post(li, question, "那怎么写？", LATE)
    post(officer, question, "到司法所来写。", LATE)
    assert [one["by"]["role"] for one in read(li, question, LATE)["posts"]] == [
        "standby", "standby", "resident", "justice_officer",
    ]  # fmt: skip


def test_who_stands_in_for_the_other_side_is_passed_over(
    li: Actor, zheng: Actor, sun: Actor, officer: Actor
):
    advisers.remember_parties(office_of(sun), "practice", uuid4(), [f"{OPPONENT}先生"], [], NOW)
    question = asked(li)
    hand_on(LATE)
    run_outbox(LATE + SOON)
    assert told(sun) == [] and waiting(sun, LATE) == []
    with pytest.raises(NotFound):
        read(sun, question, LATE)
    assert waiting(officer, LATE) == [question]


def test_whom_it_was_handed_to_advises_nobody_against_who_asked(
    li: Actor, zheng: Actor, sun: Actor, officer: Actor
):
    asked(li)
    hand_on(LATE)
    assert advisers.conflicts(office_of(sun), [OPPONENT], ["李秀英"])


def test_one_that_fails_does_not_keep_back_the_rest(
    li: Actor, zheng: Actor, sun: Actor, officer: Actor
):
    broken, sound = asked(li), asked(li, now=NOW + SOON)
    execute("UPDATE questions SET opposing_encrypted = 'x' WHERE id = %s", (broken,))
    with pytest.raises(Exception):  # noqa: B017 - whatever decryption says
        hand_on(LATE + SOON)
    handed = fetch_all("SELECT id FROM questions WHERE handed_at IS NOT NULL")
    assert handed == [(sound,)]


def test_who_asked_closes_it_and_nothing_is_added(li: Actor, zheng: Actor):
    question = asked(li)
    with pytest.raises(QuestionNotYours):
        threads.close(fresh(zheng.id), question, NOW)
    threads.close(li, question, NOW)
    for somebody in (li, zheng):
        with pytest.raises(QuestionClosed):
            post(somebody, question)
    with pytest.raises(QuestionClosed):
        threads.close(li, question, NOW)
    assert read(li, question)["actions"] == []
    hand_on(LATE)
    assert not read(li, question, LATE)["handed_on"]


def test_an_agent_within_the_consent(li: Actor, zheng: Actor):
    daughter = enrol("张敏")
    code = people.offer(li, Terms({Scope.SUBMIT}, 30), NOW).code
    mandate_id = people.claim(daughter, code, NOW)
    question = asked(fresh(daughter.id), mandate_id=mandate_id)
    with pytest.raises(QuestionNotYours):
        post(daughter, question, "补充一句")
    assert read(daughter, question)["actions"] == []
    post(li, question, "补充一句")
    with pytest.raises(PersonOnly):
        threads.rate(fresh(daughter.id), question, 5, None, NOW)


def test_only_answers_take_minutes(li: Actor, zheng: Actor):
    question = asked(li)
    with pytest.raises(ValidationFailed) as refused:
        post(li, question, minutes=5)
    assert [one.field for one in refused.value.fields] == ["/minutes"]
    assert count("question_posts") == 0


def test_a_thread_has_an_end(li: Actor, zheng: Actor):
    question = asked(li)
    execute("UPDATE questions SET posts = %s WHERE id = %s", (rules.MOST_POSTS, question))
    with pytest.raises(ThreadTooLong):
        post(zheng, question)


def test_it_is_rated_once_answered_by_who_asked_and_hidden_from_who_is_rated(
    li: Actor, zheng: Actor
):
    question = asked(li)
    with pytest.raises(QuestionRatingClosed):
        threads.rate(li, question, 5, None, NOW)
    post(zheng, question)
    with pytest.raises(PersonOnly):
        threads.rate(fresh(zheng.id), question, 5, None, NOW)
    threads.rate(li, question, 2, "没说清楚", NOW)
    threads.rate(li, question, 4, None, NOW + SOON)
    assert read(li, question)["rating"]["score"] == 4
    assert read(zheng, question)["rating"] is None
    with pytest.raises(QuestionRatingClosed):
        threads.rate(li, question, 1, None, NOW + rules.RATED_WITHIN + SOON)
    scores = fetch_all(
        "SELECT details->'score' FROM audit_log WHERE action = 'question.rated' ORDER BY at"
    )
    assert scores == [(2,), (4,)]


def test_only_who_answered_makes_a_case_of_it_and_not_against_the_persons_will(
    li: Actor, zheng: Actor, sun: Actor
):
    question = asked(li, keep_private=True)
    with pytest.raises(NotFound):
        matter(fresh(zheng.id), QUESTION, question)
    post(zheng, question)
    found = matter(fresh(zheng.id), QUESTION, question)
    assert (found.keep_private, found.facts, found.opinion) == (True, TEXT, ANSWER)
    assert set(found.names) == {"李秀英", OPPONENT}
    with pytest.raises(NotFound):
        matter(li, QUESTION, question)


def test_what_the_sweep_hands_on_it_hands_on_once_however_often_it_runs(
    li: Actor, zheng: Actor, sun: Actor, officer: Actor
):
    asked(li)
    hand_on(LATE)
    hand_on(LATE)
    row = fetch_one("SELECT count(*) FROM outbox WHERE kind = 'question.handed'")
    assert row == (1,)
    assert count("question_recipients") == 2
