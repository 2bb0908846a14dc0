"""Several devices at the same moment, against the real server."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.attachments.pictures import encoded, halves
from tests.callers import Answer, Caller
from tests.policy.scene import LAMP
from tests.running import Running, eventually

EXPLAINED = {"outcome": "explained", "text": "今晚换灯头", "basis": "《城市照明管理规定》第二十条"}

REPLAYED = "Idempotent-Replayed"
DEVICES = 6


def at_once(*asks: Callable[[], Answer]) -> list[Answer]:
    """All at the same moment, each on a device of its own; the answers in order."""
    start = threading.Barrier(len(asks), timeout=30)
    answers: list[Answer | None] = [None] * len(asks)

    def run(index: int, ask: Callable[[], Answer]) -> None:
        start.wait()
        answers[index] = ask()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(asks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answer for answer in answers if answer is not None]


def the_same(ask: Callable[[], Answer], status: int) -> Answer:
    """The one answer that many devices get who ask for one thing at once."""
    answers = at_once(*[ask] * DEVICES)
    assert [answer.status for answer in answers] == [status] * DEVICES
    assert len({answer.body for answer in answers}) == 1
    assert len([answer for answer in answers if REPLAYED not in answer.headers]) == 1
    return answers[0]


@pytest.fixture(scope="module")
def li(running: Running) -> Caller:
    return running.caller("lixiuying")


@pytest.fixture(scope="module")
def chen(running: Running) -> Caller:
    return running.caller("chenwei")


@pytest.fixture(scope="module")
def liu(running: Running) -> Caller:
    return running.caller("liufang")


def submitted(li: Caller) -> dict[str, Any]:
    made: dict[str, Any] = li.post("/api/requests", LAMP).expect(201)
    return made


def events(running: Running, request: dict[str, Any]) -> list[str]:
    sql = "SELECT kind FROM timeline_events WHERE request_id = %s ORDER BY seq"
    return [kind for (kind,) in running.rows(sql, request["id"])]


def test_one_submission_from_many_devices_is_one_request(running: Running, li: Caller):
    before = running.rows("SELECT count(*) FROM service_requests")[0][0]
    key = uuid4().hex
    request = the_same(lambda: li.post("/api/requests", LAMP, key=key), 201).json
    assert running.rows("SELECT count(*) FROM service_requests") == [(before + 1,)]
    assert events(running, request) == ["submitted"]
    eventually(running.work_done, "the worker")
    told = running.rows("SELECT count(*) FROM notices WHERE subject_id = %s", request["id"])
    # The requester, 陈伟 and 刘芳, each once.
    assert told == [(3,)]


def test_one_picture_from_many_devices_is_one_picture(running: Running, li: Caller):
    before = running.rows("SELECT count(*) FROM attachments")[0][0]
    photo, key = encoded(halves((1200, 900))), uuid4().hex
    the_same(lambda: li.upload(photo, key=key), 201)
    assert running.rows("SELECT count(*) FROM attachments") == [(before + 1,)]


def test_one_action_from_many_devices_is_taken_once(running: Running, li: Caller, chen: Caller):
    request = submitted(li)
    path, key = f"/api/requests/{request['id']}/accept", uuid4().hex
    assert the_same(lambda: chen.post(path, {"version": 1}, key=key), 200).json["version"] == 2
    assert events(running, request) == ["submitted", "accepted"]


def test_many_submissions_at_once_have_numbers_of_their_own(running: Running, li: Caller):
    answers = at_once(*[lambda: li.post("/api/requests", LAMP)] * 12)
    assert len({answer.expect(201)["number"] for answer in answers}) == 12


@pytest.mark.parametrize("_round", range(3))
def test_of_two_who_accept_at_once_one_does(
    running: Running, li: Caller, chen: Caller, liu: Caller, _round: int
):
    request = submitted(li)
    path = f"/api/requests/{request['id']}"
    answers = at_once(
        lambda: chen.post(f"{path}/accept", {"version": 1}),
        lambda: liu.post(f"{path}/accept", {"version": 1}),
    )
    assert sorted(answer.status for answer in answers) == [200, 409]
    won = next(answer.json for answer in answers if answer.status == 200)
    lost = next(answer.json for answer in answers if answer.status == 409)
    assert (lost["code"], lost["version"]) == ("request_changed", 2)
    assert li.get(path).expect(200)["handler"] == won["handler"]
    assert events(running, request) == ["submitted", "accepted"]


@pytest.mark.parametrize("_round", range(3))
def test_of_confirming_and_contesting_at_once_one_counts(
    running: Running, li: Caller, chen: Caller, _round: int
):
    request = submitted(li)
    path = f"/api/requests/{request['id']}"
    chen.act(request, "accept")
    version = chen.act(request, "reply", **EXPLAINED)["version"]
    tablet = running.caller("lixiuying")
    answers = at_once(
        lambda: li.post(f"{path}/confirm", {"version": version}),
        lambda: tablet.post(f"{path}/contest", {"version": version, "reason": "没亮"}),
    )
    assert sorted(answer.status for answer in answers) == [200, 409]
    won = next(answer.json for answer in answers if answer.status == 200)
    assert li.get(path).expect(200)["state"] == won["state"]
    assert events(running, request)[3:] == [won["state"]]


def test_a_stale_version_is_refused_and_told_the_present_one(li: Caller, chen: Caller):
    request = submitted(li)
    chen.act(request, "accept")
    for version in (1, 3, 99):
        refused = chen.post(f"/api/requests/{request['id']}/start", {"version": version})
        assert (refused.status, refused.json["code"]) == (409, "request_changed")
        assert refused.json["version"] == 2
    chen.act(request, "start")


def test_what_comes_too_late_or_out_of_order_changes_nothing(
    running: Running, li: Caller, chen: Caller
):
    request = submitted(li)
    path = f"/api/requests/{request['id']}"
    before = li.get(path).expect(200)
    for who, action, body in (
        (chen, "start", {}),
        (chen, "reply", EXPLAINED),
        (li, "confirm", {}),
        (li, "contest", {"reason": "没好"}),
        (li, "supply", {"material_id": str(uuid4()), "text": "27 号"}),
    ):
        answer = who.post(f"{path}/{action}", {"version": 1, **body})
        assert (answer.status, answer.json["code"]) == (409, "action_not_possible")
    assert li.get(path).expect(200) == before
    li.act(request, "withdraw")
    late = chen.post(f"{path}/accept", {"version": 2})
    assert (late.status, late.json["code"]) == (409, "action_not_possible")
    assert events(running, request) == ["submitted", "withdrawn"]


def test_an_invitation_taken_up_by_many_makes_one_of_them_staff(running: Running):
    admin = running.caller("admin")
    body = {"role": "grid_worker", "area_code": "520526001001"}
    code = admin.post("/api/invitations", body).expect(201)["code"]
    people = [running.caller(f"newcomer-{number}") for number in range(DEVICES)]
    answers = at_once(
        *[
            lambda person=person: person.post("/api/me/roles", {"invitation_code": code})
            for person in people
        ]
    )
    assert sorted(answer.status for answer in answers) == [201] + [409] * (DEVICES - 1)


def test_first_sign_ins_at_once_make_one_person(running: Running):
    nobody = running.caller()
    answers = at_once(*[lambda: nobody.post("/api/sessions", {"code": "demo-new-phone"})] * DEVICES)
    assert len({answer.expect(201)["person"]["id"] for answer in answers}) == 1
    assert len({answer.json["token"] for answer in answers}) == DEVICES
