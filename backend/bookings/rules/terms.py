"""When a time may be taken, moved, given up, checked in to and called missed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

HOLD = timedelta(minutes=10)
"""For so long a time is kept for somebody who fills in the form."""

MOST_BOOKED = 3
"""To come, of one person with one resource."""

CHECK_IN_BEFORE = timedelta(minutes=30)
"""From so long before the start one can check in, until the end."""

NO_SHOW_AFTER = timedelta(minutes=15)
"""So long after the start either side may say that the other has not come."""

NO_SHOW_WITHIN = timedelta(days=7)
"""Until so long after the end; later nobody remembers."""

REMINDERS = (timedelta(hours=24), timedelta(hours=1))
"""Before the start."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a resource asks of who books. Minutes before the start, and days ahead."""

    lead_minutes: int
    cancel_minutes: int
    horizon_days: int
    offer_minutes: int

    def earliest(self, now: datetime) -> datetime:
        """From when on a resident can still take a time."""
        return now + timedelta(minutes=self.lead_minutes)

    def latest(self, now: datetime) -> datetime:
        return now + timedelta(days=self.horizon_days)

    def cancel_until(self, starts_at: datetime) -> datetime:
        """Until when a resident can move or give up a time without calling."""
        return starts_at - timedelta(minutes=self.cancel_minutes)

    def offer_until(self, starts_at: datetime, now: datetime) -> datetime:
        """Until when somebody from the waiting list can take an offered time."""
        return min(now + timedelta(minutes=self.offer_minutes), starts_at)


def reminder_due(ahead: timedelta, starts_at: datetime, now: datetime) -> bool:
    """Whether a reminder still says the truth: it is dropped once the next one or the meeting is
    there, rather than sent late."""
    later = [r for r in REMINDERS if r < ahead]
    return now < starts_at - max(later, default=timedelta())
