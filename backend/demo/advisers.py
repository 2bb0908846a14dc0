"""The demo's legal advisers: the register, what they offer of their week, and their people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from backend.advisers import service as advisers
from backend.bookings import service as bookings
from backend.bookings.rules import Cut, Mode, PlanRule
from backend.demo.people import Member
from backend.kernel.actor import Actor
from backend.kernel.clock import LOCAL
from backend.kernel.db import fetch_all
from backend.people import queries, service

ADVISERS_FILE = Path(__file__).with_name("advisers.csv")
ADVICE_FILE = Path(__file__).with_name("advice.yaml")

SUSPENDED_FOR = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Practice:
    """An adviser, the villages that are their own, and who acts as them."""

    id: UUID
    licence_no: str
    villages: tuple[str, ...]
    adviser: Actor


@cache
def advice() -> dict[str, Any]:
    """The file with weeks and stories."""
    content: dict[str, Any] = yaml.safe_load(ADVICE_FILE.read_text(encoding="utf-8"))
    return content


def settle_advisers(
    members: Sequence[Member], people: dict[str, Actor], since: datetime
) -> list[Practice]:
    """Enter the register, in the order of the file, each with a week and a phone of their own.

    Whoever of the cast has the licence is that adviser; somebody is made for each of the others.
    All serve from ``since`` on.
    """
    advisers.import_csv(None, ADVISERS_FILE.read_text(encoding="utf-8"), since)
    known = {
        role["licence_no"]: people[member.slug].id
        for member in members
        for role in member.roles
        if "licence_no" in role
    }
    places = dict(
        fetch_all("SELECT code, name FROM units WHERE code LIKE '%%:justice'")
        + fetch_all("SELECT code, name FROM units WHERE code LIKE '%%:committee'")
    )
    found = []
    for number, (id_, licence_no, name, villages) in enumerate(_register()):
        person_id = known.get(licence_no) or service.ensure_person(
            f"demo-adviser-{number:02}",
            name,
            since,
            home_area_code=villages[0],
            phone=f"139857100{number:02}",
        )
        advisers.appoint(id_, person_id, since)
        rules = list(_week(number, licence_no, villages[0], places, since))
        bookings.set_plan_rules(id_, rules, since)
        actor = queries.actor_of(person_id, since)
        assert actor is not None
        found.append(Practice(id_, licence_no, tuple(villages), actor))
    return found


def _register() -> list[tuple[UUID, str, str, list[str]]]:
    """Id, licence, name and own villages of each adviser, in the order of the file."""
    return fetch_all(
        """
        SELECT d.id, d.licence_no, d.name, array_agg(s.area_code ORDER BY s.area_code)
        FROM advisers d
        JOIN booking_resource_areas s ON s.resource_id = d.id AND NOT s.standby
        GROUP BY d.id ORDER BY right(d.licence_no, 6)
        """
    )


def suspend(admin: Actor, practices: Sequence[Practice], now: datetime) -> None:
    """Those who have paused since, as the file says."""
    ids = {practice.licence_no: practice.id for practice in practices}
    for entry in advice()["suspended"]:
        advisers.suspend(admin, ids[entry["licence_no"]], entry["reason"], now - SUSPENDED_FOR)


def _week(
    number: int, licence_no: str, village: str, places: dict[str, str], since: datetime
) -> Iterator[PlanRule]:
    told = advice()
    usual = told["plans"][number % len(told["plans"])]
    week = told["special"].get(licence_no, usual)
    where = {
        "justice": places.get(f"{village[:9]}:justice"),
        "committee": places.get(f"{village}:committee"),
    }
    for hours in week:
        day = hours["day"]
        if day == "market":
            day = told["market_days"][number % len(told["market_days"])]
        starts, ends = (_minute(text) for text in hours["hours"])
        cut = Cut(
            hours["slot"],
            tuple(map(Mode, hours["modes"])),
            hours.get("pause", 0),
            place=where.get(hours.get("place")),
        )
        yield PlanRule(
            day, starts, ends, cut, since.astimezone(LOCAL).date(),
            on_holidays=hours.get("on_holidays", False),
        )  # fmt: skip


def _minute(text: str) -> int:
    """Minutes from midnight of a time as ``HH:MM``."""
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)
