"""The words of the state machine: states, actions, capacities, and their names in records."""

from enum import StrEnum


class State(StrEnum):
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    ASSIGNED = "assigned"
    DISPUTED = "disputed"
    IN_PROGRESS = "in_progress"
    AWAITING_RESIDENT = "awaiting_resident"
    REPLIED = "replied"
    CONFIRMED = "confirmed"
    CONTESTED = "contested"
    REWORK = "rework"
    SUPERVISED = "supervised"
    DEFERRED = "deferred"
    MERGED = "merged"
    CLOSED_UNCONFIRMED = "closed_unconfirmed"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """Everything that can become of a submitted request; the value is the code clients use.

    CLOSE_UNCONFIRMED, REOPEN and RELEASE are taken by the system alone.
    """

    ACCEPT = "accept"
    NOT_ACCEPT = "not-accept"
    ASSIGN = "assign"
    DISPUTE = "dispute"
    RULE = "rule"
    START = "start"
    ASK = "ask"
    SUPPLY = "supply"
    REQUEST_EXTENSION = "request-extension"
    DECIDE_EXTENSION = "decide-extension"
    OPEN_TASK = "open-task"
    ANSWER_TASK = "answer-task"
    CANCEL_TASK = "cancel-task"
    REPLY = "reply"
    DEFER = "defer"
    MERGE = "merge"
    REMIND = "remind"
    CONFIRM = "confirm"
    CONTEST = "contest"
    DIRECT = "direct"
    CAME_BACK = "came-back"
    WITHDRAW = "withdraw"
    RATE = "rate"
    CLOSE_UNCONFIRMED = "close-unconfirmed"
    REOPEN = "reopen"
    RELEASE = "release"


class Capacity(StrEnum):
    """What an actor is to one particular request; the value is shown in the timeline."""

    REQUESTER = "requester"
    AGENT = "agent"
    """Acts for the requester, under a consent in force."""
    READER = "reader"
    """Submitted it for the requester, under a consent that lets them read on and no more."""
    HANDLER = "handler"
    LEADER = "leader"
    CO_HANDLER = "co_handler"
    """Of a unit the lead asked for help with a sub-task."""
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"


class Visibility(StrEnum):
    PRIVATE = "private"
    PUBLIC = "public"
    ANONYMOUS = "anonymous"


class Outcome(StrEnum):
    FIXED = "fixed"
    EXPLAINED = "explained"
    REFERRED = "referred"
    DEFERRED = "deferred"
    DUPLICATE = "duplicate"


class ExtensionState(StrEnum):
    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"


class TaskState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    CANCELLED = "cancelled"


class MaterialKind(StrEnum):
    TEXT = "text"
    PHOTO = "photo"


class MaterialState(StrEnum):
    """UNAVAILABLE: the resident has said why they cannot give it, which settles the item too."""

    MISSING = "missing"
    SUPPLIED = "supplied"
    UNAVAILABLE = "unavailable"


class PressureKind(StrEnum):
    """What somebody wants of the resident: another rating, the request withdrawn, or else."""

    CHANGE_RATING = "change_rating"
    WITHDRAW = "withdraw"
    OTHER = "other"


class TextVerdict(StrEnum):
    """What WeChat's content check said; NONE (no verdict yet, or never) is not a pass."""

    NONE = "none"
    PASS = "pass"  # noqa: S105
    REVIEW = "review"
    RISKY = "risky"


