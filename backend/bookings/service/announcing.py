"""What others are promised to be told, in the transaction of what happened."""

from datetime import datetime
from uuid import UUID

from backend.bookings.rules import REMINDERS, What
from backend.kernel import outbox

SUBJECT_KIND = "booking"


def announce(what: What, booking_id: UUID, sequence: int, *, by_provider: bool = False) -> None:
    """Have the people concerned told."""
    outbox.put(
        f"{SUBJECT_KIND}.{what}",
        {"booking_id": str(booking_id), "sequence": sequence, "by_provider": by_provider},
    )


def promise_reminders(booking_id: UUID, sequence: int, starts_at: datetime, now: datetime) -> None:
    """Have the person reminded; of a later change the ``sequence`` tells that this is void."""
    for ahead in REMINDERS:
        if now < starts_at - ahead:
            outbox.put(
                f"{SUBJECT_KIND}.{What.REMINDER}",
                {
                    "booking_id": str(booking_id),
                    "sequence": sequence,
                    "ahead_hours": int(ahead.total_seconds()) // 3600,
                },
                available_at=starts_at - ahead,
            )
