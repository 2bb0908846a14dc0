"""What clients send and get."""

from datetime import timedelta
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from backend.bookings.rules import Cut, ExceptionKind, Mode, PlanRule, State, WaitState
from backend.bookings.service import NewException
from backend.web.errors import Refusal
from backend.web.schemas import (
    AwareDateTime,
    Choice,
    Date,
    Flag,
    List,
    Nested,
    QueryInteger,
    Schema,
    StrictInteger,
    Text,
    UuidStr,
)

_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00"
_MOST_RULES = 60
_LONGEST_EXCEPTION = timedelta(days=366)


class Slot(Schema):
    """A time that can be taken."""

    starts_at = AwareDateTime(required=True)
    ends_at = AwareDateTime(required=True)
    modes = List(Choice(Mode), max=3, required=True)
    place = fields.String(required=True, allow_none=True)
    free = StrictInteger(required=True, metadata={"description": "How many can still take it"})


class SlotDay(Schema):
    date = Date(required=True)
    state = Choice(("open", "full", "closed"), required=True)
    slots = fields.List(fields.Nested(Slot), required=True)


class Slots(Schema):
    """The times of some days. ``waiting`` is how many are on the waiting list."""

    bookable = Flag(required=True)
    waiting = StrictInteger(required=True)
    days = fields.List(fields.Nested(SlotDay), required=True)


class SlotList(Schema):
    slots = fields.List(fields.Nested(Slot), required=True)


class SlotsQuery(Schema):
    first = Date(required=True, data_key="from")
    days = QueryInteger(min=1, max=28, load_default=7)
    mode = Choice(Mode, load_default=None)


class ResourceRef(Schema):
    id = UuidStr(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)


def _for_name() -> fields.String:
    return fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Whose it is, where the caller acts for them; null: one's own"},
    )


class OfferView(Schema):
    """A booking, less whose it is."""

    id = UuidStr(required=True)
    resource = Nested(ResourceRef, required=True)
    state = Choice(State, required=True)
    starts_at = AwareDateTime(required=True)
    ends_at = AwareDateTime(required=True)
    mode = Choice(Mode, required=True)
    place = fields.String(required=True, allow_none=True)
    held_until = AwareDateTime(required=True, allow_none=True)
    sequence = StrictInteger(required=True)
    offered = Flag(required=True, metadata={"description": "From the waiting list"})
    displaced = Flag(required=True, metadata={"description": "The plan has this time no more"})
    cancel_until = AwareDateTime(required=True)
    reason = fields.String(required=True, allow_none=True)
    ended_by_provider = Flag(required=True, allow_none=True)


class BookingView(OfferView):
    """A booking."""

    mine = Flag(required=True, metadata={"description": "The caller's, or of who they act for"})


class OwnBookingView(BookingView):
    """A booking by itself: what it is for belongs to others."""

    for_name = _for_name()


class Hold(Schema):
    starts_at = AwareDateTime(required=True)
    mode = Choice(Mode, required=True)
    mandate_id = UuidStr(load_default=None, allow_none=True)


class Change(Schema):
    """Every change names the booking's ``sequence`` it was decided on."""

    sequence = StrictInteger(min=0, required=True)


class Move(Change):
    starts_at = AwareDateTime(required=True)
    mode = Choice(Mode, required=True)
    reason = Text(max=200, min=0, load_default=None, allow_none=True)


class Cancel(Change):
    reason = Text(max=200, required=True)


class CheckIn(Schema):
    code = Text(
        max=6,
        pattern="[0-9]{6}",
        load_default=None,
        allow_none=True,
        metadata={"description": "What the provider's screen shows; the provider needs none"},
    )


class Code(Schema):
    code = fields.String(required=True)
    day = Date(required=True)


class Link(Schema):
    url = fields.String(required=True)


class FileQuery(Schema):
    expires = QueryInteger(min=0, max=2**40, required=True)
    language = Text(max=10, required=True)
    signature = Text(max=64, required=True)


class JoinWait(Schema):
    from_on = Date(required=True)
    to_on = Date(required=True)
    mode = Choice(Mode, load_default=None, allow_none=True)
    mandate_id = UuidStr(load_default=None, allow_none=True)


class WaitView(Schema):
    """A place on a waiting list; ``position`` 1 is next."""

    id = UuidStr(required=True)
    resource = Nested(ResourceRef, required=True)
    from_on = Date(required=True)
    to_on = Date(required=True)
    mode = Choice(Mode, required=True, allow_none=True)
    state = Choice(WaitState, required=True)
    position = StrictInteger(required=True, allow_none=True)
    offer = Nested(OfferView, required=True, allow_none=True)
    mine = Flag(required=True)
    for_name = _for_name()
    created_at = AwareDateTime(required=True)


class WaitList(Schema):
    items = fields.List(fields.Nested(WaitView), required=True)


def _modes() -> List:
    return List(Choice(Mode), min=1, max=3, unique=True, required=True)


