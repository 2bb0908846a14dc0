"""Every day of 2019 to 2026 against three readings of the announcements that know nothing of ours.

The notices themselves, and two libraries with tables of their own: `holidays` and `lunar_python`
(both MIT). They agree on every day, so a disagreement is a mistake of somebody.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import holidays
import pytest
import yaml
from lunar_python.util import HolidayUtil

from backend.kernel.workdays import Calendar

FIRST, LAST = date(2019, 1, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]
NOTICES: list[dict[str, Any]] = yaml.load(
    (Path(__file__).parent / "official_days.yaml").read_text(encoding="utf-8"), yaml.BaseLoader
)
SATURDAY = 5


def span(text: str) -> Iterator[date]:
    """The days from first to last of `2026-01-01/2026-01-03`, or the single one."""
    first, _, last = text.partition("/")
    day = date.fromisoformat(first)
    while day <= date.fromisoformat(last or first):
        yield day
        day += timedelta(1)


def announced() -> dict[date, bool]:
    """Whether a day is worked, for the days the notices speak of."""
    said: dict[date, bool] = {}
    for notice in sorted(NOTICES, key=lambda notice: notice["issued_on"]):
        said |= {day: False for text in notice["off"] for day in span(text)}
        said |= {date.fromisoformat(text): True for text in notice["worked"]}
    return said


SAID = announced()
ABROAD = holidays.country_holidays("CN", years=range(FIRST.year, LAST.year + 1))


def by_the_notices(day: date) -> bool:
    return SAID.get(day, day.weekday() < SATURDAY)


def by_holidays(day: date) -> bool:
    return ABROAD.is_working_day(day)


def by_lunar(day: date) -> bool:
    entry = HolidayUtil.getHoliday(day.year, day.month, day.day)
    return entry.isWork() if entry else day.weekday() < SATURDAY


@pytest.mark.parametrize("works", [by_the_notices, by_holidays, by_lunar])
def test_every_day_is_as_another_source_has_it(works: Callable[[date], bool]) -> None:
    ours = Calendar()
    assert [str(day) for day in DAYS if ours.is_workday(day) != works(day)] == []


def test_the_notices_are_written_down_soundly() -> None:
    """Worked days are Saturdays and Sundays, and a change names only days near those it changes."""
    for notice in NOTICES:
        worked = [date.fromisoformat(text) for text in notice["worked"]]
        off = [day for text in notice["off"] for day in span(text)]
        assert all(day.weekday() >= SATURDAY for day in worked), notice["title"]
        assert not set(worked) & set(off), notice["title"]
        assert all(day > date.fromisoformat(notice["issued_on"]) for day in (*worked, *off))
    years = {notice["title"][:4] for notice in NOTICES}
    assert years >= {str(year) for year in range(FIRST.year, LAST.year + 1)}


def test_all_these_years_are_announced_and_the_next_is_not() -> None:
    ours = Calendar()
    assert all(ours.known(year) for year in range(FIRST.year, LAST.year + 1))
    assert not ours.known(LAST.year + 1)
