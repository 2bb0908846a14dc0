"""A weekly plan and its exceptions: what somebody offers of their time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import combinations

from backend.bookings.rules.states import Mode

Interval = tuple[datetime, datetime]
"""A start, and an end that does not belong to it any more."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How a stretch of time is cut into slots. Minutes; the pause follows each slot."""

    slot_minutes: int
    modes: tuple[Mode, ...]
    buffer_minutes: int = 0
    capacity: int = 1
    place: str | None = None


@dataclass(frozen=True, slots=True)
class PlanRule:
    """Hours of one weekday (1 is Monday), from and until local minutes of the day.

    ``valid_until`` is the last day. On public holidays the hours are offered only if
    ``on_holidays``.
    """

    weekday: int
    starts_minute: int
    ends_minute: int
    cut: Cut
    valid_from: date
    valid_until: date | None = None
    on_holidays: bool = False

    def covers(self, day: date) -> bool:
        """Whether the rule is one for this day, holidays aside."""
        return (
            day.isoweekday() == self.weekday
            and self.valid_from <= day
            and (self.valid_until is None or day <= self.valid_until)
        )


class ExceptionKind(StrEnum):
    CLOSED = "closed"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class ExceptionPeriod:
    """A time off the plan (``cut`` is None), or one beyond it. What is extra wins over the plan."""

    starts_at: datetime
    ends_at: datetime
    cut: Cut | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything from which slots follow. ``term_until`` is the last day."""

    rules: tuple[PlanRule, ...]
    exceptions: tuple[ExceptionPeriod, ...]
    term_from: date
    term_until: date | None

    def in_term(self, day: date) -> bool:
        return self.term_from <= day and (self.term_until is None or day <= self.term_until)


def overlapping(rules: Sequence[PlanRule]) -> tuple[int, int] | None:
    """Positions of the first two rules that offer the same time twice."""
    for (i, one), (j, other) in combinations(enumerate(rules), 2):
        same_days = one.weekday == other.weekday and (
            (one.valid_until is None or other.valid_from <= one.valid_until)
            and (other.valid_until is None or one.valid_from <= other.valid_until)
        )
        if (
            same_days
            and one.starts_minute < other.ends_minute
            and other.starts_minute < one.ends_minute
        ):
            return i, j
    return None
