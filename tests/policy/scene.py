"""The demo's people signed in to the whole product in this process, and requests in any state."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Flask

from backend.app import create_worker
from backend.demo.people import cast, settle
from backend.kernel.actor import Scope
from backend.kernel.db import fetch_one
from backend.kernel.ids import new_id
from backend.notices import templates
from backend.people import queries as people
from backend.people import service
from backend.sandbox import Sandbox
from backend.worker import Worker
from tests.attachments.pictures import encoded, halves
from tests.callers import Caller, into

VILLAGE = "520526001001"
UNIT = "520526001:law_enforcement"
OTHER_UNIT = "water_company"

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

Step = tuple[str, str, dict[str, Any]]

ACCEPT: Step = ("chenwei", "accept", {})
START: Step = ("chenwei", "start", {})
ASK: Step = ("chenwei", "ask", {"text": "灯杆编号是多少？"})
SUPPLY: Step = ("lixiuying", "supply", {"text": "27 号"})
REPLY: Step = ("chenwei", "reply", {"outcome": "fixed", "text": "换了灯头"})
CONFIRM: Step = ("lixiuying", "confirm", {})
CONTEST: Step = ("lixiuying", "contest", {"reason": "晚上又灭了"})
WITHDRAW: Step = ("lixiuying", "withdraw", {"reason": "自己修好了"})
NOT_ACCEPT: Step = ("chenwei", "not-accept", {"reason": "不归这里", "where_to_go": "供电局"})

WAYS: dict[str, tuple[Step, ...]] = {
    "submitted": (),
    "accepted": (ACCEPT,),
    "not_accepted": (NOT_ACCEPT,),
    "in_progress": (ACCEPT, START),
    "awaiting_resident": (ACCEPT, ASK),
    "replied": (ACCEPT, REPLY),
    "confirmed": (ACCEPT, REPLY, CONFIRM),
    "contested": (ACCEPT, REPLY, CONTEST),
    "rework": (ACCEPT, REPLY, CONTEST, START),
    "withdrawn": (WITHDRAW,),
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

    def request(self, state: str = "submitted", **changes: Any) -> dict[str, Any]:
        """A request of 李秀英's in this state, as she sees it."""
        made = self["lixiuying"].post("/api/requests", {**LAMP, **changes}).expect(201)
        for who, action, body in WAYS[state]:
            self[who].act(made, action, **body)
        seen: dict[str, Any] = self["lixiuying"].get(f"/api/requests/{made['id']}").expect(200)
        assert seen["state"] == state
        return seen

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

    def mandate(self) -> str:
        """王大福 may act for 李秀英."""
        body = {"scopes": ["submit", "act"], "valid_days": 30}
        code = self["lixiuying"].post("/api/me/mandates", body).expect(201)["code"]
        found: str = self["wangdafu"].post("/api/mandates/claim", {"code": code}).expect(201)["id"]
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
        """A report of pressure on 李秀英."""
        path = f"/api/requests/{self.request()['id']}/pressure"
        found: str = self["lixiuying"].post(path, PRESSURE).expect(201)["id"]
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
