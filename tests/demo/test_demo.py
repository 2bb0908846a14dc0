"""The demo's people and stories fit the county that ships, and play through the real use cases."""

import random
from datetime import timedelta

import pytest
import yaml
from flask import Flask

from backend.app import handlers
from backend.areas import county
from backend.areas.answers import validate_answers
from backend.demo import history, pictures
from backend.demo.advisers import settle_advisers, suspend
from backend.demo.counsel import Counsel
from backend.demo.helping import Helping
from backend.demo.people import cast, settle
from backend.demo.scenes import SCENES_FILE, Scenes
from backend.kernel import clock
from backend.kernel.actor import Role
from backend.kernel.db import fetch_all
from backend.kernel.messages import LANGUAGES
from backend.service_requests.rules import State

TOLD = yaml.safe_load(history.STORIES_FILE.read_text(encoding="utf-8"))


@pytest.mark.usefixtures("migrated")
@pytest.mark.parametrize("number", range(len(TOLD["stories"])))
def test_each_story_could_be_sent_in(number: int) -> None:
    story = history.Story(**TOLD["stories"][number])
    category = county.current().catalogue.category(story.category)
    errors, kept = validate_answers(category, story.answers)
    assert errors == [] and kept == story.answers


def test_the_cast_is_introduced_in_every_language() -> None:
    assert len({member.phone for member in cast()}) == len(cast())
    for member in cast():
        assert set(member.about) == set(LANGUAGES)


def test_pictures_look_different_each_time() -> None:
    chance = random.Random(1)
    for scene in pictures.SCENES:
        first, second = pictures.draw(scene, chance), pictures.draw(scene, chance)
        assert first[:3] == b"\xff\xd8\xff" and first != second


def test_the_past_is_told_through_the_real_use_cases(app: Flask) -> None:
    now = clock.now()
    people = {member.slug: settle(member, f"openid-{member.slug}", now) for member in cast()}
    assert people["chenwei"].has(Role.HANDLER)
    past = history.History(random.Random(7), now, handlers())
    told: list[int] = []
    past.tell(60, [people["lixiuying"]], people["yangguang"], told.append)
    history.read_what_is_old(now)
    assert told[-1] == 60
    states = {state for (state,) in fetch_all("SELECT state FROM service_requests")}
    assert len(states) >= 8 and State.CONFIRMED in states
    times = fetch_all("SELECT submitted_at, updated_at FROM service_requests")
    assert all(now - timedelta(days=history.DAYS) < sent <= changed for sent, changed in times)
    assert fetch_all("SELECT 1 FROM outbox WHERE done_at IS NULL") == []
    unread = fetch_all("SELECT min(created_at) FROM notices WHERE read_at IS NULL")
    assert unread[0][0] > now - history.UNREAD
    leaders = fetch_all(
        "SELECT DISTINCT u.code FROM service_requests r JOIN units u ON u.id = r.lead_unit_id"
    )
    assert len(leaders) > 10


def test_each_situation_has_its_scene(app: Flask) -> None:
    now = clock.now()
    people = {member.slug: settle(member, f"openid-{member.slug}", now) for member in cast()}
    past = history.History(random.Random(7), now, handlers())
    Scenes(past, people).play()
    scenes = yaml.safe_load(SCENES_FILE.read_text(encoding="utf-8"))["scenes"]
    shown = dict(fetch_all("SELECT state, count(*) FROM service_requests GROUP BY state"))
    assert sum(shown.values()) == len(scenes)
    assert {
        State.AWAITING_RESIDENT,
        State.DEFERRED,
        State.MERGED,
        State.SUPERVISED,
        State.DISPUTED,
        State.IN_PROGRESS,
    } <= set(shown)
    for waits in (
        "SELECT 1 FROM extensions WHERE state = 'pending'",
        "SELECT 1 FROM sub_tasks WHERE state = 'open' AND due_at < now()",
        "SELECT 1 FROM sub_tasks WHERE state = 'answered'",
        "SELECT 1 FROM materials WHERE state = 'missing'",
        "SELECT 1 FROM materials WHERE state = 'supplied'",
        "SELECT 1 FROM service_requests WHERE complaint",
        "SELECT 1 FROM service_requests WHERE reminded_at IS NOT NULL",
        "SELECT 1 FROM pressure_reports",
    ):
        assert fetch_all(waits), waits
    assert fetch_all("SELECT 1 FROM outbox WHERE done_at IS NULL") == []


