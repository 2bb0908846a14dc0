"""One's own data: who read it, all of it, and the end of the account."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from backend.kernel import audit
from backend.kernel.actor import Actor, Role, Scope
from backend.kernel.clock import now
from backend.kernel.db import connection, fetch_all, fetch_one
from backend.kernel.errors import DomainError
from backend.kernel.ids import new_id
from backend.kernel.messages import text
from backend.notices import service as notices
from backend.people import errors, ports, queries, service
from tests.attachments.pictures import encoded, halves
from tests.callers import Caller, into
from tests.people.conftest import COUNTY, NOW, VILLAGE, actor
from tests.policy.scene import work

SignIn = Callable[[str], service.SignedIn]

PHONE = "13812345678"
ID_NUMBER = "11010519491231002X"
ADDRESS = "海边街道大洼塘社区三组12号"
BOTH = service.Terms(tuple(Scope), 30)


@pytest.fixture
def li(signed_in: SignIn) -> service.SignedIn:
    """李秀英, who has told everything of herself."""
    session = signed_in("lixiuying")
    profile = {"name": "李秀英", "home_area_code": VILLAGE, "address": ADDRESS}
    service.update_profile(actor(session), {**profile, "id_number": ID_NUMBER}, NOW)
    service.set_phone(actor(session), PHONE)
    return session


@pytest.fixture
def chen(signed_in: SignIn, units: list[UUID]) -> service.SignedIn:
    """陈伟, handler."""
    session = signed_in("chenwei")
    service.update_profile(actor(session), {"name": "陈伟"}, NOW)
    service.grant(session.person_id, Role.HANDLER, NOW, unit_id=units[0])
    return session


def _read(reader: Actor, person_id: UUID, matter: UUID, kind: str = "service_request") -> None:
    service.contact_of(reader, person_id, subject_kind=kind, subject_id=matter)


def _log(session: service.SignedIn) -> list[dict[str, Any]]:
    items, place = service.access_log(actor(session), None, 50)
    assert place is None
    return items


def _export(session: service.SignedIn) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(service.export(actor(session), NOW))["sections"]
    return found


# Who read it


def test_one_sees_who_read_what_for_which_matter(
    li: service.SignedIn, chen: service.SignedIn
) -> None:
    known, unknown, elsewhere = new_id(), new_id(), new_id()
    asked: list[set[UUID]] = []

    def numbers_of(ids: Any) -> dict[UUID, str]:
        asked.append(set(ids))
        return {known: "2611230000427"}

    ports.register_numbers("service_request", numbers_of)
    for matter in (known, unknown):
        _read(actor(chen), li.person_id, matter)
    _read(actor(chen), li.person_id, elsewhere, "something_else")
    log = _log(li)
    assert [entry["number"] for entry in log] == [None, None, "2611230000427"]
    assert asked == [{known, unknown}]
    for entry in log:
        assert entry["by_name"] == "陈伟"
        assert entry["fields"] == ["phone"]
    assert _log(chen) == []


def test_the_unit_is_the_one_of_the_time_in_the_readers_language(
    signed_in: SignIn, li: service.SignedIn, units: list[UUID]
) -> None:
    # The log has the time of the database: the roles of this reader are of today, too.
    session = signed_in("zhaolei")
    service.grant(session.person_id, Role.HANDLER, now(), unit_id=units[1])
    reader = queries.actor_of(session.person_id, now())
    assert reader is not None
    _read(reader, li.person_id, new_id())
    row = fetch_one("SELECT id FROM role_grants WHERE person_id = %s", (session.person_id,))
    names = fetch_one("SELECT name, name_en FROM units WHERE id = %s", (units[1],))
    assert row is not None and names is not None
    service.grant(signed_in("admin").person_id, Role.ADMIN, NOW, area_code=COUNTY)
    service.revoke(actor(signed_in("admin")), row[0], now())
    for language, name in zip(("zh-CN", "en"), names, strict=True):
        service.update_profile(actor(li), {"language": language}, NOW)
        (entry,) = _log(li)
        assert entry["unit_name"] == name


def test_a_reader_who_left_stays_in_the_log(li: service.SignedIn, chen: service.SignedIn) -> None:
    _read(actor(chen), li.person_id, new_id())
    service.close_account(actor(chen), NOW)
    (entry,) = _log(li)
    assert entry["by_name"] == text("people.without_name", "zh-CN")


def test_the_log_comes_in_pages(app: Flask) -> None:
    li = Caller(into(app)).sign_in("lixiuying")
    person_id = UUID(li.get("/api/me").expect(200)["id"])
    for _ in range(5):
        audit.record(new_id(), audit.PERSONAL_DATA_READ, "person", person_id, {"fields": ["phone"]})
    seen, cursor = [], ""
    while cursor is not None:
        page = li.get(f"/api/me/access-log?limit=2{cursor and f'&cursor={cursor}'}").expect(200)
        seen += page["items"]
        cursor = page["next_cursor"]
    assert len(seen) == 5
    assert [entry["at"] for entry in seen] == sorted((e["at"] for e in seen), reverse=True)
    answer = li.get("/api/me/access-log?cursor=forged")
    assert (answer.status, answer.json["code"]) == (422, "bad_cursor")


# All of it


def test_everything_held_is_handed_out_in_clear(
    app: Flask, signed_in: SignIn, li: service.SignedIn, chen: service.SignedIn
) -> None:
    daughter = signed_in("daughter")
    service.claim(actor(daughter), service.offer(actor(li), BOTH, NOW).code, NOW)
    work(app)
    _read(actor(chen), li.person_id, new_id())
    found = _export(li)
    profile = found["profile"]
    assert profile["name"] == "李秀英"
    assert (profile["phone"], profile["id_number"]) == (PHONE, ID_NUMBER)
    assert (profile["address"], profile["home_area_code"]) == (ADDRESS, VILLAGE)
    assert profile["wechat_openid"]
    assert len(found["sessions"]) == 1
    assert [each["scopes"] for each in found["mandates"]] == [["act", "submit"]]
    assert [each["by_name"] for each in found["accesses"]] == ["陈伟"]
    assert [each["kind"] for each in found["notices"]["notices"]] == ["mandate_granted"]
    assert found["pictures"] == []
    assert {"person.changed", "person.exported"} <= {each["action"] for each in found["changes"]}
    assert [role["role"] for role in _export(chen)["roles"]] == ["handler"]


def test_no_token_and_nobody_elses_data_leave_with_it(
    li: service.SignedIn, chen: service.SignedIn
) -> None:
    service.set_phone(actor(chen), "13900000000")
    exported = service.export(actor(li), NOW).decode()
    assert li.token.removeprefix("st_") not in exported
    assert "token" not in exported
    theirs = service.export(actor(chen), NOW).decode()
    assert PHONE not in theirs and "李秀英" not in theirs


def test_what_a_feature_registers_is_in_the_download(li: service.SignedIn) -> None:
    ports.register_export("letters", lambda person_id, at: [str(person_id), at])
    assert _export(li)["letters"] == [str(li.person_id), "2026-11-23T09:00:00Z"]


def test_taking_it_is_recorded(li: service.SignedIn) -> None:
    _export(li)
    found = fetch_all("SELECT actor_id, details FROM audit_log WHERE action = 'person.exported'")
    assert found == [(li.person_id, {})]


def test_the_download_is_a_file(app: Flask) -> None:
    li = Caller(into(app)).sign_in("lixiuying")
    li.upload(encoded(halves())).expect(201)
    answer = li.get("/api/me/data")
    document = answer.expect(200)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert [picture["belongs_to"] for picture in document["sections"]["pictures"]] == [None]


# The end


def test_of_a_closed_account_nothing_is_left(
    app: Flask, signed_in: SignIn, li: service.SignedIn
) -> None:
    daughter = signed_in("daughter")
    given = service.claim(actor(daughter), service.offer(actor(li), BOTH, NOW).code, NOW)
    received = service.claim(actor(li), service.offer(actor(daughter), BOTH, NOW).code, NOW)
    service.offer(actor(li), BOTH, NOW)
    service.ask(actor(daughter), "李秀英", PHONE, BOTH, NOW)
    work(app)
    openid = queries.openid_of(li.person_id)
    assert openid is not None
    service.close_account(actor(li), NOW)

    assert service.authenticate(li.token, NOW) is None
    assert queries.actor_of(li.person_id, NOW) is None
    assert service.find_by_phone(PHONE) == []
    assert actor(daughter).mandates == ()
    states = fetch_all("SELECT id, revoked_by FROM mandates WHERE granted_at IS NOT NULL")
    assert set(states) == {(given, li.person_id), (received, li.person_id)}
    assert fetch_one("SELECT count(*) FROM mandates WHERE agent_id IS NULL") == (0,)
    (row,) = fetch_one("SELECT to_jsonb(p) FROM people p WHERE id = %s", (li.person_id,)) or ()
    kept = {"id", "name", "language", "created_at", "closed_at"}
    assert {name for name, value in row.items() if value is not None} == kept
    assert row["name"] == ""
    for table in ("notices", "wechat_sends", "sessions", "idempotency_keys"):
        for (found,) in fetch_all(f"SELECT to_jsonb(t)::text FROM {table} t"):
            assert str(li.person_id) not in found, table
    assert fetch_one("SELECT count(*) FROM audit_log WHERE action = 'person.closed'") == (1,)
    work(app)
    told = [each["kind"] for each in notices.inbox(daughter.person_id, "zh-CN", None, 20)]
    assert sorted(told) == ["mandate_granted", "mandate_revoked", "mandate_revoked"]
    assert notices.inbox(li.person_id, "zh-CN", None, 20) == []


def test_nothing_is_told_to_who_has_left(app: Flask, li: service.SignedIn) -> None:
    service.close_account(actor(li), NOW)
    notices.notify(li.person_id, "mandate_asked", {}, None, None, "late", NOW, discreet=True)
    assert notices.inbox(li.person_id, "zh-CN", None, 20) == []


def test_who_comes_back_is_somebody_new(signed_in: SignIn, li: service.SignedIn) -> None:
    service.close_account(actor(li), NOW)
    again = signed_in("lixiuying")
    assert again.person_id != li.person_id
    assert json.loads(service.me(again.person_id, NOW))["name"] == ""
    assert actor(again).grants == ()


def test_roles_end_with_the_account(chen: service.SignedIn, units: list[UUID]) -> None:
    service.close_account(actor(chen), NOW)
    assert queries.members_with_role(Role.HANDLER, NOW, unit_id=units[0]) == []
    assert fetch_one(
        "SELECT revoked_by FROM role_grants WHERE person_id = %s", (chen.person_id,)
    ) == (chen.person_id,)


def test_the_last_admin_cannot_leave(signed_in: SignIn) -> None:
    admin = signed_in("admin")
    for area_code in (COUNTY, VILLAGE):
        service.grant(admin.person_id, Role.ADMIN, NOW, area_code=area_code)
    with pytest.raises(errors.LastAdmin):
        service.close_account(actor(admin), NOW)
    assert len(actor(admin).grants) == 2
    second = signed_in("second")
    service.grant(second.person_id, Role.ADMIN, NOW, area_code=COUNTY)
    service.close_account(actor(admin), NOW)
    with pytest.raises(errors.LastAdmin):
        service.close_account(actor(second), NOW)


def test_of_two_last_admins_who_leave_at_once_one_stays(signed_in: SignIn) -> None:
    admins = [signed_in("admin"), signed_in("second")]
    for session in admins:
        service.grant(session.person_id, Role.ADMIN, NOW, area_code=COUNTY)
    leaving = [actor(session) for session in admins]
    together = Barrier(2)

    def leave(who: Actor) -> type[DomainError] | None:
        together.wait()
        with connection():
            try:
                service.close_account(who, NOW)
            except DomainError as refusal:
                return type(refusal)
            return None

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(leave, leaving)) == {None, errors.LastAdmin}
    assert len(queries.members_with_role(Role.ADMIN, NOW, area_code=COUNTY)) == 1


def test_what_a_feature_must_forget_goes_in_the_same_breath(li: service.SignedIn) -> None:
    forgotten = []

    def detach(person_id: UUID, at: Any) -> None:
        forgotten.append(person_id)
        raise RuntimeError("the disk is full")

    ports.register_detach(detach)
    with pytest.raises(RuntimeError):
        service.close_account(actor(li), NOW)
    assert forgotten == [li.person_id]
    assert service.authenticate(li.token, NOW) is not None
    assert json.loads(service.me(li.person_id, NOW))["name"] == "李秀英"


def test_closing_over_http(app: Flask) -> None:
    li = Caller(into(app)).sign_in("lixiuying")
    picture = li.upload(encoded(halves())).expect(201)
    for body in ({}, {"confirm": False}, {"confirm": "yes"}, {"confirm": True, "more": 1}):
        answer = li.post("/api/me/close", body)
        assert (answer.status, answer.json["code"]) == (422, "validation_failed"), body
    li.post("/api/me/close", {"confirm": True}).expect(204)
    assert li.get("/api/me").status == 401
    assert li.post("/api/me/close", {"confirm": True}).status == 401
    assert li.get(picture["url"]).status == 404
    li.sign_in("lixiuying").get("/api/me").expect(200)


def test_the_last_admin_is_told_why(app: Flask) -> None:
    admin = Caller(into(app)).sign_in("admin")
    person_id = UUID(admin.get("/api/me").expect(200)["id"])
    service.grant(person_id, Role.ADMIN, now(), area_code=COUNTY)
    answer = admin.post("/api/me/close", {"confirm": True})
    assert (answer.status, answer.json["code"]) == (409, "last_admin")
