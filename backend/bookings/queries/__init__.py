"""Read models of bookings: resources, slots, bookings, waiting lists, plans."""

from backend.bookings.queries.bookings import (
    BOOKING,
    JOINED,
    BookingRow,
    booking,
    booking_json,
    in_feed,
    load_of,
    name_of,
    to_come,
    to_tidy,
)
from backend.bookings.queries.plans import plan_json
from backend.bookings.queries.resources import (
    Snapshot,
    snapshot,
    snapshot_of_key,
    snapshots,
)
from backend.bookings.queries.slots import (
    calendar_of,
    free_slots,
    midnight,
    next_free,
    slot_view,
    taken,
)
from backend.bookings.queries.waits import (
    WaitRow,
    in_vain,
    line,
    wait,
    wait_json,
    waiting_for,
    waits_of,
)

__all__ = [
    "BOOKING",
    "JOINED",
    "BookingRow",
    "Snapshot",
    "WaitRow",
    "booking",
    "booking_json",
    "calendar_of",
    "free_slots",
    "in_feed",
    "in_vain",
    "line",
    "load_of",
    "midnight",
    "name_of",
    "next_free",
    "plan_json",
    "slot_view",
    "snapshot",
    "snapshot_of_key",
    "snapshots",
    "taken",
    "to_come",
    "to_tidy",
    "wait",
    "wait_json",
    "waiting_for",
    "waits_of",
]
