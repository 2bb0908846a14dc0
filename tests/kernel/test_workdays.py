"""The official calendar, against another library's reading of the same announcements."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.kernel.workdays import Calendar

DAYS = st.dates(date(2019, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 1), False),  # National Day
        (date(2026, 10, 10), True),  # a Saturday worked in exchange (调休)
        (date(2026, 2, 17), False),  # Spring Festival
        (date(2024, 2, 29), True),  # a leap day
        (date(2026, 11, 22), False),  # a Sunday
    ],
)
def test_known_days(day: date, works: bool) -> None:
    assert Calendar().is_workday(day) is works


@given(DAYS, st.integers(1, 40))
def test_the_nth_working_day_is_worked_and_n_days_on(start: date, days: int) -> None:
    calendar = Calendar()
    end, _provisional = calendar.add_workdays(start, days)
    between = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    assert calendar.is_workday(end)
    assert sum(calendar.is_workday(day) for day in between) == days


def test_a_deadline_that_crosses_into_an_unannounced_year_is_provisional() -> None:
    calendar = Calendar()
    assert calendar.add_workdays(date(2026, 12, 1), 5) == (date(2026, 12, 8), False)
    assert calendar.add_workdays(date(2026, 12, 28), 30)[1] is True


def test_a_county_may_overrule_a_day_and_announce_a_year() -> None:
    day = date(2027, 1, 1)
    calendar = Calendar(overrides={day: False}, announced_years=frozenset({2027}))
    assert calendar.known(2027)
    assert not calendar.is_workday(day)
    assert calendar.add_workdays(date(2026, 12, 31), 1) == (date(2027, 1, 4), False)
    assert calendar.version != Calendar().version
