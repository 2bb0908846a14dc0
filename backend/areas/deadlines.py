"""By when: deadline profiles and the calendar they are reckoned in (deadlines.yaml, holidays.yaml).

All days are days in China (Asia/Shanghai). The day something starts does not count (Civil Code,
article 201): a deadline of days begins on the day after, and ends with the last second of its last
day, 23:59:59, also where calendar days end on a holiday. Hours run by the clock from the moment
itself, at night and on holidays too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from backend.areas.reader import Reader, Texts
from backend.kernel.clock import LOCAL
from backend.kernel.config_files import Node
from backend.kernel.workdays import Calendar

_LAST_SECOND: Final = time(23, 59, 59)
_DAY: Final = timedelta(days=1)
_LENGTHS = {"hours": 24 * 365, "days": 365, "working_days": 250}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEARS = (2000, 2100)


class Purpose(StrEnum):
    """What a profile is for. Categories take those for requests."""

    REQUEST = "request"
    OBJECTION = "objection"
    CONFIRMATION = "confirmation"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True, slots=True)
class Profile:
    """How long something may take. Exactly one of the three lengths is set.

    ``extension`` is how much longer it may take if more time is granted, in the unit of the length;
    None: it cannot be extended. ``text`` tells a resident; ``source`` names the rule it comes from.
    """

    code: str
    purpose: Purpose
    text: Texts
    source: Texts
    hours: int | None = None
    days: int | None = None
    working_days: int | None = None
    extension: int | None = None

    def lasting(self, length: int) -> "Profile":
        """The same for another length, in the same unit."""
        if self.working_days is not None:
            return replace(self, working_days=length)
        return replace(self, days=length) if self.days is not None else replace(self, hours=length)

    def extending(self) -> "Profile":
        """What is added when more time is granted: what was due at a moment is due this much later.

        Only for profiles with an extension.
        """
        return self.lasting(self.extension or 0)


@dataclass(frozen=True, slots=True)
class Due:
    """The moment (UTC) by which it must be done.

    ``provisional``: a day on the way lies in a year whose holidays are not announced yet, so the
    moment may still move. ``calendar_version`` says which calendar it was reckoned by. One reckoned
    in working days is the end of the ``counted_days``-th after ``counted_on``, so that it can be
    reckoned again when the calendar changes.
    """

    at: datetime
    provisional: bool
    calendar_version: str
    counted_on: date | None = None
    counted_days: int | None = None


def due_at(profile: Profile, start_at: datetime, calendar: Calendar) -> Due:
    """When something that started at ``start_at`` (aware) is due."""
    if profile.working_days is not None:
        return counted(_day_of(start_at), profile.working_days, calendar)
    if profile.days is not None:
        at = _end_of(_day_of(start_at) + timedelta(days=profile.days))
    else:
        at = start_at.astimezone(UTC) + timedelta(hours=profile.hours or 0)
    return Due(at, False, calendar.version)


def counted(from_on: date, working_days: int, calendar: Calendar) -> Due:
    """The end of that many working days after a day, which itself does not count."""
    last_day, provisional = calendar.add_workdays(from_on, working_days)
    return Due(_end_of(last_day), provisional, calendar.version, from_on, working_days)


def share_at(
    profile: Profile, start_at: datetime, due: datetime, share: float, calendar: Calendar
) -> datetime:
    """The moment (UTC) at which ``share`` (0 to 1) of the time from start to due is used up.

    Hours and calendar days run by the clock. Of working days each lasts 24 hours and other days
    not at all, so that the moment never falls on a holiday. Never before the start or after due.
    """
    if profile.working_days is None:
        return (start_at + (due - start_at) * share).astimezone(UTC)
    left = _worked(start_at, due, calendar) * share
    moment = start_at
    while True:
        midnight = _midnight(_day_of(moment) + _DAY)
        if calendar.is_workday(_day_of(moment)):
            if left < midnight - moment:
                return min(moment + left, due).astimezone(UTC)
            left -= midnight - moment
        if midnight >= due:
            return due.astimezone(UTC)
        moment = midnight


def moved(
    profile: Profile,
    moment: datetime,
    paused_at: datetime,
    resumed_at: datetime,
    calendar: Calendar,
) -> Due:
    """Where a moment of the profile's time lies after a pause: what was left of it is left again.

    Hours are given back to the second, days and working days as whole days from the one after, so
    that a pause of less than a day changes no date. Never before the end of the pause; what lay
    before the pause stays where it was.
    """
    if moment <= paused_at:
        return Due(moment, False, calendar.version)
    if profile.hours is not None:
        return Due(moment + (resumed_at - paused_at), False, calendar.version)
    paused_on, moment_on, resumed_on = map(_day_of, (paused_at, moment, resumed_at))
    at_time = moment.astimezone(LOCAL).time()
    if profile.days is not None:
        at = datetime.combine(resumed_on + (moment_on - paused_on), at_time, LOCAL)
        return Due(max(at, resumed_at).astimezone(UTC), False, calendar.version)
    days = [paused_on + _DAY * n for n in range(1, (moment_on - paused_on).days + 1)]
    left = sum(map(calendar.is_workday, days))
    from_on, guessed = resumed_on, False
    if calendar.is_workday(paused_on):
        # The rest of that day is left too: it is given on a working day.
        from_on, guessed = calendar.add_workdays(resumed_on - _DAY, 1)
    day, provisional = calendar.add_workdays(from_on, left)
    if not calendar.is_workday(moment_on):
        at_time = _LAST_SECOND
    at = max(datetime.combine(day, at_time, LOCAL), resumed_at).astimezone(UTC)
    return Due(at, provisional or guessed, calendar.version, from_on, left)


def _worked(start_at: datetime, end_at: datetime, calendar: Calendar) -> timedelta:
    """How much of the time between two moments lies on working days."""
    total, moment = timedelta(0), start_at
    while moment < end_at:
        midnight = min(_midnight(_day_of(moment) + _DAY), end_at)
        if calendar.is_workday(_day_of(moment)):
            total += midnight - moment
        moment = midnight
    return total


def _day_of(moment: datetime) -> date:
    return moment.astimezone(LOCAL).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), LOCAL).astimezone(UTC)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, _LAST_SECOND, LOCAL).astimezone(UTC)


def read_profiles(root: Node, reader: Reader) -> Mapping[str, Profile]:
    """The profiles of deadlines.yaml by code."""
    reader.members(root, ["profiles"])
    nodes = reader.list_of(root, "profiles")
    reader.distinct(nodes)
    profiles = [_profile(node, reader) for node in nodes]
    return {profile.code: profile for profile in profiles if profile.code}


def _profile(node: Node, reader: Reader) -> Profile:
    optional = [*_LENGTHS, "extension"]
    reader.members(node, ["code", "applies_to", "text", "source"], optional)
    given = [key for key in _LENGTHS if node.get(key) is not None]
    if len(given) != 1:
        reader.wrong(node, f"exactly one of {', '.join(_LENGTHS)} is wanted")
    lengths = {
        key: reader.number(node, key, 0 if key == "hours" else 1, most)
        for key, most in _LENGTHS.items()
    }
    purpose = Purpose(reader.choice(node, "applies_to", list(Purpose), Purpose.REQUEST))
    longest = max((_LENGTHS[key] for key in given), default=1)
    extension = node.get("extension")
    if extension is not None and purpose is not Purpose.REQUEST:
        reader.wrong(extension, "only a profile for requests can be extended")
    return Profile(
        code=reader.code(node),
        purpose=purpose,
        text=reader.texts(node, "text"),
        source=reader.texts(node, "source"),
        extension=reader.number(node, "extension", 1, longest),
        **lengths,
    )


def read_calendar(root: Node, reader: Reader) -> Calendar:
    """The official calendar with the days and years of holidays.yaml."""
    reader.members(root, [], ["announced_years", "days"])
    years = set()
    for item in reader.list_of(root, "announced_years"):
        if type(item.value) is not int or not _YEARS[0] <= item.value <= _YEARS[1]:
            reader.wrong(item, f"'{item.value}' is no year")
        else:
            years.add(item.value)
    overrides: dict[date, bool] = {}
    days = root.get("days")
    if days is not None and not isinstance(days.value, dict):
        reader.wrong(days, "'days' must be a mapping of dates")
    for key, kind in days.items() if days is not None else ():
        day = _date(key)
        if day is None:
            reader.wrong(kind, f"'{key}' is no date (YYYY-MM-DD)")
        elif kind.value not in ("holiday", "workday"):
            reader.wrong(kind, f"'{kind.value}' is neither holiday nor workday")
        else:
            overrides[day] = kind.value == "workday"
    return Calendar(overrides, frozenset(years))


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None
