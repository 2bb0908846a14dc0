"""The county as shipped, its people in their roles, and a request to do things with."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.areas import county
from backend.attachments.models import Attachment
from backend.kernel import clock
from backend.kernel.actor import Actor, Role
from backend.kernel.db import fetch_all, fetch_one
from backend.kernel.ids import new_id
from backend.kernel.json import loads
from backend.kernel.settings import ROOT, Settings
from backend.notices import templates
from backend.people import queries as people_queries
from backend.people import service as people
from backend.service_requests import routes, service
from backend.service_requests.rules import A, Action, MaterialKind, Outcome, Visibility
from backend.service_requests.service import Answer, Draft, Item, Place, Supply
from backend.web.api import create_flask, make_api
from backend.web.auth import init_auth

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""A Monday, 16:00 in China."""

VILLAGE = "520526001001"
COUNTY = "520526"
LAMPS = "520526001:law_enforcement"
WATER = "water_company"
ELECTRICITY = "power_supply"

ROLES: dict[str, tuple[Role, str] | None] = {
    "lixiuying": None,
    "wangdafu": None,
    "chenwei": (Role.HANDLER, LAMPS),
    "liufang": (Role.UNIT_LEAD, LAMPS),
    "zhaolei": (Role.HANDLER, WATER),
    "yangguang": (Role.DISPATCHER, COUNTY),
    "majing": (Role.SUPERVISOR, COUNTY),
    "sunhao": (Role.GRID_WORKER, VILLAGE),
}

Cast = dict[str, Actor]


@pytest.fixture
def notice_templates() -> None:
    """The county's templates, for tests that tell people something."""
    templates.configure(ROOT / "config")


@pytest.fixture
def cast(database: str) -> Cast:
    """Everybody, with the roles they hold."""
    return {slug: enrol(slug, role) for slug, role in ROLES.items()}


def enrol(slug: str, role: tuple[Role, str] | None) -> Actor:
    """A person of that name and role."""
    person_id = people.ensure_person(f"openid-{slug}", slug, NOW, phone="13812345678")
    if role is not None:
        scope = {"area_code": role[1]} if role[1][-1].isdigit() else {"unit_id": unit_id(role[1])}
        people.grant(person_id, role[0], NOW, **scope)
    actor = people_queries.actor_of(person_id, NOW)
    assert actor is not None
    return actor


def unit_id(code: str) -> UUID:
    row = fetch_one("SELECT id FROM units WHERE code = %s", (code,))
    assert row is not None
    return row[0]


def lamp(**changes: Any) -> Draft:
    """村口的路灯不亮 in 大洼塘: goes to the law-enforcement team of 海边街道, due in 24 hours."""
    draft = Draft(
        category="street_lamp",
        area_code=VILLAGE,
        description="村口到小学这段路两盏路灯一个多星期不亮了，孩子摸黑走。",
        answers={"fault": "dark", "lamp_count": 2},
        place=Place("村口小卖部对面", 26.87, 104.27),
        visibility=Visibility.PRIVATE,
        attachment_ids=(),
    )
    return replace(draft, **changes)


UNROUTED = "something_else"
"""A category that no rule routes: it waits for the dispatcher."""


def unrouted(**changes: Any) -> Draft:
    answers: dict[str, Any] = {}
    for question in county.current().catalogue.category(UNROUTED).questions:
        if question.required:
            answers[question.code] = {
                "text": "不知道找谁",
                "yes_no": False,
                "number": 1,
                "date": "2026-11-01",
                "choice": question.choices[0].code if question.choices else None,
            }[question.kind]
    return lamp(category=UNROUTED, answers=answers, **changes)


@pytest.fixture
def submitted(cast: Cast) -> UUID:
    """李秀英's street lamp."""
    return service.submit(cast["lixiuying"], lamp(), NOW)


def view(actor: Actor, request_id: UUID, now: datetime = NOW) -> dict[str, Any]:
    return loads(service.view(actor, request_id, now))


def version(request_id: UUID) -> int:
    row = fetch_one("SELECT version FROM service_requests WHERE id = %s", (request_id,))
    assert row is not None
    return row[0]


def state(request_id: UUID) -> str:
    row = fetch_one("SELECT state FROM service_requests WHERE id = %s", (request_id,))
    assert row is not None
    return row[0]


def outbox_kinds() -> list[str]:
    return [kind for (kind,) in fetch_all("SELECT kind FROM outbox ORDER BY kind")]


Do = Callable[[Actor, UUID, int, datetime], None]


def fixed(actor: Actor, now: datetime = NOW) -> Answer:
    """It was mended, with a picture the actor has just taken."""
    return Answer(Outcome.FIXED, "换了灯头", pictures(actor, now=now))


EXPLAINED = Answer(Outcome.EXPLAINED, "已解释", basis="《城市照明管理规定》第二十条")
REFERRED = Answer(
    Outcome.REFERRED, "已转供电公司", referred_to="供电公司", referred_contact="95598"
)
POLE_NUMBER = Item("灯杆编号", MaterialKind.TEXT)
LATER = timedelta(days=30)


def on(now: datetime, later: timedelta = timedelta()) -> date:
    """The day it is then in the county."""
    return (now + later).astimezone(clock.LOCAL).date()


