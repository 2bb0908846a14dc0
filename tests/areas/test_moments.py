"""Moments on the way to a deadline: shares of its time, and what a pause leaves of it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.areas.deadlines import Profile, Purpose, due_at, moved, share_at
from backend.kernel.workdays import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICIAL = Calendar()
TEXT = {"zh-CN": "限期", "en": "deadline"}
LENGTHS = st.one_of(
    st.fixed_dictionaries({"hours": st.integers(0, 100)}),
    st.fixed_dictionaries({"days": st.integers(1, 40)}),
    st.fixed_dictionaries({"working_days": st.integers(1, 30)}),
)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 2, 1), timezones=st.just(SHANGHAI))
SHARES = st.floats(0, 1)


def profile(**length: int) -> Profile:
    return Profile("test", Purpose.REQUEST, TEXT, TEXT, **length)


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("length", "start", "share", "then"),
    [
        ({"hours": 24}, "2026-11-23 16:00", 0.5, "2026-11-24 04:00"),
        ({"hours": 0}, "2026-11-23 16:00", 0.5, "2026-11-23 16:00"),
        ({"days": 7}, "2026-11-23 23:59:59", 0.5, "2026-11-27 11:59:59"),
        # Friday to Friday: the weekend passes without counting.
        ({"working_days": 5}, "2026-11-20 23:59:59", 0.5, "2026-11-25 11:59:59"),
        ({"working_days": 5}, "2026-11-20 23:59:59", 0.8, "2026-11-26 23:59:59"),
        # Two days over National Day: half of it is not used up on a holiday.
        ({"working_days": 2}, "2026-09-29 23:59:59", 0.5, "2026-09-30 23:59:59"),
        ({"working_days": 2}, "2026-09-29 23:59:59", 0.6, "2026-10-08 04:47:59"),
        # Begun in the holiday, its time begins with the first working day.
        ({"working_days": 1}, "2026-10-03 10:00", 0.5, "2026-10-08 11:59:59.5"),
    ],
)
def test_a_share_of_the_time(length: dict[str, int], start: str, share: float, then: str) -> None:
    each, start_at = profile(**length), china(start)
    due = due_at(each, start_at, OFFICIAL).at
    assert share_at(each, start_at, due, share, OFFICIAL) == china(then)


@given(LENGTHS, MOMENTS, SHARES, SHARES)
def test_shares_lie_in_order_between_start_and_due(
    length: dict[str, int], start: datetime, one: float, other: float
) -> None:
    each = profile(**length)
    due = due_at(each, start, OFFICIAL).at
    less, more = sorted((one, other))
    first, second = (share_at(each, start, due, share, OFFICIAL) for share in (less, more))
    assert start <= first <= second <= due
    assert share_at(each, start, due, 1, OFFICIAL) == due
    assert first.tzinfo is UTC


@given(MOMENTS, st.integers(1, 30), st.floats(0.01, 1))
def test_no_share_of_working_days_falls_on_a_day_off(
    start: datetime, days: int, share: float
) -> None:
    each = profile(working_days=days)
    due = due_at(each, start, OFFICIAL).at
    moment = share_at(each, start, due, share, OFFICIAL)
    assert OFFICIAL.is_workday(moment.astimezone(SHANGHAI).date())


@pytest.mark.parametrize(
    ("length", "moment", "paused", "resumed", "then"),
    [
        ({"hours": 24}, "2026-11-24 04:00", "2026-11-24 01:00", "2026-11-30 09:00",
         "2026-11-30 12:00"),
        ({"days": 7}, "2026-11-27 11:00", "2026-11-25 10:00", "2026-12-01 09:00",
         "2026-12-03 11:00"),
        # Two working days left on Thursday, given again from a Thursday and over a weekend.
        ({"working_days": 5}, "2026-11-30 23:59:59", "2026-11-26 10:00", "2026-12-03 09:00",
         "2026-12-07 23:59:59"),
        # Supplied on a Sunday: the rest of the day of the pause is given on Monday.
        ({"working_days": 5}, "2026-11-30 23:59:59", "2026-11-26 10:00", "2026-12-06 09:00",
         "2026-12-09 23:59:59"),
        # Asked on the last day, supplied in the holiday: the first working day is the last now.
        ({"working_days": 5}, "2026-09-30 23:59:59", "2026-09-30 10:00", "2026-10-03 09:00",
         "2026-10-08 23:59:59"),
        # What lay before the pause has passed.
        ({"working_days": 5}, "2026-11-24 09:00", "2026-11-26 10:00", "2026-12-03 09:00",
         "2026-11-24 09:00"),
    ],
)  # fmt: skip
def test_a_pause_gives_back_what_was_left(
    length: dict[str, int], moment: str, paused: str, resumed: str, then: str
) -> None:
    after = moved(profile(**length), china(moment), china(paused), china(resumed), OFFICIAL)
    assert after.at == china(then)


def test_a_pause_that_ends_in_an_unannounced_year_makes_it_provisional() -> None:
    after = moved(
        profile(working_days=5),
        china("2026-12-31 23:59:59"),
        china("2026-12-31 10:00"),
        china("2027-01-02 10:00"),
        OFFICIAL,
    )
    assert after.provisional
    assert (after.counted_on, after.counted_days) == (date(2027, 1, 4), 0)


@st.composite
def pauses(draw: st.DrawFn) -> tuple[Profile, datetime, datetime, datetime]:
    """A profile, when it started, and a pause begun before it was due."""
    each, start = profile(**draw(LENGTHS)), draw(MOMENTS)
    due = due_at(each, start, OFFICIAL).at
    paused = share_at(each, start, due, draw(SHARES), OFFICIAL)
    return each, start, paused, paused + draw(st.timedeltas(timedelta(0), timedelta(60)))


@given(pauses(), SHARES, SHARES)
def test_no_pause_turns_the_order_of_moments_or_the_clock_back(
    case: tuple[Profile, datetime, datetime, datetime], one: float, other: float
) -> None:
    each, start, paused, resumed = case
    due = due_at(each, start, OFFICIAL).at
    moments = [share_at(each, start, due, share, OFFICIAL) for share in sorted((one, other))]
    after = [moved(each, moment, paused, resumed, OFFICIAL).at for moment in (*moments, due)]
    assert after == sorted(after)
    for before, then in zip((*moments, due), after, strict=True):
        assert then == before if before <= paused else then >= max(before, resumed)


@given(pauses(), st.timedeltas(timedelta(0), timedelta(30)))
def test_the_longer_the_pause_the_later_the_deadline(
    case: tuple[Profile, datetime, datetime, datetime], longer: timedelta
) -> None:
    each, start, paused, resumed = case
    due = due_at(each, start, OFFICIAL).at
    short = moved(each, due, paused, resumed, OFFICIAL).at
    assert moved(each, due, paused, resumed + longer, OFFICIAL).at >= short
