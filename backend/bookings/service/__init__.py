"""Use cases of bookings; each function owns its transaction."""

from backend.bookings.service.announcing import SUBJECT_KIND
from backend.bookings.service.calendars import booking_file, booking_link, feed_file, new_feed
from backend.bookings.service.changing import alternatives, cancel, move
from backend.bookings.service.leaving import call_off_all
from backend.bookings.service.plans import (
    NewException,
    add_exception,
    change_plan,
    plan,
    remove_exception,
    set_plan_rules,
)
from backend.bookings.service.presence import check_in, check_in_code, no_show, serve
from backend.bookings.service.resources import (
    ServiceArea,
    create_resource,
    resume,
    set_owner,
    suspend,
    update_resource,
)
from backend.bookings.service.standing import Side, side_of
from backend.bookings.service.taking import Booked, book_for, confirm, hold, release
from backend.bookings.service.viewing import calendar_of, view, wait_view, waits
from backend.bookings.service.waiting import join, leave, sweep

__all__ = [
    "SUBJECT_KIND",
    "Booked",
    "NewException",
    "ServiceArea",
    "Side",
    "add_exception",
    "alternatives",
    "book_for",
    "booking_file",
    "booking_link",
    "calendar_of",
    "call_off_all",
    "cancel",
    "change_plan",
    "check_in",
    "check_in_code",
    "confirm",
    "create_resource",
    "feed_file",
    "hold",
    "join",
    "leave",
    "move",
    "new_feed",
    "no_show",
    "plan",
    "release",
    "remove_exception",
    "resume",
    "serve",
    "set_owner",
    "set_plan_rules",
    "side_of",
    "suspend",
    "sweep",
    "update_resource",
    "view",
    "wait_view",
    "waits",
]
