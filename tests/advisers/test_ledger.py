"""The ledger: written by what happened, added to by hand, read by who may, never changed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import peewee
import pytest

from backend.advisers import service
from backend.advisers.queries.ledger import Filters
from backend.advisers.rules.ledger import (
    EntryByService,
    EntryKind,
    EntryVoided,
    LedgerNotYours,
    hours,
    masked_name,
)
from backend.advisers.service import ByHand, Service
from backend.kernel.actor import Actor, Role
from backend.kernel.crypto import keyring
from backend.kernel.db import execute, fetch_all, fetch_one
from backend.kernel.errors import NotFound, ValidationFailed
from backend.kernel.ids import new_id
from backend.kernel.settings import Settings
from tests.advisers.register import (
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    enrolled,
    registered,
)

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""A Monday, 16:00 in China."""

ALL = Filters()


class World:
    """An adviser of 大洼塘 and one of the village beside it, a justice officer, a resident."""

    def __init__(self) -> None:
        self.lawyer = enrolled("何律师", NOW, (Role.ADVISER, VILLAGE))
        self.other_lawyer = enrolled("陆律师", NOW, (Role.ADVISER, OTHER_VILLAGE))
        self.officer = enrolled("司法所", NOW, (Role.JUSTICE, TOWNSHIP))
        self.far_officer = enrolled("别的司法所", NOW, (Role.JUSTICE, OTHER_TOWNSHIP))
        self.resident = enrolled("李秀英", NOW)
        self.adviser = registered("何敏", self.lawyer.id, NOW, VILLAGE)
        self.other = registered("陆军", self.other_lawyer.id, NOW, OTHER_VILLAGE)

    def service(self, **changes: Any) -> Service:
        """An hour about a debt that began at three."""
        return replace(
            Service(
                adviser_id=self.adviser,
                kind="consultation",
                subject_id=new_id(),
                area_code=VILLAGE,
                person_id=self.resident.id,
                mode="in_person",
                topic="debt",
                started_at=NOW - timedelta(hours=1),
                minutes=40,
                summary="邻居借钱不还",
                opinion="先写好催款函，三年内起诉",
            ),
            **changes,
        )


@pytest.fixture
def world(database: str) -> World:
    return World()


def lecture(**changes: Any) -> ByHand:
    given = ByHand(
        EntryKind.LECTURE, VILLAGE, date(2026, 11, 23), 90, "民法典进院坝", "讲了借条怎么写", 35
    )
    return replace(given, **changes)


def read(actor: Actor, filters: Filters = ALL) -> list[dict[str, Any]]:
    items, _ = service.ledger(actor, filters, None, 50)
    return items


def column(name: str) -> Any:
    row = fetch_one(f"SELECT {name} FROM ledger_entries")
    assert row is not None
    return row[0]


def test_a_service_writes_its_own_entry(world: World):
    service.record_service(world.service(), NOW)
    (entry,) = read(world.lawyer)
    assert entry | {"id": None} == {
        "id": None,
        "kind": "consultation",
        "served_on": date(2026, 11, 23),
        "starts_at": NOW - timedelta(hours=1),
        "minutes": 40,
        "mode": "in_person",
        "village": {"code": VILLAGE, "name": entry["village"]["name"]},
        "adviser": {"id": world.adviser, "name": "何敏"},
        "client": "李**",
        "topic": "debt",
        "title": None,
        "summary": "邻居借钱不还",
        "opinion": "先写好催款函，三年内起诉",
        "attendees": None,
        "entered_at": NOW,
        "entered_later": False,
        "source": "service",
        "voided": None,
        "can_void": False,
    }
    assert fetch_all("SELECT last_served_on FROM advisers WHERE id = %s", (world.adviser,)) == [
        (date(2026, 11, 23),)
    ]


def test_recorded_again_nothing_is_added(world: World):
    happened = world.service()
    service.record_service(happened, NOW)
    service.record_service(replace(happened, opinion="另一个说法", minutes=99), NOW)
    (entry,) = read(world.lawyer)
    assert (entry["minutes"], entry["opinion"]) == (40, "先写好催款函，三年内起诉")


def test_a_question_answered_again_keeps_its_one_entry(world: World):
    asked = world.service(kind="question", mode=None, minutes=None)
    service.record_service(asked, NOW)
    service.record_service(replace(asked, minutes=20, opinion="补充：要留证据"), NOW)
    (entry,) = read(world.lawyer)
    assert (entry["minutes"], entry["opinion"]) == (20, "补充：要留证据")
    service.record_service(replace(asked, adviser_id=world.other), NOW)
    assert len(read(world.officer)) == 2


