"""One list of what is missing, given item by item, and what was given once can be given again."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from backend.kernel.actor import Actor
from backend.kernel.db import fetch_all, fetch_one
from backend.kernel.errors import NotFound
from backend.service_requests import errors, service
from backend.service_requests.rules import A, MaterialKind
from backend.service_requests.service import Item, Supply
from tests.service_requests.conftest import (
    NOW,
    Caller,
    Cast,
    act,
    lamp,
    pictures,
    state,
    version,
    view,
)
from tests.service_requests.telling import inboxes, tell_all

NUMBER = Item("灯杆编号", MaterialKind.TEXT)
PHOTO = Item("现场照片", MaterialKind.PHOTO, "远近各一张")


def asked(cast: Cast, *items: Item, by: str = "lixiuying", now=NOW) -> tuple[UUID, list[UUID]]:
    """A request of which the resident is asked for these, and their ids."""
    request_id = service.submit(cast[by], lamp(), now)
    act(cast["chenwei"], request_id, A.ACCEPT, now=now)
    service.ask(cast["chenwei"], request_id, version(request_id), items, "补齐就能办", now)
    shown = view(cast["chenwei"], request_id, now)["materials"]
    return request_id, [UUID(item["id"]) for item in shown]


def give(actor: Actor, request_id: UUID, material_id: UUID, now=NOW, **given: Any) -> None:
    service.supply(actor, request_id, version(request_id), Supply(material_id, **given), now)


def test_the_list_is_settled_item_by_item_and_then_the_work_goes_on(cast: Cast):
    li = cast["lixiuying"]
    request_id, (number, photo, again) = asked(cast, NUMBER, PHOTO, NUMBER)
    (picture,) = pictures(li)
    give(li, request_id, number, text="27 号")
    give(li, request_id, photo, attachment_ids=[picture])
    assert state(request_id) == "awaiting_resident"
    later = NOW + timedelta(hours=3)
    give(li, request_id, again, text="牌子掉了", unavailable=True, now=later)

    found = view(li, request_id, later)
    assert found["state"] == "in_progress"
    assert found["due_at"] == "2026-11-24T11:00:00+00:00"
    told = ("label", "note", "state", "text", "attachment_ids", "reused")
    assert [tuple(item[name] for name in told) for item in found["materials"]] == [
        ("灯杆编号", None, "supplied", "27 号", [], False),
        ("现场照片", "远近各一张", "supplied", None, [str(picture)], False),
        ("灯杆编号", None, "unavailable", "牌子掉了", [], False),
    ]
    events = [e["data"] for e in found["timeline"] if e["kind"] == "supplied"]
    assert events == [
        {"label": "灯杆编号", "material": "supplied"},
        {"label": "现场照片", "material": "supplied"},
        {"label": "灯杆编号", "material": "unavailable"},
    ]


def test_what_was_given_is_for_who_gave_it_and_who_asked(cast: Cast):
    li = cast["lixiuying"]
    request_id, (number, photo) = asked(cast, NUMBER, PHOTO)
    give(li, request_id, number, text="身份证 522401")
    give(li, request_id, photo, attachment_ids=pictures(li))
    for who, readable in [("lixiuying", True), ("chenwei", True), ("liufang", True),
                          ("yangguang", False), ("majing", False)]:  # fmt: skip
        found = view(cast[who], request_id)
        assert ("身份证 522401" in str(found)) is readable
        assert bool(found["materials"][1]["attachment_ids"]) is readable
        assert bool(found["attachments"]) is readable
    stored = fetch_all("SELECT text_encrypted FROM materials WHERE text_encrypted IS NOT NULL")
    assert all(b"522401" not in bytes(blob) for (blob,) in stored)


def test_what_is_given_must_fit_an_item_that_is_still_missing(cast: Cast):
    li = cast["lixiuying"]
    request_id, (number, photo) = asked(cast, NUMBER, PHOTO)
    elsewhere, _ = asked(cast, NUMBER)
    give(li, request_id, number, text="27 号")
    for target, material_id, given, refusal in [
        (request_id, number, {"text": "28 号"}, errors.MaterialSettled),
        (request_id, uuid4(), {"text": "28 号"}, errors.UnknownMaterial),
        (elsewhere, number, {"text": "28 号"}, errors.UnknownMaterial),
        (request_id, photo, {"text": "没有照片"}, errors.MaterialEmpty),
        (request_id, photo, {"unavailable": True}, errors.MaterialEmpty),
        (request_id, photo, {"reuse_of": uuid4()}, errors.MaterialNotReusable),
    ]:
        before = version(target)
        with pytest.raises(refusal):
            give(li, target, material_id, **given)
        assert (version(target), state(target)) == (before, "awaiting_resident")


def test_the_unit_can_go_on_without(cast: Cast):
    request_id, (number,) = asked(cast, NUMBER)
    later = NOW + timedelta(days=3)
    act(cast["chenwei"], request_id, A.START, now=later)
    found = view(cast["lixiuying"], request_id, later)
    assert found["state"] == "in_progress" and found["due_at"] == "2026-11-27T08:00:00+00:00"
    with pytest.raises(errors.ActionNotPossible):
        give(cast["lixiuying"], request_id, number, text="27 号", now=later)


@pytest.mark.parametrize("settled", [False, True])
def test_a_second_list_is_refused_and_the_supervisor_told_once(
    caller: Any, cast: Cast, notice_templates: None, settled: bool
):
    request_id, (number,) = asked(cast, NUMBER)
    if settled:
        give(cast["lixiuying"], request_id, number, text="27 号")
    chen: Caller = caller("chenwei")
    body = {"version": version(request_id), "items": [{"label": "再来一张", "kind": "photo"}]}
    key = uuid4().hex
    for attempt in (key, key, None):
        answer = chen.post(f"/requests/{request_id}/ask", body, attempt)
        assert (answer.status_code, answer.json["code"]) == (409, "already_asked")
    assert caller("liufang").post(f"/requests/{request_id}/ask", body).status_code == 409

    assert version(request_id) == body["version"]
    timeline = view(cast["majing"], request_id)["timeline"]
    flagged = [event for event in timeline if event["kind"] == "second_list"]
    assert [(e["by"]["name"], e["internal"]) for e in flagged] == [("chenwei", True)]
    assert "second_list" not in str(view(cast["lixiuying"], request_id)["timeline"])
    tell_all()
    assert inboxes()["majing"] == ["second_list"]
    assert fetch_one("SELECT count(*) FROM idempotency_keys WHERE status IS NULL") == (0,)


def test_who_may_not_ask_flags_nothing(cast: Cast):
    request_id, (number,) = asked(cast, NUMBER)
    give(cast["lixiuying"], request_id, number, text="27 号")
    for who, refusal in [("wangdafu", NotFound), ("majing", errors.ActionNotYours),
                         ("lixiuying", errors.ActionNotYours)]:  # fmt: skip
        with pytest.raises(refusal):
            service.ask(cast[who], request_id, version(request_id), [NUMBER], None, NOW)
    with pytest.raises(errors.RequestChanged):
        service.ask(cast["chenwei"], request_id, 1, [NUMBER], None, NOW)
    assert fetch_one("SELECT count(*) FROM timeline_events WHERE kind = 'second_list'") == (0,)


def given_once(cast: Cast) -> tuple[UUID, UUID, UUID]:
    """李秀英 gave a text and a picture: those items, and the picture."""
    li = cast["lixiuying"]
    request_id, (number, photo) = asked(cast, NUMBER, PHOTO)
    (picture,) = pictures(li)
    give(li, request_id, number, text="身份证 522401")
    give(li, request_id, photo, attachment_ids=[picture], now=NOW + timedelta(hours=1))
    return number, photo, picture


def test_what_was_given_once_is_given_again(cast: Cast):
    li = cast["lixiuying"]
    number, photo, picture = given_once(cast)
    later = NOW + timedelta(days=40)
    request_id, (second_number, second_photo) = asked(cast, NUMBER, PHOTO, now=later)
    give(li, request_id, second_number, reuse_of=number, now=later)
    give(li, request_id, second_photo, reuse_of=photo, now=later)

    found = view(cast["chenwei"], request_id, later)
    assert [(m["state"], m["text"], m["reused"]) for m in found["materials"]] == [
        ("supplied", "身份证 522401", True),
        ("supplied", None, True),
    ]
    (shown,) = found["attachments"]
    assert found["materials"][1]["attachment_ids"] == [shown["id"]] != [str(picture)]
    assert [e["data"]["reused"] for e in found["timeline"] if e["kind"] == "supplied"] == [
        True,
        True,
    ]
    # Sealed anew, for its own place: the text of one row is nothing in another.
    sealed = fetch_all("SELECT text_encrypted FROM materials WHERE text_encrypted IS NOT NULL")
    assert len(set(sealed)) == 2
    audited = fetch_all("SELECT actor_id, details FROM audit_log WHERE action = 'material.reused'")
    assert [(who, details["reuse_of"]) for who, details in audited] == [
        (li.id, str(number)),
        (li.id, str(photo)),
    ]


def test_only_ones_own_things_of_the_same_kind_are_used_again(cast: Cast):
    number, photo, _ = given_once(cast)
    mine, (text, picture) = asked(cast, NUMBER, PHOTO)
    theirs, (others, _) = asked(cast, NUMBER, PHOTO, by="wangdafu")
    refused_once, (unavailable,) = asked(cast, NUMBER)
    give(cast["lixiuying"], refused_once, unavailable, text="没有", unavailable=True)
    for who, request_id, item, source in [
        ("wangdafu", theirs, others, number),
        ("lixiuying", mine, text, photo),
        ("lixiuying", mine, picture, number),
        ("lixiuying", mine, text, unavailable),
        ("lixiuying", mine, text, text),
        ("lixiuying", mine, text, uuid4()),
    ]:
        with pytest.raises(errors.MaterialNotReusable):
            give(cast[who], request_id, item, reuse_of=source)
    assert fetch_one("SELECT count(*) FROM attachments") == (1,)


def test_everybody_sees_what_they_themselves_have_given(caller: Any, cast: Cast):
    number, photo, picture = given_once(cast)
    request_id, (again,) = asked(cast, PHOTO)
    give(cast["lixiuying"], request_id, again, reuse_of=photo)

    items = caller("lixiuying").get("/me/materials").json["items"]
    assert [(item["id"], item["label"], item["kind"]) for item in items] == [
        (str(photo), "现场照片", "photo"),
        (str(number), "灯杆编号", "text"),
    ]
    assert items[0]["thumbnail_url"].startswith(f"/api/attachments/{picture}/")
    assert items[1]["thumbnail_url"] is None
    texts = caller("lixiuying").get("/me/materials?kind=text").json["items"]
    assert [item["id"] for item in texts] == [str(number)]
    for who in ("wangdafu", "chenwei", "majing"):
        assert caller(who).get("/me/materials").json == {"items": []}


def test_nothing_is_reused_over_http_that_is_not_ones_own(caller: Any, cast: Cast):
    number, _, _ = given_once(cast)
    request_id, (item,) = asked(cast, NUMBER, by="wangdafu")
    body = {"version": version(request_id), "material_id": str(item), "reuse_of": str(number)}
    answer = caller("wangdafu").post(f"/requests/{request_id}/supply", body)
    assert (answer.status_code, answer.json["code"]) == (422, "material_not_reusable")
    assert "522401" not in answer.text
