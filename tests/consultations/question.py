"""A written question, and those it may come to."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from backend.consultations.queries.questions import Which
from backend.consultations.service import question_reading as reading
from backend.consultations.service import questions
from backend.consultations.service.questions import Asked
from backend.kernel.actor import Actor, Role
from backend.kernel.db import fetch_all
from tests.consultations.meeting import COUNTY, NOW, OPPONENT, VILLAGE, adviser_named, enrol, fresh

TEXT = "借条上没有写利息，还能要利息吗？"


def asked(actor: Actor, now: Any = NOW, **changes: Any) -> UUID:
    """A question."""
    said: dict[str, Any] = {
        "area_code": VILLAGE, "topic": "loan", "text": TEXT, "opposing": [OPPONENT],
        "since_on": None, "attachment_ids": (), "keep_private": False,
    }  # fmt: skip
    return questions.ask(actor, Asked(**(said | changes)), now)


def read(actor: Actor, question_id: UUID, now: Any = NOW) -> dict[str, Any]:
    return reading.question(fresh(actor.id, now), question_id, now)


def waiting(actor: Actor, now: Any = NOW) -> list[UUID]:
    """What an adviser or the justice office has to answer, in order."""
    items, _ = reading.queue(fresh(actor.id, now), Which.OPEN, None, 50, now)
    return [UUID(str(item["id"])) for item in items]


def office_of(person: Actor) -> UUID:
    """Whose record in the register a person is."""
    ((adviser_id,),) = fetch_all("SELECT id FROM advisers WHERE person_id = %s", (person.id,))
    return UUID(str(adviser_id))


@pytest.fixture
def li(app: Flask) -> Actor:
    return enrol("李秀英")


@pytest.fixture
def zheng(app: Flask) -> Actor:
    """The village's own adviser."""
    actor = enrol("郑明")
    adviser_named("郑明", actor, VILLAGE)
    return actor


@pytest.fixture
def sun(app: Flask) -> Actor:
    """Who stands in there."""
    actor = enrol("孙立")
    adviser_named("孙立", actor, standby=(VILLAGE,))
    return actor


@pytest.fixture
def officer(app: Flask) -> Actor:
    return enrol("韩所长", (Role.JUSTICE, COUNTY))
