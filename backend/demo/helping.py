"""Volunteers of the demo: a station and a team, activities of past and coming weeks, and hours."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from backend.demo.history import History, Life
from backend.demo.people import signed_in
from backend.kernel.actor import Actor
from backend.kernel.clock import LOCAL
from backend.kernel.db import fetch_all, fetch_one
from backend.volunteering.service import activities, presence, signing_up, volunteers
from backend.volunteering.service.activities import Plan
from backend.volunteering.service.shifts import Times
from backend.volunteering.service.volunteers import Profile

HELPING_FILE = Path(__file__).with_name("helping.yaml")

HOME = "520526001001"
"""Where everybody who comes lives."""

ACTIVITIES = 55
"""Beside the scenes."""

_PUBLISHED_BEFORE = timedelta(days=9)
_FIRST, _LAST = -28, 24
_HOURS = (8, 9, 14, 16, 19)
_MOST = 7
"""Days from now of the first and last shift; when they begin; most people of the crowd."""


class Helping:
    """Tells of activities and who came; ``people`` are the cast, by slug."""

    def __init__(self, history: History, people: dict[str, Actor], chance: random.Random) -> None:
        self._history = history
        self._people = people
        self._chance = chance
        self._told: dict[str, Any] = yaml.safe_load(HELPING_FILE.read_text(encoding="utf-8"))
        self._organiser = people["malan"]
        self._organisations: list[UUID] = []

    def tell(self, count: int = ACTIVITIES) -> None:
        """Everything until now; what is to come is published and signed up for."""
        since = self._history.now + timedelta(days=_FIRST) - _PUBLISHED_BEFORE
        for entry in self._told["organisations"]:
            activities.create_organisation(
                self._organiser, entry["name"], entry["area"], entry["phone"], since
            )
        self._organisations = [
            self._organisation(entry["name"]) for entry in self._told["organisations"]
        ]
        self._history.live(
            [*self._crowd(count), *(self._scene(scene) for scene in self._told["scenes"])],
            lambda told: None,
        )

    def _organisation(self, name: str) -> UUID:
        row = fetch_one("SELECT id FROM volunteer_organisations WHERE name = %s", (name,))
        assert row is not None
        found: UUID = row[0]
        return found

    def _crowd(self, count: int) -> Iterator[tuple[datetime, Life]]:
        kinds = self._told["activities"]
        for number in range(count):
            days = _FIRST + (_LAST - _FIRST) * number // count
            start = self._moment(days, self._chance.choice(_HOURS))
            told = kinds[number % len(kinds)]
            coming = self._chance.randint(1, min(_MOST, told["capacity"] + 1))
            forgets = int(number % 9 == 0)
            yield self._life(told, start, told["capacity"], coming, forgets, ())

    def _scene(self, scene: dict[str, Any]) -> tuple[datetime, Life]:
        told = {**self._told["activities"][scene["of"]], "title": scene["title"]}
        if scene.get("starts") == "now":
            start = self._history.now - timedelta(minutes=20)
        else:
            start = self._moment(scene["days"], scene["hour"])
        who = [self._people[slug] for slug in scene["who"]]
        fill, forgets = scene.get("fill", 0), scene.get("forgets", 0)
        return self._life(told, start, scene["capacity"], fill, forgets, who)

    def _moment(self, days: int, hour: int) -> datetime:
        on: date = self._history.now.astimezone(LOCAL).date() + timedelta(days=days)
        return datetime.combine(on, time(hour), LOCAL)

    def _life(
        self,
        told: dict[str, Any],
        start: datetime,
        capacity: int,
        coming: int,
        forgets: int,
        who: Sequence[Actor],
    ) -> tuple[datetime, Life]:
        """From its publication on. The last ``forgets`` of those who come do not check out."""
        begins = min(start - _PUBLISHED_BEFORE, self._history.now - timedelta(days=1))
        return begins, self._activity(told, start, capacity, coming, forgets, who)

    def _activity(
        self,
        told: dict[str, Any],
        start: datetime,
        capacity: int,
        coming: int,
        forgets: int,
        who: Sequence[Actor],
    ) -> Life:
        end = start + timedelta(hours=told["hours"])
        shift_id = self._published(told, start, end, capacity)
        yield self._history.at + timedelta(hours=2)
        for actor in [*who, *(self._history.crowd.resident(HOME) for _ in range(coming))]:
            self._join(actor, told)
            signing_up.sign_up(actor, shift_id, None, self._history.at)
        if told.get("needs_approval") and not who:
            yield self._history.at + timedelta(hours=5)
            for signup_id, _ in self._signups(shift_id, "applied"):
                signing_up.approve(self._organiser, signup_id, self._history.at)
        yield start - timedelta(minutes=4)
        there = [*self._signups(shift_id, "confirmed")]
        if start < self._history.now < end:
            there = [one for one in there if one[1] not in {actor.id for actor in who}]
        for signup_id, person_id in there:
            code = presence.code(self._organiser, shift_id, self._history.at)["qr"]
            actor = signed_in(person_id, self._history.at)
            presence.check_in(actor, signup_id, code, False, self._history.at)
        yield end + timedelta(minutes=2)
        for signup_id, person_id in there[: len(there) - forgets]:
            code = presence.code(self._organiser, shift_id, self._history.at)["qr"]
            actor = signed_in(person_id, self._history.at)
            presence.check_out(actor, signup_id, code, False, self._history.at)
        yield end + timedelta(hours=30)
        for signup_id, _ in there[len(there) - forgets :]:
            presence.confirm(self._organiser, signup_id, start, end, self._history.at)

    def _published(
        self, told: dict[str, Any], start: datetime, end: datetime, capacity: int
    ) -> UUID:
        organisation = self._told["organisations"][told["organisation"]]
        plan = Plan(
            organisation_id=self._organisations[told["organisation"]],
            kind=told["kind"],
            title=told["title"],
            description=told["description"],
            area_code=organisation["area"],
            place=told["place"],
            contact_name=self._organiser.name,
            contact_phone=organisation["phone"],
            min_age=told.get("min_age"),
            skills=told.get("skills", ()),
            insured=told.get("insured", False),
            needs_approval=told.get("needs_approval", False),
            opens_at=None,
            closes_at=None,
            attachment_ids=(),
        )
        times = Times(start, end, capacity, told.get("note"), told.get("beat", ()))
        at = self._history.at
        activity_id = activities.create(self._organiser, plan, (times,), at)
        activities.publish(self._organiser, activity_id, 1, at)
        ((shift_id,),) = fetch_all("SELECT id FROM shifts WHERE activity_id = %s", (activity_id,))
        found: UUID = shift_id
        return found

    def _join(self, actor: Actor, told: dict[str, Any]) -> None:
        born_on = date(self._chance.randint(1956, 2002), self._chance.randint(1, 12), 15)
        skills = ("driving", *told.get("skills", ()))
        volunteers.join(actor, Profile(born_on, skills, None), self._history.at)

    def _signups(self, shift_id: UUID, state: str) -> list[tuple[UUID, UUID]]:
        return fetch_all(
            "SELECT id, person_id FROM signups WHERE shift_id = %s AND state = %s"
            " ORDER BY queued_at",
            (shift_id, state),
        )
