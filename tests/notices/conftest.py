"""People who can be told something, and the shipped templates."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.integrations.wechat import DatabaseTokens, WeChat
from backend.kernel import clock, outbox
from backend.kernel.actor import Actor
from backend.kernel.ids import new_id
from backend.kernel.settings import ROOT, Settings
from backend.notices import jobs, ledger, ports, routes, service, templates, wording
from backend.notices.rules import Reason
from backend.notices.templates import Template, Templates
from backend.people.models import Person
from backend.sandbox import Sandbox
from backend.web.api import create_flask, make_api
from backend.web.auth import init_auth

NOW = datetime(2026, 11, 23, 7, 1, tzinfo=UTC)
REPLY = "request_reply"
PARAMS: dict[str, Any] = {
    "number": "2611230000427",
    "category": {"zh-CN": "路灯不亮", "en": "Street lamp"},
    "unit_name": "海边街道综合行政执法队",
    "area_name": "大洼塘社区",
    "activity": "清扫村道",
    "when": wording.when(NOW),
    "starts": wording.local_time(NOW),
    "until": wording.when(NOW),
    "next_times": wording.next_times([NOW]),
}


@pytest.fixture(autouse=True)
def shipped_templates() -> Templates:
    templates.configure(ROOT / "config")
    return templates.in_force()


@pytest.fixture
def reply(shipped_templates: Templates) -> Template:
    """The one-time template a reply is sent with."""
    return shipped_templates.by_key[REPLY]


@pytest.fixture
def new_person(database: str) -> Callable[..., UUID]:
    def make(openid: str | None = "o-lixiuying", language: str = "zh-CN") -> UUID:
        person: Person = Person.create(
            wechat_openid=openid, name="李秀英", language=language, created_at=NOW
        )
        return UUID(str(person.id))

    return make


@pytest.fixture
def person_id(new_person: Callable[..., UUID]) -> UUID:
    return new_person()


@pytest.fixture
def grant() -> Callable[..., None]:
    """Let a person say yes, as the mini-program reports it."""

    def yes(person_id: UUID, template: Template, times: int = 1, at: datetime = NOW) -> None:
        for _ in range(times):
            ledger.grant(person_id, template, Reason.CLIENT_REPORT, f"client:{new_id()}", at)

    return yes


@pytest.fixture
def tell() -> Callable[..., UUID]:
    """Tell a person that their request was replied to; the request's id."""

    def notify(
        person_id: UUID,
        kind: str = "request_replied",
        effect: str | None = None,
        at: datetime = NOW,
        discreet: bool = False,
    ) -> UUID:
        subject_id = new_id()
        service.notify(
            person_id,
            kind,
            PARAMS,
            "service_request",
            subject_id,
            effect or str(subject_id),
            at,
            discreet=discreet,
        )
        return subject_id

    return notify


@pytest.fixture
def wechat_settings(settings: Settings) -> Settings:
    """Impatient, so that tests of time limits are short."""
    return settings.model_copy(update={"wechat_timeout_seconds": 0.4})


@pytest.fixture
def wechat(wechat_settings: Settings, sandbox: Sandbox, shipped_templates: Templates) -> Sandbox:
    """Pretended WeChat with the county's templates, plugged into the product."""
    for template in shipped_templates.by_key.values():
        sandbox.world.register_template(
            template.template_id,
            template.title["zh-CN"],
            [{"key": field.key, "label": field.key} for field in template.fields],
            template.kind,
        )
    sandbox.world.set_pages(
        [template.page.partition("?")[0] for template in shipped_templates.by_key.values()]
    )
    sandbox.world.set_push(push_url="")
    ports.plug_in(WeChat(wechat_settings, DatabaseTokens(wechat_settings.wechat_app_id)))
    return sandbox


@pytest.fixture
def web(wechat_settings: Settings, wechat: Sandbox, database: str) -> Flask:
    """The routes of notices alone; a bearer token is the caller's id, and English is spoken."""
    app = create_flask(wechat_settings)
    app.extensions["settings"] = wechat_settings
    init_auth(app, lambda token, now: Actor(id=UUID(token), name="", language="en"))
    make_api(app, "test").register_blueprint(routes.blueprint)
    return app


@pytest.fixture
def client(web: Flask) -> FlaskClient:
    return web.test_client()


def work() -> None:
    """Handle everything in the outbox once, due or not, as a worker does."""
    for event in outbox.claim(clock.now() + timedelta(days=3650), 50):
        try:
            jobs.HANDLERS[event.kind](event, clock.now())
        except Exception as error:
            outbox.fail(event, error, clock.now())
        else:
            outbox.complete(event, clock.now())
