"""A worker killed while WeChat has the message in hand: it was sent once, and never is again."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest

from backend.kernel import clock, outbox
from backend.kernel.db import fetch_one
from backend.kernel.settings import ROOT, Settings
from backend.notices import jobs
from backend.notices.rules import SENDING_LEASE
from backend.notices.templates import Template
from backend.sandbox import Sandbox

SEND = "/cgi-bin/message/subscribe/send"

SENDER = """
from backend.integrations.wechat import DatabaseTokens, WeChat
from backend.kernel import clock, outbox
from backend.kernel.crypto import keyring
from backend.kernel.db import configure, connection
from backend.kernel.settings import load_settings
from backend.notices import jobs, ports, templates

settings = load_settings()
configure(settings.database_url.get_secret_value(), settings)
keyring.load(**settings.keys())
templates.configure(settings.config_dir)
ports.plug_in(WeChat(settings, DatabaseTokens(settings.wechat_app_id)))
with connection():
    (event,) = outbox.claim(clock.now())
    jobs.send(event, clock.now())
"""


@pytest.mark.faults
def test_a_worker_killed_in_the_middle_never_leads_to_a_second_message(
    database: str,
    wechat: Sandbox,
    wechat_settings: Settings,
    new_person: Callable[..., UUID],
    reply: Template,
    grant: Callable[..., None],
    tell: Callable[..., UUID],
) -> None:
    openid = wechat.world.person("lixiuying")
    person_id = new_person(openid)
    wechat.accept(openid, reply.template_id)
    wechat.accept(openid, reply.template_id)
    grant(person_id, reply, times=2)
    tell(person_id)
    # WeChat delivers it, but its answer takes longer than the worker lives.
    wechat.fault(SEND, "slow", seconds=30)
    keys = {
        f"LINSHITONG_{name.upper()}": getattr(wechat_settings, name).get_secret_value()
        for name in ("encryption_keys", "hash_key", "signing_key", "wechat_app_secret")
    }
    sender = subprocess.Popen(
        [sys.executable, "-c", SENDER],
        cwd=ROOT,
        env=os.environ
        | keys
        | {
            "DATABASE_URL": database,
            "LINSHITONG_WECHAT_APP_ID": wechat_settings.wechat_app_id,
            "LINSHITONG_WECHAT_API_BASE_URL": wechat.url,
            "LINSHITONG_WECHAT_TIMEOUT_SECONDS": "30",
        },
    )
    try:
        for _ in range(300):
            if wechat.world.calls(SEND):
                break
            with suppress(subprocess.TimeoutExpired):
                sender.wait(0.1)
                pytest.fail("the sender ended by itself")
        assert wechat.world.calls(SEND), "WeChat was never called"
    finally:
        sender.send_signal(signal.SIGKILL)
        sender.wait()

    for event in outbox.claim(clock.now() + outbox.LEASE * 2):
        jobs.send(event, clock.now())
    assert fetch_one("SELECT state, attempts FROM wechat_sends") == ("sending", 1)
    jobs.give_up_stuck(clock.now() + SENDING_LEASE + timedelta(seconds=5))
    for event in outbox.claim(clock.now() + outbox.LEASE * 9):
        jobs.send(event, clock.now())
    assert fetch_one("SELECT state, attempts FROM wechat_sends") == ("unknown", 1)
    assert len(wechat.world.calls(SEND)) == 1
    assert len(wechat.world.messages()) == 1
