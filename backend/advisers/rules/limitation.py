"""Until when one can go to law (诉讼时效、起诉和申请期限). Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Since(StrEnum):
    """The day from which a period counts."""

    KNOWN = "known"
    """One knew, or should have known, of the harm and of who did it."""
    HAPPENED = "happened"
    DUE = "due"
    """What was owed should have been given."""
    ENDED = "ended"
    """The employment ended."""
    DECISION = "decision"
    """One was told of the decision."""


@dataclass(frozen=True, slots=True)
class Period:
    """Exactly one length is given. ``longest_years``: counted from what happened, never longer."""

    since: Since
    years: int | None = None
    months: int | None = None
    days: int | None = None
    longest_years: int | None = None


def last_day(period: Period, since_on: date) -> date:
    """The last day of the period that begins with something on ``since_on``.

    That day itself is not counted; a period of years or months ends on the day of the same
    number, or on the month's last where there is none (民法典第二百零一条、第二百零二条). A last
    day that is a holiday moves on by law (第二百零三条); here it does not, so nobody counts on it.

    >>> last_day(Period(Since.DUE, years=3), date(2024, 2, 29))
    datetime.date(2027, 2, 28)
    >>> last_day(Period(Since.DECISION, days=60), date(2026, 11, 24))
    datetime.date(2027, 1, 23)
    """
    if period.days is not None:
        return since_on + timedelta(days=period.days)
    months = since_on.month - 1 + (period.months or 0) + 12 * (period.years or 0)
    year, month = since_on.year + months // 12, months % 12 + 1
    return date(year, month, min(since_on.day, monthrange(year, month)[1]))
