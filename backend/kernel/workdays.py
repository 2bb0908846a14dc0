"""Working days of the official calendar of the State Council, with a county's overrides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from importlib.metadata import version
from zlib import crc32

import chinese_calendar

_SATURDAY = 5


@cache
def _announced(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


@dataclass(frozen=True)
class Calendar:
    """``overrides`` say for single dates whether they are worked, and win over everything.

    ``announced_years`` are years a county has entered itself before the library knows them: their
    days are Monday to Friday unless overridden.
    """

    overrides: Mapping[date, bool] = field(default_factory=dict)
    announced_years: frozenset[int] = frozenset()

    @cached_property
    def version(self) -> str:
        """Stored with every deadline, so that it can be seen which calendar it was reckoned by."""
        marks = sorted(f"{day}={works:d}" for day, works in self.overrides.items())
        marks += sorted(str(year) for year in self.announced_years)
        digest = crc32("\n".join(marks).encode())
        return f"chinesecalendar-{version('chinesecalendar')}+{digest:08x}"

    def known(self, year: int) -> bool:
        """Whether the holidays of the year have been announced."""
        return year in self.announced_years or _announced(year)

    def is_workday(self, day: date) -> bool:
        """In a year not announced yet, Monday to Friday: a guess, to be marked provisional."""
        if day in self.overrides:
            return self.overrides[day]
        if day.year in self.announced_years or not _announced(day.year):
            return day.weekday() < _SATURDAY
        return bool(chinese_calendar.is_workday(day))

    def is_public_holiday(self, day: date) -> bool:
        """Whether the day is off by the calendar, and not for being a Saturday or Sunday.

        In a year not announced yet there are none.
        """
        if day in self.overrides:
            return not self.overrides[day]
        if day.year in self.announced_years or not _announced(day.year):
            return False
        off, name = chinese_calendar.get_holiday_detail(day)
        return bool(off) and (name is not None or day.weekday() < _SATURDAY)

    def add_workdays(self, start: date, days: int) -> tuple[date, bool]:
        """The ``days``-th working day after ``start`` (which does not count), and whether it is
        provisional: some day on the way is in a year whose holidays are not announced."""
        day, left, provisional = start, days, False
        while left > 0:
            day += timedelta(days=1)
            provisional = provisional or not self.known(day.year)
            left -= self.is_workday(day)
        return day, provisional
