"""Limitation of actions (诉讼时效): what is left of the time, and when it is short. Pure."""

from datetime import date, datetime
from typing import Final

from backend.kernel.clock import LOCAL

URGENT_DAYS: Final = 30
"""With so many days left or fewer, or none, a matter comes before all others."""


def days_left(until_on: date, now: datetime) -> int:
    """How many days one can still go to law, the last one not counted; below 0 it is over.

    >>> from datetime import UTC
    >>> days_left(date(2026, 11, 25), datetime(2026, 11, 24, 17, tzinfo=UTC))
    0
    """
    return (until_on - now.astimezone(LOCAL).date()).days


def is_urgent(until_on: date | None, now: datetime) -> bool:
    """Whether little is left. What is long over is not made worse by another day, but an adviser
    must look at once whether it is really over."""
    return until_on is not None and days_left(until_on, now) <= URGENT_DAYS
