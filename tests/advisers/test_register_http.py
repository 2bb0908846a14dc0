"""The register, topics and parties as clients meet them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.advisers import service
from backend.advisers.schemas import register as schemas
from backend.kernel import clock
from backend.kernel.actor import Actor
from backend.kernel.db import execute
from backend.web.pages import page_of
from tests.advisers.conftest import Device
from tests.advisers.register import OTHER_TOWNSHIP, OTHER_VILLAGE, TOWNSHIP, VILLAGE, enrolled
from tests.service_requests.conftest import pictures

SignedIn = Callable[[Actor], Device]

HE: dict[str, Any] = {
    "name": "何敏",
    "firm": "草海律师事务所",
    "licence_no": "15205201310000001",
    "phone": "0857-0000301",
    "languages": ["mandarin", "yi"],
    "intro": "常办婚姻家庭的事。\n可以说彝语。",
    "term_from": "2026-01-01",
    "villages": [VILLAGE],
    "standby": [TOWNSHIP],
}


def test_an_adviser_from_the_register_to_the_phone(
    device: SignedIn, justice_officer: Actor, resident: Actor, app: Flask
) -> None:
    officer, li = device(justice_officer), device(resident)
    made = officer.post("/advisers", HE)
    assert made.status_code == 201, made.text
    one = f"/advisers/{made.json['id']}"
    code = officer.post(f"{one}/invitation").json["code"]
    lawyer = device(enrolled("何律师", clock.now()))
    assert lawyer.get("/me/adviser").status_code == 404
    assert lawyer.post("/me/roles", {"invitation_code": code}).status_code == 201
    assert lawyer.get("/me/adviser").json["id"] == made.json["id"]
    again = officer.post(f"{one}/invitation")
    assert (again.status_code, again.json["code"]) == (409, "adviser_joined")
    assert (
        lawyer.post("/adviser/parties", {"clients": ["李四"], "opponents": []}).status_code == 204
    )
    assert service.conflicts(UUID(made.json["id"]), ["王五"], ["李 四"])

    assert officer.post(f"{one}/suspend", {"reason": "考核"}).json["state"] == "suspended"
    found = li.get(f"/advisers/serving?area={VILLAGE}").json
    assert found["adviser"]["bookable"] is False and found["justice_office"]["phone"]
    assert officer.post(f"{one}/resume").json["state"] == "active"
    changed = officer.put(one, {**HE, "phone": None, "languages": ["miao"]})
    assert changed.status_code == 200 and changed.json["phone"] is None
    assert li.get("/advisers?language=miao").json["items"][0]["name"] == "何敏"


def test_languages_are_named_in_the_readers_own(
    device: SignedIn, justice_officer: Actor, resident: Actor
) -> None:
    made = device(justice_officer).post("/advisers", HE).json
    assert made["languages"] == [
        {"code": "mandarin", "name": "普通话"},
        {"code": "yi", "name": "彝语"},
    ]
    execute("UPDATE people SET language = 'en' WHERE id = %s", (resident.id,))
    execute("UPDATE advisers SET languages = '{yi,gone}'")
    shown = device(resident).get(f"/advisers/{made['id']}").json["languages"]
    assert shown == [{"code": "yi", "name": "Yi"}, {"code": "gone", "name": "gone"}]


def test_answers_are_what_the_schemas_say(
    device: SignedIn, admin: Actor, resident: Actor, standby_id: UUID
) -> None:
    made = device(admin).post("/advisers", HE | {"standby": []}).json
    li = device(resident)
    for path, schema in (
        (f"/advisers/serving?area={VILLAGE}", schemas.Serving),
        ("/advisers?limit=1", page_of(schemas.Adviser)),
        (f"/advisers/{made['id']}", schemas.AdviserDetail),
        ("/legal/topics", schemas.LegalTopics),
    ):
        answer = li.get(path)
        assert answer.status_code == 200, answer.text
        assert not schema().validate(answer.json), path


def test_a_photo_is_the_officers_to_give_and_everybodys_to_see(
    device: SignedIn, justice_officer: Actor, resident: Actor
) -> None:
    officer, li = device(justice_officer), device(resident)
    (photo,) = map(str, pictures(justice_officer, now=clock.now()))
    made = officer.post("/advisers", HE | {"photo_id": photo}).json
    assert made["photo_id"] == photo
    shown = li.get(f"/advisers/{made['id']}").json["photo_url"]
    assert f"/attachments/{photo}/thumbnail" in shown and str(resident.id) in shown
    kept = officer.put(f"/advisers/{made['id']}", HE | {"photo_id": photo})
    assert kept.status_code == 200 and kept.json["photo_id"] == photo
    (others,) = map(str, pictures(resident, now=clock.now()))
    stolen = officer.put(f"/advisers/{made['id']}", HE | {"photo_id": others})
    assert (stolen.status_code, stolen.json["code"]) == (422, "attachment_not_available")
    assert officer.put(f"/advisers/{made['id']}", HE).json["photo_url"] is None


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"licence_no": "暂无"}, "/licence_no", "licence_no_invalid"),
        ({"phone": "没有"}, "/phone", "office_phone_invalid"),
        ({"term_until": "2025-12-31"}, "/term_until", "term_ends_before"),
        ({"villages": [], "standby": []}, "/villages", "required"),
        ({"standby": [VILLAGE]}, "/standby", "repeated"),
        ({"villages": [VILLAGE, VILLAGE]}, "/villages", "repeated"),
        ({"villages": ["520526001099"]}, "/villages/0", "no_such_village"),
        ({"villages": [f"{OTHER_TOWNSHIP}001"]}, "/villages/0", "not_your_area"),
        ({"languages": ["话"] * 9}, "/languages", "too_many"),
        ({"languages": ["mandarin", "火星话"]}, "/languages/1", "no_such_language"),
        ({"name": " "}, "/name", "required"),
        ({"salary": 1}, "/salary", "unknown_field"),
    ],
)
def test_what_does_not_fit_is_named(
    change: dict[str, Any], field: str, code: str, device: SignedIn, justice_officer: Actor
) -> None:
    refused = device(justice_officer).post("/advisers", HE | change)
    assert refused.status_code == 422, refused.text
    assert (field, code) in [(e["field"], e["code"]) for e in refused.json["errors"]]


def test_what_is_taken_is_said(device: SignedIn, admin: Actor) -> None:
    boss = device(admin)
    boss.post("/advisers", HE)
    village = boss.post("/advisers", HE | {"licence_no": "152052013"})
    assert (village.status_code, village.json["code"]) == (409, "village_taken")
    licence = boss.post("/advisers", HE | {"villages": [OTHER_VILLAGE], "standby": []})
    assert (licence.status_code, licence.json["code"]) == (409, "licence_taken")


def test_a_file_is_imported_or_every_bad_line_told(
    device: SignedIn, justice_officer: Actor, resident: Actor
) -> None:
    officer = device(justice_officer)
    header = "执业证号,姓名,律师事务所,任期起,服务村"
    good = f"{header}\n15205201310000001,何敏,草海律师事务所,2026-01-01,{VILLAGE}\n"
    bad = f"{good}15205201310000002,,草海律师事务所,长期,{OTHER_VILLAGE}\n"
    refused = officer.post("/advisers/import", {"csv": bad})
    assert (refused.status_code, refused.json["code"]) == (422, "import_invalid")
    assert refused.json["lines"] == [
        {"line": 3, "message": "“任期起”不是日期，请写成 2026-01-31 这样"},
        {"line": 3, "message": "“姓名”没有填"},
    ]
    done = officer.post("/advisers/import", {"csv": good})
    assert done.json == {"total": 1, "added": 1, "changed": 0}
    assert device(resident).post("/advisers/import", {"csv": good}).status_code == 403


def test_who_is_not_signed_in_sees_the_topics_only(client: FlaskClient, adviser_id: UUID) -> None:
    assert client.get("/api/legal/topics").status_code == 200
    for path in (f"/advisers/{adviser_id}", "/advisers", f"/advisers/serving?area={VILLAGE}"):
        assert client.get(f"/api{path}").status_code == 401


def test_topics_speak_both_languages_and_are_not_sent_twice(client: FlaskClient) -> None:
    chinese = client.get("/api/legal/topics")
    english = client.get("/api/legal/topics", headers={"Accept-Language": "en"})
    assert chinese.json["items"][0]["name"] != english.json["items"][0]["name"]
    again = client.get("/api/legal/topics", headers={"If-None-Match": chinese.headers["ETag"]})
    assert again.status_code == 304


def test_strange_questions_are_refused_not_broken(device: SignedIn, resident: Actor) -> None:
    li = device(resident)
    for path, status in (
        ("/advisers/serving", 422),
        ("/advisers/serving?area=abc", 422),
        ("/advisers/serving?area=999999", 422),
        ("/advisers?cursor=x", 422),
        ("/advisers?q=%27%3B--&area=520526", 200),
        ("/advisers/00000000-0000-7000-8000-000000000000", 404),
    ):
        assert li.get(path).status_code == status, path
