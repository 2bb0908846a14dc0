"""From a plan to the times that can be taken."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from backend.bookings.rules.plan import Cut, ExceptionPeriod, Interval, Plan
from backend.bookings.rules.states import Mode
from backend.kernel.workdays import Calendar

_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Slot:
    """A time on offer. ``occupied_until`` is its end with the pause after it."""

    starts_at: datetime
    ends_at: datetime
    occupied_until: datetime
    modes: tuple[Mode, ...]
    place: str | None
    capacity: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A booking or hold as it stands in the way. With a capacity of one it takes the whole time."""

    starts_at: datetime
    occupied_until: datetime
    seat: int
    capacity: int


def of_day(plan: Plan, day: date, calendar: Calendar, zone: ZoneInfo) -> list[Slot]:
    """Every slot that starts on the local day, taken or not, by time.

    Hours that the clock skips when it is put forward are not offered; hours that it repeats are
    offered once. A slot always lasts as long as it says.
    """
    if not plan.in_term(day):
        return []
    starts, ends = (_instant(day + timedelta(days=n), 0, zone) for n in (0, 1))
    today = [p for p in plan.exceptions if p.starts_at < ends and starts < p.ends_at]
    closed = [p for p in today if p.cut is None]
    extra = [p for p in today if p.cut is not None]
    holiday = calendar.is_public_holiday(day)
    regular = (
        slot
        for rule in plan.rules
        if rule.covers(day) and (rule.on_holidays or not holiday)
        for slot in _cut_hours(day, rule.starts_minute, rule.ends_minute, rule.cut, zone)
    )
    offered = [slot for slot in regular if not _meets(slot, [*closed, *extra])]
    for period in extra:
        if period.starts_at >= starts:
            beyond = _cut_period(period)
            offered += (slot for slot in beyond if not _meets(slot, closed))
    return sorted(offered, key=lambda slot: slot.starts_at)


def _cut_hours(day: date, start: int, end: int, cut: Cut, zone: ZoneInfo) -> Iterator[Slot]:
    free_from = None
    for minute in range(start, end - cut.slot_minutes + 1, cut.slot_minutes + cut.buffer_minutes):
        starts_at = _instant(day, minute, zone)
        skipped = _minute_of_day(starts_at, zone) != minute
        if skipped or (free_from is not None and starts_at < free_from):
            continue
        slot = _slot(starts_at, cut)
        free_from = slot.occupied_until
        yield slot


def _cut_period(period: ExceptionPeriod) -> Iterator[Slot]:
    assert period.cut is not None
    starts_at = period.starts_at
    while (slot := _slot(starts_at, period.cut)).ends_at <= period.ends_at:
        yield slot
        starts_at = slot.occupied_until


def _slot(starts_at: datetime, cut: Cut) -> Slot:
    ends_at = starts_at + timedelta(minutes=cut.slot_minutes)
    pause = timedelta(minutes=cut.buffer_minutes)
    return Slot(starts_at, ends_at, ends_at + pause, cut.modes, cut.place, cut.capacity)


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    day, minute = (day + timedelta(days=1), 0) if minute == _DAY_MINUTES else (day, minute)
    return datetime.combine(day, time(*divmod(minute, 60)), zone).astimezone(UTC)


def _minute_of_day(moment: datetime, zone: ZoneInfo) -> int:
    local = moment.astimezone(zone)
    return local.hour * 60 + local.minute


def _meets(slot: Slot, periods: Sequence[ExceptionPeriod]) -> bool:
    return any(p.starts_at < slot.ends_at and slot.starts_at < p.ends_at for p in periods)


def free_seat(slot: Slot, taken: Sequence[Taken]) -> int | None:
    """The lowest seat of the slot that nobody has; None if it is full.

    One who takes the whole time stands in everybody's way, and everybody in theirs.
    """
    others = [t for t in taken if _in_the_way(slot, t)]
    if not others:
        return 1
    if slot.capacity == 1 or any(t.capacity == 1 for t in others):
        return None
    seats = {t.seat for t in others}
    return next((seat for seat in range(1, slot.capacity + 1) if seat not in seats), None)


def free_seats(slot: Slot, taken: Sequence[Taken]) -> int:
    """How many more can take it."""
    others = [t for t in taken if _in_the_way(slot, t)]
    if not others:
        return slot.capacity
    if slot.capacity == 1 or any(t.capacity == 1 for t in others):
        return 0
    return slot.capacity - len({t.seat for t in others if t.seat <= slot.capacity})


def _in_the_way(slot: Slot, taken: Taken) -> bool:
    return taken.starts_at < slot.occupied_until and slot.starts_at < taken.occupied_until


def around(slot: Slot | Interval, taken: Sequence[Taken]) -> list[Taken]:
    """Those of many that may stand in the way of a day or a slot."""
    if isinstance(slot, Slot):
        slot = (slot.starts_at, slot.occupied_until)
    starts_at, ends_at = slot
    return [t for t in taken if t.starts_at < ends_at and starts_at < t.occupied_until]
