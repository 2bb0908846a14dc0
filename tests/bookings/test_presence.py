"""Reminders, check-in, service, no-show, calendars."""

from datetime import UTC, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject

from backend.bookings import errors, service
from backend.bookings.ports import Happening
from backend.bookings.rules import Mode, What
from backend.kernel.actor import Actor
from backend.kernel.errors import NotFound
from tests.bookings.conftest import (
    NOW,
    TUESDAY,
    at,
    book,
    hours,
    open_room,
    run_outbox,
    state,
)

NINE = at(TUESDAY, 9)
FRIDAY = TUESDAY + timedelta(days=3)


@pytest.fixture
def friday(keeper: Actor, li: Actor) -> tuple[UUID, UUID]:
    """A room open on Fridays, and Li's booking at nine."""
    room = open_room(keeper, hours(weekday=5))
    return room, book(li, room, at(FRIDAY, 9))


def reminders(told: list[Happening]) -> list[int | None]:
    return [h.ahead_hours for h in told if h.what is What.REMINDER]


def test_one_is_reminded_a_day_and_an_hour_before(friday: tuple[UUID, UUID], told: list[Happening]):
    start = at(FRIDAY, 9)
    run_outbox(start - timedelta(hours=25))
    assert reminders(told) == []
    run_outbox(start - timedelta(hours=24))
    assert reminders(told) == [24]
    run_outbox(start - timedelta(hours=1))
    assert reminders(told) == [24, 1]


def test_reminders_that_come_too_late_are_dropped(friday: tuple[UUID, UUID], told: list[Happening]):
    start = at(FRIDAY, 9)
    run_outbox(start - timedelta(minutes=59))
    assert reminders(told) == [1]
    told.clear()


def test_none_is_sent_after_the_start(friday: tuple[UUID, UUID], told: list[Happening]):
    run_outbox(at(FRIDAY, 9))
    assert reminders(told) == []


def test_of_a_moved_or_cancelled_time_nobody_is_reminded(
    friday: tuple[UUID, UUID], li: Actor, told: list[Happening]
):
    _, booking_id = friday
    service.move(li, booking_id, 0, at(FRIDAY, 11), Mode.PHONE, None, NOW)
    run_outbox(at(FRIDAY, 9) - timedelta(hours=1))
    assert reminders(told) == [24]
    service.cancel(li, booking_id, 1, "不去了", NOW)
    run_outbox(at(FRIDAY, 11) - timedelta(hours=1))
    assert reminders(told) == [24]


def test_one_checks_in_by_the_code_on_the_spot(friday: tuple[UUID, UUID], li: Actor, keeper: Actor):
    room, booking_id = friday
    there = at(FRIDAY, 8, 45)
    code = service.check_in_code(keeper, room, there)
    with pytest.raises(errors.CheckInNotNow):
        service.check_in(li, booking_id, code, at(FRIDAY, 8))
    for wrong in (None, str((int(code) + 1) % 10**6).zfill(6)):
        with pytest.raises(errors.CheckInCodeWrong):
            service.check_in(li, booking_id, wrong, there)
    assert service.check_in_code(keeper, room, NOW) != code
    service.check_in(li, booking_id, code, there)
    service.check_in(li, booking_id, code, there)
    assert state(booking_id) == "checked_in"
    with pytest.raises(errors.BookingChanged):
        service.no_show(keeper, booking_id, at(FRIDAY, 10))


def test_the_provider_serves_and_nobody_else(friday: tuple[UUID, UUID], li: Actor, keeper: Actor):
    _, booking_id = friday
    with pytest.raises(errors.CheckInNotNow):
        service.serve(keeper, booking_id, NOW)
    with pytest.raises(errors.NotProvider):
        service.serve(li, booking_id, at(FRIDAY, 10))
    service.check_in(keeper, booking_id, None, at(FRIDAY, 9, 5))
    service.serve(keeper, booking_id, at(FRIDAY, 10))
    assert state(booking_id) == "served"
    with pytest.raises(errors.BookingOver):
        service.serve(keeper, booking_id, at(FRIDAY, 10))


