"""A wait for the resident gives back what was left, in the deadline's own unit."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from backend.kernel.clock import LOCAL
from backend.service_requests.queries import Current
from backend.service_requests.service import clock
from tests.service_requests.test_rules import FACTS


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL).astimezone(UTC)


def asked(profile: str, due: str, asked_at: str) -> Current:
    """Submitted on a Monday; half and most of its time are used up an hour before it is due."""
    due_at = china(due)
    return Current(
        id=UUID(int=1),
        version=3,
        facts=replace(FACTS, asked=True),
        deadline_profile=profile,
        submitted_at=china("2026-11-23 16:00"),
        due_at=due_at,
        half_at=due_at - timedelta(hours=1),
        most_at=due_at - timedelta(hours=1),
        asked_at=china(asked_at),
        counted_on=None,
        counted_days=None,
        complaint=False,
        merged_into_id=None,
    )


@pytest.mark.parametrize(
    ("profile", "due", "asked_at", "supplied_at", "then_due"),
    [
        # 2 hours, 1 of them left
        ("urgent", "2026-11-23 18:00", "2026-11-23 17:00", "2026-11-25 09:30", "2026-11-25 10:30"),
        # 7 days until the 30th, asked on the 25th: 5 days left, counted from the day after
        (
            "general",
            "2026-11-30 23:59:59",
            "2026-11-25 10:00",
            "2026-12-01 09:00",
            "2026-12-06 23:59:59",
        ),
        # 5 working days until Monday the 30th, asked on Thursday: Friday and Monday are left
        (
            "working_days",
            "2026-11-30 23:59:59",
            "2026-11-26 10:00",
            "2026-12-03 09:00",
            "2026-12-07 23:59:59",
        ),
        # answered the same day: nothing moves
        (
            "working_days",
            "2026-11-30 23:59:59",
            "2026-11-26 10:00",
            "2026-11-26 15:00",
            "2026-11-30 23:59:59",
        ),
        # a profile the county has dropped since: hour for hour
        ("dropped", "2026-11-30 12:00", "2026-11-26 10:00", "2026-11-28 10:00", "2026-12-02 12:00"),
    ],
)
def test_what_was_left_is_given_again(migrated, profile, due, asked_at, supplied_at, then_due):
    moved = clock.resumed(asked(profile, due, asked_at), china(supplied_at))
    assert moved["due_at"] == china(then_due)


def test_what_was_late_stays_late(migrated):
    late = asked("general", "2026-11-30 23:59:59", "2026-12-02 10:00")
    assert clock.resumed(late, china("2026-12-09 10:00")) == {}


def test_a_deadline_moved_into_a_year_without_a_calendar_is_provisional(migrated):
    current = asked("working_days", "2026-11-30 23:59:59", "2026-11-26 10:00")
    moved = clock.resumed(current, china("2026-12-31 10:00"))
    assert moved["due_provisional"] is True


def test_the_moments_on_the_way_keep_what_was_left_too(migrated):
    moved = clock.resumed(
        asked("urgent", "2026-11-23 18:00", "2026-11-23 16:30"), china("2026-11-25 09:00")
    )
    assert moved["due_at"] == china("2026-11-25 10:30")
    assert moved["half_at"] == moved["most_at"] == china("2026-11-25 09:30")
    assert "escalated" not in moved


def test_contesting_gives_the_whole_length_again(migrated):
    current = asked("general", "2026-11-30 23:59:59", "2026-11-26 10:00")
    again = clock.restarted(current, china("2026-12-10 10:00"))
    assert again["due_at"] == china("2026-12-17 23:59:59")
    assert again["half_at"] == china("2026-12-14 04:59:59.5")
    assert again["escalated"] == 0
    dropped = replace(
        current, deadline_profile="dropped", due_at=current.submitted_at + timedelta(1)
    )
    moment = china("2026-12-10 10:00")
    again = clock.restarted(dropped, moment)
    assert again["due_at"] == moment + timedelta(days=1)
    assert again["half_at"] == moment + timedelta(hours=12)


def test_contesting_soon_after_more_time_was_granted_takes_none_of_it_away(migrated):
    current = asked("general", "2026-12-07 23:59:59", "2026-11-24 10:00")
    columns = clock.restarted(current, china("2026-11-25 09:00"))
    assert "due_at" not in columns and columns["escalated"] == 0
    assert china("2026-11-25 09:00") < columns["half_at"] < columns["most_at"] < current.due_at


def test_more_time_is_put_on_top_and_told_of_anew(migrated):
    current = asked("general", "2026-11-30 23:59:59", "2026-11-26 10:00")
    more = clock.extended(current, china("2026-11-29 23:59:59"))
    assert more["due_at"] == china("2026-12-07 23:59:59")
    assert more["half_at"] == china("2026-12-03 23:59:59")
    assert more["escalated"] == 0
    # Granted when even the longer time is over, there is nothing left to tell of.
    assert "escalated" not in clock.extended(current, china("2026-12-08 10:00"))


def test_working_days_are_counted_from_where_they_were(migrated):
    """Five from the 23rd, and five more: the tenth, however the calendar changes between."""
    current = replace(
        asked("working_days", "2026-11-30 23:59:59", "2026-11-26 10:00"),
        counted_on=date(2026, 11, 23),
        counted_days=5,
    )
    more = clock.extended(current, china("2026-11-27 10:00"))
    assert more["due_at"] == china("2026-12-07 23:59:59")
    assert (more["counted_on"], more["counted_days"]) == (date(2026, 11, 23), 10)
    rest = clock.resumed(current, china("2026-12-03 09:00"))
    assert (rest["counted_on"], rest["counted_days"]) == (date(2026, 12, 3), 2)
    same = clock.recounted(current)
    assert same["due_at"] == current.due_at and "half_at" not in same
