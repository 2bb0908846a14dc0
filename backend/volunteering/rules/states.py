"""Where an activity and a sign-up stand, and what can be done from there."""

from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    """What the organiser has made of an activity; the clock makes the rest of it."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class ActivityState(StrEnum):
    """As people see it."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"


def activity_state(
    stage: Stage, first: datetime | None, last: datetime | None, now: datetime
) -> ActivityState:
    """From the beginning of the first shift that takes place to the end of the last, it runs."""
    if stage is not Stage.PUBLISHED or first is None or last is None or now < first:
        return ActivityState(stage)
    return ActivityState.RUNNING if now < last else ActivityState.FINISHED


class State(StrEnum):
    """Where a sign-up stands."""

    APPLIED = "applied"
    """The organiser still has to say yes."""
    WAITING = "waiting"
    OFFERED = "offered"
    """A place became free shortly before the start, kept for a while for them to take."""
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    """Nothing became of it in time."""


PLACED = frozenset({State.OFFERED, State.CONFIRMED})
"""They have a place: what the table counts."""

LIVE = PLACED | {State.APPLIED, State.WAITING}
"""They may come: a person has one of these at a time only."""