def test_the_last_service_is_never_set_back(world: World):
    service.record_service(world.service(), NOW)
    service.record_service(world.service(started_at=NOW - timedelta(days=5)), NOW)
    assert fetch_all("SELECT last_served_on FROM advisers WHERE id = %s", (world.adviser,)) == [
        (date(2026, 11, 23),)
    ]


def test_a_meeting_recorded_before_its_hour_is_of_today(world: World):
    service.record_service(world.service(started_at=NOW + timedelta(days=1)), NOW)
    assert column("served_on") == date(2026, 11, 23)


@pytest.mark.parametrize(
    "started_at, later",
    [
        (datetime(2026, 11, 22, 15, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), False),
    ],
    ids=["23:59 the day before", "midnight in China"],
)
def test_what_is_recorded_on_a_later_day_says_so(world: World, started_at: datetime, later: bool):
    service.record_service(world.service(started_at=started_at), NOW)
    assert column("entered_later") is later


def test_nobody_can_say_otherwise(world: World):
    service.enter(world.lawyer, lecture(served_on=date(2026, 11, 20)), NOW)
    assert column("entered_later") is True
    for change in (
        "entered_later = false",
        "entered_at = served_on",
        "served_on = date '2026-11-23'",
        "minutes = 600",
        "title = 'x'",
        "attendees = 100",
    ):
        with pytest.raises(peewee.DatabaseError):
            execute(f"UPDATE ledger_entries SET {change}")
    with pytest.raises(peewee.DatabaseError):
        execute("DELETE FROM ledger_entries")


def test_a_day_that_is_still_ahead_is_refused(world: World):
    with pytest.raises(ValidationFailed) as refused:
        service.enter(world.lawyer, lecture(served_on=date(2026, 11, 24)), NOW)
    assert [(e.field, e.code) for e in refused.value.fields] == [("/served_on", "day_ahead")]
    late = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    service.enter(world.lawyer, lecture(served_on=date(2026, 11, 24)), late)
    assert column("entered_later") is False


def test_a_day_long_ago_and_a_village_of_others_are_refused(world: World):
    given = lecture(served_on=date(2025, 11, 1), village=OTHER_VILLAGE)
    with pytest.raises(ValidationFailed) as refused:
        service.enter(world.lawyer, given, NOW)
    assert [(e.field, e.code) for e in refused.value.fields] == [
        ("/served_on", "day_too_long_ago"),
        ("/village", "village_not_served"),
    ]


@pytest.mark.parametrize("village", [TOWNSHIP, "520526001999"])
def test_only_a_village_can_be_visited(world: World, village: str):
    with pytest.raises(ValidationFailed):
        service.enter(world.lawyer, lecture(village=village), NOW)


def test_an_adviser_may_lecture_where_they_stand_by(world: World):
    person = enrolled("替班律师", NOW, (Role.ADVISER, TOWNSHIP))
    registered("替班", person.id, NOW, standby=(TOWNSHIP,))
    service.enter(person, lecture(village=OTHER_VILLAGE), NOW)
    assert [entry["title"] for entry in read(world.officer)] == ["民法典进院坝"]


def test_only_advisers_enter_and_only_for_themselves(world: World):
    for actor in (world.resident, world.officer):
        with pytest.raises(LedgerNotYours):
            service.enter(actor, lecture(), NOW)
    with pytest.raises(LedgerNotYours):
        service.enter(replace(world.lawyer, grants=()), lecture(), NOW)


def test_everybody_reads_what_is_theirs_to_read(world: World):
    service.record_service(world.service(), NOW)
    service.record_service(world.service(adviser_id=world.other, area_code=OTHER_VILLAGE), NOW)
    assert [e["adviser"]["name"] for e in read(world.lawyer)] == ["何敏"]
    assert len(read(world.officer)) == 2
    assert read(world.far_officer) == []
    assert len(read(enrolled("县里", NOW, (Role.ADMIN, "520526")))) == 2
    with pytest.raises(LedgerNotYours):
        read(world.resident)
    with pytest.raises(LedgerNotYours):
        read(enrolled("网格员", NOW, (Role.GRID_WORKER, VILLAGE)))


def test_the_ledger_can_be_narrowed(world: World):
    for days in (0, 1, 2, 40):
        service.record_service(world.service(started_at=NOW - timedelta(days=days)), NOW)
    service.record_service(
        world.service(adviser_id=world.other, area_code=OTHER_VILLAGE + "001"), NOW
    )
    seen: Callable[[Filters], int] = lambda filters: len(read(world.officer, filters))  # noqa: E731
    assert seen(ALL) == 5
    assert seen(Filters(adviser_id=world.adviser)) == 4
    assert seen(Filters(area_code=OTHER_VILLAGE)) == 1
    assert seen(Filters(area_code=TOWNSHIP)) == 5
    assert seen(Filters(from_on=date(2026, 11, 22))) == 3
    assert seen(Filters(from_on=date(2026, 11, 21), to_on=date(2026, 11, 22))) == 2
    assert seen(Filters(from_on=date(2026, 11, 22), to_on=date(2026, 11, 21))) == 0


