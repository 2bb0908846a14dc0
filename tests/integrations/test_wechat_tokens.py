"""One access token for everybody."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from backend.integrations.wechat import WeChat, WeChatBusy, WeChatRefused
from backend.kernel.db import db, execute, fetch_all, fetch_one
from backend.sandbox import Sandbox

STABLE_TOKEN = "/cgi-bin/stable_token"
PHONE = "/wxa/business/getuserphonenumber"
CODE = "phone-13812345678"


def fetches(sandbox: Sandbox) -> int:
    return len(sandbox.world.calls(STABLE_TOKEN))


def at_once(clients: list[WeChat]) -> list[str]:
    start = threading.Barrier(len(clients))

    def call(client: WeChat) -> str:
        start.wait()
        return client.phone_number(CODE)

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(call, clients))


@pytest.mark.parametrize("shared", [True, False])
def test_token_is_fetched_by_one_at_a_time(
    new_wechat: Callable[[], WeChat], sandbox: Sandbox, shared: bool
) -> None:
    """Threads of one process, and processes, that all start with none."""
    sandbox.fault(STABLE_TOKEN, "slow", seconds=0.2)
    one = new_wechat()
    at_once([one if shared else new_wechat() for _ in range(6)])
    assert fetches(sandbox) == 1


@pytest.mark.parametrize("shared", [True, False])
def test_refused_token_is_replaced_by_one_at_a_time(
    new_wechat: Callable[[], WeChat], sandbox: Sandbox, shared: bool
) -> None:
    one = new_wechat()
    one.phone_number(CODE)
    sandbox.world.revoke_tokens()
    at_once([one if shared else new_wechat() for _ in range(6)])
    assert fetches(sandbox) == 2


def test_token_survives_the_process(new_wechat: Callable[[], WeChat], sandbox: Sandbox) -> None:
    new_wechat().phone_number(CODE)
    new_wechat().phone_number(CODE)
    assert fetches(sandbox) == 1


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_refused_token_costs_one_refresh_and_one_retry(
    wechat: WeChat, sandbox: Sandbox, errcode: int
) -> None:
    wechat.phone_number(CODE)
    sandbox.fault(PHONE, "errcode", errcode=errcode)
    assert wechat.phone_number(CODE) == "13812345678"
    assert (fetches(sandbox), len(sandbox.world.calls(PHONE))) == (2, 3)


def test_lasting_refusal_ends(wechat: WeChat, sandbox: Sandbox) -> None:
    sandbox.fault(PHONE, "errcode", times=None, errcode=40001)
    with pytest.raises(WeChatRefused) as refusal:
        wechat.phone_number(CODE)
    assert refusal.value.errcode == 40001
    assert (fetches(sandbox), len(sandbox.world.calls(PHONE))) == (2, 2)


def test_token_that_another_process_replaced_is_not_forced_out(
    wechat: WeChat, sandbox: Sandbox
) -> None:
    """The stored token has changed since the call took it: it is good, and no fetch is needed."""
    wechat.phone_number(CODE)
    sandbox.fault(PHONE, "errcode", errcode=40001)
    tokens = wechat._tokens
    stale = tokens.get(lambda force: pytest.fail("there is one"))
    sandbox.world.revoke_tokens()
    wechat.phone_number(CODE)
    before = fetches(sandbox)
    assert tokens.get(lambda force: pytest.fail("not asked for"), refused=stale) != stale
    assert fetches(sandbox) == before


def test_token_is_replaced_before_its_end_while_the_old_one_works(
    wechat: WeChat, sandbox: Sandbox
) -> None:
    wechat.phone_number(CODE)
    old = wechat._tokens.get(lambda force: pytest.fail("there is one"))
    execute("UPDATE wechat_tokens SET ends_at = now() + interval '3 minutes'")
    sandbox.world.advance(7200 - 180)
    wechat.phone_number(CODE)
    new = wechat._tokens.get(lambda force: pytest.fail("there is one"))
    assert new != old
    sandbox.world.check_token(old)
    assert [call["errcode"] for call in sandbox.world.calls()] == [0, 0, 0, 0]


def test_token_is_kept_though_the_caller_rolls_back(wechat: WeChat, sandbox: Sandbox) -> None:
    with db.atomic() as transaction:
        wechat.phone_number(CODE)
        transaction.rollback()
    wechat.phone_number(CODE)
    assert fetches(sandbox) == 1


def test_failed_fetch_holds_nobody_up(wechat: WeChat, sandbox: Sandbox) -> None:
    sandbox.fault(STABLE_TOKEN, "errcode", errcode=40125)
    with pytest.raises(WeChatRefused):
        wechat.phone_number(CODE)
    assert wechat.phone_number(CODE) == "13812345678"
    locks = "SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database"
    assert not fetch_all(f"{locks} WHERE locktype = 'advisory' AND datname = current_database()")


def test_without_a_connection_to_fetch_with_nothing_was_asked_of_wechat(
    wechat: WeChat, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(db.connect_params, "user", "whom the server does not know")
    with pytest.raises(WeChatBusy):
        wechat.phone_number(CODE)
    assert sandbox.world.calls() == []


def test_token_is_stored_encrypted(wechat: WeChat) -> None:
    wechat.phone_number(CODE)
    token = wechat._tokens.get(lambda force: pytest.fail("there is one"))
    row = fetch_one("SELECT token FROM wechat_tokens")
    assert row is not None
    assert token.encode() not in bytes(row[0])
