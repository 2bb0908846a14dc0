"""What time does by itself: at the moment, long after it, twice, and by two workers at once."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from backend.areas import county
from backend.kernel.clock import LOCAL
from backend.kernel.db import db, execute, fetch_all, fetch_one
from backend.kernel.settings import ROOT
from backend.service_requests import errors, jobs, service
from backend.service_requests.rules import Kind, MaterialKind, Outcome, State
from backend.service_requests.service import sweeps
from backend.service_requests.service.closing import Answer
from tests.at_once import at_once
from tests.service_requests.conftest import (
    LAMPS,
    NOW,
    WATER,
    Cast,
    lamp,
    state,
    unit_id,
    unrouted,
    version,
    view,
)
from tests.service_requests.telling import inboxes, tell_all

pytestmark = pytest.mark.usefixtures("notice_templates")

Sweep = Callable[[datetime], None]

SECOND = timedelta(seconds=1)
DOWN_FOR = (timedelta(0), timedelta(days=3), timedelta(days=90))
"""How long the worker was down over the moment."""

late = pytest.mark.parametrize("down_for", DOWN_FOR, ids=lambda each: f"down for {each.days} days")


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL).astimezone(UTC)


def events(request_id: UUID, *kinds: Kind) -> list[tuple[str, dict[str, Any], str]]:
    """Kind, data and audience of the events of these kinds, in order."""
    return fetch_all(
        "SELECT kind, data, shown_to FROM timeline_events"
        " WHERE request_id = %s AND kind = ANY(%s) ORDER BY seq",
        (request_id, list(kinds)),
    )


def column(request_id: UUID, name: str) -> Any:
    row = fetch_one(f"SELECT {name} FROM service_requests WHERE id = %s", (request_id,))
    assert row is not None
    return row[0]


def everything() -> list[list[tuple[Any, ...]]]:
    """All that a sweep could change."""
    tables = ("service_requests", "timeline_events", "sub_tasks", "outbox", "audit_log")
    return [fetch_all(f"SELECT md5(t::text) FROM {table} t ORDER BY 1") for table in tables]


def run(sweep: Sweep, now: datetime) -> None:
    """Two workers at once, and one of them again: no more happens than by one."""
    assert at_once(lambda: sweep(now), lambda: sweep(now)) == [None, None]
    sweep(now)
    before = everything()
    sweep(now)
    assert everything() == before


def told(sweep: Sweep, now: datetime) -> dict[str, list[str]]:
    """Whom the sweep's work is told, and what."""
    execute("TRUNCATE outbox, notices CASCADE")
    run(sweep, now)
    tell_all(now)
    return inboxes()


def accepted(cast: Cast, now: datetime = NOW, **changes: Any) -> UUID:
    """李秀英's street lamp, taken on by 陈伟: 24 hours."""
    request_id = service.submit(cast["lixiuying"], lamp(**changes), now)
    service.accept(cast["chenwei"], request_id, 1, now)
    return request_id


def replied(cast: Cast, now: datetime = NOW) -> UUID:
    request_id = accepted(cast, now)
    answer = Answer(Outcome.EXPLAINED, "线路归供电所管", basis="《供电营业规则》第四十七条")
    service.reply(cast["chenwei"], request_id, version(request_id), answer, now)
    return request_id


# Escalation


def test_more_people_are_told_the_more_of_the_time_is_used_up(cast: Cast):
    request_id = accepted(cast)
    assert told(sweeps.escalate, NOW + timedelta(hours=12) - SECOND) == {}
    assert told(sweeps.escalate, NOW + timedelta(hours=12)) == {"chenwei": ["half_time"]}
    assert told(sweeps.escalate, NOW + timedelta(hours=19.2)) == {
        "chenwei": ["due_soon"],
        "liufang": ["due_soon"],
    }
    assert told(sweeps.escalate, NOW + timedelta(hours=24)) == {
        "lixiuying": ["overdue"],
        "chenwei": ["overdue_staff"],
        "liufang": ["overdue_staff"],
        "majing": ["overdue_staff"],
    }
    assert events(request_id, Kind.ESCALATED) == [
        ("escalated", {"share": 50}, "staff"),
        ("escalated", {"share": 80}, "staff"),
        ("escalated", {"share": 100}, "resident"),
    ]
    shown = view(cast["lixiuying"], request_id)["timeline"]
    assert [each["data"] for each in shown if each["kind"] == "escalated"] == [{"share": 100}]


