"""By when: deadline profiles and the calendar they are reckoned in (deadlines.yaml, holidays.yaml).

All days are days in China (Asia/Shanghai). The day something starts does not count (Civil Code,
article 201): a deadline of days begins on the day after, and ends with the last second of its last
day, 23:59:59, also where calendar days end on a holiday. Hours run by the clock from the moment
itself, at night and on holidays too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from backend.areas.reader import Reader, Texts
from backend.kernel.clock import LOCAL
from backend.kernel.config_files import Node
from backend.kernel.workdays import Calendar

_LAST_SECOND: Final = time(23, 59, 59)
_LENGTHS = {"hours": 24 * 365, "days": 365, "working_days": 250}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEARS = (2000, 2100)


class Purpose(StrEnum):
    """What a profile is for. Categories take those for requests."""

    REQUEST = "request"
    OBJECTION = "objection"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True, slots=True)
class Profile:
    """How long something may take. Exactly one of the three lengths is set.

    ``text`` tells a resident; ``source`` names the rule it comes from.
    """

    code: str
    purpose: Purpose
    text: Texts
    source: Texts
    hours: int | None = None
    days: int | None = None
    working_days: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """The moment (UTC) by which it must be done.

    ``provisional``: a day on the way lies in a year whose holidays are not announced yet, so the
    moment may still move. ``calendar_version`` says which calendar it was reckoned by.
    """

    at: datetime
    provisional: bool
    calendar_version: str


def due_at(profile: Profile, start_at: datetime, calendar: Calendar) -> Due:
    """When something that started at ``start_at`` (aware) is due."""
    started_on = start_at.astimezone(LOCAL).date()
    provisional = False
    if profile.working_days is not None:
        last_day, provisional = calendar.add_workdays(started_on, profile.working_days)
        at = _end_of(last_day)
    elif profile.days is not None:
        at = _end_of(started_on + timedelta(days=profile.days))
    else:
        at = start_at.astimezone(UTC) + timedelta(hours=profile.hours or 0)
    return Due(at, provisional, calendar.version)


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
    reader.members(node, ["code", "applies_to", "text", "source"], _LENGTHS)
    given = [key for key in _LENGTHS if node.get(key) is not None]
    if len(given) != 1:
        reader.wrong(node, f"exactly one of {', '.join(_LENGTHS)} is wanted")
    lengths = {
        key: reader.number(node, key, 0 if key == "hours" else 1, most)
        for key, most in _LENGTHS.items()
    }
    return Profile(
        code=reader.code(node),
        purpose=Purpose(reader.choice(node, "applies_to", list(Purpose), Purpose.REQUEST)),
        text=reader.texts(node, "text"),
        source=reader.texts(node, "source"),
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
