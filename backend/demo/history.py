"""What has happened in the demo county over the past two months: about 300 requests.

Every step goes through the same use cases as a real one, at the moment it is said to have happened,
and what time alone brings about happens in between.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from backend.areas import county
from backend.attachments import service as attachments
from backend.bookings import service as bookings
from backend.consultations.service import question_sweeps
from backend.demo import pictures
from backend.demo.people import Crowd, villages
from backend.kernel import clock, outbox
from backend.kernel.actor import Actor
from backend.kernel.db import execute, fetch_one
from backend.kernel.outbox import Handler
from backend.service_requests import service as requests
from backend.service_requests.rules import MaterialKind, Outcome, TextVerdict, Visibility
from backend.service_requests.service import Draft, Place, sweeps
from backend.volunteering.service import places

STORIES_FILE = Path(__file__).with_name("stories.yaml")

COUNT = 300
DAYS = 60
BEFORE = timedelta(days=DAYS + 30)
"""So long ago everybody was there already."""
UNREAD = timedelta(days=2)
SWEEP_EVERY = timedelta(hours=6)
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
    ("accept", "reply", "contest"): 3,
    ("accept", "reply", "contest", "start"): 3,
    ("accept", "reply", "contest", "reply", "contest"): 1,
    ("accept", "start", "defer"): 2,
    ("accept", "start", "reply", "confirm"): 9,
    ("accept", "start", "reply", "silence"): 4,
    ("accept", "start", "reply", "confirm", "came_back"): 1,
    ("accept", "start", "reply", "confirm", "rate"): 13,
    ("accept", "ask", "supply", "reply", "confirm", "rate"): 9,
}

SCORES = ((5, 4, 3, 2), (60, 25, 10, 5))
"""Ratings, and how often each is given."""

ENDS = frozenset({"confirm", "rate", "silence", "withdraw", "not_accept"})
"""Where it ends so, it was long ago."""


@dataclass(frozen=True, slots=True)
class Story:
    category: str
    answers: dict[str, Any]
    text: str
    place: str
    ask: str = ""
    supply: str = ""
    reply: str = ""
    outcome: str = Outcome.FIXED.value


_LIVED = (
    f"{requests.SUBJECT_KIND}.", "pressure_report.", "booking.", "consultation.", "question.",
    "case.", "signup.",
)  # fmt: skip
"""Kinds of events that people of the past were told of."""

_LEFT_OUT = (requests.CHECK_TEXT, "booking.reminder", "signup.reminder")
"""Of those, what is not told: a reminder of something that is over."""

Life = Iterator[datetime]
"""What happens to one request: each time it is asked, it does the next thing and says when the one
after that is to happen."""


class History:
    """Tells stories. ``handlers`` are those of the outbox, so that people are told too."""

    def __init__(self, chance: random.Random, now: datetime, handlers: dict[str, Handler]) -> None:
        self._chance = chance
        self.now = now
        self._handlers = handlers
        self.crowd = Crowd(chance, now - BEFORE, now)
        told = yaml.safe_load(STORIES_FILE.read_text(encoding="utf-8"))
        self._stories = [Story(**story) for story in told["stories"]]
        self._sentences: dict[str, Any] = told["sentences"]
        self._photographs = {
            scene: [pictures.draw(scene, chance) for _ in range(3)] for scene in pictures.SCENES
        }
        self.at = now

    def tell(
        self, count: int, guests: list[Actor], dispatcher: Actor, on_told: Callable[[int], None]
    ) -> None:
        """Tell so many. ``guests`` are residents of the cast, who get a few of their own."""
        everywhere = villages()
        nearby = villages("520526001")
        lives: list[tuple[datetime, Life]] = []
        for number, path in enumerate(self._paths(count)):
            story = self._stories[number % len(self._stories)]
            village = self._chance.choice(nearby if self._chance.random() < 0.3 else everywhere)
            resident = (
                guests[number // 12 % len(guests)]
                if number % 12 == 0
                else self.crowd.resident(village)
            )
            lives.append((self._begins(path), self._life(story, resident, path, dispatcher)))
        self.live(lives, on_told)

    def live(self, lives: list[tuple[datetime, Life]], on_told: Callable[[int], None]) -> None:
        """Let everything happen in its order, each life from its moment, until now."""
        coming = [(at, number, life) for number, (at, life) in enumerate(lives)]
        heapify(coming)
        begun: set[int] = set()
        self.at = swept = coming[0][0]
        while coming and coming[0][0] < self.now:
            self.at, number, life = heappop(coming)
            if self.at - swept > SWEEP_EVERY:
                swept = self.at
                self.sweep()
            following = next(life, None)
            self._deliver()
            if following is not None:
                heappush(coming, (following, number, life))
            if number not in begun:
                begun.add(number)
                on_told(len(begun))
        self.at = self.now
        self.sweep()

    def sweep(self) -> None:
        """What time alone brings about."""
        sweeps.escalate(self.at)
        sweeps.tell_late_tasks(self.at)
        sweeps.close_unconfirmed(self.at)
        sweeps.follow_up(self.at)
        bookings.sweep(self.at)
        question_sweeps.hand_on(self.at)
        places.sweep(self.at)
        self._deliver()

    def _paths(self, count: int) -> Iterator[tuple[str, ...]]:
        paths = [path for path, share in PATHS.items() for _ in range(share)]
        self._chance.shuffle(paths)
        for number in range(count):
            yield paths[number % len(paths)]

    def _begins(self, path: tuple[str, ...]) -> datetime:
        """When a story of such an end began."""
        if path and path[-1] == "silence":
            return self.now - timedelta(days=self._chance.uniform(12, DAYS))
        if path and path[-1] in ENDS:
            return self.now - timedelta(days=self._chance.uniform(5, DAYS))
        longest = 8 if self._chance.random() < LATE else 1
        return self.now - timedelta(days=self._chance.uniform(0.05, longest))

    def _life(
        self, story: Story, resident: Actor, path: tuple[str, ...], dispatcher: Actor
    ) -> Life:
        area = resident.home_area_code or ""
        request_id = self.submit(story, resident)
        unit_id = lead_unit_of(request_id)[0]
        if unit_id is None and path and path[0] != "withdraw":
            unit_id = self._dispatch(request_id, dispatcher)
            path = tuple(step for step in path if step not in {"accept", "not_accept"})
        handler = self.crowd.handler(unit_id, area) if unit_id else None
        for step in path:
            yield self.at + timedelta(hours=self._chance.choice((0.4, 2, 5, 9, 22, 30)))
            self._step(step, request_id, story, resident, handler)

    def submit(self, story: Story, resident: Actor, *, about: Sequence[UUID] = ()) -> UUID:
        """At home, as the category suggests; the units it complains about are ``about``."""
        category = county.current().catalogue.category(story.category)
        request_id = requests.submit(
            resident,
            Draft(
                category=story.category,
                area_code=resident.home_area_code or "",
                description=story.text,
                answers=story.answers,
                place=Place(story.place),
                visibility=Visibility(category.default_visibility),
                attachment_ids=self.photos(
                    resident, pictures.scene_for(story.category, category.group), (0, 1, 1, 2)
                ),
                about=requests.About(about),
            ),
            self.at,
        )
        requests.record_text_verdict(request_id, TextVerdict.PASS, self.at)
        return request_id

    def _dispatch(self, request_id: UUID, dispatcher: Actor) -> UUID:
        row = fetch_one("SELECT id FROM units WHERE code = %s", ("housing_construction",))
        assert row is not None
        requests.assign(
            dispatcher,
            request_id,
            version_of(request_id),
            self.at,
            unit_id=row[0],
            note=self._sentences["dispatch"],
        )
        unit_id: UUID = row[0]
        return unit_id

    def _step(
        self, step: str, request_id: UUID, story: Story, resident: Actor, handler: Actor | None
    ) -> None:
        version = version_of(request_id)
        if step == "withdraw":
            requests.withdraw(resident, request_id, version, self._sentences["withdraw"], self.at)
        elif step == "supply":
            given = requests.Supply(missing_item(request_id), text=story.supply)
            requests.supply(resident, request_id, version, given, self.at)
        elif step == "confirm":
            requests.confirm(resident, request_id, version, self.at)
        elif step == "contest":
            reason = self._sentences["contest"]
            requests.contest(resident, request_id, version, reason, (), self.at)
        elif step == "came_back":
            text = self._sentences["came_back"]
            requests.came_back(resident, request_id, version, text, (), self.at)
        elif step == "rate":
            score = self._chance.choices(*SCORES)[0]
            comment = self._sentences["ratings"][score]
            requests.rate(resident, request_id, score, comment, self.at)
        elif handler is not None:
            self._handle(step, request_id, version, story, handler)

    def _handle(
        self, step: str, request_id: UUID, version: int, story: Story, handler: Actor
    ) -> None:
        if step == "accept":
            requests.accept(handler, request_id, version, self.at)
        elif step == "start":
            requests.start(handler, request_id, version, self.at)
        elif step == "ask":
            items = [requests.Item(story.ask, MaterialKind.TEXT)]
            requests.ask(handler, request_id, version, items, None, self.at)
        elif step == "defer":
            until_on = (self.now + timedelta(days=self._chance.randint(20, 120))).date()
            text = self._sentences["defer"]
            requests.defer(handler, request_id, version, until_on, text, self.at)
        elif step == "not_accept":
            requests.not_accept(
                handler,
                request_id,
                version,
                self._sentences["not_accept"],
                self._sentences["where_to_go"],
                self.at,
            )
        elif step == "reply":
            fixed = story.outcome == Outcome.FIXED
            answer = requests.Answer(
                Outcome(story.outcome),
                story.reply,
                self.photos(handler, "mended", (1, 1, 2)) if fixed else (),
                None if fixed else self._sentences["basis"],
            )
            requests.reply(handler, request_id, version, answer, self.at)

    def photos(
        self, owner: Actor, scene: str | None, how_many: tuple[int, ...]
    ) -> tuple[UUID, ...]:
        if scene is None:
            return ()
        return tuple(
            self._photo(owner, self._chance.choice(self._photographs[scene]))
            for _ in range(self._chance.choice(how_many))
        )

    def _photo(self, owner: Actor, jpeg: bytes) -> UUID:
        prepared = attachments.prepare(owner.id, jpeg, "image/jpeg", self.at)
        return attachments.take_in(owner.id, prepared, self.at).id

    def _deliver(self) -> None:
        """What the worker would have done, at the time of the story.

        WeChat is not asked about the pictures and texts of the past.
        """
        while events := outbox.claim(clock.now(), limit=50):
            for event in events:
                if event.kind.startswith(_LIVED) and event.kind not in _LEFT_OUT:
                    self._handlers[event.kind](replace(event, created_at=self.at), self.at)
                outbox.complete(event, clock.now())


def read_what_is_old(now: datetime) -> None:
    """Nobody has two months of unread notices."""
    execute(
        "UPDATE notices SET read_at = created_at + interval '1 hour' WHERE created_at < %s",
        (now - UNREAD,),
    )


def version_of(request_id: UUID) -> int:
    version: int = _columns("version", request_id)[0]
    return version


def lead_unit_of(request_id: UUID) -> tuple[UUID | None, str]:
    """The unit that leads, and the area the request lies in."""
    unit_id, area_code = _columns("lead_unit_id, area_code", request_id)
    return unit_id, area_code


def missing_item(request_id: UUID) -> UUID:
    """The first item of the list that is not settled."""
    row = fetch_one(
        "SELECT id FROM materials WHERE request_id = %s AND state = 'missing' ORDER BY position",
        (request_id,),
    )
    assert row is not None
    material_id: UUID = row[0]
    return material_id


def _columns(names: str, request_id: UUID) -> tuple[Any, ...]:
    row = fetch_one(f"SELECT {names} FROM service_requests WHERE id = %s", (request_id,))
    assert row is not None
    return row
