"""What people are promised to be told, in the transaction of what happened."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from backend.kernel import outbox
from backend.volunteering.rules.times import REMINDERS

SUBJECT_KIND = "signup"


class What(StrEnum):
    """What happened to a sign-up that somebody should know who did not do it."""

    APPLIED = "applied"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    OFFERED = "offered"
    LAPSED = "lapsed"
    CALLED_OFF = "called_off"
    """The shift does not take place, or its new time clashes with another of theirs."""
    CHANGED = "changed"
    REMINDER = "reminder"
    RECORDED = "recorded"
    CORRECTED = "corrected"


def announce(what: What, signup_id: UUID) -> None:
    """Have the people concerned told."""
    outbox.put(f"{SUBJECT_KIND}.{what}", {"signup_id": str(signup_id)})


def promise_reminders(signup_id: UUID, starts_at: datetime, now: datetime) -> None:
    """Have the volunteer reminded; should the shift move, the time in it tells that this is
    void."""
    for ahead in REMINDERS:
        if now < starts_at - ahead:
            outbox.put(
                f"{SUBJECT_KIND}.{What.REMINDER}",
                {
                    "signup_id": str(signup_id),
                    "starts_at": starts_at.isoformat(),
                    "ahead_hours": int(ahead.total_seconds()) // 3600,
                },
                available_at=starts_at - ahead,
            )
