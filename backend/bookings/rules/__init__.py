"""Pure rules of bookings."""

from backend.bookings.rules.plan import (
    Cut,
    ExceptionKind,
    ExceptionPeriod,
    Plan,
    PlanRule,
    overlapping,
)
from backend.bookings.rules.slots import Slot, Taken, around, free_seat, free_seats, of_day
from backend.bookings.rules.states import LIVE, TAKING, Mode, State, WaitState, What
from backend.bookings.rules.terms import (
    CHECK_IN_BEFORE,
    HOLD,
    MOST_BOOKED,
    NO_SHOW_AFTER,
    NO_SHOW_WITHIN,
    REMINDERS,
    Policy,
    reminder_due,
)

__all__ = [
    "CHECK_IN_BEFORE",
    "HOLD",
    "LIVE",
    "MOST_BOOKED",
    "NO_SHOW_AFTER",
    "NO_SHOW_WITHIN",
    "REMINDERS",
    "TAKING",
    "Cut",
    "ExceptionKind",
    "ExceptionPeriod",
    "Mode",
    "Plan",
    "PlanRule",
    "Policy",
    "Slot",
    "State",
    "Taken",
    "WaitState",
    "What",
    "around",
    "free_seat",
    "free_seats",
    "of_day",
    "overlapping",
    "reminder_due",
]
