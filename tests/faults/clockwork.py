"""The product in this process, over HTTP, with a worker whose clock the test moves."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from werkzeug.serving import make_server

from backend.app import assemble, handlers, periodic_work
from backend.demo.people import Member, cast, settle
from backend.kernel import clock, periodic
from backend.kernel.db import fetch_all, fetch_one
from backend.kernel.settings import Settings
from backend.notices import ledger, templates
from backend.notices.rules import Reason
from backend.sandbox import Sandbox
from backend.worker import Worker
from tests.attachments.pictures import encoded, halves
from tests.callers import Caller, over
from tests.faults.crowd import LAMP

TIMEOUT_SECONDS = 0.8
"""How long the product waits for WeChat here: short, so that tests of it are."""

HANDLER = "chenwei"
RESIDENT = "lixiuying"
_REAL_NOW = clock.now


class Clockwork:
    """One resident, one handler who lets WeChat send messages, a server and a worker.

    Time passes for the worker, and for pretended WeChat, only when :meth:`work` or
    :meth:`let_pass` says so.
    """

    def __init__(self, app: Flask, settings: Settings, sandbox: Sandbox, url: str) -> None:
        self.url = url
        self.sandbox = sandbox
        self.ahead = timedelta()
        ours = settings.model_copy(
            update={"public_url": url, "wechat_timeout_seconds": TIMEOUT_SECONDS}
        )
        app.extensions["wechat"] = assemble(ours)
        self.worker = Worker(handlers(), periodic_work(), threads=1)
        periodic.register(periodic_work(), _REAL_NOW())
        for template in templates.in_force().by_key.values():
            sandbox.world.register_template(
                template.template_id,
                template.title["zh-CN"],
                [{"key": field.key, "label": field.key} for field in template.fields],
                template.kind,
            )
        sandbox.world.set_pages(["pages/request/request", "pages-workbench/detail/detail"])
        people = {member.slug: member for member in cast()}
        for slug in (RESIDENT, HANDLER):
            self._settle(people[slug])
        sandbox.world.set_push(push_url=f"{url}/wechat/push")
        self.resident, self.handler = (
            Caller(over(url)).sign_in(slug) for slug in (RESIDENT, HANDLER)
        )

    def _settle(self, member: Member) -> None:
        openid = self.sandbox.world.person(member.slug)
        person = settle(member, openid, _REAL_NOW())
        if member.slug == HANDLER:
            arrived = templates.in_force().by_key["work_arrived"]
            yes = {"template_id": arrived.template_id, "outcome": "accept"}
            self.sandbox.world.answer_popup(openid, [yes])
            ledger.grant(person.id, arrived, Reason.CLIENT_REPORT, "test:1", _REAL_NOW())

    def now(self) -> datetime:
        return _REAL_NOW() + self.ahead

    def submit(self) -> dict[str, Any]:
        """A request with a picture; the receipt."""
        picture = self.resident.upload(encoded(halves())).expect(201)
        body = LAMP | {"attachment_ids": [picture["id"]]}
        receipt: dict[str, Any] = self.resident.post("/api/requests", body).expect(201)
        return receipt

    def let_pass(self, time: timedelta) -> None:
        """Time goes by without anybody working."""
        self.ahead += time
        self.sandbox.world.advance(time.total_seconds())

    def work(self, lasting: timedelta) -> None:
        """What a worker does in a time that lasts so long, each event when it is due.

        Work by the clock may be late, as far as to the next event. WeChat's pushes arrive at once.
        """
        end = self.now() + lasting
        while True:
            while self.worker.do_next_event() or self.worker.do_next_due():
                pass
            self.sandbox.wait_for_pushes()
            due = self._next_due()
            if due is not None and due > end:
                due = None
            self.let_pass(max((due or end) - self.now(), timedelta()))
            if due is None:
                return

    @staticmethod
    def _next_due() -> datetime | None:
        row = fetch_one(
            "SELECT min(available_at) FROM outbox WHERE done_at IS NULL AND dead_at IS NULL"
        )
        return row[0] if row else None

    # --- what has become of it -----------------------------------------------------------------

    def verdicts(self) -> tuple[str, str | None]:
        """WeChat's word on the text and on the picture of the only request."""
        row = fetch_one(
            "SELECT r.text_verdict, v.verdict FROM service_requests r"
            " JOIN attachments a ON a.subject_id = r.id"
            " LEFT JOIN media_verdicts v ON v.trace_id = a.media_trace_id"
        )
        assert row is not None
        return row[0], row[1]

    def send(self) -> str:
        """What became of the only WeChat message."""
        ((state,),) = fetch_all("SELECT state FROM wechat_sends")
        return str(state)

    def told(self) -> list[str]:
        """Kinds of the notices in the inboxes of resident and handler."""
        return [
            item["kind"]
            for person in (self.resident, self.handler)
            for item in person.get("/api/notices").expect(200)["items"]
        ]

    @staticmethod
    def left() -> list[tuple[str, str | None]]:
        """Work that is not done, or was given up."""
        return [
            (kind, error)
            for kind, error in fetch_all(
                "SELECT kind, last_error FROM outbox WHERE done_at IS NULL"
            )
        ]


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The app on a free port; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.05))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
