"""The demo's people: a named cast, and as many others as the stories need."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from backend.areas import queries as areas
from backend.kernel.actor import Actor, Role
from backend.kernel.db import fetch_all
from backend.people import queries as people
from backend.people import service

CAST_FILE = Path(__file__).with_name("cast.yaml")


@dataclass(frozen=True, slots=True)
class Member:
    """One of the cast. ``about`` says in each language who it is."""

    slug: str
    name: str
    phone: str
    home: str
    messages: int
    about: dict[str, str]
    roles: tuple[dict[str, str], ...]


def cast() -> list[Member]:
    """The cast as the file has it."""
    return [Member(**{"roles": (), **entry}) for entry in _file()["people"]]


def settle(member: Member, openid: str, now: datetime) -> Actor:
    """Make the person and their roles; repeating changes nothing.

    An adviser's role comes with the record in the register that they take up (``advisers.py``).
    """
    person_id = service.ensure_person(
        openid, member.name, now, home_area_code=member.home, phone=member.phone
    )
    for role in member.roles:
        if "licence_no" in role:
            continue
        unit_id = areas.unit_ids([role["unit"]])[role["unit"]] if "unit" in role else None
        service.grant(
            person_id, Role(role["role"]), now, unit_id=unit_id, area_code=role.get("area")
        )
    return signed_in(person_id, now)


def signed_in(person_id: UUID, now: datetime) -> Actor:
    """With the roles and consents of the moment."""
    found = people.actor_of(person_id, now)
    assert found is not None
    return found


class Crowd:
    """Everyone else: made when needed, always the same ones for the same chance."""

    def __init__(self, chance: random.Random, since: datetime, now: datetime) -> None:
        self._chance = chance
        self._since = since
        self._now = now
        names: dict[str, list[str]] = _file()
        self._surnames, self._given = names["surnames"], names["given"]
        self._handlers: dict[UUID, Actor] = {}
        self._made = 0

    def resident(self, home: str) -> Actor:
        """A new neighbour in a village."""
        return self._person("resident", home)

    def handler(self, unit_id: UUID, home: str) -> Actor:
        """Whoever handles requests in the unit: one of the cast, or a handler of its own."""
        if unit_id not in self._handlers:
            members = people.members_with_role(Role.HANDLER, self._now, unit_id=unit_id)
            self._handlers[unit_id] = (
                signed_in(members[0], self._now)
                if members
                else self._person(
                    "handler",
                    home,
                    lambda id: service.grant(id, Role.HANDLER, self._since, unit_id=unit_id),
                )
            )
        return self._handlers[unit_id]

    def _person(
        self, kind: str, home: str, prepare: Callable[[UUID], Any] = lambda id: None
    ) -> Actor:
        self._made += 1
        name = self._chance.choice(self._surnames) + self._chance.choice(self._given)
        person_id = service.ensure_person(
            f"demo-{kind}-{self._made:04}",
            name,
            self._since,
            home_area_code=home,
            phone=f"1398570{self._made:04}",
        )
        prepare(person_id)
        return signed_in(person_id, self._since)


def villages(under: str = "") -> list[str]:
    """Codes of the villages of the county, or of a township."""
    return [
        code
        for (code,) in fetch_all(
            "SELECT code FROM areas WHERE level = 'village' AND active AND code LIKE %s"
            " ORDER BY code",
            (f"{under}%",),
        )
    ]


def _file() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(CAST_FILE.read_text(encoding="utf-8"))
    return content
