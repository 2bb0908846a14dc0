"""When the answer is due: set at submission, moved by a wait for the resident, set anew by contest.

Each function gives the columns to write, so that what was reckoned, and by which calendar, is kept
together.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from backend.areas import county, deadlines
from backend.areas.deadlines import Due, Profile
from backend.kernel.clock import LOCAL
from backend.kernel.workdays import Calendar
from backend.service_requests.queries import Current


def started(profile: Profile, calendar: Calendar, now: datetime) -> dict[str, Any]:
    """A new deadline, as long as the profile says."""
    return _columns(deadlines.due_at(profile, now, calendar))


def restarted(current: Current, now: datetime) -> dict[str, Any]:
    """The whole length once more, from now.

    If the county has dropped the profile since, the length is the time between then and the
    deadline it gave.
    """
    here = county.current()
    profile = here.profiles.get(current.deadline_profile)
    if profile is None:
        return {"due_at": now + (current.due_at - current.submitted_at)}
    return started(profile, here.calendar, now)


def resumed(current: Current, now: datetime) -> dict[str, Any]:
    """What was left when the resident was asked is given again from now, in the profile's own
    unit; what was late stays late."""
    asked_at, due_at = current.asked_at, current.due_at
    if asked_at is None or due_at <= asked_at:
        return {}
    here = county.current()
    profile = here.profiles.get(current.deadline_profile)
    if profile is None or profile.hours is not None:
        return {"due_at": due_at + (now - asked_at)}
    rest = _rest(profile, _day(asked_at), _day(due_at), here.calendar)
    return started(rest, here.calendar, now)


def _rest(profile: Profile, asked_on: date, due_on: date, calendar: Calendar) -> Profile:
    """The profile shortened to the days from the one after `asked_on` to `due_on`."""
    days = [asked_on + timedelta(days=n + 1) for n in range((due_on - asked_on).days)]
    if profile.working_days is None:
        return replace(profile, days=len(days))
    return replace(profile, working_days=sum(calendar.is_workday(day) for day in days))


def _day(moment: datetime) -> date:
    return moment.astimezone(LOCAL).date()


def _columns(due: Due) -> dict[str, Any]:
    return {
        "due_at": due.at,
        "due_provisional": due.provisional,
        "calendar_version": due.calendar_version,
    }
