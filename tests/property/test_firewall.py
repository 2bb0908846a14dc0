"""The firewall: whom a complaint is about finds no trace of it, wherever they look.

The strongest test there is: everything they can read, in a world with the complaint and whatever
became of it, is byte for byte what they read in the same world without it.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule

from backend.attachments import links
from backend.attachments.rules import Variant
from backend.kernel import clock
from backend.kernel.actor import UNIT_ROLES, Actor, Role
from backend.kernel.db import db, execute, fetch_one
from backend.kernel.errors import DomainError
from backend.kernel.ids import new_id
from backend.people import queries as people_queries
from backend.people import service as people
from backend.service_requests import service
from backend.service_requests.queries import Queue
from backend.service_requests.rules import MaterialKind, Outcome, PressureKind, State, Visibility
from backend.service_requests.service import About, Answer, Item, Supply, sweeps
from backend.web.traits import traits_of
from tests.service_requests.conftest import COUNTY, LAMPS, VILLAGE, lamp, pictures, unit_id
from tests.service_requests.telling import tell_all

COMMITTEE = f"{VILLAGE}:committee"
UNITS = [COMMITTEE, LAMPS, "discipline_inspection", "petitions", "urban_management"]
AREAS = [COUNTY, VILLAGE[:9], VILLAGE]

WORDS = "玉麒麟偷梁换柱"
"""What the complaint says; nobody else would."""
REQUESTER = "顾大嫂"
STRANGER = "王二麻"
"""Nobody has this name when the complaint is made."""
NAMES = ["宋江", "林冲", "武松", "扈三娘", "孙二娘", "鲁智深"]

DRAFTS: dict[str, dict[str, Any]] = {
    "cadre_conduct": {"whom": "村主任", "kind": "favouritism"},
    "village_disclosure": {"matter": "accounts"},
    "street_lamp": {"fault": "dark"},
    "road_damage": {"passable": "blocked"},
}
IMPLIED = {"cadre_conduct": {COMMITTEE}, "village_disclosure": {COMMITTEE}}


@dataclass(frozen=True)
class Holding:
    """A role somebody holds: in a unit, or over an area."""

    role: Role
    scope: str

    def grant(self, person_id: UUID, now: datetime) -> UUID:
        over_area = self.role not in UNIT_ROLES
        scope = {"area_code": self.scope} if over_area else {"unit_id": unit_id(self.scope)}
        return people.grant(person_id, self.role, now, **scope)

    @property
    def unit(self) -> str | None:
        return self.scope if self.role in UNIT_ROLES else None


@dataclass
class Somebody:
    """A person, what they hold from the start, and what they get only when all is over."""

    name: str
    holdings: list[Holding]
    later: list[Holding]
    id: UUID = field(default_factory=new_id)

    def units(self) -> set[str]:
        return {h.unit for h in (*self.holdings, *self.later) if h.unit}


in_units = st.builds(Holding, st.sampled_from(sorted(UNIT_ROLES)), st.sampled_from(UNITS))
over_areas = st.builds(
    Holding,
    st.sampled_from(
        [Role.DISPATCHER, Role.SUPERVISOR, Role.INSPECTOR, Role.GRID_WORKER, Role.ADMIN]
    ),
    st.sampled_from(AREAS),
)
holdings = st.one_of(in_units, in_units, over_areas)


@st.composite
def crowds(draw: st.DrawFn) -> list[Somebody]:
    """People of the units and over the areas; some get a role, or one more, only later."""
    crowd = []
    for name in NAMES:
        held = draw(st.lists(holdings, min_size=1, max_size=2, unique=True))
        late = draw(st.integers(0, 2))
        crowd.append(Somebody(name, held[late:], held[:late]))
    crowd.append(Somebody(STRANGER, [], [draw(holdings)]))
    return crowd


@dataclass(frozen=True)
class Complaint:
    category: str
    units: list[str]
    names: list[str]
    visibility: Visibility
    danger: bool

    def is_about(self, somebody: Somebody) -> bool:
        targets = IMPLIED.get(self.category, set()) | set(self.units)
        return bool(targets & somebody.units()) or somebody.name in self.names


complaints = st.builds(
    Complaint,
    st.sampled_from(sorted(DRAFTS)),
    st.lists(st.sampled_from(UNITS), max_size=2, unique=True),
    st.lists(st.sampled_from([*NAMES, STRANGER]), max_size=2, unique=True),
    st.sampled_from([Visibility.PRIVATE, Visibility.ANONYMOUS]),
    st.booleans(),
)


class World:
    """People, a few ordinary requests, and a person who complains."""

    def __init__(self, app: Flask, crowd: list[Somebody]) -> None:
        self.app = app
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.crowd = crowd
        self.dormant: list[UUID] = []
        for somebody in crowd:
            somebody.id = people.ensure_person(f"openid-{somebody.name}", somebody.name, self.now)
            for holding in somebody.holdings:
                holding.grant(somebody.id, self.now)
            self.dormant += [holding.grant(somebody.id, self.now) for holding in somebody.later]
        self.requester = self._actor(
            people.ensure_person("openid-gu", REQUESTER, self.now, phone="13812345678")
        )
        ordinary = self._actor(people.ensure_person("openid-li", "李逵", self.now))
        self.requests = [
            service.submit(ordinary, lamp(), self.now),
            service.submit(ordinary, lamp(visibility=Visibility.PUBLIC), self.now),
        ]
        execute("UPDATE service_requests SET text_verdict = 'pass'")
        for somebody in crowd:
            service.follow(self._actor(somebody.id), self.requests[1], self.now)
        self.time_passes()

    def _actor(self, person_id: UUID) -> Actor:
        actor = people_queries.actor_of(person_id, self.now)
        assert actor is not None
        return actor

    def time_passes(self) -> None:
        """Everything becomes late, and everybody is told what concerns them."""
        much_later = self.now + timedelta(days=40)
        sweeps.escalate(much_later)
        sweeps.tell_late_tasks(much_later)
        tell_all(self.now)

    def roles_later(self, active: bool) -> None:
        """Whether what is granted later is in force by now."""
        moment = self.now if active else self.now + timedelta(days=999)
        execute("UPDATE role_grants SET valid_from = %s WHERE id = ANY(%s)", (moment, self.dormant))

    def complain(self, complaint: Complaint) -> UUID:
        text = f"{WORDS}，有人触电" if complaint.danger else WORDS
        return service.submit(
            self.requester,
            lamp(
                category=complaint.category,
                answers=DRAFTS[complaint.category],
                description=text,
                visibility=complaint.visibility,
                about=About([unit_id(code) for code in complaint.units], complaint.names),
                attachment_ids=pictures(self.requester),
            ),
            self.now,
        )

    def act(self, request_id: UUID, act: "Act", who: int) -> None:
        """Somebody does something if they may; every refusal is fine."""
        actors = [self.requester, *(self._actor(somebody.id) for somebody in self.crowd)]
        row = fetch_one("SELECT version FROM service_requests WHERE id = %s", (request_id,))
        assert row is not None
        for actor in [*actors[who % len(actors) :], *actors[: who % len(actors)]]:
            try:
                act(actor, request_id, row[0], self.now)
            except DomainError:
                continue
            return


Act = Callable[[Actor, UUID, int, datetime], object]


def _supply(actor: Actor, request_id: UUID, version: int, now: datetime) -> None:
    row = fetch_one("SELECT id FROM materials WHERE request_id = %s", (request_id,))
    service.supply(
        actor, request_id, version, Supply(row[0] if row else new_id(), f"{WORDS}补充"), now
    )


def _answer_task(actor: Actor, request_id: UUID, version: int, now: datetime) -> None:
    row = fetch_one("SELECT id FROM sub_tasks WHERE request_id = %s", (request_id,))
    service.answer_task(actor, request_id, row[0] if row else new_id(), WORDS, (), now)


REPLY = Answer(Outcome.EXPLAINED, f"{WORDS}已查", basis="《村民委员会组织法》")

ACTS: dict[str, Act] = {
    "accept": service.accept,
    "start": service.start,
    "ask": lambda a, r, v, now: service.ask(a, r, v, [Item("账本", MaterialKind.TEXT)], None, now),
    "supply": _supply,
    "reply": lambda a, r, v, now: service.reply(a, r, v, REPLY, now),
    "contest": lambda a, r, v, now: service.contest(a, r, v, WORDS, (), now),
    "confirm": service.confirm,
    "remind": lambda a, r, v, now: service.remind(a, r, v, WORDS, now),
    "dispute": lambda a, r, v, now: service.dispute(a, r, v, WORDS, now),
    "extension": lambda a, r, v, now: service.request_extension(a, r, v, WORDS, now),
    "contact": lambda a, r, v, now: service.contact(a, r),
    "answer_task": _answer_task,
    "pressure": lambda a, r, v, now: service.report_pressure(
        a, r, PressureKind.WITHDRAW, WORDS, now
    ),
    **{
        f"{name} {code}": act
        for code in UNITS
        for name, act in {
            "assign": lambda a, r, v, now, c=code: service.assign(
                a, r, v, now, unit_id=unit_id(c), note=WORDS
            ),
            "rule": lambda a, r, v, now, c=code: service.rule(a, r, v, unit_id(c), WORDS, now),
            "task": lambda a, r, v, now, c=code: service.open_task(
                a, r, v, unit_id(c), WORDS, now.date() + timedelta(days=2), now
            ),
            "direct": lambda a, r, v, now, c=code: service.direct(
                a, r, v, WORDS, now, unit_id=unit_id(c)
            ),
        }.items()
    },
}

histories = st.lists(
    st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 7)), min_size=2, max_size=10
)


@dataclass(frozen=True)
class Sought:
    """What somebody would look for who had heard of the complaint."""

    request_id: UUID
    attachment_id: UUID
    number: str


ELSEWHERE = (
    "resource_id", "booking_id", "adviser_id", "consultation_id", "question_id", "case_id", "token",
    "activity_id", "shift_id", "signup_id", "hours_id",
)  # fmt: skip


def paths(rule: Rule, world: World, watcher: UUID, sought: Sought) -> Iterator[str]:
    """Every way to ask this route for the complaint, and for everything else."""
    fillings: dict[str, list[Any]] = {
        "request_id": [sought.request_id, *world.requests],
        "attachment_id": [sought.attachment_id],
        "variant": ["original", "thumbnail"],
        "mandate_id": [sought.request_id],
        # Nothing of these belongs to a complaint; its id leads nowhere there.
        **{name: [sought.request_id] for name in ELSEWHERE},
        "unit_id": [unit_id(code) for code in UNITS],
        "code": AREAS,
    }
    path = str(rule.rule)
    if path.endswith(".pdf"):
        # It says when it was printed, so two of one request differ; its words are the view's.
        fillings["request_id"] = [sought.request_id]
    filled = [path]
    for converter in re.findall(r"<[^>]+>", path):
        name = converter.strip("<>").rpartition(":")[2]
        filled = [one.replace(converter, str(v)) for one in filled for v in fillings[name]]
    for one in filled:
        for query in queries(str(rule.endpoint), one, watcher, sought):
            yield f"{one}?{urlencode(query, doseq=True)}" if query else one


def queries(endpoint: str, path: str, watcher: UUID, sought: Sought) -> list[dict[str, Any]]:
    name = endpoint.rpartition(".")[2]
    searches = [{"q": words} for words in (WORDS[:3], REQUESTER, sought.number)]
    match name:
        case "workbench":
            by_queue = [{"queue": queue.value} for queue in Queue]
            by_state = [{"state": state.value} for state in State]
            return [{}, *by_queue, {"overdue": "true"}, {"due_today": "true"}, *by_state, *searches]
        case "own_requests":
            return [{}, *searches]
        case "similar":
            return [
                {"category": category, "area_code": VILLAGE, "text": f"{WORDS}路灯"}
                for category in DRAFTS
            ]
        case "public_requests":
            return [{"area": area} for area in AREAS]
        case "reports":
            return [{}, {"open": "true"}, {"open": "false"}]
        case "materials":
            return [{"kind": kind.value} for kind in MaterialKind]
        case "subscriptions":
            return [{"moment": "submitted"}]
        case "show":
            return [_link(path, watcher)]
        case _:
            return [{}]


def _link(path: str, watcher: UUID) -> dict[str, Any]:
    """The query of a link that was rightly signed for the watcher, however they came by it."""
    attachment_id, _, variant = path.removeprefix("/api/attachments/").partition("/")
    link = links.signed(UUID(attachment_id), Variant(variant), watcher, clock.now())
    query = link.path.partition("?")[2]
    return dict(part.split("=", 1) for part in query.split("&"))


def readable(app: Flask) -> list[Rule]:
    """Every route of the API that answers GET from the database."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and str(rule.rule).startswith("/api/")
        # Of the ledger the sheet says when it was made; its rows are those of the list.
        and not str(rule.rule).endswith(".xlsx")
        and traits_of(app.view_functions[rule.endpoint]).database
    ]


