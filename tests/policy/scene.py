"""The demo's people signed in to the whole product in this process, and requests in any state."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask

from backend.app import create_worker
from backend.demo.people import cast, settle
from backend.kernel import clock
from backend.kernel.actor import Scope
from backend.kernel.db import fetch_one
from backend.kernel.ids import new_id
from backend.notices import templates
from backend.people import queries as people
from backend.people import service
from backend.sandbox import Sandbox
from backend.service_requests.rules import TextVerdict
from backend.service_requests.service import record_text_verdict, sweeps
from backend.worker import Worker
from tests.attachments.pictures import encoded, halves
from tests.callers import Caller, into

VILLAGE = "520526001001"
UNIT = "520526001:law_enforcement"
OTHER_UNIT = "water_company"
HELPING_UNIT = "520526001:agriculture"

LAMP: dict[str, Any] = {
    "category": "street_lamp",
    "area_code": VILLAGE,
    "description": "村口到小学这段路两盏路灯不亮了",
    "answers": {"fault": "dark"},
    "place": {"text": "小卖部对面", "latitude": 26.87, "longitude": 104.27},
    "visibility": "private",
    "attachment_ids": [],
}

PRESSURE = {"kind": "change_rating", "text": "有人打电话叫我改成满意"}

Body = dict[str, Any]
"""What is sent; a value that depends on the request is made by calling it."""
Made = Callable[["Scene", Caller, dict[str, Any]], Any]
Step = Callable[["Scene", dict[str, Any]], None]


def filled(body: Body, scene: "Scene", caller: Caller, request: dict[str, Any]) -> Body:
    """The body as this caller sends it about this request."""
    return {
        name: value(scene, caller, request) if callable(value) else value
        for name, value in body.items()
    }


def unit(code: str) -> Made:
    return lambda scene, caller, request: str(scene.unit(code))


def member(slug: str) -> Made:
    return lambda scene, caller, request: str(scene.people[slug].id)


def new_picture(scene: "Scene", caller: Caller, request: dict[str, Any]) -> list[str]:
    """One the caller has just taken; none for who is not signed in."""
    answer = caller.upload(scene.photo)
    return [answer.json["id"]] if answer.status == 201 else []


def another_number(scene: "Scene", caller: Caller, request: dict[str, Any]) -> str:
    """Of a request the same unit works on."""
    found: str = scene.request("in_progress")["number"]
    return found


def missing(scene: "Scene", caller: Caller, request: dict[str, Any]) -> str:
    """The first thing the resident still owes."""
    now = scene["lixiuying"].get(f"/api/requests/{request['id']}").expect(200)
    found: str = next(item["id"] for item in now["materials"] if item["state"] == "missing")
    return found


def day(ahead: int) -> Made:
    """So many days from today in the county."""
    return lambda scene, caller, request: (
        clock.now().astimezone(clock.LOCAL).date() + timedelta(days=ahead)
    ).isoformat()


BODIES: dict[str, Body] = {
    "accept": {},
    "not-accept": {"reason": "不归这里", "where_to_go": "供电局"},
    "assign": {"handler_id": member("liufang")},
    "dispute": {"reason": "路灯归供水公司管", "unit_id": unit(OTHER_UNIT)},
    "rule": {"unit_id": unit(UNIT), "reason": "归执法队管"},
    "start": {},
    "ask": {"items": [{"label": "灯杆编号", "kind": "text"}], "text": "灯杆编号是多少？"},
    "supply": {"material_id": missing, "text": "27 号"},
    "request-extension": {"reason": "等灯头到货"},
    "decide-extension": {"granted": True},
    "tasks": {"unit_id": unit(HELPING_UNIT), "text": "请查线路", "due_on": day(1)},
    "reply": {"outcome": "fixed", "text": "换了灯头", "attachment_ids": new_picture},
    "defer": {"until_on": day(30), "text": "等春天开工"},
    "merge": {"into": another_number},
    "remind": {"text": "还没人来"},
    "confirm": {},
    "contest": {"reason": "晚上又灭了"},
    "direct": {"text": "三天内换新灯"},
    "came-back": {"text": "又不亮了"},
    "withdraw": {"reason": "自己修好了"},
}
"""What whoever may take an action sends with it, beside the version."""


def by(slug: str, action: str, **changes: Any) -> Step:
    """Somebody takes an action."""

    def step(scene: "Scene", request: dict[str, Any]) -> None:
        caller = scene[slug]
        caller.act(request, action, **filled(BODIES[action] | changes, scene, caller, request))

    return step


def later(days: int, *sweep: Callable[[datetime], None]) -> Step:
    """What time does, so many days from now."""

    def step(scene: "Scene", request: dict[str, Any]) -> None:
        for do in sweep:
            do(clock.now() + timedelta(days=days))

    return step


ACCEPT = by("chenwei", "accept")
REPLY = by("chenwei", "reply")
CONTEST = by("lixiuying", "contest")

WAYS: dict[str, tuple[Step, ...]] = {
    # First: the silence that closes it closes whatever was answered.
    "closed_unconfirmed": (ACCEPT, REPLY, later(9, sweeps.close_unconfirmed)),
    "submitted": (),
    "accepted": (ACCEPT,),
    "not_accepted": (by("chenwei", "not-accept"),),
    "assigned": (ACCEPT, by("liufang", "assign")),
    "disputed": (by("chenwei", "dispute"),),
    "in_progress": (ACCEPT, by("chenwei", "start")),
    "awaiting_resident": (ACCEPT, by("chenwei", "ask")),
    "replied": (ACCEPT, REPLY),
    "confirmed": (ACCEPT, REPLY, by("lixiuying", "confirm")),
    "contested": (ACCEPT, REPLY, CONTEST),
    "rework": (ACCEPT, REPLY, CONTEST, by("chenwei", "start")),
    "supervised": (ACCEPT, REPLY, CONTEST, REPLY, CONTEST),
    "deferred": (ACCEPT, by("chenwei", "defer")),
    "merged": (ACCEPT, by("chenwei", "merge")),
    "withdrawn": (by("lixiuying", "withdraw"),),
}
"""How a street lamp of 李秀英's gets into each state."""


