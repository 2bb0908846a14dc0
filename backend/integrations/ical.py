"""Calendars in the format every calendar program reads (iCalendar, RFC 5545).

Times are written in UTC, so that they are right in a program of any zone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import STATUS, Alarm, Calendar, Event

PRODUCT = "-//Linshitong//Bookings//ZH"
MIME_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Entry:
    """One appointment. ``sequence`` grows with every change, so that programs replace the older.

    ``alarms`` are how long before the start to remind, with the words of ``summary``.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    location: str | None
    cancelled: bool = False
    alarms: tuple[timedelta, ...] = ()


def calendar(name: str, entries: Sequence[Entry], now: datetime, refresh: timedelta) -> bytes:
    """A calendar of these entries; programs that subscribe look again after ``refresh``."""
    made = Calendar.new(prodid=PRODUCT, name=name, refresh_interval=refresh, method="PUBLISH")
    # Without one the library makes up another with every reading.
    made.pop("UID", None)
    for entry in entries:
        made.add_component(_event(entry, now))
    text: bytes = made.to_ical()
    return text


def _event(entry: Entry, now: datetime) -> Event:
    event = Event.new(
        uid=entry.uid,
        stamp=now.astimezone(UTC).replace(microsecond=0),
        sequence=entry.sequence,
        start=entry.starts_at.astimezone(UTC),
        end=entry.ends_at.astimezone(UTC),
        summary=entry.summary,
        description=entry.description,
        location=entry.location,
        status=STATUS.CANCELLED if entry.cancelled else STATUS.CONFIRMED,
    )
    for ahead in () if entry.cancelled else entry.alarms:
        alarm = Alarm.new(description=entry.summary)
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -ahead)
        event.add_component(alarm)
    return event
