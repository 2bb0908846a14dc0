"""The inbox and the grants over HTTP."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.notices.rules import KINDS
from backend.notices.templates import Template
from tests.notices.conftest import NOW, PARAMS

Call = Callable[..., Any]


@pytest.fixture
def as_resident(client: FlaskClient, person_id: UUID) -> Call:
    """Calls signed in, each with an idempotency key of its own."""

    def call(method: str, path: str, **kwargs: Any) -> Any:
        headers = {"Authorization": f"Bearer {person_id}"} | kwargs.pop("headers", {})
        if method == "POST":
            headers.setdefault("Idempotency-Key", str(uuid4()))
        return client.open(path, method=method, headers=headers, **kwargs)

    return call


def test_the_inbox_comes_page_by_page(
    as_resident: Call, person_id: UUID, tell: Callable[..., UUID]
) -> None:
    told = [tell(person_id, at=NOW + timedelta(seconds=n // 2)) for n in range(7)]
    seen: list[str] = []
    cursor, pages = None, 0
    while pages == 0 or cursor:
        query = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        body = as_resident("GET", "/api/notices", query_string=query).get_json()
        seen += [item["subject"]["id"] for item in body["items"]]
        cursor, pages = body["next_cursor"], pages + 1
    assert pages == 3
    assert sorted(seen) == sorted(map(str, told))


def test_an_empty_inbox_and_a_full_page_end(
    as_resident: Call, person_id: UUID, tell: Callable[..., UUID]
) -> None:
    assert as_resident("GET", "/api/notices").get_json() == {"items": [], "next_cursor": None}
    for _ in range(3):
        tell(person_id)
    body = as_resident("GET", "/api/notices", query_string={"limit": 3}).get_json()
    assert len(body["items"]) == 3 and body["next_cursor"] is None


def test_a_notice_says_everything_the_client_shows(
    as_resident: Call, person_id: UUID, tell: Callable[..., UUID]
) -> None:
    subject_id = tell(person_id)
    ((item,),) = (as_resident("GET", "/api/notices").get_json()["items"],)
    assert UUID(item.pop("id"))
    assert item == {
        "kind": "request_replied",
        "title": "You have a reply",
        "body": f"{PARAMS['unit_name']} replied to your request about “Street lamp”"
        f" ({PARAMS['number']}). Please check whether it is really solved.",
        "at": "2026-11-23T07:01:00Z",
        "read": False,
        "subject": {"kind": "service_request", "id": str(subject_id), "as": "requester"},
        "wechat": None,
    }


def test_every_kind_can_be_shown(
    as_resident: Call, person_id: UUID, tell: Callable[..., UUID]
) -> None:
    for kind in KINDS:
        tell(person_id, kind)
    shown: set[str] = set()
    cursor: str | None = None
    while cursor or not shown:
        query = {"limit": 50, **({"cursor": cursor} if cursor else {})}
        page = as_resident("GET", "/api/notices", query_string=query).get_json()
        shown |= {item["kind"] for item in page["items"]}
        cursor = page["next_cursor"]
    assert shown == set(KINDS)


def test_the_number_of_unread_is_sent_again_only_when_it_changed(
    as_resident: Call, person_id: UUID, tell: Callable[..., UUID]
) -> None:
    tell(person_id)
    first = as_resident("GET", "/api/notices/unread")
    assert first.get_json() == {"count": 1}
    known = {"If-None-Match": first.headers["ETag"]}
    assert as_resident("GET", "/api/notices/unread", headers=known).status_code == 304
    tell(person_id)
    assert as_resident("GET", "/api/notices/unread", headers=known).get_json() == {"count": 2}


def test_reading_one_then_all(
    as_resident: Call, person_id: UUID, tell: Callable[..., UUID]
) -> None:
    for _ in range(3):
        tell(person_id)
    first = as_resident("GET", "/api/notices").get_json()["items"][0]
    answer = as_resident("POST", "/api/notices/read", json={"ids": [first["id"]]})
    assert (answer.status_code, answer.data) == (204, b"")
    read = [item["read"] for item in as_resident("GET", "/api/notices").get_json()["items"]]
    assert read == [True, False, False]
    assert as_resident("POST", "/api/notices/read").status_code == 204
    assert as_resident("GET", "/api/notices/unread").get_json() == {"count": 0}


def test_asking_and_answering(as_resident: Call, reply: Template) -> None:
    asked = as_resident("GET", "/api/subscriptions?moment=submitted").get_json()["templates"]
    assert [each["key"] for each in asked] == [
        "request_progress",
        "request_question",
        "request_reply",
    ]
    assert asked[2] == {
        "key": "request_reply",
        "template_id": reply.template_id,
        "title": "Reply to a request",
        "credits": 0,
    }
    report = {
        "results": [
            {"template_id": each["template_id"], "outcome": outcome}
            for each, outcome in zip(asked, ["reject", "filter", "acceptWithAudio"], strict=True)
        ]
    }
    headers = {"Idempotency-Key": "subscribe-1"}
    for _ in range(3):
        answer = as_resident("POST", "/api/subscriptions", json=report, headers=headers)
        assert answer.status_code == 201
        assert [each["credits"] for each in answer.get_json()["templates"]] == [0, 0, 1]
    assert as_resident("GET", "/api/subscriptions?moment=other").get_json() == {"templates": []}


@pytest.mark.parametrize(
    ("method", "path", "json", "status"),
    [
        ("GET", "/api/notices?limit=0", None, 422),
        ("GET", "/api/notices?cursor=W10.x", None, 422),
        ("GET", "/api/notices?sort=up", None, 422),
        ("POST", "/api/notices/read", {"ids": ["x"]}, 422),
        ("POST", "/api/notices/read", {"ids": None}, 422),
        ("POST", "/api/notices/read", [], 422),
        ("GET", "/api/subscriptions", None, 422),
        ("GET", "/api/subscriptions?moment=%00", None, 422),
        ("POST", "/api/subscriptions", None, 422),
        ("POST", "/api/subscriptions", {"results": []}, 422),
        ("POST", "/api/subscriptions", {"results": [{"template_id": "a"}]}, 422),
        ("POST", "/api/subscriptions", {"results": [{"template_id": "a", "outcome": "1"}]}, 422),
        (
            "POST",
            "/api/subscriptions",
            {"results": [{"template_id": "a", "outcome": "accept"}] * 4},
            422,
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(
    as_resident: Call, method: str, path: str, json: Any, status: int
) -> None:
    answer = as_resident(method, path, json=json)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/notices"),
        ("GET", "/api/notices/unread"),
        ("POST", "/api/notices/read"),
        ("GET", "/api/subscriptions?moment=submitted"),
        ("POST", "/api/subscriptions"),
    ],
)
def test_strangers_are_turned_away(client: FlaskClient, method: str, path: str) -> None:
    assert client.open(path, method=method).status_code == 401


def test_every_route_is_documented_with_its_answers(web: Flask) -> None:
    document = web.extensions["api"].document()
    assert set(document["paths"]) == {
        "/api/notices",
        "/api/notices/unread",
        "/api/notices/read",
        "/api/subscriptions",
        "/wechat/push",
    }
    item = document["components"]["schemas"]["NoticeView"]["properties"]
    assert set(item["wechat"]["enum"]) >= {"pending", "sent", "refused", "failed", "unknown"}
