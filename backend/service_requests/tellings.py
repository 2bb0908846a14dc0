"""Whom each event concerns, and which notice it is to them; the jobs find out who they are."""

from dataclasses import dataclass, replace
from enum import StrEnum

from backend.service_requests.rules import Kind, State


class Group(StrEnum):
    """Staff of a request. HOLDER: the handler; else the lead unit; else those who dispatch."""

    HOLDER = "holder"
    LEADERS = "leaders"
    HELPERS = "helpers"
    DISPATCHERS = "dispatchers"
    SUPERVISORS = "supervisors"


@dataclass(frozen=True, slots=True)
class Telling:
    """Which notice an event is to the side that asked and which to staff; None: none."""

    requester: str | None = None
    staff: str | None = None
    groups: tuple[Group, ...] = (Group.HOLDER,)


TELLINGS: dict[Kind, Telling] = {
    Kind.SUBMITTED: Telling("request_submitted", "request_arrived"),
    Kind.ACCEPTED: Telling("request_accepted"),
    Kind.NOT_ACCEPTED: Telling("request_not_accepted"),
    Kind.ASSIGNED: Telling("request_assigned", "request_arrived"),
    Kind.DISPUTED: Telling(staff="request_disputed", groups=(Group.DISPATCHERS,)),
    Kind.RULED: Telling("request_assigned", "request_ruled"),
    Kind.STARTED: Telling("request_started"),
    Kind.ASKED: Telling("request_question"),
    Kind.SUPPLIED: Telling(staff="request_supplied"),
    Kind.SECOND_LIST: Telling(staff="request_second_list", groups=(Group.SUPERVISORS,)),
    Kind.EXTENSION_REQUESTED: Telling(
        staff="request_extension_asked", groups=(Group.LEADERS, Group.SUPERVISORS)
    ),
    Kind.EXTENSION_GRANTED: Telling("request_extended", "request_extension_granted"),
    Kind.EXTENSION_REFUSED: Telling(staff="request_extension_refused"),
    Kind.TASK_OPENED: Telling(staff="request_task", groups=(Group.HELPERS,)),
    Kind.TASK_ANSWERED: Telling(staff="request_task_answered"),
    Kind.TASK_CANCELLED: Telling(),
    Kind.TASK_OVERDUE: Telling(staff="request_task_overdue"),
    Kind.REPLIED: Telling("request_replied"),
    Kind.DEFERRED: Telling("request_deferred"),
    Kind.MERGED: Telling("request_merged"),
    Kind.RELEASED: Telling("request_started", "request_released"),
    Kind.REMINDED: Telling(staff="request_reminded"),
    Kind.ESCALATED: Telling(
        "request_overdue",
        "request_overdue_staff",
        (Group.HOLDER, Group.LEADERS, Group.SUPERVISORS),
    ),
    Kind.CONFIRMED: Telling("request_confirmed", "request_confirmed_staff"),
    Kind.CONTESTED: Telling(staff="request_contested"),
    Kind.DIRECTED: Telling("request_rework", "request_directed"),
    Kind.CLOSED_UNCONFIRMED: Telling(
        "request_closed_unconfirmed", "request_closed_unconfirmed_staff"
    ),
    Kind.REOPENED: Telling("request_reopened", "request_reopened_staff"),
    Kind.FOLLOWED_UP: Telling("request_follow_up"),
    Kind.CAME_BACK: Telling(staff="request_came_back"),
    Kind.WITHDRAWN: Telling("request_withdrawn", "request_withdrawn_staff"),
}

EARLY: dict[int, Telling] = {
    50: Telling(staff="request_half_time"),
    80: Telling(staff="request_due_soon", groups=(Group.HOLDER, Group.LEADERS)),
}
"""What is told before all of the time is used up, by its share in percent."""

LED_TO: dict[tuple[Kind, State], Telling] = {
    (Kind.STARTED, State.REWORK): Telling("request_rework"),
    (Kind.SUPPLIED, State.AWAITING_RESIDENT): Telling(),
    (Kind.CONTESTED, State.SUPERVISED): Telling(
        staff="request_to_supervise", groups=(Group.SUPERVISORS,)
    ),
}
"""Where the state an event led to makes a difference."""


PRESSING = frozenset({Kind.ESCALATED, Kind.REMINDED})
"""What presses on whoever has the next step."""

NEXT_STEP = {State.DISPUTED: Group.DISPATCHERS, State.SUPERVISED: Group.SUPERVISORS}
"""Who has it where it is not the unit."""


def telling(kind: Kind, state: State, share: int | None = None) -> Telling:
    """What an event tells that led to this state; ``share`` is an escalation's."""
    found = EARLY.get(share or 0) or LED_TO.get((kind, state)) or TELLINGS[kind]
    if kind not in PRESSING or state not in NEXT_STEP:
        return found
    pressed = {Group.HOLDER: NEXT_STEP[state]}
    return replace(found, groups=tuple(pressed.get(group, group) for group in found.groups))