@late
def test_late_the_highest_stage_is_told_alone(cast: Cast, down_for: timedelta):
    request_id = accepted(cast)
    assert "majing" in told(sweeps.escalate, NOW + timedelta(hours=24) + down_for)
    assert events(request_id, Kind.ESCALATED) == [("escalated", {"share": 100}, "resident")]


def test_nothing_is_escalated_while_the_resident_is_waited_for(cast: Cast):
    request_id = accepted(cast)
    asked_at = NOW + timedelta(hours=6)
    items = [service.Item("灯杆编号", MaterialKind.TEXT)]
    service.ask(cast["chenwei"], request_id, version(request_id), items, None, asked_at)
    supplied_at = asked_at + timedelta(days=5)
    run(sweeps.escalate, supplied_at)
    assert events(request_id, Kind.ESCALATED) == []
    ((material_id,),) = fetch_all("SELECT id FROM materials")
    given = service.Supply(material_id, "27 号")
    service.supply(cast["lixiuying"], request_id, version(request_id), given, supplied_at)
    # Six of twenty-four hours were used up: half of them six hours on.
    run(sweeps.escalate, supplied_at + timedelta(hours=6) - SECOND)
    assert events(request_id, Kind.ESCALATED) == []
    run(sweeps.escalate, supplied_at + timedelta(hours=6))
    assert events(request_id, Kind.ESCALATED) == [("escalated", {"share": 50}, "staff")]


def test_a_contest_begins_the_stages_anew(cast: Cast):
    request_id = accepted(cast)
    run(sweeps.escalate, NOW + timedelta(days=2))
    answer = Answer(Outcome.EXPLAINED, "线路归供电所管", basis="《供电营业规则》第四十七条")
    replied_at = NOW + timedelta(days=2)
    service.reply(cast["chenwei"], request_id, version(request_id), answer, replied_at)
    run(sweeps.escalate, NOW + timedelta(days=3))
    assert len(events(request_id, Kind.ESCALATED)) == 1
    service.contest(
        cast["lixiuying"],
        request_id,
        version(request_id),
        "晚上又灭了",
        (),
        NOW + timedelta(days=4),
    )
    run(sweeps.escalate, NOW + timedelta(days=4, hours=12))
    assert [data for _, data, _ in events(request_id, Kind.ESCALATED)] == [
        {"share": 100},
        {"share": 50},
    ]


def test_what_nobody_leads_is_escalated_to_who_dispatches_and_supervises(cast: Cast):
    service.submit(cast["lixiuying"], unrouted(), NOW)
    assert told(sweeps.escalate, NOW + timedelta(days=60)) == {
        "lixiuying": ["overdue"],
        "yangguang": ["overdue_staff"],
        "majing": ["overdue_staff"],
    }


def test_one_that_cannot_be_done_does_not_keep_back_the_others(cast: Cast):
    first, second, third = (accepted(cast) for _ in range(3))
    constraint = "service_requests_stuck"
    execute(
        f"ALTER TABLE service_requests ADD CONSTRAINT {constraint}"
        f" CHECK (id <> '{second}' OR escalated = 0)"
    )
    try:
        with pytest.raises(Exception, match=constraint):
            sweeps.escalate(NOW + timedelta(days=1))
        assert [column(each, "escalated") for each in (first, second, third)] == [3, 0, 3]
    finally:
        execute(f"ALTER TABLE service_requests DROP CONSTRAINT {constraint}")
    run(sweeps.escalate, NOW + timedelta(days=1))
    assert column(second, "escalated") == 3


