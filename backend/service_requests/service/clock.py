"""When the answer is due, and the moments that follow from it or from a reply.

The deadline is set at submission, moved by a wait for the resident or by more time, and set anew by
contest. Each function gives the columns to write, so that what was reckoned, how, and by which
calendar, is kept together.
"""

from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from typing import Any

from backend.areas import county, deadlines
from backend.areas.deadlines import Due, Profile, Purpose
from backend.kernel.clock import LOCAL
from backend.kernel.workdays import Calendar
from backend.service_requests.queries import Current

HALF, MOST = 0.5, 0.8
"""The shares of the time at which somebody is told that it passes."""

_HOUR = timedelta(hours=1)


def started(profile: Profile, calendar: Calendar, now: datetime) -> dict[str, Any]:
    """A new deadline, as long as the profile says, with nobody told yet that it passes."""
    return _running(profile, calendar, now, deadlines.due_at(profile, now, calendar))


def restarted(current: Current, now: datetime) -> dict[str, Any]:
    """The whole length once more, from now.

    A deadline for which more time was granted, and which lies later still, stays: none ever moves
    to an earlier day.
    """
    profile, calendar = _profile(current), county.current().calendar
    due = deadlines.due_at(profile, now, calendar)
    if due.at < current.due_at:
        return _moments(profile, calendar, now, current.due_at) | {"escalated": 0}
    return _running(profile, calendar, now, due)


def extended(current: Current, now: datetime) -> dict[str, Any]:
    """The profile's extension on top of the deadline there was.

    What is left from now on is told of anew as it passes; what stays late stays told.
    """
    profile, calendar = _profile(current), county.current().calendar
    more = profile.extension or 0
    if current.counted_on is not None and current.counted_days is not None:
        due = deadlines.counted(current.counted_on, current.counted_days + more, calendar)
    else:
        due = deadlines.due_at(profile.lasting(more), current.due_at, calendar)
    return _columns(due) if due.at <= now else _running(profile, calendar, now, due)


def resumed(current: Current, now: datetime) -> dict[str, Any]:
    """What was left when the resident was asked is given again from now, in the profile's own
    unit; what was late stays late."""
    asked_at = current.asked_at
    if asked_at is None or current.due_at <= asked_at:
        return {}
    profile, calendar = _profile(current), county.current().calendar
    due = deadlines.moved(profile, current.due_at, asked_at, now, calendar)
    on_the_way = {"half_at": current.half_at, "most_at": current.most_at}
    return _columns(due) | {
        name: deadlines.moved(profile, moment, asked_at, now, calendar).at
        for name, moment in on_the_way.items()
        if moment is not None
    }


def recounted(current: Current) -> dict[str, Any]:
    """A deadline of working days by the calendar of today; the moments move only if it does."""
    if current.counted_on is None or current.counted_days is None:
        return {}
    calendar = county.current().calendar
    due = deadlines.counted(current.counted_on, current.counted_days, calendar)
    if due.at == current.due_at:
        return _columns(due)
    begun_at = datetime.combine(current.counted_on + timedelta(days=1), time(), LOCAL)
    return _columns(due) | _moments(_profile(current), calendar, begun_at, due.at)


def received(now: datetime) -> dict[str, Any]:
    """Until when the unit it is given to can say that it is not responsible."""
    return {"objection_until": _due(Purpose.OBJECTION, now)}


def replied(current: Current, now: datetime) -> dict[str, Any]:
    """Until when the resident can say whether it is solved before it closes by itself."""
    return {
        "replied_at": current.facts.replied_at or now,
        "confirm_until": _due(Purpose.CONFIRMATION, now),
    }


def closed(now: datetime) -> dict[str, Any]:
    """When the resident is asked once more whether the problem has come back."""
    return {
        "closed_at": now,
        "follow_up_at": _due(Purpose.FOLLOW_UP, now),
        "followed_up_at": None,
    }


def deferred(until_on: date) -> dict[str, Any]:
    """It is taken up again by itself as that day begins in the county."""
    return {
        "deferred_until": until_on,
        "reopen_at": datetime.combine(until_on, time(), LOCAL).astimezone(UTC),
    }


def _profile(current: Current) -> Profile:
    """The profile of the request.

    If the county has dropped it since, one in hours: as long as between submission and deadline.
    """
    profile = county.current().profiles.get(current.deadline_profile)
    if profile is not None:
        return profile
    hours = ceil((current.due_at - current.submitted_at) / _HOUR)
    return Profile(current.deadline_profile, Purpose.REQUEST, {}, {}, hours=hours)


def _due(purpose: Purpose, now: datetime) -> datetime:
    here = county.current()
    return deadlines.due_at(here.the_profile(purpose), now, here.calendar).at


def _running(profile: Profile, calendar: Calendar, now: datetime, due: Due) -> dict[str, Any]:
    return _columns(due) | _moments(profile, calendar, now, due.at) | {"escalated": 0}


def _moments(
    profile: Profile, calendar: Calendar, begun_at: datetime, due_at: datetime
) -> dict[str, Any]:
    return {
        "half_at": deadlines.share_at(profile, begun_at, due_at, HALF, calendar),
        "most_at": deadlines.share_at(profile, begun_at, due_at, MOST, calendar),
    }


def _columns(due: Due) -> dict[str, Any]:
    return {
        "due_at": due.at,
        "due_provisional": due.provisional,
        "calendar_version": due.calendar_version,
        "counted_on": due.counted_on,
        "counted_days": due.counted_days,
    }
