"""What the application plugs in: bookings know no feature that uses them, and no county."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.bookings.rules import Mode, What
from backend.kernel.actor import Actor
from backend.kernel.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Happening:
    """What became of a booking, for those who tell the people. ``ahead_hours`` is of reminders.

    ``id`` is the same when it is told again, and another when the same happens a second time.
    """

    id: UUID
    what: What
    booking_id: UUID
    resource_id: UUID
    person_id: UUID
    agent_id: UUID | None
    owner_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    mode: Mode
    place: str | None
    reason: str | None
    by_provider: bool
    ahead_hours: int | None


Runs = Callable[[Actor, UUID], bool]
"""Whether somebody acts for a resource: theirs is the provider's side."""

Wrote = Callable[[Actor, UUID], bool]
"""Whether somebody wrote a booking down for a person who cannot: they go on with it as the person
would."""

Tell = Callable[[Happening, datetime], None]
"""Tell everybody concerned. Called at least once; telling again must change nothing."""


@dataclass(frozen=True, slots=True)
class Kind:
    runs: Runs
    wrote: Wrote
    tell: Tell


_kinds: dict[str, Kind] = {}
_calendar: Callable[[], Calendar] | None = None


def plug_in(*, calendar: Callable[[], Calendar]) -> None:
    """Called once at start: where public holidays are known."""
    global _calendar
    _calendar = calendar


def calendar() -> Calendar:
    """The official calendar in force."""
    if _calendar is None:
        raise RuntimeError("bookings: plug_in() was not called")
    return _calendar()


def register_kind(kind: str, *, runs: Runs, wrote: Wrote, tell: Tell) -> None:
    """Have resources of a kind run, and people told of their bookings, by these."""
    _kinds[kind] = Kind(runs, wrote, tell)


def kind_of(kind: str) -> Kind:
    """What was registered. Raises KeyError."""
    return _kinds[kind]