# Silence after a reply


@late
def test_silence_closes_as_unconfirmed(cast: Cast, down_for: timedelta):
    request_id = replied(cast)
    until = china("2026-11-30 23:59:59")
    assert column(request_id, "confirm_until") == until
    run(sweeps.close_unconfirmed, until)
    assert state(request_id) == State.REPLIED
    closed_at = until + SECOND + down_for
    assert told(sweeps.close_unconfirmed, closed_at) == {
        "lixiuying": ["closed_unconfirmed"],
        "chenwei": ["closed_unconfirmed_staff"],
    }
    assert state(request_id) == State.CLOSED_UNCONFIRMED
    assert column(request_id, "closed_at") == closed_at
    (event,) = [e for e in view(cast["lixiuying"], request_id)["timeline"] if "closed" in e["kind"]]
    assert event["by"] == {"role": "system", "name": None}


def test_who_answers_before_a_late_worker_is_heard(cast: Cast):
    confirmed, contested = replied(cast), replied(cast)
    long_after = NOW + timedelta(days=30)
    service.confirm(cast["lixiuying"], confirmed, version(confirmed), long_after)
    service.contest(cast["lixiuying"], contested, version(contested), "没修好", (), long_after)
    run(sweeps.close_unconfirmed, long_after + SECOND)
    assert (state(confirmed), state(contested)) == (State.CONFIRMED, State.CONTESTED)


# Put off until a date


@late
def test_what_was_put_off_is_taken_up_on_its_day(cast: Cast, down_for: timedelta):
    request_id = accepted(cast)
    service.defer(
        cast["chenwei"], request_id, version(request_id), date(2026, 12, 20), "等春灌后施工", NOW
    )
    morning = china("2026-12-20 00:00")
    run(sweeps.reopen, morning - SECOND)
    assert state(request_id) == State.DEFERRED
    reopened_at = morning + down_for
    assert told(sweeps.reopen, reopened_at) == {
        "lixiuying": ["reopened"],
        "chenwei": ["reopened_staff"],
    }
    assert state(request_id) == State.IN_PROGRESS
    assert column(request_id, "due_at") == reopened_at + timedelta(hours=24)
    assert column(request_id, "escalated") == 0


# The second follow-up


@late
def test_the_resident_is_asked_once_more_and_can_say_that_it_came_back(
    cast: Cast, down_for: timedelta
):
    request_id = replied(cast)
    service.confirm(cast["lixiuying"], request_id, version(request_id), NOW)
    at = china("2026-12-21 23:59:59")
    run(sweeps.follow_up, at - SECOND)
    assert events(request_id, Kind.FOLLOWED_UP) == []
    asked_at = at + down_for
    assert told(sweeps.follow_up, asked_at) == {"lixiuying": ["follow_up"]}
    assert events(request_id, Kind.FOLLOWED_UP) == [("followed_up", {}, "resident")]
    # Two weeks to answer, however late the question came.
    last_moment = asked_at + timedelta(days=14)
    with pytest.raises(errors.CameBackTooLate):
        came_back(cast, request_id, last_moment + SECOND)
    came_back(cast, request_id, last_moment)
    assert state(request_id) == State.CONTESTED
    run(sweeps.follow_up, last_moment + timedelta(days=100))
    assert len(events(request_id, Kind.FOLLOWED_UP)) == 1


def came_back(cast: Cast, request_id: UUID, now: datetime) -> None:
    service.came_back(cast["lixiuying"], request_id, version(request_id), "又不亮了", (), now)


