"""What becomes of a booking and of a wait."""

from enum import StrEnum


class Mode(StrEnum):
    IN_PERSON = "in_person"
    PHONE = "phone"
    VIDEO = "video"


class State(StrEnum):
    HELD = "held"
    BOOKED = "booked"
    CHECKED_IN = "checked_in"
    SERVED = "served"
    NO_SHOW_RESIDENT = "no_show_resident"
    NO_SHOW_PROVIDER = "no_show_provider"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    """A hold that ran out, or was given up."""


LIVE = frozenset({State.HELD, State.BOOKED, State.CHECKED_IN})
"""Of these something is still to come."""

TAKING = LIVE | {State.SERVED}
"""These keep their time; the exclusion constraint of the table says the same."""


class WaitState(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    LEFT = "left"
    LAPSED = "lapsed"
    """The offer was not taken, or the dates have passed."""


class What(StrEnum):
    """What happened to a booking, as others are told."""

    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    OFFERED = "offered"
    OFFER_LAPSED = "offer_lapsed"
    DISPLACED = "displaced"
    REMINDER = "reminder"
    NO_SHOW = "no_show"
