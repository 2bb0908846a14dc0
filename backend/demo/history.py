"""What has happened in the demo county over the past two months: about 300 requests.

Every step goes through the same use cases as a real one, at the moment it is said to have happened.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from backend.areas import county
from backend.attachments import service as attachments
from backend.demo import pictures
from backend.demo.people import Crowd, villages
from backend.kernel import clock, outbox
from backend.kernel.actor import Actor
from backend.kernel.db import execute, fetch_one
from backend.kernel.outbox import Handler
from backend.service_requests import service as requests
from backend.service_requests.rules import Outcome, TextVerdict, Visibility
from backend.service_requests.service import Draft, Place

STORIES_FILE = Path(__file__).with_name("stories.yaml")

COUNT = 300
DAYS = 60
UNREAD = timedelta(days=2)
LATE = 0.25
"""Share of unfinished requests that have been lying for days."""

# How far a story gets, and how many of a hundred get there.
PATHS: dict[tuple[str, ...], int] = {
    (): 9,
    ("not_accept",): 3,
    ("withdraw",): 3,
    ("accept",): 7,
    ("accept", "start"): 10,
    ("accept", "ask"): 6,
    ("accept", "ask", "supply"): 5,
    ("accept", "start", "reply"): 9,
    ("accept", "ask", "supply", "reply"): 4,
    ("accept", "reply", "contest"): 4,
    ("accept", "reply", "contest", "start"): 3,
    ("accept", "start", "reply", "confirm"): 10,
    ("accept", "start", "reply", "confirm", "rate"): 18,
    ("accept", "ask", "supply", "reply", "confirm", "rate"): 9,
}

SCORES = ((5, 4, 3, 2), (60, 25, 10, 5))
"""Ratings, and how often each is given."""


@dataclass(frozen=True, slots=True)
class Story:
    category: str
    answers: dict[str, Any]
    text: str
    place: str
    ask: str
    supply: str
    reply: str
    outcome: str = Outcome.FIXED.value


class History:
    """Tells stories. ``handlers`` are those of the outbox, so that people are told too."""

    def __init__(self, chance: random.Random, now: datetime, handlers: dict[str, Handler]) -> None:
        self._chance = chance
        self._now = now
        self._handlers = handlers
        self._crowd = Crowd(chance, now - timedelta(days=DAYS + 30), now)
        told = yaml.safe_load(STORIES_FILE.read_text(encoding="utf-8"))
        self._stories = [Story(**story) for story in told["stories"]]
        self._sentences: dict[str, Any] = told["sentences"]
        self._photographs = {
            scene: [pictures.draw(scene, chance) for _ in range(3)] for scene in pictures.SCENES
        }
        self._at = now

    def tell(
        self, count: int, guests: list[Actor], dispatcher: Actor, on_told: Callable[[int], None]
    ) -> None:
        """Tell so many. ``guests`` are residents of the cast, who get a few of their own."""
        everywhere = villages()
        nearby = villages("520526001")
        for number, path in enumerate(self._paths(count)):
            story = self._stories[number % len(self._stories)]
            village = self._chance.choice(nearby if self._chance.random() < 0.3 else everywhere)
            resident = (
                guests[number // 12 % len(guests)]
                if number % 12 == 0
                else self._crowd.resident(village)
            )
            self._tell_one(story, resident, path, dispatcher)
            on_told(number + 1)

    def _paths(self, count: int) -> Iterator[tuple[str, ...]]:
        paths = [path for path, share in PATHS.items() for _ in range(share)]
        self._chance.shuffle(paths)
        for number in range(count):
            yield paths[number % len(paths)]

    def _tell_one(
        self, story: Story, resident: Actor, path: tuple[str, ...], dispatcher: Actor
    ) -> None:
        finished = bool(path) and path[-1] in {"confirm", "rate", "withdraw", "not_accept"}
        late = self._chance.random() < LATE
        age = (
            self._chance.uniform(5, DAYS)
            if finished
            else self._chance.uniform(0.05, 8 if late else 1)
        )
        self._at = self._now - timedelta(days=age)
        area = resident.home_area_code or ""
        category = county.current().catalogue.category(story.category)
        request_id = requests.submit(
            resident,
            Draft(
                category=story.category,
                area_code=area,
                description=story.text,
                answers=story.answers,
                place=Place(story.place),
                visibility=Visibility(category.default_visibility),
                attachment_ids=self._photos(
                    resident, pictures.scene_for(story.category, category.group), (0, 1, 1, 2)
                ),
            ),
            self._at,
        )
        requests.record_text_verdict(request_id, TextVerdict.PASS, self._at)
        self._deliver()
        unit_id = _facts(request_id)[1]
        if unit_id is None and path and path[0] != "withdraw":
            unit_id = self._dispatch(request_id, dispatcher)
            path = tuple(step for step in path if step not in {"accept", "not_accept"})
        handler = self._crowd.handler(unit_id, area) if unit_id else None
        for step in path:
            if not self._later():
                return
            self._step(step, request_id, story, resident, handler)
            self._deliver()

    def _later(self) -> bool:
        """Some hours on; False when that would be in the future."""
        self._at += timedelta(hours=self._chance.choice((0.4, 2, 5, 9, 22, 30)))
        return self._at < self._now

    def _dispatch(self, request_id: UUID, dispatcher: Actor) -> UUID:
        row = fetch_one("SELECT id FROM units WHERE code = %s", ("housing_construction",))
        assert row is not None
        requests.assign(
            dispatcher,
            request_id,
            _facts(request_id)[0],
            self._at,
            unit_id=row[0],
            note=self._sentences["dispatch"],
        )
        self._deliver()
        unit_id: UUID = row[0]
        return unit_id

    def _step(
        self, step: str, request_id: UUID, story: Story, resident: Actor, handler: Actor | None
    ) -> None:
        version = _facts(request_id)[0]
        if step == "withdraw":
            requests.withdraw(resident, request_id, version, self._sentences["withdraw"], self._at)
        elif step == "supply":
            requests.supply(resident, request_id, version, story.supply, (), self._at)
        elif step == "confirm":
            requests.confirm(resident, request_id, version, self._at)
        elif step == "contest":
            reason = self._sentences["contest"]
            requests.contest(resident, request_id, version, reason, (), self._at)
        elif step == "rate":
            score = self._chance.choices(*SCORES)[0]
            comment = self._sentences["ratings"][score]
            requests.rate(resident, request_id, score, comment, self._at)
        elif handler is not None:
            self._handle(step, request_id, version, story, handler)

    def _handle(
        self, step: str, request_id: UUID, version: int, story: Story, handler: Actor
    ) -> None:
        if step == "accept":
            requests.accept(handler, request_id, version, self._at)
        elif step == "start":
            requests.start(handler, request_id, version, self._at)
        elif step == "ask":
            requests.ask(handler, request_id, version, story.ask, self._at)
        elif step == "not_accept":
            requests.not_accept(
                handler,
                request_id,
                version,
                self._sentences["not_accept"],
                self._sentences["where_to_go"],
                self._at,
            )
        elif step == "reply":
            photos = self._photos(handler, "mended", (0, 1)) if story.outcome == "fixed" else ()
            outcome = Outcome(story.outcome)
            requests.reply(handler, request_id, version, outcome, story.reply, photos, self._at)

    def _photos(
        self, owner: Actor, scene: str | None, how_many: tuple[int, ...]
    ) -> tuple[UUID, ...]:
        if scene is None:
            return ()
        return tuple(
            self._photo(owner, self._chance.choice(self._photographs[scene]))
            for _ in range(self._chance.choice(how_many))
        )

    def _photo(self, owner: Actor, jpeg: bytes) -> UUID:
        prepared = attachments.prepare(owner.id, jpeg, "image/jpeg", self._at)
        return attachments.take_in(owner.id, prepared, self._at).id

    def _deliver(self) -> None:
        """What the worker would have done, at the time of the story.

        WeChat is not asked about the pictures and texts of the past.
        """
        while events := outbox.claim(clock.now(), limit=50):
            for event in events:
                if event.kind.startswith(f"{requests.SUBJECT_KIND}.") and (
                    event.kind != requests.CHECK_TEXT
                ):
                    self._handlers[event.kind](replace(event, created_at=self._at), self._at)
                outbox.complete(event, clock.now())


def read_what_is_old(now: datetime) -> None:
    """Nobody has two months of unread notices."""
    execute(
        "UPDATE notices SET read_at = created_at + interval '1 hour' WHERE created_at < %s",
        (now - UNREAD,),
    )


def _facts(request_id: UUID) -> tuple[int, UUID | None]:
    row = fetch_one(
        "SELECT version, lead_unit_id FROM service_requests WHERE id = %s", (request_id,)
    )
    assert row is not None
    return row[0], row[1]
