"""What people tell of themselves, who sees it, and how it is kept."""

import json
import os
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from backend.integrations.wechat import WeChat
from backend.kernel.actor import Role
from backend.kernel.crypto import Undecipherable, keyring
from backend.kernel.db import execute, fetch_all, fetch_one
from backend.kernel.errors import Forbidden, NotFound, ValidationFailed
from backend.kernel.ids import new_id
from backend.kernel.settings import Settings
from backend.people import errors, service
from backend.people.sealed import Datum, unseal
from backend.sandbox import Sandbox
from tests.people.conftest import COUNTY, NOW, VILLAGE, actor

SignIn = Callable[[str], service.SignedIn]

PHONE = "13812345678"
ID_NUMBER = "11010519491231002X"
ADDRESS = "海边街道大洼塘社区三组12号"


def _me(person_id: UUID) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(service.me(person_id, NOW))
    return found


def _tell_everything(session: service.SignedIn) -> None:
    person = actor(session)
    service.update_profile(
        person,
        {
            "name": "李秀英",
            "home_area_code": VILLAGE,
            "address": ADDRESS,
            "id_number": ID_NUMBER.lower(),
        },
        NOW,
    )
    service.set_phone(person, "138-1234-5678")


def test_one_sees_oneself_with_numbers_masked(signed_in: SignIn, units: list[UUID]) -> None:
    session = signed_in("lixiuying")
    _tell_everything(session)
    service.grant(session.person_id, Role.HANDLER, NOW, unit_id=units[0])
    service.grant(session.person_id, Role.DISPATCHER, NOW, area_code=COUNTY)
    shown = _me(session.person_id)
    assert shown["name"] == "李秀英"
    assert shown["phone"] == "138****5678"
    assert shown["id_number"] == "1****************X"
    assert shown["address"] == ADDRESS
    assert shown["home_area"]["code"] == VILLAGE
    assert [role["role"] for role in shown["roles"]] == ["handler", "dispatcher"]
    assert shown["roles"][0]["unit"]["id"] == str(units[0])
    assert shown["roles"][1]["area"]["code"] == COUNTY


def test_a_newcomer_has_told_nothing(signed_in: SignIn) -> None:
    shown = _me(signed_in("lixiuying").person_id)
    assert shown["name"] == "" and shown["roles"] == []
    assert all(shown[key] is None for key in ("phone", "id_number", "address", "home_area"))


def test_only_what_is_given_changes_and_null_clears(signed_in: SignIn) -> None:
    session = signed_in("lixiuying")
    _tell_everything(session)
    before = _me(session.person_id)
    service.update_profile(actor(session), {"language": "en", "id_number": None}, NOW)
    assert _me(session.person_id) == before | {"language": "en", "id_number": None}
    assert fetch_one("SELECT id_number_encrypted, id_number_hash FROM people") == (None, None)


def test_a_home_that_does_not_exist_changes_nothing(signed_in: SignIn) -> None:
    session = signed_in("lixiuying")
    with pytest.raises(errors.AreaUnknown):
        service.update_profile(actor(session), {"name": "李", "home_area_code": "000000"}, NOW)
    assert _me(session.person_id)["name"] == ""


def test_a_wrong_identity_number_is_pointed_at(signed_in: SignIn) -> None:
    person = actor(signed_in("lixiuying"))
    with pytest.raises(ValidationFailed) as refused:
        service.update_profile(person, {"id_number": "110105194912310021"}, NOW)
    assert [(e.field, e.code) for e in refused.value.fields] == [
        ("/id_number", "id_number_invalid")
    ]


def test_wechats_number_is_verified_and_a_typed_one_is_not(
    signed_in: SignIn, wechat: WeChat, sandbox: Sandbox
) -> None:
    session = signed_in("lixiuying")
    code = sandbox.world.issue_phone_code(PHONE)
    service.set_phone_from_wechat(actor(session), wechat, code, NOW)
    assert _me(session.person_id)["phone"] == "138****5678"
    assert fetch_one("SELECT phone_verified_at FROM people") == (NOW,)
    with pytest.raises(errors.PhoneCodeInvalid):
        service.set_phone_from_wechat(actor(session), wechat, code, NOW)
    service.set_phone(actor(session), "0857-6223456")
    assert _me(session.person_id)["phone"] == "0857-***3456"
    assert fetch_one("SELECT phone_verified_at FROM people") == (None,)
    with pytest.raises(ValidationFailed):
        service.set_phone(actor(session), "110")


def test_wechat_in_trouble_leaves_the_number_alone(
    signed_in: SignIn, wechat: WeChat, sandbox: Sandbox
) -> None:
    session = signed_in("lixiuying")
    _tell_everything(session)
    sandbox.fault("/wxa/business/getuserphonenumber", "errcode", times=None, errcode=-1)
    with pytest.raises(errors.WechatUnavailable):
        service.set_phone_from_wechat(actor(session), wechat, "phone-13900000000", NOW)
    assert _me(session.person_id)["phone"] == "138****5678"


def test_a_person_is_found_by_number_however_it_is_typed(signed_in: SignIn) -> None:
    session = signed_in("lixiuying")
    _tell_everything(session)
    assert service.find_by_phone("+86 138 1234 5678") == [session.person_id]
    assert service.find_by_phone("13912345678") == []


