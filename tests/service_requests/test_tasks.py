"""Other units do their part; the resident sees who helps, and gets one reply."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from backend.kernel import clock
from backend.kernel.actor import Actor, Role
from backend.kernel.db import fetch_one
from backend.kernel.errors import NotFound
from backend.kernel.json import loads
from backend.service_requests import errors, queries, service
from backend.service_requests.queries import Queue, Wanted
from backend.service_requests.rules import A
from tests.at_once import at_once
from tests.service_requests.conftest import (
    ELECTRICITY,
    LAMPS,
    NOW,
    WATER,
    Cast,
    act,
    enrol,
    on,
    open_task,
    pictures,
    unit_id,
    version,
    view,
)

TODAY = date(2026, 11, 23)


@pytest.fixture
def helper(cast: Cast) -> Actor:
    """Of the electricity company."""
    return enrol("helper", (Role.HANDLER, ELECTRICITY))


@pytest.fixture
def helped(cast: Cast, submitted: UUID) -> UUID:
    """A request for which the electricity company owes a part."""
    act(cast["chenwei"], submitted, A.ACCEPT, A.OPEN_TASK)
    return submitted


def bench(actor: Actor, queue: Queue, now=NOW) -> list[dict[str, Any]]:
    return loads(queries.workbench(actor, queue, Wanted(), None, 9, now).items)


def test_a_unit_that_helps_sees_the_request_and_answers_for_its_part(
    cast: Cast, helper: Actor, helped: UUID
):
    assert [item["id"] for item in bench(helper, Queue.TASKS)] == [str(helped)]
    seen = view(helper, helped)
    assert seen["requester"] is None and seen["actions"] == ["answer-task"]
    (task,) = seen["tasks"]
    assert (task["text"], task["mine"], task["state"]) == ("请查线路", True, "open")
    assert task["due_at"] == "2026-11-23T15:59:59+00:00"

    (picture,) = pictures(helper)
    service.answer_task(helper, helped, open_task(helped), "线路正常", [picture], NOW)
    (done,) = view(cast["chenwei"], helped)["tasks"]
    assert (done["state"], done["answer"], done["mine"]) == ("answered", "线路正常", False)
    assert done["attachment_ids"] == [str(picture)]
    assert bench(helper, Queue.TASKS) == []
    assert view(helper, helped)["actions"] == []


def test_the_resident_sees_who_helps_but_not_what_units_write(
    cast: Cast, helper: Actor, helped: UUID
):
    service.answer_task(helper, helped, open_task(helped), "线路正常", pictures(helper), NOW)
    seen = view(cast["lixiuying"], helped)
    (task,) = seen["tasks"]
    assert task["unit"]["name"] == "县供电局"
    assert (task["text"], task["answer"], task["attachment_ids"]) == (None, None, [])
    assert seen["attachments"] == []
    told = [
        (event["kind"], event["text"], event["data"]["unit_name"], event["attachment_ids"])
        for event in seen["timeline"]
        if event["kind"].startswith("task_")
    ]
    assert [each[:3] for each in told] == [
        ("task_opened", None, "县供电局"),
        ("task_answered", None, "县供电局"),
    ]


def test_the_reply_waits_for_every_part(cast: Cast, helper: Actor, helped: UUID):
    assert {"reply", "defer", "merge"}.isdisjoint(view(cast["chenwei"], helped)["actions"])
    for action in (A.REPLY, A.DEFER):
        with pytest.raises(errors.TasksOpen):
            act(cast["chenwei"], helped, action)
    act(helper, helped, A.ANSWER_TASK)
    act(cast["chenwei"], helped, A.REPLY)


def test_a_part_taken_back_is_seen_no_more(cast: Cast, helper: Actor, helped: UUID):
    act(cast["liufang"], helped, A.CANCEL_TASK)
    with pytest.raises(NotFound):
        view(helper, helped)
    with pytest.raises(NotFound):
        act(helper, helped, A.ANSWER_TASK)
    assert bench(helper, Queue.ALL) == []
    kinds = [event["kind"] for event in view(cast["lixiuying"], helped)["timeline"]]
    assert "task_cancelled" not in kinds
    act(cast["chenwei"], helped, A.OPEN_TASK, A.CANCEL_TASK, A.REPLY)


def test_a_late_part_shows_on_the_leads_queue(cast: Cast, helped: UUID):
    (item,) = bench(cast["chenwei"], Queue.MINE)
    assert (item["tasks_open"], item["tasks_overdue"]) == (1, 0)
    (item,) = bench(cast["chenwei"], Queue.MINE, NOW + timedelta(days=1))
    assert (item["tasks_open"], item["tasks_overdue"]) == (1, 1)
    assert view(cast["chenwei"], helped, NOW + timedelta(days=1))["tasks"][0]["overdue"]


@pytest.mark.parametrize(
    ("code", "due_on", "refusal"),
    [
        (LAMPS, TODAY, errors.TaskForLeadUnit),
        (ELECTRICITY, TODAY, errors.TaskAlreadyOpen),
        (WATER, TODAY - timedelta(days=1), errors.DateOutOfRange),
        (WATER, TODAY + timedelta(days=91), errors.DateOutOfRange),
        (None, TODAY, errors.UnknownUnit),
    ],
)
def test_what_a_part_must_not_be(cast: Cast, helped: UUID, code, due_on, refusal):
    target = unit_id(code) if code else UUID(int=7)
    with pytest.raises(refusal):
        service.open_task(cast["chenwei"], helped, version(helped), target, "请看看", due_on, NOW)
    assert len(view(cast["chenwei"], helped)["tasks"]) == 1


def test_nobody_answers_for_another_unit(cast: Cast, helper: Actor, helped: UUID):
    other = unit_id(WATER)
    service.open_task(cast["chenwei"], helped, version(helped), other, "查水管", TODAY, NOW)
    tasks = {task["unit"]["name"]: task["id"] for task in view(helper, helped)["tasks"]}
    with pytest.raises(errors.TaskNotYours):
        service.answer_task(helper, helped, UUID(tasks["县供水公司"]), "好了", (), NOW)
    with pytest.raises(errors.UnknownTask):
        service.answer_task(helper, helped, uuid4(), "好了", (), NOW)
    for who in ("chenwei", "lixiuying", "yangguang", "majing"):
        with pytest.raises(errors.ActionNotYours):
            act(cast[who], helped, A.ANSWER_TASK)
    with pytest.raises(errors.ActionNotYours):
        act(helper, helped, A.CANCEL_TASK)
    service.answer_task(helper, helped, UUID(tasks["县供电局"]), "线路正常", (), NOW)
    with pytest.raises(errors.TaskNotOpen):
        service.answer_task(helper, helped, UUID(tasks["县供电局"]), "又好了", (), NOW)


def test_answering_and_taking_back_at_once_is_one_of_them(cast: Cast, helper: Actor, helped: UUID):
    task_id, seen = open_task(helped), version(helped)
    came_to = at_once(
        lambda: service.answer_task(helper, helped, task_id, "线路正常", (), NOW),
        lambda: service.cancel_task(cast["chenwei"], helped, task_id, None, NOW),
    )
    assert came_to.count(None) == 1
    row = fetch_one("SELECT state FROM sub_tasks WHERE id = %s", (task_id,))
    assert row == ("answered" if came_to[0] is None else "cancelled",)
    assert version(helped) == seen + 1


def test_two_units_answer_side_by_side(cast: Cast, helper: Actor, helped: UUID):
    service.open_task(
        cast["chenwei"], helped, version(helped), unit_id(WATER), "查水管", TODAY, NOW
    )
    ids = {task["unit"]["name"]: UUID(task["id"]) for task in view(helper, helped)["tasks"]}
    came_to = at_once(
        lambda: service.answer_task(helper, helped, ids["县供电局"], "线路正常", (), NOW),
        lambda: service.answer_task(cast["zhaolei"], helped, ids["县供水公司"], "没漏", (), NOW),
    )
    assert came_to == [None, None]
    assert "reply" in view(cast["chenwei"], helped)["actions"]


def test_refusals_have_their_codes(caller, cast: Cast, helped: UUID):
    chen = caller("chenwei")
    today = str(on(clock.now()))
    part = {"unit_id": str(unit_id(ELECTRICITY)), "text": "再查", "due_on": today}
    answer = chen.post(f"/requests/{helped}/tasks", {"version": version(helped), **part})
    assert (answer.status_code, answer.json["code"]) == (409, "task_already_open")
    reply = {"version": version(helped), "outcome": "explained", "text": "好", "basis": "规定"}
    answer = chen.post(f"/requests/{helped}/reply", reply)
    assert (answer.status_code, answer.json["code"]) == (409, "tasks_open")
