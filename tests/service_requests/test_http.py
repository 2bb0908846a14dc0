"""The routes as a client meets them."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from marshmallow import ValidationError

from backend.kernel import clock
from backend.kernel.db import db, fetch_one
from backend.kernel.json import loads
from backend.service_requests import schemas
from backend.web.pages import page_of
from backend.web.schemas import AwareDateTime
from tests.service_requests.conftest import LAMPS, WATER, Caller, Cast, on, pictures, unit_id

CallerFor = Callable[[str], Caller]

LAMP: dict[str, Any] = {
    "category": "street_lamp",
    "area_code": "520526001001",
    "description": "村口到小学这段路两盏路灯不亮了",
    "answers": {"fault": "dark"},
    "place": {"text": "小卖部对面", "latitude": 26.87, "longitude": 104.27},
    "visibility": "private",
    "attachment_ids": [],
}


def submit(caller: Caller, **changes: Any) -> dict[str, Any]:
    answer = caller.post("/requests", {**LAMP, **changes})
    assert answer.status_code == 201, answer.text
    return answer.json


def act(caller: Caller, request: dict[str, Any], action: str, **body: Any) -> dict[str, Any]:
    """Take an action on the request as last seen; the request afterwards."""
    version = loads(caller.get(f"/requests/{request['id']}").data)["version"]
    answer = caller.post(f"/requests/{request['id']}/{action}", {"version": version, **body})
    assert answer.status_code == 200, answer.text
    return answer.json


def test_the_whole_way_with_pictures(caller: CallerFor, cast: Cast):
    li, chen, liu, yang = (caller(w) for w in ("lixiuying", "chenwei", "liufang", "yangguang"))
    first, second, third, fourth = (
        str(pictures(cast[who])[0]) for who in ("lixiuying", "lixiuying", "chenwei", "lixiuying")
    )
    request = submit(li, attachment_ids=[first])
    act(yang, request, "assign", unit_id=str(unit_id(WATER)))
    act(yang, request, "assign", unit_id=str(unit_id(LAMPS)), note="是路灯")
    act(liu, request, "assign", handler_id=str(cast["chenwei"].id))
    act(chen, request, "start")
    asked = act(chen, request, "ask", items=[{"label": "编号牌", "kind": "photo"}])
    act(li, request, "supply", material_id=asked["materials"][0]["id"], attachment_ids=[second])
    act(chen, request, "reply", outcome="fixed", text="好了", attachment_ids=[third])
    act(li, request, "contest", reason="又灭了", attachment_ids=[fourth])
    act(chen, request, "start")
    act(chen, request, "reply", outcome="explained", text="要等变压器", basis="检修计划")
    confirmed = act(li, request, "confirm")
    rated = li.put(f"/requests/{request['id']}/rating", {"score": 4}).json

    assert confirmed["actions"] == ["came-back", "rate"]
    assert rated["rating"]["score"] == 4 and rated["rating"]["comment"] is None
    assert [(a["id"], a["kind"]) for a in rated["attachments"]] == [
        (first, "submitted"),
        (second, "supplied"),
        (third, "replied"),
        (fourth, "contested"),
    ]
    attached = {e["kind"]: e["attachment_ids"] for e in rated["timeline"] if e["attachment_ids"]}
    assert attached == {
        "submitted": [first],
        "supplied": [second],
        "replied": [third],
        "contested": [fourth],
    }


def today(later: int = 0) -> str:
    """A date in the county, so many days from now."""
    return str(on(clock.now(), timedelta(days=later)))


def test_what_a_client_gets_is_what_the_schemas_say(caller: CallerFor, cast: Cast):
    """PostgreSQL writes lists and details; dumping them through the schemas changes nothing."""
    li, chen = caller("lixiuying"), caller("chenwei")
    request = submit(li, attachment_ids=[str(pictures(cast["lixiuying"])[0])])
    other = submit(li, place=None, visibility="anonymous", description="有人触电，路灯杆漏电")
    act(chen, request, "accept")
    items = [{"label": "灯杆编号", "kind": "text", "note": "在灯杆上"}]
    asked = act(chen, request, "ask", items=items)
    act(li, request, "supply", material_id=asked["materials"][0]["id"], text="27 号")
    act(chen, request, "request-extension", reason="等灯头到货")
    act(caller("liufang"), request, "decide-extension", granted=True, note="抓紧")
    part = {"unit_id": str(unit_id(WATER)), "text": "查水管", "due_on": today()}
    helped = act(chen, request, "tasks", **part)
    answered = caller("zhaolei").post(
        f"/requests/{request['id']}/tasks/{helped['tasks'][0]['id']}/answer", {"text": "没漏"}
    )
    same_under(schemas.RequestView, answered.data)
    act(chen, request, "defer", until_on=today(9), text="等通电")
    act(li, request, "contest", reason="等不了")
    picture = str(pictures(cast["chenwei"])[0])
    act(chen, request, "reply", outcome="fixed", text="好了", attachment_ids=[picture])
    act(li, request, "confirm")
    li.put(f"/requests/{request['id']}/rating", {"score": 5, "comment": "谢谢"})
    act(chen, other, "accept")
    act(caller("liufang"), other, "assign", handler_id=str(cast["liufang"].id))
    act(caller("yangguang"), other, "assign", unit_id=str(unit_id(WATER)), note="漏电")
    act(caller("yangguang"), other, "assign", unit_id=str(unit_id(LAMPS)))

    same_under(schemas.RequestView, caller("zhaolei").get(f"/requests/{request['id']}").data)
    for who in ("lixiuying", "chenwei", "yangguang", "majing"):
        for each in (request, other):
            same_under(schemas.RequestView, caller(who).get(f"/requests/{each['id']}").data)
    same_under(page_of(schemas.OwnItem), li.get("/requests?limit=1").data)
    same_under(page_of(schemas.WorkItem), chen.get("/workbench/requests").data)
    same_under(schemas.WorkbenchSummary, chen.get("/workbench/summary").data)


def same_under(schema: type, body: bytes) -> None:
    read = loads(body)
    again = schema().dump(schema().load(read))
    assert normal(again) == normal(read)


def normal(value: Any) -> Any:
    """The same with datetimes in one spelling: 00:00 and Z, .123000 and .123 mean the same."""
    if isinstance(value, dict):
        return {key: normal(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [normal(inner) for inner in value]
    try:
        return AwareDateTime().deserialize(value) if isinstance(value, str) else value
    except ValidationError:
        return value


def test_an_old_version_answers_with_the_present_one(caller: CallerFor):
    request = submit(caller("lixiuying"))
    act(caller("chenwei"), request, "accept")
    answer = caller("liufang").post(f"/requests/{request['id']}/start", {"version": 1})
    assert answer.status_code == 409
    assert (answer.json["code"], answer.json["version"]) == ("request_changed", 2)


@pytest.mark.parametrize(
    ("who", "action", "status", "code"),
    [
        ("chenwei", "start", 409, "action_not_possible"),
        ("lixiuying", "accept", 403, "action_not_yours"),
        ("majing", "accept", 403, "action_not_yours"),
        ("zhaolei", "accept", 404, "not_found"),
        ("wangdafu", "withdraw", 404, "not_found"),
    ],
)
def test_refusals(caller: CallerFor, who: str, action: str, status: int, code: str):
    request = submit(caller("lixiuying"))
    answer = caller(who).post(f"/requests/{request['id']}/{action}", {"version": 1})
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.json["detail"]


def test_a_submission_sent_twice_is_one_request(caller: CallerFor):
    key = uuid4().hex
    answers = [caller("lixiuying").post("/requests", LAMP, key=key) for _ in range(2)]
    assert answers[0].status_code == answers[1].status_code == 201
    assert answers[0].data == answers[1].data
    assert fetch_one("SELECT count(*) FROM service_requests") == (1,)


def test_an_action_sent_twice_is_done_once_and_answered_alike(caller: CallerFor):
    request = submit(caller("lixiuying"))
    path, key = f"/requests/{request['id']}/accept", uuid4().hex
    answers = [caller("chenwei").post(path, {"version": 1}, key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].data == answers[1].data
    assert answers[1].json["version"] == 2


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"visibility": "secret"}, "/visibility", "not_a_choice"),
        ({"description": " "}, "/description", "required"),
        ({"description": "字" * 2001}, "/description", "too_long"),
        ({"area_code": "520526001001999"}, "/area_code", "unknown_area"),
        ({"category": "dragons"}, "/category", "unknown_category"),
        ({"answers": {"fault": "purple"}}, "/answers/fault", "not_a_choice"),
        ({"place": {"text": "村口", "latitude": 91}}, "/place/latitude", "too_large"),
        ({"place": {"text": "村口", "latitude": 26.87}}, "/place/longitude", "required"),
        ({"place": {"text": "村口", "longitude": 104.27}}, "/place/latitude", "required"),
        ({"place": {}}, "/place/text", "required"),
        (
            {"place": {"text": " ", "latitude": 26.87, "longitude": 104.27}},
            "/place/text",
            "required",
        ),
        ({"lead_unit_id": str(uuid4())}, "/lead_unit_id", "unknown_field"),
        ({"attachment_ids": [str(uuid4())] * 2}, "/attachment_ids", "repeated"),
        ({"attachment_ids": [str(uuid4())]}, "/attachment_ids/0", "attachment_not_available"),
    ],
)
def test_a_form_says_which_field_is_wrong(
    caller: CallerFor, change: dict[str, Any], field: str, code: str
):
    answer = caller("lixiuying").post("/requests", {**LAMP, **change})
    assert answer.status_code == 422
    assert (field, code) in [(error["field"], error["code"]) for error in answer.json["errors"]]


@pytest.mark.parametrize(
    "place",
    [{"text": "小卖部对面"}, {"latitude": 26.87, "longitude": 104.27}],
    ids=["words", "pin"],
)
def test_a_place_is_words_or_a_pin(caller: CallerFor, place: dict[str, Any]):
    kept = {"text": None, "latitude": None, "longitude": None, **place}
    request = submit(caller("lixiuying"), place=place)
    assert request["place"] == kept
    for who in ("lixiuying", "chenwei"):
        body = caller(who).get(f"/requests/{request['id']}").data
        same_under(schemas.RequestView, body)
        assert loads(body)["place"] == kept and all(loads(body)["receipt"].values())


def test_somebody_elses_picture_cannot_be_attached(caller: CallerFor, cast: Cast):
    theirs = str(pictures(cast["wangdafu"])[0])
    answer = caller("lixiuying").post("/requests", {**LAMP, "attachment_ids": [theirs]})
    assert answer.json["errors"][0]["code"] == "attachment_not_available"
    assert fetch_one("SELECT count(*) FROM service_requests") == (0,)


def test_nothing_new_is_a_304(caller: CallerFor):
    li = caller("lixiuying")
    path = f"/requests/{submit(li)['id']}"
    first = li.get(path)
    assert first.status_code == 200
    assert li.get(path, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    act(caller("chenwei"), first.json, "accept")
    assert li.get(path, **{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_pages_turn_over_http(caller: CallerFor):
    li = caller("lixiuying")
    made = [submit(li)["id"] for _ in range(3)]
    first = li.get("/requests?limit=2").json
    second = li.get(f"/requests?limit=2&cursor={first['next_cursor']}").json
    assert [item["id"] for item in first["items"] + second["items"]] == made[::-1]
    assert second["next_cursor"] is None
    bad = li.get(f"/requests?cursor={first['next_cursor'][:-2]}xx")
    assert (bad.status_code, bad.json["code"]) == (422, "bad_cursor")


def test_the_workbench_is_for_staff(caller: CallerFor):
    for path in ("/workbench/requests", "/workbench/summary"):
        answer = caller("lixiuying").get(path)
        assert (answer.status_code, answer.json["code"]) == (403, "staff_only")
    submit(caller("lixiuying"))
    found = caller("chenwei").get("/workbench/requests?queue=unit&overdue=false&q=路灯").json
    assert found["items"][0]["requester_name"] == "lixiuying"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=accepted", 0),
        ("state=accepted,submitted", 1),
        ("state=accepted&state=submitted", 1),
        ("state=accepted&state=submitted,replied&due_today=false", 1),
        ("due_today=true", 0),
    ],
)
def test_several_states_can_be_asked_for_together(caller: CallerFor, query: str, found: int):
    submit(caller("lixiuying"))  # due 24 hours from now, so tomorrow
    answer = caller("yangguang").get(f"/workbench/requests?{query}")
    assert (answer.status_code, len(answer.json["items"])) == (200, found)


@pytest.mark.parametrize(
    ("who", "path", "field", "code"),
    [
        ("chenwei", "/workbench/requests?state=accepted,lost", "/state/1", "not_a_choice"),
        ("chenwei", "/workbench/requests?state=", "/state/0", "not_a_choice"),
        ("chenwei", "/workbench/requests?state=accepted,accepted", "/state", "repeated"),
        ("chenwei", "/workbench/requests?state=" + 17 * "replied,", "/state", "too_many"),
        ("lixiuying", "/requests?view=mine", "/view", "not_a_choice"),
        ("lixiuying", "/requests?state=accepted", "/state", "unknown_field"),
    ],
)
def test_a_list_says_what_is_wrong_with_its_query(
    caller: CallerFor, who: str, path: str, field: str, code: str
):
    answer = caller(who).get(path)
    assert answer.status_code == 422
    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [(field, code)]


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every SQL statement that is sent from now on."""
    sent: list[str] = []
    execute = db.execute_sql

    def remember(sql: str, *args: Any, **kwargs: Any) -> Any:
        sent.append(sql)
        return execute(sql, *args, **kwargs)

    monkeypatch.setattr(db, "execute_sql", remember)
    yield sent