class Rule(Schema):
    """Hours of a weekday (1 is Monday), local time; ``valid_until`` is the last day."""

    weekday = StrictInteger(min=1, max=7, required=True)
    starts = Text(max=5, pattern=_TIME, required=True)
    ends = Text(max=5, pattern=_TIME, required=True)
    slot_minutes = StrictInteger(min=5, max=480, required=True)
    buffer_minutes = StrictInteger(min=0, max=240, load_default=0)
    capacity = StrictInteger(min=1, max=500, load_default=1)
    modes = _modes()
    place = Text(max=100, line=True, min=0, load_default=None, allow_none=True)
    valid_from = Date(required=True)
    valid_until = Date(load_default=None, allow_none=True)
    on_holidays = Flag(load_default=False)

    @validates_schema
    def makes_sense(self, data: dict[str, Any], **kwargs: Any) -> None:
        minutes = _minute(data["ends"]) - _minute(data["starts"])
        if minutes <= 0:
            raise ValidationError(Refusal("hours_reversed"), "ends")
        if minutes < data["slot_minutes"]:
            raise ValidationError(Refusal("hours_too_short"), "ends")
        if data["valid_until"] is not None and data["valid_until"] < data["valid_from"]:
            raise ValidationError(Refusal("dates_reversed"), "valid_until")
        _require_place(data)


def _require_place(data: dict[str, Any]) -> None:
    if Mode.IN_PERSON in data["modes"] and not data["place"]:
        raise ValidationError(Refusal("place_required"), "place")


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _cut(data: dict[str, Any]) -> Cut:
    return Cut(
        data["slot_minutes"],
        tuple(data["modes"]),
        data["buffer_minutes"],
        data["capacity"],
        data["place"] or None,
    )


def rule_of(data: dict[str, Any]) -> PlanRule:
    """The rule that was sent."""
    return PlanRule(
        data["weekday"],
        _minute(data["starts"]),
        _minute(data["ends"]),
        _cut(data),
        data["valid_from"],
        data["valid_until"],
        data["on_holidays"],
    )


def _accepted() -> List:
    return List(
        UuidStr(),
        max=500,
        unique=True,
        load_default=list,
        metadata={"description": "Bookings that the change displaces, as the caller has seen them"},
    )


class ChangePlan(Schema):
    version = StrictInteger(min=1, required=True)
    rules = List(Nested(Rule), max=_MOST_RULES, required=True)
    accepted = _accepted()


class AddException(Schema):
    """A time that is closed, or ``extra`` beyond the plan and then cut like a rule."""

    kind = Choice(ExceptionKind, required=True)
    starts_at = AwareDateTime(required=True)
    ends_at = AwareDateTime(required=True)
    reason = Text(max=200, min=0, load_default=None, allow_none=True)
    slot_minutes = StrictInteger(min=5, max=480, load_default=30)
    buffer_minutes = StrictInteger(min=0, max=240, load_default=0)
    capacity = StrictInteger(min=1, max=500, load_default=1)
    modes = List(Choice(Mode), min=1, max=3, unique=True, load_default=lambda: [Mode.PHONE])
    place = Text(max=100, line=True, min=0, load_default=None, allow_none=True)
    accepted = _accepted()

    @validates_schema
    def makes_sense(self, data: dict[str, Any], **kwargs: Any) -> None:
        length = data["ends_at"] - data["starts_at"]
        if length <= timedelta():
            raise ValidationError(Refusal("hours_reversed"), "ends_at")
        if length > _LONGEST_EXCEPTION or data["ends_at"].year > _LAST_YEAR:
            raise ValidationError(Refusal("dates_too_long"), "ends_at")
        if data["kind"] is ExceptionKind.EXTRA:
            if length < timedelta(minutes=data["slot_minutes"]):
                raise ValidationError(Refusal("hours_too_short"), "ends_at")
            _require_place(data)


_LAST_YEAR = 2199
"""What is later is a slip of the finger."""


def exception_of(data: dict[str, Any]) -> NewException:
    """The exception that was sent."""
    cut = _cut(data) if data["kind"] is ExceptionKind.EXTRA else None
    return NewException(data["starts_at"], data["ends_at"], data["reason"] or None, cut)


class RemoveException(Schema):
    accepted = _accepted()


class ExceptionView(Schema):
    id = UuidStr(required=True)
    kind = Choice(ExceptionKind, required=True)
    starts_at = AwareDateTime(required=True)
    ends_at = AwareDateTime(required=True)
    reason = fields.String(required=True, allow_none=True)
    slot_minutes = StrictInteger(required=True, allow_none=True)
    buffer_minutes = StrictInteger(required=True, allow_none=True)
    capacity = StrictInteger(required=True, allow_none=True)
    modes = fields.List(Choice(Mode), required=True, allow_none=True)
    place = fields.String(required=True, allow_none=True)


class RuleView(Schema):
    weekday = StrictInteger(required=True)
    starts = fields.String(required=True)
    ends = fields.String(required=True)
    slot_minutes = StrictInteger(required=True)
    buffer_minutes = StrictInteger(required=True)
    capacity = StrictInteger(required=True)
    modes = fields.List(Choice(Mode), required=True)
    place = fields.String(required=True, allow_none=True)
    valid_from = Date(required=True)
    valid_until = Date(required=True, allow_none=True)
    on_holidays = Flag(required=True)


class PlanView(Schema):
    """A resource's weekly plan with its exceptions that are not over; minutes before the start."""

    version = StrictInteger(required=True)
    lead_minutes = StrictInteger(required=True)
    cancel_minutes = StrictInteger(required=True)
    horizon_days = StrictInteger(required=True)
    term_from = Date(required=True)
    term_until = Date(required=True, allow_none=True)
    rules = fields.List(fields.Nested(RuleView), required=True)
    exceptions = fields.List(fields.Nested(ExceptionView), required=True)
