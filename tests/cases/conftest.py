"""An adviser, justice officers, and closed matters to make cases of."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from backend.advisers import legal
from backend.advisers.queries import adviser_of
from backend.advisers.rules.register import Entry
from backend.advisers.service.register import appoint
from backend.advisers.service.register import create as create_adviser
from backend.areas import county
from backend.cases import ports, service
from backend.cases.ports import Matter, SourceKind
from backend.cases.rules import Article
from backend.cases.service import Content
from backend.kernel.actor import Actor, Role
from backend.kernel.errors import NotFound
from backend.kernel.ids import new_id
from backend.kernel.json import loads
from backend.kernel.settings import ROOT
from backend.notices import templates
from backend.people import queries as people_queries
from backend.people import service as people

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
VILLAGE = "520526001001"
QUESTION = SourceKind.QUESTION

FACTS = (
    "我叫李秀英，住大洼塘社区三组12号，电话13812345678。2026年3月5日王大富借了我两万块钱，打了欠条，"
    "说年底还。老王现在不认账。"
)
OPINION = "李秀英您好：欠条是有效的，王大富到期不还，您可以到法院起诉。"

Cast = dict[str, Actor]
Matters = dict[UUID, Matter]


@pytest.fixture
def cast(database: str) -> Cast:
    """Who has to do with cases; each is an adviser, an officer, or neither."""
    county.use(ROOT / "config")
    legal.configure(ROOT / "config")
    templates.configure(ROOT / "config")
    roles: dict[str, tuple[Role, str] | None] = {
        "client": None,
        "neighbour": None,
        "officer": (Role.JUSTICE, VILLAGE[:9]),
        "officer_elsewhere": (Role.JUSTICE, "520526002"),
        "admin": (Role.ADMIN, VILLAGE[:6]),
    }
    return {"adviser": _adviser()} | {slug: enrol(slug, role) for slug, role in roles.items()}


def enrol(slug: str, role: tuple[Role, str] | None = None) -> Actor:
    person_id = people.ensure_person(f"openid-{slug}", slug, NOW)
    if role is not None:
        people.grant(person_id, role[0], NOW, area_code=role[1])
    return again(person_id)


def again(person_id: UUID) -> Actor:
    """The person with what they hold now."""
    actor = people_queries.actor_of(person_id, NOW)
    assert actor is not None
    return actor


def _adviser() -> Actor:
    person_id = people.ensure_person("openid-adviser", "罗律师", NOW)
    entry = Entry(
        name="罗明", firm="贵州示例律师事务所", licence_no="15205201910000001", phone=None,
        languages=("mandarin",), intro=None, term_from=date(2026, 1, 1), term_until=None,
        villages=(VILLAGE,), standby=(),
    )  # fmt: skip
    appoint(create_adviser(None, entry, NOW), person_id, NOW)
    return again(person_id)


@pytest.fixture
def matters(cast: Cast) -> Matters:
    """What consultations would tell of; a test adds what it needs."""
    known: Matters = {}

    def matter_of(actor: Actor, kind: SourceKind, source_id: UUID) -> Matter:
        found = known.get(source_id)
        if found is None or found.author_id != actor.id:
            raise NotFound
        return found

    ports.plug_in(matter_of=matter_of)
    return known


Answered = Callable[..., UUID]


@pytest.fixture
def answered(cast: Cast, matters: Matters) -> Answered:
    """Make a question that was answered; its id."""
    usual = Matter(
        facts=FACTS,
        opinion=OPINION,
        names=("李秀英", "王大富"),
        area_code=VILLAGE,
        topic="wages",
        person_id=cast["client"].id,
        author_id=cast["adviser"].id,
        adviser_id=adviser_of(cast["adviser"].id),
        keep_private=False,
        closed=True,
    )

    def answer(**changes: Any) -> UUID:
        source_id = new_id()
        matters[source_id] = replace(usual, **changes)
        return source_id

    return answer


CONTENT = Content(
    topic="wages",
    categories=("unpaid_wages",),
    title="工头欠薪，欠条管用吗",
    story="甲某在某工地干活，工头写了欠条，年底不认账。",
    question="只有欠条，能不能要回工钱？",
    answer="能。欠条写明了欠谁多少钱，法院认。",
    steps=("带上身份证和欠条", "到县人社局劳动监察大队投诉"),
    articles=(Article("劳动合同法", "第三十条", "用人单位应当及时足额支付劳动报酬。"),),
)


@pytest.fixture
def draft(cast: Cast, answered: Answered) -> UUID:
    return service.create(cast["adviser"], QUESTION, answered(), NOW)


@pytest.fixture
def submitted(cast: Cast, draft: UUID) -> UUID:
    service.save(cast["adviser"], draft, 1, CONTENT, NOW)
    service.submit(cast["adviser"], draft, 2, NOW, checked=True)
    return draft


@pytest.fixture
def published(cast: Cast, submitted: UUID) -> UUID:
    service.approve(cast["officer"], submitted, 3, NOW)
    return submitted


def view(actor: Actor, case_id: UUID) -> dict[str, Any]:
    found: dict[str, Any] = loads(service.view(actor, case_id))
    return found