_MOVING = re.compile(rb'"(?:made_at|expires_at)":"[^"]*"|[?&](?:expires|signature)=[\w-]+')
"""What two equal answers differ by because time passes between them."""


def everything(world: World, watcher: UUID, sought: Sought) -> dict[str, tuple[int, bytes]]:
    """All that the watcher is answered, with the names of what is sought taken out."""
    found = {}
    client = world.app.test_client()
    headers = {"Authorization": f"Bearer {watcher}", "X-Request-Id": "one-and-the-same"}
    secrets = [str(sought.request_id), str(sought.attachment_id), sought.number]
    with undone():
        for rule in readable(world.app):
            for path in paths(rule, world, watcher, sought):
                answer = client.get(path, headers=headers)
                assert answer.status_code < 500, path
                body, named = _MOVING.sub(b"", answer.get_data()), path
                for index, secret in enumerate(secrets):
                    body = body.replace(secret.encode(), b"sought-%d" % index)
                    named = named.replace(secret, f"sought-{index}")
                found[_MOVING.sub(b"", named.encode()).decode()] = (answer.status_code, body)
    return found


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened afterwards."""
    with db.atomic() as savepoint:
        yield
        savepoint.rollback()


def _sought_in_vain() -> Sought:
    return Sought(new_id(), new_id(), "2611239999991")


def _sought(request_id: UUID) -> Sought:
    row = fetch_one(
        "SELECT number, (SELECT id FROM attachments WHERE subject_id = %s)"
        " FROM service_requests WHERE id = %s",
        (request_id, request_id),
    )
    assert row is not None
    return Sought(request_id, row[1], row[0])


@pytest.fixture
def known(app: Flask, notice_templates: None) -> Iterator[Flask]:
    """The whole product, where an id is the token of its person: signing in is not the subject."""
    before = app.extensions["authenticate"]
    app.extensions["authenticate"] = lambda token, now: people_queries.actor_of(UUID(token), now)
    yield app
    app.extensions["authenticate"] = before


@settings(
    max_examples=8,
    # Each example asks thousands of times: one that fails is shown as it was found.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(crowds(), complaints, histories)
def test_whom_a_complaint_is_about_reads_what_they_would_read_without_it(
    known: Flask,
    crowd: list[Somebody],
    complaint: Complaint,
    history: list[tuple[str, int]],
) -> None:
    assume(complaint.category in IMPLIED or complaint.units or complaint.names)
    with undone():
        world = World(known, crowd)
        watchers = [somebody.id for somebody in crowd if complaint.is_about(somebody)]
        in_vain = _sought_in_vain()
        without = {watcher: everything(world, watcher, in_vain) for watcher in watchers}

        world.roles_later(active=False)
        request_id = world.complain(complaint)
        for name, who in history:
            world.act(request_id, ACTS[name], who)
        world.time_passes()
        world.roles_later(active=True)

        sought = _sought(request_id)
        for watcher in watchers:
            with_it = everything(world, watcher, sought)
            assert with_it.keys() == without[watcher].keys()
            traces = [
                (path, answer, without[watcher][path])
                for path, answer in with_it.items()
                if answer != without[watcher][path]
            ]
            assert traces == []
        mine = everything(world, world.requester.id, sought)
        assert any(WORDS.encode() in body for _, body in mine.values()), "the test sees nothing"


def test_the_firewall_is_tried_on_every_route_that_reads(app: Flask) -> None:
    names = {str(rule.endpoint).rpartition(".")[2] for rule in readable(app)}
    assert {"request_view", "workbench", "workbench_summary", "similar", "public_requests"} <= names
    assert len(readable(app)) >= 20
