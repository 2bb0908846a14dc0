"""From plans to times: pure rules."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from backend.bookings.rules import (
    Cut,
    ExceptionPeriod,
    Mode,
    Plan,
    PlanRule,
    Slot,
    Taken,
    free_seat,
    free_seats,
    of_day,
    overlapping,
)
from backend.kernel.clock import LOCAL
from backend.kernel.workdays import Calendar

PHONE = (Mode.PHONE,)
BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = date(2026, 11, 24)


def rule(day: date, start: int, end: int, cut: Cut, **kwargs: object) -> PlanRule:
    return PlanRule(day.isoweekday(), start * 60, end * 60, cut, date(2026, 1, 1), **kwargs)


def plan(*rules: PlanRule, exceptions: tuple[ExceptionPeriod, ...] = ()) -> Plan:
    return Plan(rules, exceptions, date(2026, 1, 1), date(2027, 12, 31))


def starts(found: list[Slot], zone: ZoneInfo = LOCAL) -> list[str]:
    return [slot.starts_at.astimezone(zone).strftime("%H:%M") for slot in found]


def local(day: date, hour: int, minute: int = 0, zone: ZoneInfo = LOCAL) -> datetime:
    return datetime.combine(day, time(hour, minute), zone)


def test_hours_are_cut_with_a_pause_after_each():
    hours = rule(TUESDAY, 9, 11, Cut(30, PHONE, buffer_minutes=10))
    found = of_day(plan(hours), TUESDAY, Calendar(), LOCAL)
    assert starts(found) == ["09:00", "09:40", "10:20"]
    assert found[0].occupied_until - found[0].ends_at == timedelta(minutes=10)


def test_other_weekdays_and_days_outside_validity_and_term_have_none():
    hours = rule(TUESDAY, 9, 11, Cut(30, PHONE), valid_until=TUESDAY)
    assert not of_day(plan(hours), TUESDAY + timedelta(days=1), Calendar(), LOCAL)
    assert not of_day(plan(hours), TUESDAY + timedelta(days=7), Calendar(), LOCAL)
    ended = Plan((hours,), (), date(2026, 1, 1), TUESDAY - timedelta(days=1))
    assert not of_day(ended, TUESDAY, Calendar(), LOCAL)


@pytest.mark.parametrize("day", [date(2026, 10, 1), date(2026, 10, 3), date(2026, 10, 4)])
def test_public_holidays_are_off_unless_the_plan_says_otherwise(day: date):
    """National Day 2026; the 3rd and 4th are a weekend within it."""
    hours = rule(day, 9, 10, Cut(30, PHONE))
    assert not of_day(plan(hours), day, Calendar(), LOCAL)
    always = rule(day, 9, 10, Cut(30, PHONE), on_holidays=True)
    assert len(of_day(plan(always), day, Calendar(), LOCAL)) == 2


def test_an_ordinary_weekend_is_no_holiday():
    saturday = date(2026, 11, 28)
    hours = rule(saturday, 9, 10, Cut(30, PHONE))
    assert len(of_day(plan(hours), saturday, Calendar(), LOCAL)) == 2


def test_a_county_names_its_own_days_off():
    off = Calendar(overrides={TUESDAY: False})
    assert not of_day(plan(rule(TUESDAY, 9, 10, Cut(30, PHONE))), TUESDAY, off, LOCAL)


def test_a_closed_time_takes_away_what_it_meets_and_no_more():
    closed = ExceptionPeriod(local(TUESDAY, 9, 45), local(TUESDAY, 10, 30))
    offered = plan(rule(TUESDAY, 9, 11, Cut(30, PHONE)), exceptions=(closed,))
    assert starts(of_day(offered, TUESDAY, Calendar(), LOCAL)) == ["09:00", "10:30"]


def test_extra_time_wins_over_the_plan_it_meets_and_yields_to_what_is_closed():
    extra = ExceptionPeriod(local(TUESDAY, 10, 30), local(TUESDAY, 12), Cut(45, PHONE))
    closed = ExceptionPeriod(local(TUESDAY, 11, 30), local(TUESDAY, 13))
    offered = plan(rule(TUESDAY, 9, 11, Cut(30, PHONE)), exceptions=(extra, closed))
    assert starts(of_day(offered, TUESDAY, Calendar(), LOCAL)) == [
        "09:00", "09:30", "10:00", "10:30",
    ]  # fmt: skip


def test_an_exception_over_midnight_belongs_to_the_day_it_starts_on():
    extra = ExceptionPeriod(
        local(TUESDAY, 23), local(TUESDAY + timedelta(days=1), 1), Cut(60, PHONE)
    )
    offered = plan(exceptions=(extra,))
    assert starts(of_day(offered, TUESDAY, Calendar(), LOCAL)) == ["23:00", "00:00"]
    assert not of_day(offered, TUESDAY + timedelta(days=1), Calendar(), LOCAL)


def test_hours_that_the_clock_skips_are_not_offered():
    """In Germany on 2026-03-29 the clock goes from 02:00 to 03:00."""
    sunday = date(2026, 3, 29)
    found = of_day(plan(rule(sunday, 1, 4, Cut(30, PHONE))), sunday, Calendar(), BERLIN)
    assert starts(found, BERLIN) == ["01:00", "01:30", "03:00", "03:30"]
    assert all(one.ends_at <= two.starts_at for one, two in pairwise(found))


def test_hours_that_the_clock_repeats_are_offered_once():
    sunday = date(2026, 10, 25)
    found = of_day(plan(rule(sunday, 1, 4, Cut(60, PHONE))), sunday, Calendar(), BERLIN)
    assert starts(found, BERLIN) == ["01:00", "02:00", "03:00"]
    assert all(slot.ends_at - slot.starts_at == timedelta(hours=1) for slot in found)


def test_a_long_slot_across_a_skipped_hour_lets_none_begin_in_it():
    sunday = date(2026, 3, 29)
    found = of_day(plan(rule(sunday, 1, 5, Cut(45, PHONE))), sunday, Calendar(), BERLIN)
    assert all(one.ends_at <= two.starts_at for one, two in pairwise(found))


def slot(capacity: int, start: int = 9) -> Slot:
    moment = datetime(2026, 11, 24, start, tzinfo=UTC)
    end = moment + timedelta(minutes=30)
    return Slot(moment, end, end, PHONE, None, capacity)


def seat(number: int, capacity: int, start: int = 9) -> Taken:
    moment = datetime(2026, 11, 24, start, tzinfo=UTC)
    return Taken(moment, moment + timedelta(minutes=30), number, capacity)


def test_seats_are_given_from_the_lowest():
    assert free_seat(slot(3), []) == 1
    assert free_seat(slot(3), [seat(1, 3), seat(3, 3)]) == 2
    assert free_seat(slot(3), [seat(1, 3), seat(2, 3), seat(3, 3)]) is None
    assert free_seats(slot(3), [seat(1, 3)]) == 2


def test_who_takes_the_whole_time_stands_in_everybodys_way():
    assert free_seat(slot(3), [seat(1, 1)]) is None
    assert free_seat(slot(1), [seat(2, 3)]) is None
    assert free_seats(slot(1), [seat(2, 3)]) == 0


def test_what_only_touches_is_not_in_the_way():
    assert free_seat(slot(1), [seat(1, 1, start=10), seat(1, 1, start=8)]) == 1


def test_a_plan_that_overlaps_itself_is_found():
    one, later = rule(TUESDAY, 9, 11, Cut(30, PHONE)), rule(TUESDAY, 11, 12, Cut(30, PHONE))
    over = rule(TUESDAY, 10, 12, Cut(30, PHONE))
    assert overlapping([one, later]) is None
    assert overlapping([one, later, over]) == (0, 2)
    ended = rule(TUESDAY, 9, 11, Cut(30, PHONE), valid_until=date(2026, 6, 30))
    begun = PlanRule(2, 540, 660, Cut(30, PHONE), date(2026, 7, 1))
    assert overlapping([ended, begun]) is None