def test_staff_read_a_number_and_leave_a_trace(signed_in: SignIn, units: list[UUID]) -> None:
    resident, handler = signed_in("lixiuying"), signed_in("chenwei")
    _tell_everything(resident)
    service.grant(handler.person_id, Role.HANDLER, NOW, unit_id=units[0])
    request_id = new_id()
    contact = service.contact_of(
        actor(handler),
        resident.person_id,
        subject_kind="service_request",
        subject_id=request_id,
    )
    assert contact == service.Contact("李秀英", PHONE)
    trace = fetch_all(
        "SELECT actor_id, subject_kind, subject_id, details FROM audit_log"
        " WHERE action = 'personal_data.read'"
    )
    details = {"fields": ["phone"], "for_kind": "service_request", "for_id": str(request_id)}
    assert trace == [(handler.person_id, "person", resident.person_id, details)]


def test_who_handles_nothing_reads_no_number(signed_in: SignIn) -> None:
    resident, other, supervisor = (signed_in(slug) for slug in ("lixiuying", "wang", "majing"))
    service.grant(supervisor.person_id, Role.SUPERVISOR, NOW, area_code=COUNTY)
    for session in (resident, other, supervisor):
        with pytest.raises(Forbidden):
            service.contact_of(
                actor(session),
                resident.person_id,
                subject_kind="service_request",
                subject_id=new_id(),
            )
    assert fetch_one("SELECT count(*) FROM audit_log WHERE action LIKE 'personal%%'") == (0,)


def test_nobody_is_not_found(signed_in: SignIn, units: list[UUID]) -> None:
    handler = signed_in("chenwei")
    service.grant(handler.person_id, Role.HANDLER, NOW, unit_id=units[0])
    with pytest.raises(NotFound):
        service.contact_of(actor(handler), new_id(), subject_kind="x", subject_id=new_id())


def test_without_a_number_nothing_is_read(signed_in: SignIn, units: list[UUID]) -> None:
    silent, handler = signed_in("wangdafu"), signed_in("chenwei")
    service.grant(handler.person_id, Role.HANDLER, NOW, unit_id=units[0])
    found = service.contact_of(
        actor(handler), silent.person_id, subject_kind="x", subject_id=new_id()
    )
    assert found == service.Contact("", None)
    assert fetch_one("SELECT count(*) FROM audit_log WHERE action LIKE 'personal%%'") == (0,)


def test_a_masked_number_is_enough_to_recognise_it(signed_in: SignIn) -> None:
    session = signed_in("lixiuying")
    _tell_everything(session)
    row = fetch_one("SELECT phone_encrypted FROM people")
    assert row is not None
    assert service.masked_phone(session.person_id, row[0]) == "138****5678"
    assert service.masked_phone(session.person_id, None) is None


def test_personal_data_are_nowhere_readable_in_the_database(signed_in: SignIn) -> None:
    _tell_everything(signed_in("lixiuying"))
    for (table,) in fetch_all("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        stored = str(fetch_all(f'SELECT t::text FROM "{table}" t'))
        for secret in (PHONE, PHONE[3:], ID_NUMBER, ADDRESS):
            assert secret not in stored, table
            assert secret.encode().hex() not in stored, table


def test_a_value_moved_to_another_person_does_not_open(signed_in: SignIn) -> None:
    told, other = signed_in("lixiuying"), signed_in("wangdafu")
    _tell_everything(told)
    execute(
        "UPDATE people SET (phone_encrypted, phone_hash) ="
        " (SELECT phone_encrypted, phone_hash FROM people WHERE id = %s) WHERE id = %s",
        (told.person_id, other.person_id),
    )
    with pytest.raises(Undecipherable):
        service.me(other.person_id, NOW)


@pytest.fixture
def rotated(settings: Settings) -> Iterator[Callable[[], None]]:
    """Makes a new key the current one; afterwards the keys are as they were."""
    keys = settings.keys()

    def rotate(*, drop_old: bool = False) -> None:
        old = {} if drop_old else keys["encryption"]
        keyring.load(**(keys | {"encryption": {"next": new_key} | old}))

    new_key = os.urandom(32)
    yield rotate
    keyring.load(**keys)


def test_rotation_seals_everything_again_bit_by_bit(
    signed_in: SignIn, rotated: Callable[..., None]
) -> None:
    people = [signed_in(slug) for slug in ("a", "b", "c")]
    for session in people:
        _tell_everything(session)
    silent = signed_in("silent")
    before = [_me(session.person_id) for session in people]
    assert service.reencrypt(10) == 0

    rotated()
    assert [_me(session.person_id) for session in people] == before
    assert [service.reencrypt(2) for _ in range(3)] == [2, 1, 0]
    rotated(drop_old=True)
    assert [_me(session.person_id) for session in people] == before
    assert _me(silent.person_id)["phone"] is None
    assert len(service.find_by_phone(PHONE)) == 3


def test_data_of_a_key_that_is_gone_stop_the_rotation(
    signed_in: SignIn, rotated: Callable[..., None]
) -> None:
    _tell_everything(signed_in("lixiuying"))
    rotated(drop_old=True)
    with pytest.raises(Undecipherable):
        service.reencrypt(10)


def test_set_up_can_be_repeated(database: str) -> None:
    def ensure(name: str, phone: str | None) -> UUID:
        return service.ensure_person("o-1", name, NOW, home_area_code=VILLAGE, phone=phone)

    person_id = ensure("陈伟", PHONE)
    assert ensure("陈伟", PHONE) == person_id
    assert ensure("陈卫", None) == person_id
    row = fetch_one("SELECT name, phone_encrypted FROM people")
    assert row is not None and row[0] == "陈卫"
    assert unseal(person_id, Datum.PHONE, row[1]) == PHONE
    with pytest.raises(errors.AreaUnknown):
        service.ensure_person("o-2", "无", NOW, home_area_code="000000")