class Kind(StrEnum):
    """Kinds of timeline events: the past tense of an action, or something staff should know.

    Neither a rating nor a report of pressure leaves an event: the lead unit reads the timeline.
    """

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    ASSIGNED = "assigned"
    DISPUTED = "disputed"
    RULED = "ruled"
    STARTED = "started"
    ASKED = "asked"
    SUPPLIED = "supplied"
    EXTENSION_REQUESTED = "extension_requested"
    EXTENSION_GRANTED = "extension_granted"
    EXTENSION_REFUSED = "extension_refused"
    TASK_OPENED = "task_opened"
    TASK_ANSWERED = "task_answered"
    TASK_CANCELLED = "task_cancelled"
    TASK_OVERDUE = "task_overdue"
    REPLIED = "replied"
    DEFERRED = "deferred"
    MERGED = "merged"
    REMINDED = "reminded"
    ESCALATED = "escalated"
    DEADLINE_MOVED = "deadline_moved"
    CONFIRMED = "confirmed"
    CONTESTED = "contested"
    DIRECTED = "directed"
    CLOSED_UNCONFIRMED = "closed_unconfirmed"
    REOPENED = "reopened"
    RELEASED = "released"
    FOLLOWED_UP = "followed_up"
    CAME_BACK = "came_back"
    WITHDRAWN = "withdrawn"
    NOTE = "note"
    DANGER_FLAGGED = "danger_flagged"
    TEXT_FLAGGED = "text_flagged"
    SECOND_LIST = "second_list"


EVENT_OF = {
    Action.ACCEPT: Kind.ACCEPTED,
    Action.NOT_ACCEPT: Kind.NOT_ACCEPTED,
    Action.ASSIGN: Kind.ASSIGNED,
    Action.DISPUTE: Kind.DISPUTED,
    Action.RULE: Kind.RULED,
    Action.START: Kind.STARTED,
    Action.ASK: Kind.ASKED,
    Action.SUPPLY: Kind.SUPPLIED,
    Action.REQUEST_EXTENSION: Kind.EXTENSION_REQUESTED,
    Action.OPEN_TASK: Kind.TASK_OPENED,
    Action.ANSWER_TASK: Kind.TASK_ANSWERED,
    Action.CANCEL_TASK: Kind.TASK_CANCELLED,
    Action.REPLY: Kind.REPLIED,
    Action.DEFER: Kind.DEFERRED,
    Action.MERGE: Kind.MERGED,
    Action.REMIND: Kind.REMINDED,
    Action.CONFIRM: Kind.CONFIRMED,
    Action.CONTEST: Kind.CONTESTED,
    Action.DIRECT: Kind.DIRECTED,
    Action.CAME_BACK: Kind.CAME_BACK,
    Action.WITHDRAW: Kind.WITHDRAWN,
    Action.CLOSE_UNCONFIRMED: Kind.CLOSED_UNCONFIRMED,
    Action.REOPEN: Kind.REOPENED,
    Action.RELEASE: Kind.RELEASED,
}
"""What the timeline, the audit log and the outbox call an action that has been taken. Deciding on
an extension has two names, by the decision."""


class ShownTo(StrEnum):
    """RESIDENT: everybody who may see the request; STAFF: everybody but who asked."""

    RESIDENT = "resident"
    STAFF = "staff"


class Assignee(StrEnum):
    """To what a request can be given: another unit, or one of the lead unit's people."""

    UNIT = "unit"
    MEMBER = "member"


CLOSED = frozenset({State.NOT_ACCEPTED, State.CONFIRMED, State.CLOSED_UNCONFIRMED, State.WITHDRAWN})
"""States in which nothing more is due from anybody. What was answered can still come back for a
while after closing; nothing leads out of the others."""

WITH_UNIT = frozenset(
    {
        State.SUBMITTED,
        State.ACCEPTED,
        State.ASSIGNED,
        State.DISPUTED,
        State.IN_PROGRESS,
        State.CONTESTED,
        State.REWORK,
        State.SUPERVISED,
        State.MERGED,
    }
)
"""States in which the next step is the public body's: its clock runs, and it can be late."""

WITH_RESIDENT = frozenset({State.AWAITING_RESIDENT, State.REPLIED})
"""States in which the next step is the resident's: the clock of the public body stands. It also
stands in DEFERRED, where the next step is a date's."""