class Scene:
    """Everybody by their slug, each on a device of their own."""

    def __init__(self, app: Flask, sandbox: Sandbox) -> None:
        self.app = app
        self.sandbox = sandbox
        self.people = {
            member.slug: settle(member, sandbox.world.person(member.slug), datetime.now(UTC))
            for member in cast()
        }
        pages = set()
        for template in templates.in_force().by_key.values():
            fields = [{"key": field.key, "label": field.key} for field in template.fields]
            sandbox.world.register_template(
                template.template_id, template.title["zh-CN"], fields, template.kind
            )
            pages.add(template.page.partition("?")[0])
        sandbox.world.set_pages(sorted(pages))
        self.nobody = Caller(into(app))
        self.photo = encoded(halves())
        self.signed_in: dict[str, Caller] = {}
        self.mandates: dict[str, str] = {}
        self.kept: dict[str, Any] = {}
        """What others made for this scene once."""

    def __getitem__(self, slug: str) -> Caller:
        if slug == "nobody":
            return self.nobody
        if slug not in self.signed_in:
            self.signed_in[slug] = self.nobody.sign_in(slug)
        return self.signed_in[slug]

    @property
    def phone(self) -> str:
        """李秀英's."""
        return next(member.phone for member in cast() if member.slug == "lixiuying")

    def forget(self, slug: str) -> None:
        """Their next request signs in anew."""
        self.signed_in.pop(slug, None)

    def request(
        self, state: str = "submitted", maker: str = "lixiuying", **changes: Any
    ) -> dict[str, Any]:
        """A request of 李秀英's in this state, as she sees it; she or ``maker`` made it for her."""
        if maker != "lixiuying":
            changes["mandate_id"] = self.acting(maker)
        made = self[maker].post("/api/requests", {**LAMP, **changes}).expect(201)
        for step in WAYS[state]:
            step(self, made)
        seen: dict[str, Any] = self["lixiuying"].get(f"/api/requests/{made['id']}").expect(200)
        assert seen["state"] == state
        return seen

    def acting(self, slug: str) -> str:
        """The consent by which somebody acts for 李秀英 in everything, from their first act on."""
        if slug not in self.mandates:
            self.mandates[slug] = self.mandate(slug)
        return self.mandates[slug]

    def published(self) -> dict[str, Any]:
        """A request of 李秀英's that everybody may read."""
        request = self.request(visibility="public")
        record_text_verdict(UUID(request["id"]), TextVerdict.PASS, clock.now())
        return request

    def helped(self, maker: str = "lixiuying") -> tuple[dict[str, Any], str]:
        """A request with a part that another unit is to do, and that part."""
        request = self.request("in_progress", maker)
        by("chenwei", "tasks")(self, request)
        seen = self["chenwei"].get(f"/api/requests/{request['id']}").expect(200)
        return seen, seen["tasks"][0]["id"]

    def picture(self, slug: str = "lixiuying") -> str:
        """A picture they have just taken."""
        found: str = self[slug].upload(self.photo).expect(201)["id"]
        return found

    def unit(self, code: str = UNIT) -> UUID:
        row = fetch_one("SELECT id FROM units WHERE code = %s", (code,))
        assert row is not None
        found: UUID = row[0]
        return found

    def role(self, slug: str) -> str:
        """The grant by which somebody holds their role."""
        row = fetch_one("SELECT id FROM role_grants WHERE person_id = %s", (self.people[slug].id,))
        assert row is not None
        return str(row[0])

    def code(self) -> str:
        """A code by which whoever brings it may act for 王桂芳, who is not of the cast."""
        body = {"scopes": ["submit", "act"], "valid_days": 30}
        mother = self.nobody.sign_in("mother")
        found: str = mother.post("/api/me/mandates", body).expect(201)["code"]
        return found

    def mandate(self, slug: str = "wangdafu") -> str:
        """Somebody may act for 李秀英."""
        body = {"scopes": ["submit", "act"], "valid_days": 30}
        code = self["lixiuying"].post("/api/me/mandates", body).expect(201)["code"]
        found: str = self[slug].post("/api/mandates/claim", {"code": code}).expect(201)["id"]
        return found

    def question(self, phone: str = "13885700001") -> str:
        """Somebody new asks to act for 李秀英, who has this telephone: the mandate it would be."""
        li, moment = self["lixiuying"], datetime.now(UTC)
        li.put("/api/me/phone", {"phone": phone}).expect(200)
        asker = people.actor_of(service.ensure_person(f"asks-{new_id()}", "亲戚", moment), moment)
        assert asker is not None
        name = li.get("/api/me").expect(200)["name"]
        service.ask(asker, name, phone, service.Terms((Scope.ACT,), 30), moment)
        given = li.get("/api/me/mandates").expect(200)["given"]
        found: str = next(each["id"] for each in given if each["state"] == "asked")
        return found

    def report(self) -> str:
        """A report of pressure by somebody new: nobody makes many in a day."""
        somebody = self.nobody.sign_in(new_id().hex)
        somebody.put("/api/me/phone", {"phone": "13885700021"}).expect(200)
        request = somebody.post("/api/requests", LAMP).expect(201)
        path = f"/api/requests/{request['id']}/pressure"
        found: str = somebody.post(path, PRESSURE).expect(201)["id"]
        return found

    def invitation(self) -> str:
        """A code that makes whoever brings it a grid worker."""
        body = {"role": "grid_worker", "area_code": VILLAGE}
        found: str = self["admin"].post("/api/invitations", body).expect(201)["code"]
        return found


def work(app: Flask) -> None:
    """Do everything that is due, as the worker does it."""
    worker: Worker = create_worker(app.extensions["settings"])
    while worker.do_next_event():
        pass