@pytest.mark.parametrize(
    ("who", "path", "most"),
    [
        ("lixiuying", "/requests", 1),
        ("chenwei", "/workbench/requests", 1),
        ("chenwei", "/workbench/summary", 1),
        # the request with its timeline, and its pictures
        ("lixiuying", "/requests/{id}", 2),
        ("chenwei", "/requests/{id}", 2),
    ],
)
def test_reading_takes_this_many_statements_however_much_there_is(
    caller: CallerFor, cast: Cast, statements: list[str], who: str, path: str, most: int
):
    for _ in range(3):
        ids = [str(picture) for picture in pictures(cast["lixiuying"], 3)]
        request = submit(caller("lixiuying"), attachment_ids=ids)
    act(caller("chenwei"), request, "accept")
    statements.clear()
    assert caller(who).get(path.format(id=request["id"])).status_code == 200
    assert len(statements) == most, statements
    assert not [sql for sql in statements if not sql.lstrip().startswith("SELECT")]


def test_a_look_at_the_phone_is_asked_for_and_recorded(caller: CallerFor):
    path = f"/requests/{submit(caller('lixiuying'))['id']}/contact"
    chen, majing = caller("chenwei"), caller("majing")
    answer = chen.post(path, None)
    assert answer.status_code == 200
    assert answer.json == {"name": "lixiuying", "phone": "13812345678"}
    assert answer.headers["Cache-Control"] == "no-store"
    refused = majing.post(path, None)
    assert (refused.status_code, refused.json["code"]) == (403, "contact_not_available")
    assert chen.get(path).status_code == 405
    reads = "SELECT count(*) FROM audit_log WHERE action = 'personal_data.read'"
    assert fetch_one(reads) == (1,)


def test_writing_takes_this_many_statements(caller: CallerFor, statements: list[str]):
    statements.clear()
    request = submit(caller("lixiuying"))
    assert len(statements) == 10, statements
    statements.clear()
    answer = caller("chenwei").post(f"/requests/{request['id']}/accept", {"version": 1})
    assert answer.status_code == 200
    assert len(statements) == 8, statements