def test_pages_go_on_where_the_last_one_ended(world: World):
    for days in (0, 0, 1, 1, 2):
        service.record_service(world.service(started_at=NOW - timedelta(days=days)), NOW)
    seen, after = [], None
    while True:
        items, after = service.ledger(world.officer, ALL, after, 2)
        seen += [(item["served_on"], item["id"]) for item in items]
        if after is None:
            break
    assert len(seen) == 5 and seen == sorted(seen, reverse=True)


def test_who_oversees_leaves_a_trace_with_every_client_and_advisers_with_their_own_do_not(
    world: World,
):
    service.record_service(world.service(), NOW)
    service.record_service(world.service(), NOW)
    readings = "SELECT actor_id, subject_id FROM audit_log WHERE action = 'personal_data.read'"
    read(world.lawyer)
    assert fetch_all(readings) == []
    read(world.officer)
    assert fetch_all(readings) == [(world.officer.id, world.resident.id)]


def test_an_entry_by_hand_is_voided_and_stays(world: World):
    entry_id = service.enter(world.lawyer, lecture(), NOW)
    for stranger in (world.other_lawyer, world.far_officer):
        with pytest.raises(NotFound):
            service.void(stranger, entry_id, "写错了", NOW)
    with pytest.raises(LedgerNotYours):
        service.void(world.resident, entry_id, "写错了", NOW)
    service.void(world.officer, entry_id, "当天没有办讲座", NOW)
    (entry,) = read(world.lawyer)
    assert entry["voided"] == {"at": NOW, "reason": "当天没有办讲座"}
    assert entry["can_void"] is False
    with pytest.raises(EntryVoided):
        service.void(world.lawyer, entry_id, "再作废一次", NOW)
    with pytest.raises(peewee.DatabaseError):
        execute("UPDATE ledger_entries SET voided_by = NULL, voided_at = NULL, void_reason = NULL")


def test_what_the_service_wrote_is_voided_by_nobody(world: World):
    service.record_service(world.service(), NOW)
    (entry,) = read(world.lawyer)
    with pytest.raises(EntryByService):
        service.void(world.officer, entry["id"], "不算", NOW)


def test_words_are_kept_sealed_and_open_with_a_new_key(world: World, settings: Settings):
    service.record_service(world.service(), NOW)
    service.enter(world.lawyer, lecture(), NOW)
    for (row,) in fetch_all("SELECT to_jsonb(e)::text FROM ledger_entries e"):
        assert "借" not in row
        assert "借".encode().hex() not in row
    keys = settings.keys()
    try:
        keyring.load(**{**keys, "encryption": {"next": bytes(range(32)), **keys["encryption"]}})
        while service.reencrypt(1):
            pass
        keyring.load(**{**keys, "encryption": {"next": bytes(range(32))}})
        assert {e["summary"] for e in read(world.lawyer)} == {"邻居借钱不还", "讲了借条怎么写"}
    finally:
        keyring.load(**keys)


def test_who_leaves_is_forgotten_and_the_work_stays(world: World):
    service.record_service(world.service(), NOW)
    held = service.ledger_about(world.resident.id, NOW)
    assert [(row["summary"], row["adviser"]) for row in held] == [("邻居借钱不还", "何敏")]
    service.detach(world.resident.id, NOW)
    assert service.ledger_about(world.resident.id, NOW) == []
    (entry,) = read(world.officer)
    assert (entry["client"], entry["summary"], entry["opinion"]) == (None, None, None)
    assert (entry["minutes"], entry["topic"]) == (40, "debt")


@pytest.mark.parametrize(
    "minutes, counted", [(None, None), (1, 0.0), (3, 0.1), (40, 0.7), (60, 1.0), (600, 10.0)]
)
def test_hours_are_counted_to_a_tenth(minutes: int | None, counted: float | None):
    assert hours(minutes) == counted


def test_a_name_tells_only_the_family(world: World):
    assert [masked_name(name) for name in ("李秀英", "欧阳娜娜", "A", "")] == [
        "李**", "欧**", "A**", None,
    ]  # fmt: skip


def test_entries_name_who_did_what(world: World):
    entry_id: UUID = service.enter(world.lawyer, lecture(), NOW)
    service.void(world.lawyer, entry_id, "重复了", NOW)
    done = fetch_all(
        "SELECT action, actor_id FROM audit_log WHERE subject_id = %s ORDER BY at, id", (entry_id,)
    )
    assert done == [
        ("ledger_entry.entered", world.lawyer.id),
        ("ledger_entry.voided", world.lawyer.id),
    ]