def test_each_closing_has_its_own_follow_up(cast: Cast):
    request_id = replied(cast)
    service.confirm(cast["lixiuying"], request_id, version(request_id), NOW)
    run(sweeps.follow_up, NOW + timedelta(days=29))
    again = NOW + timedelta(days=30)
    came_back(cast, request_id, again)
    answer = Answer(Outcome.EXPLAINED, "已换", basis="《供电营业规则》第四十七条")
    service.reply(cast["chenwei"], request_id, version(request_id), answer, again)
    run(sweeps.close_unconfirmed, again + timedelta(days=8))
    run(sweeps.follow_up, again + timedelta(days=40))
    assert len(events(request_id, Kind.FOLLOWED_UP)) == 2


# Parts that other units have not done


@late
def test_the_lead_is_told_once_of_each_part_that_is_late(cast: Cast, down_for: timedelta):
    request_id = accepted(cast)
    service.open_task(
        cast["chenwei"],
        request_id,
        version(request_id),
        unit_id(WATER),
        "看看井盖",
        date(2026, 11, 25),
        NOW,
    )
    last_second = china("2026-11-25 23:59:59")
    run(sweeps.tell_late_tasks, last_second)
    assert events(request_id, Kind.TASK_OVERDUE) == []
    assert told(sweeps.tell_late_tasks, last_second + SECOND + down_for) == {
        "chenwei": ["task_overdue"]
    }
    ((_, data, shown_to),) = events(request_id, Kind.TASK_OVERDUE)
    assert data["unit_id"] == str(unit_id(WATER)) and shown_to == "staff"


def test_what_is_done_or_not_needed_any_more_is_not_late(cast: Cast):
    done, withdrawn = accepted(cast), accepted(cast)
    for request_id in (done, withdrawn):
        service.open_task(
            cast["chenwei"],
            request_id,
            version(request_id),
            unit_id(WATER),
            "看看井盖",
            date(2026, 11, 25),
            NOW,
        )
    ((task_id,),) = fetch_all("SELECT id FROM sub_tasks WHERE request_id = %s", (done,))
    service.answer_task(cast["zhaolei"], done, task_id, "井盖完好", (), NOW)
    service.withdraw(cast["lixiuying"], withdrawn, version(withdrawn), None, NOW)
    run(sweeps.tell_late_tasks, NOW + timedelta(days=30))
    assert events(done, Kind.TASK_OVERDUE) == events(withdrawn, Kind.TASK_OVERDUE) == []


# A year that is announced

DECEMBER = china("2026-12-28 10:00")


