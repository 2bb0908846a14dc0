"""By when things around a shift can be done. Every limit is told to whom it concerns."""

from datetime import datetime, timedelta

CANCEL_BEFORE = timedelta(hours=2)
"""Until then a volunteer calls off by themselves; later they call the organiser."""

NEAR = timedelta(hours=24)
"""From then on a place that becomes free is offered, not given: plans may have changed."""

OFFER_LASTS = timedelta(hours=2)

LAST_CALL = timedelta(minutes=30)
"""From then on nobody moves up, and who still waits is told that there was no place."""

IN_BEFORE = timedelta(minutes=30)
OUT_AFTER = timedelta(minutes=30)
"""Codes count from so long before the shift, and to so long after; hours only within it."""

CONFIRM_WITHIN = timedelta(days=3)
"""How long after the shift the organiser can confirm who was there."""

REMINDERS = (timedelta(hours=24), timedelta(hours=2))
REMINDER_LATE = timedelta(minutes=30)
"""A reminder that would come later than this is dropped."""


def cancel_until(starts_at: datetime) -> datetime:
    """The last moment to call off by oneself."""
    return starts_at - CANCEL_BEFORE


def line_moves(starts_at: datetime, now: datetime) -> bool:
    """Whether a free place still goes to who waits."""
    return now < starts_at - LAST_CALL


def offer_until(starts_at: datetime, now: datetime) -> datetime | None:
    """How long a place is kept that became free now; None: it is simply theirs."""
    if now < starts_at - NEAR:
        return None
    return min(now + OFFER_LASTS, starts_at - LAST_CALL)
