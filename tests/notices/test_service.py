"""What lands in the inbox, who reads it how, and when a WeChat message is planned with it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import peewee
import psycopg
import pytest

from backend.kernel import outbox
from backend.kernel.db import fetch_all, transaction
from backend.notices import delivery, ledger, queries, service
from backend.notices.rules import KINDS, TO_FOLLOWERS, TO_STAFF
from backend.notices.service import Answer
from backend.notices.templates import Template, Templates
from tests.notices.conftest import NOW, PARAMS

FAR = NOW + timedelta(days=3650)


def planned() -> list[tuple[Any, ...]]:
    return fetch_all("SELECT template_key, state FROM wechat_sends ORDER BY id")


def test_the_same_effect_is_told_once(
    person_id: UUID, reply: Template, grant: Callable[..., None], tell: Callable[..., UUID]
) -> None:
    grant(person_id, reply, times=5)
    for minutes in range(3):
        tell(person_id, effect="event-1", at=NOW + timedelta(minutes=minutes))
    (row,) = queries.inbox(person_id, None, 10)
    assert row.created_at == NOW
    assert planned() == [("request_reply", "pending")]
    assert [event.kind for event in outbox.claim(FAR, 10)] == [delivery.SEND]


def test_one_effect_reaches_several_people(
    person_id: UUID, new_person: Callable[..., UUID], tell: Callable[..., UUID]
) -> None:
    other = new_person("o-other")
    tell(person_id, effect="event-1")
    tell(other, effect="event-1")
    assert [queries.unread(each) for each in (person_id, other)] == [1, 1]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_can_be_told(person_id: UUID, tell: Callable[..., UUID], kind: str) -> None:
    tell(person_id, kind)
    (shown,) = service.inbox(person_id, "zh-CN", None, 10)
    assert shown["kind"] == kind and shown["body"]
    assert (PARAMS["number"] in shown["body"]) == ("number" in KINDS[kind])
    expected = {**dict.fromkeys(TO_STAFF, "staff"), **dict.fromkeys(TO_FOLLOWERS, "follower")}
    assert shown["subject"]["as"] == expected.get(kind, "requester")


def test_a_rolled_back_telling_leaves_nothing(
    person_id: UUID, reply: Template, grant: Callable[..., None], tell: Callable[..., UUID]
) -> None:
    grant(person_id, reply)
    with pytest.raises(RuntimeError), transaction():
        tell(person_id)
        raise RuntimeError
    assert queries.unread(person_id) == 0 and planned() == []
    assert outbox.claim(FAR, 10) == []


def test_without_a_credit_it_stays_in_the_app(person_id: UUID, tell: Callable[..., UUID]) -> None:
    tell(person_id)
    assert planned() == []
    assert service.inbox(person_id, "en", None, 10)[0]["wechat"] is None


def test_outside_wechat_it_stays_in_the_app(
    new_person: Callable[..., UUID],
    reply: Template,
    grant: Callable[..., None],
    tell: Callable[..., UUID],
) -> None:
    elder = new_person(None)
    grant(elder, reply)
    tell(elder)
    assert queries.unread(elder) == 1 and planned() == []


def test_a_kind_without_a_template_stays_in_the_app(
    person_id: UUID,
    shipped_templates: Templates,
    grant: Callable[..., None],
    tell: Callable[..., UUID],
) -> None:
    for template in shipped_templates.by_key.values():
        grant(person_id, template)
    tell(person_id, "request_confirmed")
    assert queries.unread(person_id) == 1 and planned() == []


def test_a_planned_message_sets_a_credit_aside(
    person_id: UUID, reply: Template, grant: Callable[..., None], tell: Callable[..., UUID]
) -> None:
    grant(person_id, reply, times=2)
    left = [ledger.credits_left(person_id, reply)]
    for _ in range(3):
        tell(person_id)
        left.append(ledger.credits_left(person_id, reply))
    assert left == [2, 1, 0, 0]
    assert len(planned()) == 2


def test_nobody_unknown_is_told(database: str, tell: Callable[..., UUID]) -> None:
    with pytest.raises((peewee.IntegrityError, psycopg.IntegrityError)):
        tell(uuid4())


def test_the_inbox_is_read_page_by_page_newest_first(
    person_id: UUID, new_person: Callable[..., UUID], tell: Callable[..., UUID]
) -> None:
    stranger = new_person("o-stranger")
    told = []
    for index in range(25):
        # Several in one moment: the order must hold there too.
        at = NOW + timedelta(minutes=index // 4)
        told.append(tell(person_id, at=at))
        tell(stranger, at=at)
    seen: list[UUID] = []
    after = None
    while page := service.inbox(person_id, "zh-CN", after, 10):
        seen += [item["subject"]["id"] for item in page]
        after = (page[-1]["at"], page[-1]["id"])
    assert len(seen) == 25 and set(seen) == set(told)
    assert [told.index(each) // 4 for each in seen] == sorted(
        (index // 4 for index in range(25)), reverse=True
    )


def test_the_inbox_speaks_the_readers_language(person_id: UUID, tell: Callable[..., UUID]) -> None:
    tell(person_id)
    (chinese,) = service.inbox(person_id, "zh-CN", None, 10)
    (english,) = service.inbox(person_id, "en", None, 10)
    assert "路灯不亮" in chinese["body"] and chinese["title"] == "诉求已答复"
    assert "Street lamp" in english["body"] and english["title"] == "You have a reply"


def test_reading_some_or_all(
    person_id: UUID, new_person: Callable[..., UUID], tell: Callable[..., UUID]
) -> None:
    stranger = new_person("o-stranger")
    for _ in range(3):
        tell(person_id)
    tell(stranger)
    ids = [row.id for row in queries.inbox(person_id, None, 10)]
    theirs = [row.id for row in queries.inbox(stranger, None, 10)]
    service.mark_read(person_id, [ids[0], *theirs], NOW)
    assert [item["read"] for item in service.inbox(person_id, "en", None, 10)] == [
        True,
        False,
        False,
    ]
    assert queries.unread(person_id) == 2
    service.mark_read(person_id, [], NOW)
    assert queries.unread(person_id) == 2, "none named is none, not all"
    service.mark_read(person_id, None, NOW)
    assert queries.unread(person_id) == 0
    assert queries.unread(stranger) == 1, "nobody reads another's notices"


def test_people_are_asked_for_what_is_scarce(
    person_id: UUID,
    shipped_templates: Templates,
    reply: Template,
    grant: Callable[..., None],
) -> None:
    def asked(moment: str) -> list[tuple[str, int]]:
        return [(o["key"], o["credits"]) for o in service.to_ask(person_id, moment, "zh-CN")]

    assert asked("submitted") == [
        ("request_progress", 0),
        ("request_question", 0),
        ("request_reply", 0),
    ]
    grant(person_id, reply)
    grant(person_id, shipped_templates.by_key["request_question"], times=3)
    assert asked("submitted") == [("request_progress", 0), ("request_reply", 1)]
    assert asked("replied") == [("request_progress", 0), ("request_reply", 1)]
    assert asked("unheard_of") == []


def test_only_a_yes_adds_a_credit(person_id: UUID, shipped_templates: Templates) -> None:
    outcomes = {
        "request_progress": "accept",
        "request_question": "reject",
        "request_reply": "ban",
        "work_arrived": "filter",
        "work_changed": "acceptWithAudio",
    }
    answers = [
        Answer(shipped_templates.by_key[key].template_id, outcome)
        for key, outcome in outcomes.items()
    ]
    told = service.record_answers(person_id, answers, "report-1", "en", NOW)
    assert [(each["key"], each["credits"]) for each in told] == [
        ("request_progress", 1),
        ("request_question", 0),
        ("request_reply", 0),
        ("work_arrived", 0),
        ("work_changed", 1),
    ]
    assert service.record_answers(person_id, answers, "report-1", "en", NOW) == told


def test_templates_of_nobody_and_repeated_ones_are_taken_calmly(
    person_id: UUID, reply: Template
) -> None:
    answers = [Answer("x" * 43, "accept")] + [Answer(reply.template_id, "accept")] * 3
    (told,) = service.record_answers(person_id, answers, "report-1", "zh-CN", NOW)
    assert (told["title"], told["credits"]) == ("诉求答复", 1)
