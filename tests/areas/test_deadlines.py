"""By when: hours, calendar days, working days."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.areas.county import County
from backend.areas.deadlines import Profile, Purpose, counted, due_at
from backend.kernel.workdays import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICIAL = Calendar()
TEXT = {"zh-CN": "限期", "en": "deadline"}


def profile(**length: int) -> Profile:
    return Profile("test", Purpose.REQUEST, TEXT, TEXT, **length)


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)


def last_second(year: int, month: int, day: int) -> datetime:
    return local(year, month, day, 23, 59, 59)


def test_hours_run_through_the_night_and_the_holiday() -> None:
    assert due_at(profile(hours=24), local(2026, 2, 16, 22), OFFICIAL).at == local(2026, 2, 17, 22)
    assert due_at(profile(hours=0), local(2026, 2, 16, 22), OFFICIAL).at == local(2026, 2, 16, 22)


def test_days_count_from_the_day_after_and_end_at_midnight() -> None:
    early = due_at(profile(days=7), local(2026, 11, 2, 0, 0), OFFICIAL)
    late = due_at(profile(days=7), local(2026, 11, 2, 23, 59, 59), OFFICIAL)
    assert early.at == late.at == last_second(2026, 11, 9)


def test_the_day_is_chinas_not_greenwichs() -> None:
    # 17:00 on Monday in Greenwich is Tuesday, 01:00, in China.
    start = datetime(2026, 11, 2, 17, tzinfo=UTC)
    assert due_at(profile(working_days=1), start, OFFICIAL).at == last_second(2026, 11, 4)


@pytest.mark.parametrize(
    ("start", "days", "last_day"),
    [
        # National Day 2026: 1–7 October off, Sunday 20 September and Saturday 10 October worked.
        ((2026, 9, 18, 9), 1, (2026, 9, 20)),
        ((2026, 9, 30, 9), 1, (2026, 10, 8)),
        ((2026, 9, 30, 9), 3, (2026, 10, 10)),
        ((2026, 9, 30, 9), 4, (2026, 10, 12)),
        # Spring Festival 2026: 15–23 February off, Saturdays 14 and 28 February worked.
        ((2026, 2, 13, 18), 5, (2026, 2, 27)),
        ((2026, 2, 13, 18), 6, (2026, 2, 28)),
        # Begun in the holiday, it counts from the first day after it.
        ((2026, 2, 18, 12), 1, (2026, 2, 24)),
    ],
)
def test_working_days_follow_the_official_calendar(
    start: tuple[int, int, int, int], days: int, last_day: tuple[int, int, int]
) -> None:
    due = due_at(profile(working_days=days), local(*start), OFFICIAL)
    assert due.at == last_second(*last_day)
    assert not due.provisional
    assert due.calendar_version == OFFICIAL.version


@pytest.mark.parametrize(
    ("start", "length", "last_day"),
    [
        # Across the end of 2023: 30 December to 1 January off.
        ((2023, 12, 28, 9), {"working_days": 2}, (2024, 1, 2)),
        # New Year 2019: the Saturday before it worked, 30 December to 1 January off.
        ((2018, 12, 28, 9), {"working_days": 2}, (2019, 1, 2)),
        # Leap days: Saturday 29 February 2020, Thursday 29 February 2024.
        ((2020, 2, 28, 9), {"days": 1}, (2020, 2, 29)),
        ((2020, 2, 28, 9), {"days": 2}, (2020, 3, 1)),
        ((2020, 2, 28, 9), {"working_days": 1}, (2020, 3, 2)),
        ((2024, 2, 28, 9), {"working_days": 1}, (2024, 2, 29)),
        ((2024, 2, 28, 9), {"days": 2}, (2024, 3, 1)),
        # The year without one.
        ((2023, 2, 28, 9), {"days": 1}, (2023, 3, 1)),
        # Saturdays and Sundays worked in exchange (调休).
        ((2024, 2, 2, 9), {"working_days": 1}, (2024, 2, 4)),
        ((2024, 2, 9, 9), {"working_days": 1}, (2024, 2, 18)),
        ((2023, 10, 6, 9), {"working_days": 3}, (2023, 10, 9)),
        # The holiday of 2020 that the epidemic made longer: Saturday 1 February was to be worked.
        ((2020, 1, 23, 9), {"working_days": 1}, (2020, 2, 3)),
    ],
)
def test_year_ends_leap_days_and_exchanged_weekends(
    start: tuple[int, int, int, int], length: dict[str, int], last_day: tuple[int, int, int]
) -> None:
    due = due_at(profile(**length), local(*start), OFFICIAL)
    assert due.at == last_second(*last_day)
    assert not due.provisional


def test_into_a_year_not_announced_it_is_provisional() -> None:
    due = due_at(profile(working_days=30), local(2026, 11, 23, 9), OFFICIAL)
    assert due.at == last_second(2027, 1, 4)
    assert due.provisional
    # Calendar days and hours cannot move.
    assert not due_at(profile(days=60), local(2026, 11, 23, 9), OFFICIAL).provisional
    assert not due_at(profile(hours=2000), local(2026, 11, 23, 9), OFFICIAL).provisional


def test_a_county_that_enters_the_announcement_makes_it_final() -> None:
    calendar = Calendar(
        {date(2027, 1, 1): False, date(2027, 1, 4): False}, announced_years=frozenset({2027})
    )
    due = due_at(profile(working_days=30), local(2026, 11, 23, 9), calendar)
    assert due.at == last_second(2027, 1, 6)
    assert not due.provisional
    assert due.calendar_version != OFFICIAL.version


def test_what_was_provisional_is_counted_again_when_the_year_is_announced() -> None:
    before = due_at(profile(working_days=30), local(2026, 11, 23, 9), OFFICIAL)
    assert before.provisional
    announced = Calendar({date(2027, 1, 1): False}, announced_years=frozenset({2027}))
    again = counted(before.counted_on, before.counted_days, announced)
    assert again == due_at(profile(working_days=30), local(2026, 11, 23, 9), announced)
    assert again.at == last_second(2027, 1, 5)
    assert not again.provisional


def test_more_time_comes_on_top_of_the_deadline_in_its_own_unit() -> None:
    monday = local(2026, 11, 23, 9)
    for length, more, then in (
        ({"hours": 24}, 24, local(2026, 11, 25, 9)),
        ({"days": 7}, 7, last_second(2026, 12, 7)),
        ({"working_days": 5}, 5, last_second(2026, 12, 7)),
    ):
        extendable = replace(profile(**length), extension=more)
        due = due_at(extendable, monday, OFFICIAL)
        assert due_at(extendable.extending(), due.at, OFFICIAL).at == then


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(SHANGHAI)),
    st.integers(1, 40),
)
def test_a_working_day_more_is_always_later_and_the_last_day_is_worked(
    start: datetime, days: int
) -> None:
    due = due_at(profile(working_days=days), start, OFFICIAL)
    last_day = due.at.astimezone(SHANGHAI).date()
    assert due.at.tzinfo is UTC
    assert due.at > start
    assert OFFICIAL.is_workday(last_day)
    assert due_at(profile(working_days=days + 1), start, OFFICIAL).at > due.at
    assert due.provisional == (last_day.year > 2026)


def test_the_shipped_profiles_are_those_of_the_product(shipped: County) -> None:
    lengths = {
        code: (each.hours, each.days, each.working_days) for code, each in shipped.profiles.items()
    }
    assert lengths == {
        "danger_to_life": (0, None, None),
        "urgent": (2, None, None),
        "utilities": (24, None, None),
        "general": (None, 7, None),
        "complex": (None, 15, None),
        "working_days": (None, None, 5),
        "wrong_unit_objection": (None, None, 5),
        "confirmation": (None, 7, None),
        "follow_up": (None, 28, None),
    }
    extensions = {code: each.extension for code, each in shipped.profiles.items() if each.extension}
    assert extensions == {"utilities": 24, "general": 7, "complex": 15, "working_days": 5}
    # Nobody is left to guess under which profile something other than a request runs.
    purposes = [each.purpose for each in shipped.profiles.values()]
    assert all(purposes.count(each) == 1 for each in Purpose if each is not Purpose.REQUEST)
    lamp = shipped.catalogue.category("street_lamp")
    assert shipped.due_at(lamp, local(2026, 11, 23, 9)).at == local(2026, 11, 24, 9)