def test_every_village_has_an_adviser_and_people_have_been_there(app: Flask) -> None:
    now = clock.now()
    people = {member.slug: settle(member, f"openid-{member.slug}", now) for member in cast()}
    practices = settle_advisers(cast(), people, now - history.BEFORE)
    past = history.History(random.Random(7), now, handlers())
    Counsel(past, practices, people, random.Random(7)).tell(meetings=12, asked=6)
    suspend(people["admin"], practices, now)
    assert len(practices) == 40 and practices[0].adviser.id == people["yangxuemei"].id
    [(villages, own, stood_in)] = fetch_all(
        """
        SELECT count(*), count(*) FILTER (WHERE EXISTS (
                SELECT FROM booking_resource_areas s WHERE s.area_code = a.code AND NOT s.standby)),
            count(*) FILTER (WHERE EXISTS (
                SELECT FROM booking_resource_areas s WHERE a.code ^@ s.area_code AND s.standby))
        FROM areas a WHERE a.level = 'village' AND a.active
        """
    )
    assert villages == own == stood_in == 623
    states = dict(fetch_all("SELECT state, count(*) FROM bookings GROUP BY state"))
    assert {"booked", "served", "cancelled", "no_show_resident"} <= set(states)
    assert dict(fetch_all("SELECT state, count(*) FROM cases GROUP BY state")) == {
        "published": 1,
        "submitted": 1,
    }
    for found in (
        "SELECT 1 FROM booking_waits WHERE state = 'waiting'",
        "SELECT 1 FROM questions WHERE state = 'open' AND handed_at IS NOT NULL",
        "SELECT 1 FROM questions WHERE state = 'answered'",
        "SELECT 1 FROM questions WHERE state = 'open' AND due_at > now()",
        "SELECT 1 FROM ledger_entries WHERE kind = 'consultation'",
        "SELECT 1 FROM ledger_entries WHERE kind = 'lecture'",
        "SELECT 1 FROM ledger_entries WHERE source = 'entered' AND entered_later",
        "SELECT 1 FROM consultations WHERE limitation_on - current_date BETWEEN 1 AND 30",
        "SELECT 1 FROM booking_resources WHERE term_until < current_date",
        "SELECT 1 FROM booking_resources WHERE suspended_at IS NOT NULL",
    ):
        assert fetch_all(found), found
    assert not fetch_all("SELECT 1 FROM ledger_entries WHERE source = 'service' AND entered_later")


def test_people_have_helped_and_will(app: Flask) -> None:
    now = clock.now()
    people = {member.slug: settle(member, f"openid-{member.slug}", now) for member in cast()}
    past = history.History(random.Random(7), now, handlers())
    Helping(past, people, random.Random(7)).tell(24)
    for found in (
        "SELECT 1 FROM service_hours WHERE class = 'verified'",
        "SELECT 1 FROM service_hours WHERE class = 'confirmed'",
        "SELECT 1 FROM signups WHERE state = 'waiting'",
        "SELECT 1 FROM signups WHERE state = 'applied'",
        "SELECT 1 FROM signups WHERE state = 'lapsed'",
        "SELECT 1 FROM shifts WHERE starts_at < now() AND ends_at > now()",
        "SELECT 1 FROM shifts WHERE starts_at > now() + interval '14 days'",
        "SELECT 1 FROM notices WHERE kind = 'signup_confirmed'",
    ):
        assert fetch_all(found), found
    li = people["lixiuying"].id
    [(coming, gone)] = fetch_all(
        "SELECT count(*) FILTER (WHERE out_at IS NULL AND ends_at > now()),"
        " count(*) FILTER (WHERE ends_at < now()) FROM signups WHERE person_id = %s",
        (li,),
    )
    assert (coming, gone) == (2, 1)
