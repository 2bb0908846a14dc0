"""What a presence is worth: whole minutes within the shift, never twice."""

from datetime import datetime, timedelta
from enum import StrEnum

_MINUTE = timedelta(minutes=1)


class HoursClass(StrEnum):
    """How it is known that somebody was there."""

    VERIFIED = "verified"
    """By the code of the organiser's screen, on coming and on going, within the minute."""
    CONFIRMED = "confirmed"
    """By the organiser's word, where a code was missing or came late."""


def within(
    in_at: datetime, out_at: datetime, starts_at: datetime, ends_at: datetime
) -> tuple[datetime, datetime] | None:
    """The part of a presence that lies in the shift; None if that is less than a minute."""
    first, last = max(in_at, starts_at), min(out_at, ends_at)
    return None if last - first < _MINUTE else (first, last)


def minutes(first: datetime, last: datetime) -> int:
    """Whole minutes between two moments."""
    return (last - first) // _MINUTE