def missing(request_id: UUID) -> UUID:
    """The first item the resident still owes; nothing's id if they owe none."""
    return _first(
        "SELECT id FROM materials WHERE request_id = %s AND state = 'missing' ORDER BY position",
        request_id,
    )


def open_task(request_id: UUID) -> UUID:
    """The first part another unit still owes; nothing's id if none is owed."""
    return _first(
        "SELECT id FROM sub_tasks WHERE request_id = %s AND state = 'open' ORDER BY opened_at",
        request_id,
    )


def _first(sql: str, request_id: UUID) -> UUID:
    row = fetch_one(f"{sql} LIMIT 1", (request_id,))
    return row[0] if row else UUID(int=0)


DO: dict[Action, Do] = {
    A.ACCEPT: service.accept,
    A.NOT_ACCEPT: lambda a, r, v, now: service.not_accept(a, r, v, "不归这里", "找供电局", now),
    A.ASSIGN: lambda a, r, v, now: service.assign(a, r, v, now, unit_id=unit_id(WATER)),
    A.DISPUTE: lambda a, r, v, now: service.dispute(a, r, v, "路灯归供水公司管", now),
    A.RULE: lambda a, r, v, now: service.rule(a, r, v, unit_id(LAMPS), "归执法队", now),
    A.START: service.start,
    A.ASK: lambda a, r, v, now: service.ask(a, r, v, [POLE_NUMBER], "灯杆编号是多少？", now),
    A.SUPPLY: lambda a, r, v, now: service.supply(a, r, v, Supply(missing(r), "27 和 28 号"), now),
    A.REQUEST_EXTENSION: lambda a, r, v, now: service.request_extension(a, r, v, "等灯头到货", now),
    A.DECIDE_EXTENSION: lambda a, r, v, now: service.decide_extension(a, r, v, True, None, now),
    A.OPEN_TASK: lambda a, r, v, now: service.open_task(
        a, r, v, unit_id(ELECTRICITY), "请查线路", on(now), now
    ),
    A.ANSWER_TASK: lambda a, r, v, now: service.answer_task(
        a, r, open_task(r), "线路正常", (), now
    ),
    A.CANCEL_TASK: lambda a, r, v, now: service.cancel_task(a, r, open_task(r), "不用了", now),
    A.REPLY: lambda a, r, v, now: service.reply(a, r, v, fixed(a, now), now),
    A.DEFER: lambda a, r, v, now: service.defer(a, r, v, on(now, LATER), "等春天开工", now),
    A.REMIND: lambda a, r, v, now: service.remind(a, r, v, "还没人来", now),
    A.CONFIRM: service.confirm,
    A.CONTEST: lambda a, r, v, now: service.contest(a, r, v, "晚上又灭了", (), now),
    A.DIRECT: lambda a, r, v, now: service.direct(a, r, v, "三天内换新灯", now),
    A.CAME_BACK: lambda a, r, v, now: service.came_back(a, r, v, "又不亮了", (), now),
    A.WITHDRAW: lambda a, r, v, now: service.withdraw(a, r, v, "自己修好了", now),
}
"""Each action with the words a person might use; ASSIGN is to the water company, RULE for the unit
that had it, and the part asked of another unit is the electricity company's."""


def act(actor: Actor, request_id: UUID, *actions: Action, now: datetime = NOW) -> None:
    """Take actions one after the other, each on the version it finds."""
    for action in actions:
        DO[action](actor, request_id, version(request_id), now)


def pictures(owner: Actor, count: int = 1, now: datetime | None = None) -> list[UUID]:
    """Pictures the owner has just taken in, waiting to be claimed."""
    ids = [new_id() for _ in range(count)]
    for attachment_id in ids:
        Attachment.insert(
            id=attachment_id,
            owner_id=owner.id,
            storage_key=attachment_id.hex,
            content_hash=bytes(32),
            width=640,
            height=480,
            size_bytes=1000,
            thumbnail_size=100,
            created_at=now or clock.now(),
        ).execute()
    return ids


class Caller:
    """One person at one device, over HTTP."""

    def __init__(self, client: FlaskClient, slug: str) -> None:
        self.client = client
        self.slug = slug

    def get(self, path: str, **headers: str) -> TestResponse:
        return self._send("GET", path, headers)

    def post(self, path: str, body: Any, key: str | None = None) -> TestResponse:
        return self._send("POST", path, {"Idempotency-Key": key or uuid4().hex}, json=body)

    def put(self, path: str, body: Any) -> TestResponse:
        return self._send("PUT", path, {}, json=body)

    def delete(self, path: str) -> TestResponse:
        return self._send("DELETE", path, {})

    def _send(self, method: str, path: str, extra: dict[str, str], **kwargs: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer token-{self.slug}", **extra}
        return self.client.open(f"/api{path}", method=method, headers=headers, **kwargs)


@pytest.fixture
def caller(cast: Cast, settings: Settings) -> Callable[[str], Caller]:
    """Each of the cast as a client of this feature's routes; signing in is not the subject here."""
    app = create_flask(settings)
    init_auth(app, lambda token, now: cast.get(token.removeprefix("token-")))
    make_api(app, "test").register_blueprint(routes.blueprint)
    return lambda slug: Caller(app.test_client(), slug)