@pytest.mark.parametrize("side", ["li", "keeper"])
def test_who_did_not_come_is_written_down_by_the_other_side(
    friday: tuple[UUID, UUID], li: Actor, keeper: Actor, side: str, told: list[Happening]
):
    _, booking_id = friday
    actor = {"li": li, "keeper": keeper}[side]
    for moment in (at(FRIDAY, 9, 10), at(FRIDAY, 9) + timedelta(days=8)):
        with pytest.raises(errors.NoShowNotNow):
            service.no_show(actor, booking_id, moment)
    service.no_show(actor, booking_id, at(FRIDAY, 9, 15))
    assert state(booking_id) == f"no_show_{'provider' if side == 'li' else 'resident'}"
    run_outbox(at(FRIDAY, 9, 15))
    assert What.NO_SHOW in [h.what for h in told]


def link(path: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in path.partition("?")[2].split("&"))


def test_the_calendar_file_is_read_by_independent_programs(friday: tuple[UUID, UUID], li: Actor):
    _, booking_id = friday
    query = link(service.booking_link(li, booking_id, NOW))
    args = (booking_id, int(query["expires"]), query["language"], query["signature"])
    text = service.booking_file(*args, NOW)
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS", "LOCATION"):
        assert event.get(name) is not None, name
    start = at(FRIDAY, 9)
    assert event.start == start
    # Read by a client in another zone it is the same moment, 18:00 the day before in Honolulu.
    other = vobject.readOne(text.decode()).vevent
    seen = other.dtstart.value.astimezone(ZoneInfo("Pacific/Honolulu"))
    assert seen == start
    assert seen.strftime("%d %H:%M") == "26 15:00"
    assert (other.dtend.value - other.dtstart.value) == timedelta(minutes=30)
    assert other.uid.value == f"{booking_id}@linshitong"
    assert len(list(other.valarm_list)) == 2
    assert text.count(b"\r\n") == text.count(b"\n")
    assert max(len(line) for line in text.split(b"\r\n")) <= 75


def test_a_cancelled_one_says_so(friday: tuple[UUID, UUID], li: Actor):
    _, booking_id = friday
    service.cancel(li, booking_id, 0, "不去了", NOW)
    query = link(service.booking_link(li, booking_id, NOW))
    args = (booking_id, int(query["expires"]), query["language"], query["signature"])
    (event,) = icalendar.Calendar.from_ical(service.booking_file(*args, NOW)).walk("VEVENT")
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)


def test_a_link_opens_one_file_for_an_hour(friday: tuple[UUID, UUID], li: Actor):
    _, booking_id = friday
    query = link(service.booking_link(li, booking_id, NOW))
    expires, language, signature = int(query["expires"]), query["language"], query["signature"]
    for args, now in (
        ((booking_id, expires, language, signature), NOW + timedelta(hours=1)),
        ((booking_id, expires + 1, language, signature), NOW),
        ((booking_id, expires, "en", signature), NOW),
        ((booking_id, expires, language, "x" * 22), NOW),
    ):
        with pytest.raises(errors.CalendarLinkInvalid):
            service.booking_file(*args, now)


def test_a_feed_has_all_appointments_and_nobodys_name(
    friday: tuple[UUID, UUID], li: Actor, wang: Actor, keeper: Actor
):
    room, booking_id = friday
    gone = book(wang, room, at(FRIDAY, 10))
    service.cancel(wang, gone, 0, "不去了", NOW)
    token = service.new_feed(keeper, room, NOW).rsplit("/", 1)[1].removesuffix(".ics")
    text = service.feed_file(token, "zh-CN", NOW)
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert event["UID"] == f"{booking_id}@linshitong"
    assert event.start.astimezone(UTC) == at(FRIDAY, 9)
    assert li.name.encode() not in text.replace(b"linshitong", b"")
    service.new_feed(keeper, room, NOW)
    with pytest.raises(NotFound):
        service.feed_file(token, "zh-CN", NOW)
