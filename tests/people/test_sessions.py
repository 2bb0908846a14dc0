"""Signing in, staying signed in, signing out."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from backend.integrations.wechat import WeChat
from backend.kernel.actor import Role
from backend.kernel.db import connection, fetch_all, fetch_one
from backend.kernel.errors import Unauthenticated
from backend.people import errors, rules, service
from backend.sandbox import Sandbox
from tests.people.conftest import COUNTY, NOW, actor

SignIn = Callable[[str], service.SignedIn]


def test_the_first_sign_in_makes_the_person_and_later_ones_find_them(signed_in: SignIn) -> None:
    first, second = signed_in("lixiuying"), signed_in("lixiuying")
    assert first.person_id == second.person_id
    assert first.token != second.token
    assert actor(first).id == first.person_id
    assert signed_in("zhangmin").person_id != first.person_id


def test_many_first_sign_ins_at_once_make_one_person(database: str, wechat: WeChat) -> None:
    together = Barrier(6)

    def sign_in(_: int) -> service.SignedIn:
        together.wait()
        with connection():
            return service.sign_in(wechat, "demo-lixiuying", "zh-CN", NOW, session_days=30)

    with ThreadPoolExecutor(6) as pool:
        sessions = list(pool.map(sign_in, range(6)))
    assert len({session.person_id for session in sessions}) == 1
    assert fetch_one("SELECT count(*) FROM people") == (1,)
    assert all(service.authenticate(session.token, NOW) for session in sessions)


def test_a_code_works_once(database: str, wechat: WeChat, sandbox: Sandbox) -> None:
    code = sandbox.world.issue_code(sandbox.world.person("lixiuying"))
    service.sign_in(wechat, code, "zh-CN", NOW, session_days=30)
    for bad in (code, "never-issued"):
        with pytest.raises(errors.WechatCodeInvalid):
            service.sign_in(wechat, bad, "zh-CN", NOW, session_days=30)


def test_a_user_wechat_blocks_is_refused(database: str, wechat: WeChat, sandbox: Sandbox) -> None:
    sandbox.world.block(sandbox.world.person("lixiuying"))
    with pytest.raises(errors.WechatUserBlocked):
        service.sign_in(wechat, "demo-lixiuying", "zh-CN", NOW, session_days=30)


@pytest.mark.parametrize("errcode", [-1, 45011, 40013])
def test_wechat_in_trouble_means_come_again(
    database: str, wechat: WeChat, sandbox: Sandbox, errcode: int
) -> None:
    sandbox.fault("/sns/jscode2session", "errcode", times=None, errcode=errcode)
    with pytest.raises(errors.WechatUnavailable) as refused:
        service.sign_in(wechat, "demo-lixiuying", "zh-CN", NOW, session_days=30)
    assert int(refused.value.headers["Retry-After"]) > 0
    assert fetch_one("SELECT count(*) FROM people") == (0,)


def test_no_token_is_stored(signed_in: SignIn) -> None:
    session = signed_in("lixiuying")
    renewed = service.renew(session.token, NOW, session_days=30)
    stored = str(fetch_all("SELECT s::text FROM sessions s"))
    for token in (session.token, renewed.token):
        secret = token.removeprefix("st_")
        assert secret not in stored
        assert secret.encode().hex() not in stored


@pytest.mark.parametrize("token", ["", "st_", "st_nothing", "\ud800", "x" * 10_000])
def test_what_is_no_token_opens_nothing(database: str, token: str) -> None:
    assert service.authenticate(token, NOW) is None


def test_a_session_ends(signed_in: SignIn) -> None:
    session = signed_in("lixiuying")
    assert session.expires_at == NOW + timedelta(days=30)
    assert service.authenticate(session.token, session.expires_at - timedelta(seconds=1))
    assert service.authenticate(session.token, session.expires_at) is None
    with pytest.raises(Unauthenticated):
        service.renew(session.token, session.expires_at, session_days=30)


def test_renewal_replaces_the_token_after_a_short_overlap(signed_in: SignIn) -> None:
    session = signed_in("lixiuying")
    later = NOW + timedelta(days=20)
    renewed = service.renew(session.token, later, session_days=30)
    assert renewed.expires_at == later + timedelta(days=30)
    assert actor(renewed, later) == actor(session, later)
    after = later + rules.RENEWAL_OVERLAP
    assert service.authenticate(session.token, after) is None
    assert service.authenticate(renewed.token, after)
    with pytest.raises(Unauthenticated):
        service.renew(session.token, after, session_days=30)


def test_a_lost_answer_to_renewal_signs_nobody_out(signed_in: SignIn) -> None:
    session = signed_in("lixiuying")
    lost = service.renew(session.token, NOW, session_days=30)
    soon = NOW + timedelta(minutes=1)
    again = service.renew(session.token, soon, session_days=30)
    assert service.authenticate(again.token, soon)
    assert service.authenticate(lost.token, soon) is None
    # Trying again does not stretch the old token's time.
    assert service.authenticate(session.token, NOW + rules.RENEWAL_OVERLAP) is None


def test_no_session_is_renewed_for_ever(signed_in: SignIn) -> None:
    session, moment = signed_in("lixiuying"), NOW
    while session.expires_at < NOW + rules.SESSION_MAXIMUM:
        moment += timedelta(days=25)
        session = service.renew(session.token, moment, session_days=30)
    assert session.expires_at == NOW + rules.SESSION_MAXIMUM


def test_sign_out_ends_one_session_with_all_its_tokens(signed_in: SignIn) -> None:
    here, there = signed_in("lixiuying"), signed_in("lixiuying")
    renewed = service.renew(here.token, NOW, session_days=30)
    service.sign_out(actor(here), NOW)
    assert service.authenticate(here.token, NOW) is None
    assert service.authenticate(renewed.token, NOW) is None
    assert service.authenticate(there.token, NOW)


def test_sign_out_everywhere_ends_all_of_ones_own(signed_in: SignIn) -> None:
    here, there, other = signed_in("lixiuying"), signed_in("lixiuying"), signed_in("zhangmin")
    service.sign_out_everywhere(actor(here), NOW)
    assert service.authenticate(here.token, NOW) is None
    assert service.authenticate(there.token, NOW) is None
    assert service.authenticate(other.token, NOW)


def test_authentication_is_one_query_and_notes_a_day_once(
    signed_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    session = signed_in("lixiuying")
    service.grant(session.person_id, Role.DISPATCHER, NOW, area_code=COUNTY)

    def statements(now: object) -> list[str]:
        caplog.clear()
        with caplog.at_level(logging.DEBUG, logger="peewee"):
            actor(session, now)  # type: ignore[arg-type]
        return [record.message for record in caplog.records if record.name == "peewee"]

    assert len(statements(NOW)) == 1
    tomorrow = NOW + timedelta(days=1)
    assert len(statements(tomorrow)) == 2
    assert len(statements(tomorrow)) == 1
    assert fetch_one("SELECT last_seen_on FROM sessions") == (tomorrow.date(),)


def test_what_ended_long_ago_is_forgotten(signed_in: SignIn) -> None:
    ended, open_ = signed_in("lixiuying"), signed_in("zhangmin")
    service.sign_out(actor(ended), NOW)
    service.forget_ended(NOW + timedelta(days=29))
    assert fetch_one("SELECT count(*) FROM sessions") == (2,)
    service.forget_ended(NOW + rules.KEPT_AFTER_END + timedelta(seconds=1))
    assert fetch_all("SELECT person_id FROM sessions") == [(open_.person_id,)]