@pytest.fixture
def announce(migrated: str, tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """Gives the county other holidays, as by editing holidays.yaml and starting anew."""
    folder = tmp_path / "config"
    shutil.copytree(ROOT / "config", folder)

    def write(days: str) -> None:
        text = f"announced_years: [2027]\ndays: {{{days}}}\n"
        (folder / "holidays.yaml").write_text(text, encoding="utf-8")
        county.use(folder)

    yield write
    county.use(ROOT / "config")


def in_working_days(cast: Cast) -> UUID:
    """A request due in five working days, the last of them in the next year."""
    return service.submit(cast["lixiuying"], unrouted(), DECEMBER)


@late
def test_an_announced_year_moves_what_was_provisional(
    cast: Cast, announce: Callable[[str], None], down_for: timedelta
):
    request_id = in_working_days(cast)
    guessed = china("2027-01-04 23:59:59")
    assert column(request_id, "due_at") == guessed
    assert column(request_id, "due_provisional") is True
    run(sweeps.recount, DECEMBER)
    assert column(request_id, "due_at") == guessed
    announce("2027-01-01: holiday, 2027-01-02: holiday, 2027-01-04: holiday")
    before = version(request_id)
    assert told(sweeps.recount, DECEMBER + SECOND + down_for) == {}
    moved_to = china("2027-01-06 23:59:59")
    assert column(request_id, "due_at") == moved_to
    assert column(request_id, "due_provisional") is False
    assert column(request_id, "calendar_version") == county.current().calendar.version
    assert version(request_id) == before + 1
    (event,) = events(request_id, Kind.DEADLINE_MOVED)
    moments = {name: datetime.fromisoformat(text) for name, text in event[1].items()}
    assert moments == {"from": guessed, "to": moved_to} and event[2] == "resident"
    assert DECEMBER < column(request_id, "half_at") < column(request_id, "most_at") < moved_to


def test_a_year_as_guessed_only_stops_being_provisional(
    cast: Cast, announce: Callable[[str], None]
):
    request_id = in_working_days(cast)
    before = version(request_id), column(request_id, "due_at"), column(request_id, "updated_at")
    announce("2027-02-08: holiday")
    run(sweeps.recount, DECEMBER + SECOND)
    assert column(request_id, "due_provisional") is False
    assert column(request_id, "calendar_version") == county.current().calendar.version
    assert events(request_id, Kind.DEADLINE_MOVED) == []
    after = version(request_id), column(request_id, "due_at"), column(request_id, "updated_at")
    assert after == before


def test_it_is_counted_again_from_the_pause_and_with_the_extension(
    cast: Cast, announce: Callable[[str], None]
):
    request_id = in_working_days(cast)
    service.assign(cast["yangguang"], request_id, 1, DECEMBER, unit_id=unit_id(LAMPS))
    items = [service.Item("身份证", MaterialKind.TEXT)]
    service.ask(cast["chenwei"], request_id, version(request_id), items, None, DECEMBER)
    supplied_at = china("2026-12-30 10:00")
    ((material_id,),) = fetch_all("SELECT id FROM materials")
    given = service.Supply(material_id, "给了")
    service.supply(cast["lixiuying"], request_id, version(request_id), given, supplied_at)
    service.request_extension(
        cast["chenwei"], request_id, version(request_id), "要等厂家", supplied_at
    )
    service.decide_extension(
        cast["liufang"], request_id, version(request_id), True, None, supplied_at
    )
    # Five left, and five more, from 30 December: 31 December and nine days of January.
    assert column(request_id, "due_at") == china("2027-01-13 23:59:59")
    announce("2027-01-01: holiday")
    run(sweeps.recount, supplied_at + SECOND)
    assert column(request_id, "due_at") == china("2027-01-14 23:59:59")


def test_what_is_closed_keeps_the_deadline_it_had(cast: Cast, announce: Callable[[str], None]):
    request_id = in_working_days(cast)
    service.withdraw(cast["lixiuying"], request_id, 1, None, DECEMBER)
    due_at = column(request_id, "due_at")
    announce("2027-01-01: holiday")
    run(sweeps.recount, DECEMBER + SECOND)
    assert column(request_id, "due_at") == due_at
    assert events(request_id, Kind.DEADLINE_MOVED) == []


SWEEPS = (
    sweeps.escalate,
    sweeps.close_unconfirmed,
    sweeps.reopen,
    sweeps.follow_up,
    sweeps.tell_late_tasks,
    sweeps.recount,
)


def test_all_of_it_is_work_of_the_clock():
    assert set(SWEEPS) <= {work.run for work in jobs.PERIODIC.values()}


def test_no_sweep_reads_what_is_not_due(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    """After some years nearly all requests are closed; the work of a minute must not grow."""
    accepted(cast)
    execute(
        """
        INSERT INTO service_requests
        SELECT (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(),
            'number', lpad(n::text, 13, '0'), 'state', 'withdrawn', 'closed_at', r.updated_at))).*
        FROM service_requests r, generate_series(1, 4000) n
        """
    )
    execute("ANALYZE service_requests")
    plans: list[str] = []
    execute_sql = db.execute_sql

    def explain(sql: str, params: Any = None, *args: Any, **kwargs: Any) -> Any:
        if "service_requests r" in sql:
            plans.append("\n".join(row[0] for row in execute_sql(f"EXPLAIN {sql}", params)))
        return execute_sql(sql, params, *args, **kwargs)

    monkeypatch.setattr(db, "execute_sql", explain)
    for sweep in SWEEPS:
        sweep(NOW)
    assert len(plans) >= len(SWEEPS)
    assert not [plan for plan in plans if "Seq Scan on service_requests" in plan]
