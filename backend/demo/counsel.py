"""What people of the demo have brought to their village's legal adviser these two months."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from backend.advisers import service as advisers
from backend.advisers.rules.ledger import EntryKind
from backend.bookings import queries as bookings_read
from backend.bookings import service as bookings
from backend.bookings.rules import Mode
from backend.cases import service as cases
from backend.cases.ports import SourceKind
from backend.cases.rules import Article
from backend.consultations import service as consultations
from backend.consultations.service import question_thread as threads
from backend.consultations.service import questions
from backend.demo.advisers import Practice, advice
from backend.demo.history import DAYS, SCORES, History, Life
from backend.kernel.actor import Actor
from backend.kernel.clock import LOCAL
from backend.kernel.db import fetch_one

MEETINGS = 60
QUESTIONS = 14
ENDS = (("rated", "served", "cancelled", "no_show"), (60, 22, 11, 7))
"""How a meeting ends, and how often of a hundred."""

FIRST, SECOND, OTHERS = 0, 1, slice(1, 12)
"""The adviser of the cast comes first in the file; these others have had visitors too."""

Story = dict[str, Any]


class Counsel:
    """Tells of meetings, questions, entries by hand and cases; ``people`` are the cast, by slug."""

    def __init__(
        self,
        history: History,
        practices: Sequence[Practice],
        people: dict[str, Actor],
        chance: random.Random,
    ) -> None:
        self._history = history
        self._people = people
        self._chance = chance
        self._own = practices[FIRST]
        paused = {entry["licence_no"] for entry in advice()["suspended"]}
        self._practices = practices
        self._others = [p for p in practices[OTHERS] if p.licence_no not in paused]

    @property
    def _at(self) -> datetime:
        return self._history.at

    def tell(self, meetings: int = MEETINGS, asked: int = QUESTIONS) -> None:
        """Everything, side by side, until now."""
        lives = [
            *self._crowd(advice()["meetings"], meetings, self._of_the_crowd),
            *self._crowd(advice()["questions"], asked, self._asked),
            *((self._ago(scene["days"]), self._scene(scene)) for scene in advice()["scenes"]),
            *(
                (self._ago(entry["days"] - entry["later"]), self._entry(entry))
                for entry in advice()["services"]
            ),
        ]
        self._history.live(lives, lambda told: None)

    def _ago(self, days: float) -> datetime:
        return self._history.now - timedelta(days=days)

    def _crowd(
        self, stories: Sequence[Story], count: int, life: Callable[[Story, Practice], Life]
    ) -> Iterator[tuple[datetime, Life]]:
        for number in range(count):
            practice = self._others[number % len(self._others)]
            begins = self._ago(self._chance.uniform(2, DAYS - 5))
            yield begins, life(stories[number % len(stories)], practice)

    def _of_the_crowd(self, story: Story, practice: Practice) -> Life:
        resident = self._history.crowd.resident(self._chance.choice(practice.villages))
        ends = self._chance.choices(*ENDS)[0]
        yield from self._meeting(story, practice, resident, ends, ahead=1, among=8)

    # --- meetings -----------------------------------------------------------------------------

    def _meeting(
        self,
        story: Story,
        practice: Practice,
        resident: Actor,
        ends: str,
        *,
        ahead: float = 0,
        among: int = 2,
        case: str | None = None,
    ) -> Life:
        """Booked for one of the next times, at least so many days ahead."""
        slots = self._free(practice, Mode(story["mode"]), ahead)
        if not slots:
            return
        starts_at = self._chance.choice(slots[:among])["starts_at"]
        booking_id, meeting_id = self._book(story, practice, resident, starts_at)
        adviser = practice.adviser
        if ends == "coming":
            return
        if ends == "cancelled":
            yield self._at + timedelta(hours=3)
            reason = advice()["sentences"]["cancelled"]
            bookings.cancel(resident, booking_id, 0, reason, self._at)
            return
        if ends == "no_show":
            yield starts_at + timedelta(minutes=25)
            bookings.no_show(adviser, booking_id, self._at)
            return
        if story["mode"] == Mode.IN_PERSON:
            yield starts_at - timedelta(minutes=4)
            bookings.check_in(adviser, booking_id, None, self._at)
        if ends == "unrecorded":
            return
        yield starts_at + timedelta(minutes=story["minutes"])
        consultations.serve(adviser, meeting_id, story["opinion"], story["minutes"], self._at)
        if ends == "rated":
            yield self._at + timedelta(hours=self._chance.choice((1, 6, 20)))
            score = self._chance.choices(*SCORES)[0]
            comment = advice()["sentences"]["comments"][score]
            consultations.rate(resident, meeting_id, score, comment, self._at)
        if case is not None:
            yield from self._case(story["topic"], adviser, meeting_id, case)

    def _free(self, practice: Practice, mode: Mode, ahead: float) -> list[dict[str, Any]]:
        first = (self._at + timedelta(days=ahead)).astimezone(LOCAL).date()
        found = bookings_read.calendar_of(practice.id, first, 14, mode, self._at)
        assert found is not None
        return [slot for day in found["days"] for slot in day["slots"]]

    def _book(
        self, story: Story, practice: Practice, resident: Actor, starts_at: datetime
    ) -> tuple[UUID, UUID]:
        """The booking and the meeting."""
        at, mode = self._at, Mode(story["mode"])
        booking_id = bookings.hold(resident, practice.id, starts_at, mode, at)
        about = consultations.About(
            topic=story["topic"],
            opposing=story.get("opposing", ()),
            facts=story["facts"],
            since_on=self._since(story),
            keep_private=False,
        )
        return booking_id, consultations.book(resident, booking_id, about, at)

    def _since(self, story: Story) -> date | None:
        days = story.get("since")
        return None if days is None else (self._at - timedelta(days=days)).astimezone(LOCAL).date()

    # --- questions ----------------------------------------------------------------------------

    def _asked(self, story: Story, practice: Practice) -> Life:
        resident = self._history.crowd.resident(self._chance.choice(practice.villages))
        yield from self._question(story, practice, resident)

    def _question(self, story: Story, practice: Practice, resident: Actor) -> Life:
        question_id = questions.ask(
            resident,
            questions.Asked(
                area_code=resident.home_area_code or "",
                topic=story["topic"],
                text=story["text"],
                opposing=story.get("opposing", ()),
                since_on=self._since(story),
                attachment_ids=(),
                keep_private=False,
            ),
            self._at,
        )
        if story["end"] == "open":
            return
        yield self._soon()
        self._post(practice.adviser, question_id, story["answer"], minutes=10)
        if story["end"] == "asked_again":
            yield self._soon()
            self._post(resident, question_id, story["again"])
            yield self._soon()
            self._post(practice.adviser, question_id, story["answer_again"], minutes=8)
        if story["end"] == "thanked":
            yield self._soon()
            comment = advice()["sentences"]["comments"][5]
            threads.rate(resident, question_id, 5, comment, self._at)
            threads.close(resident, question_id, self._at)

    def _soon(self) -> datetime:
        return self._at + timedelta(hours=self._chance.choice((1, 3, 7, 15)))

    def _post(
        self, who: Actor, question_id: UUID, text: str, *, minutes: int | None = None
    ) -> None:
        threads.post(who, question_id, threads.Post(text, minutes=minutes), self._at)

    # --- the cast -----------------------------------------------------------------------------

    def _scene(self, scene: Story) -> Life:
        if "full" in scene:
            return self._full(scene)
        resident = self._people.get(scene["by"]) or self._neighbour()
        if "question" in scene:
            ends = {"late": "open"}.get(scene["ends"], scene["ends"])
            story = _told("questions", scene["question"]) | {"end": ends}
            return self._question(story, self._own, resident)
        story = _told("meetings", scene["meeting"])
        story |= {key: scene[key] for key in ("since",) if key in scene}
        return self._meeting(
            story,
            self._own,
            resident,
            scene["ends"],
            ahead=scene.get("ahead", 0),
            case=scene.get("case"),
        )

    def _neighbour(self) -> Actor:
        return self._history.crowd.resident(self._own.villages[0])

    def _full(self, scene: Story) -> Life:
        """Neighbours take every time of one mode on a day; somebody waits for one of them."""
        mode = Mode(scene["full"])
        slots = self._free(self._own, mode, scene["ahead"])
        stories = [{**story, "mode": mode} for story in advice()["meetings"]]
        day = slots[0]["starts_at"].astimezone(LOCAL).date()
        for story, slot in zip(stories, slots, strict=False):
            if slot["starts_at"].astimezone(LOCAL).date() == day:
                self._book(story, self._own, self._neighbour(), slot["starts_at"])
        bookings.join(self._people[scene["waits"]], self._own.id, day, day, mode, self._at)
        yield from ()

    # --- ledger and cases ---------------------------------------------------------------------

    def _entry(self, entry: Story) -> Life:
        practice = self._practices[entry["adviser"]]
        given = advisers.ByHand(
            kind=EntryKind(entry["kind"]),
            village=practice.villages[0],
            served_on=self._ago(entry["days"]).astimezone(LOCAL).date(),
            minutes=entry["minutes"],
            title=entry["title"],
            summary=entry["summary"],
            attendees=entry.get("attendees"),
        )
        advisers.enter(practice.adviser, given, self._at)
        yield from ()

    def _case(self, topic: str, adviser: Actor, meeting_id: UUID, ends: str) -> Life:
        yield self._at + timedelta(days=2)
        told = advice()["cases"][topic]
        case_id = cases.create(adviser, SourceKind.CONSULTATION, meeting_id, self._at)
        usual = fetch_one("SELECT categories FROM cases WHERE id = %s", (case_id,))
        assert usual is not None
        content = cases.Content(
            topic=topic,
            categories=tuple(usual[0]),
            title=told["title"],
            story=told["story"],
            question=told["question"],
            answer=told["answer"],
            steps=tuple(told["steps"]),
            articles=tuple(Article(**article) for article in told["articles"]),
        )
        cases.save(adviser, case_id, _version(case_id), content, self._at)
        cases.submit(adviser, case_id, _version(case_id), self._at, checked=True)
        if ends == "published":
            yield self._at + timedelta(days=1)
            cases.approve(self._people["wujianguo"], case_id, _version(case_id), self._at)


def _told(kind: str, topic: str) -> Story:
    """The first story of a topic."""
    story: Story = next(story for story in advice()[kind] if story["topic"] == topic)
    return dict(story)


def _version(case_id: UUID) -> int:
    row = fetch_one("SELECT version FROM cases WHERE id = %s", (case_id,))
    assert row is not None
    version: int = row[0]
    return version
