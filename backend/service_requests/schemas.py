"""What clients send and get. Lists and details are written by PostgreSQL; a test proves that they
are what these schemas say."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from backend.service_requests.queries import Queue, View
from backend.service_requests.rules import (
    Action,
    Assignee,
    Capacity,
    Kind,
    Outcome,
    State,
    TextVerdict,
    Visibility,
)
from backend.web.errors import Refusal
from backend.web.pages import PageQuery
from backend.web.schemas import (
    AwareDateTime,
    Choice,
    Flag,
    List,
    Nested,
    Number,
    QueryFlag,
    QueryList,
    ScalarMap,
    Schema,
    StrictInteger,
    Text,
    UuidStr,
)

MOST_PICTURES = 9
_CODE = "[a-z][a-z0-9_]{0,63}"


def _pictures() -> List:
    return List(UuidStr(), max=MOST_PICTURES, unique=True, load_default=list)


class Place(Schema):
    """Words, a pin in gcj02 degrees, or both."""

    text = Text(max=200, line=True, load_default=None, allow_none=True)
    latitude = Number(min=-90, max=90, load_default=None, allow_none=True)
    longitude = Number(min=-180, max=180, load_default=None, allow_none=True)

    @validates_schema
    def says_something(self, data: dict[str, Any], **kwargs: Any) -> None:
        """A pin has both degrees; without a pin there are words."""
        absent = [name for name in ("latitude", "longitude") if data[name] is None]
        if len(absent) == 1:
            raise ValidationError(Refusal("required"), absent[0])
        if absent and data["text"] is None:
            raise ValidationError(Refusal("required"), "text")


class SubmitRequest(Schema):
    category = Text(max=64, pattern=_CODE, required=True)
    area_code = Text(max=20, pattern="[0-9]{6,20}", required=True)
    description = Text(max=2000, required=True)
    answers = ScalarMap(max_items=50, max_length=1000, load_default=dict)
    place = Nested(Place, load_default=None, allow_none=True)
    visibility = Choice(Visibility, required=True)
    attachment_ids = _pictures()


class Act(Schema):
    """Every action names the version it was decided on."""

    version = StrictInteger(min=1, required=True)


class NotAccept(Act):
    reason = Text(max=1000, required=True)
    where_to_go = Text(max=500, required=True)


class Assign(Act):
    """To a unit (dispatcher) or to one of the unit's people (its leader): exactly one of them."""

    unit_id = UuidStr(load_default=None, allow_none=True)
    handler_id = UuidStr(load_default=None, allow_none=True)
    note = Text(
        max=1000,
        min=0,
        load_default=None,
        allow_none=True,
        metadata={"description": "For staff; the resident does not see it"},
    )


class Ask(Act):
    text = Text(max=2000, required=True)


class Supply(Act):
    text = Text(max=2000, required=True)
    attachment_ids = _pictures()


class Reply(Act):
    outcome = Choice(Outcome, required=True)
    text = Text(max=2000, required=True)
    attachment_ids = _pictures()


class Contest(Act):
    reason = Text(max=1000, required=True)
    attachment_ids = _pictures()


class Withdraw(Act):
    reason = Text(max=1000, min=0, load_default=None, allow_none=True)


class Rate(Schema):
    score = StrictInteger(min=1, max=5, required=True)
    comment = Text(max=1000, min=0, load_default=None, allow_none=True)


class SearchQuery(PageQuery):
    q = Text(max=100, min=0, load_default=None, metadata={"description": "Words or a number"})


class OwnRequestsQuery(SearchQuery):
    view = Choice(
        View,
        load_default=None,
        metadata={
            "description": "needs_me: the next step is the caller's; closed: nothing more will"
            " happen; open: everything between. Left out: all"
        },
    )


class WorkbenchQuery(SearchQuery):
    queue = Choice(Queue, load_default=Queue.ALL)
    state = QueryList(Choice(State), max=len(State), unique=True, load_default=list)
    category = Text(max=64, pattern=_CODE, load_default=None)
    overdue = QueryFlag(load_default=False)
    due_today = QueryFlag(
        load_default=False, metadata={"description": "Due by midnight in the county, not late yet"}
    )


class RequestItem(Schema):
    """A request in a list."""

    id = UuidStr(required=True)
    number = fields.String(required=True)
    state = Choice(State, required=True)
    category = fields.String(required=True)
    area_name = fields.String(required=True)
    summary = fields.String(required=True)
    submitted_at = AwareDateTime(required=True)
    updated_at = AwareDateTime(required=True)
    due_at = AwareDateTime(required=True)
    due_provisional = Flag(required=True)
    unit_name = fields.String(required=True, allow_none=True)
    awaits_me = Flag(required=True)


class WorkItem(RequestItem):
    """A request in the workbench."""

    requester_name = fields.String(required=True, allow_none=True)
    handler_name = fields.String(required=True, allow_none=True)
    danger = Flag(
        required=True, metadata={"description": "Words of danger to life were found in it"}
    )


class WorkbenchSummary(Schema):
    """Open requests in each queue; of all those, the late ones and those due by midnight."""

    mine = StrictInteger(required=True)
    unit = StrictInteger(required=True)
    dispatch = StrictInteger(required=True)
    all = StrictInteger(required=True)
    overdue = StrictInteger(required=True)
    due_today = StrictInteger(required=True)


class RequestArea(Schema):
    code = fields.String(required=True)
    full_name = fields.String(required=True)


class Answer(Schema):
    code = fields.String(required=True)
    value = fields.Raw(required=True)


class Requester(Schema):
    name = fields.String(required=True)
    phone = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Masked", "examples": ["138****5678"]},
    )
    contact_available = Flag(
        required=True, metadata={"description": "Whether the caller may ask for the number"}
    )


class Contact(Schema):
    """The requester's telephone in clear."""

    name = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)


class LeadUnit(Schema):
    id = UuidStr(required=True)
    name = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)


class Handler(Schema):
    id = UuidStr(required=True)
    name = fields.String(required=True)


class Receipt(Schema):
    """Four sentences in the caller's language, never empty."""

    who = fields.String(required=True)
    next = fields.String(required=True)
    by_when = fields.String(required=True)
    if_not = fields.String(required=True)


class RequestAttachment(Schema):
    id = UuidStr(required=True)
    width = StrictInteger(required=True)
    height = StrictInteger(required=True)
    size = StrictInteger(required=True)
    url = fields.String(required=True)
    thumbnail_url = fields.String(required=True)
    expires_at = AwareDateTime(required=True)
    kind = Choice(Kind, required=True, metadata={"description": "The event it came with"})


class ByWhom(Schema):
    role = Choice([*Capacity, "system"], required=True)
    name = fields.String(required=True, allow_none=True)


class EventUnit(Schema):
    id = UuidStr(required=True)
    name = fields.String(required=True)


class EventData(Schema):
    """What else there is to an event, by its kind."""

    where_to_go = fields.String(metadata={"description": "not_accepted"})
    unit_id = UuidStr(metadata={"description": "assigned to a unit"})
    unit_name = fields.String(metadata={"description": "assigned to a unit"})
    handler_id = UuidStr(metadata={"description": "assigned to a person"})
    handler_name = fields.String(
        allow_none=True, metadata={"description": "assigned to a person; null while not given"}
    )
    outcome = Choice(Outcome, metadata={"description": "replied"})
    words = fields.List(fields.String(), metadata={"description": "danger_flagged"})
    verdict = Choice(TextVerdict, metadata={"description": "text_flagged"})


class TimelineEvent(Schema):
    seq = StrictInteger(required=True)
    at = AwareDateTime(required=True)
    kind = Choice(Kind, required=True)
    by = Nested(ByWhom, required=True)
    unit = Nested(
        EventUnit,
        required=True,
        allow_none=True,
        metadata={"description": "The unit they acted for; null for who acts for none"},
    )
    internal = Flag(required=True, metadata={"description": "Shown to staff only"})
    text = fields.String(required=True, allow_none=True)
    data = Nested(EventData, required=True)
    attachment_ids = List(UuidStr(), max=MOST_PICTURES, required=True)


class Rating(Schema):
    score = StrictInteger(required=True)
    comment = fields.String(required=True, allow_none=True)
    at = AwareDateTime(required=True)


class RequestView(Schema):
    """A request as the caller may see it."""

    id = UuidStr(required=True)
    number = fields.String(required=True)
    version = StrictInteger(required=True)
    state = Choice(State, required=True)
    category = fields.String(required=True)
    area = Nested(RequestArea, required=True)
    description = fields.String(required=True)
    answers = fields.List(Nested(Answer), required=True)
    place = Nested(Place, required=True, allow_none=True)
    visibility = Choice(Visibility, required=True)
    submitted_at = AwareDateTime(required=True)
    updated_at = AwareDateTime(required=True)
    due_at = AwareDateTime(required=True)
    due_provisional = Flag(required=True)
    deadline_profile = fields.String(required=True)
    requester = Nested(Requester, required=True, allow_none=True)
    lead_unit = Nested(LeadUnit, required=True, allow_none=True)
    handler = Nested(Handler, required=True, allow_none=True)
    receipt = Nested(Receipt, required=True)
    actions = fields.List(Choice(Action), required=True)
    assignable = fields.List(
        Choice(Assignee),
        required=True,
        metadata={"description": "What the caller can assign it to now; empty without `assign`"},
    )
    attachments = fields.List(Nested(RequestAttachment), required=True)
    timeline = fields.List(Nested(TimelineEvent), required=True)
    rating = Nested(Rating, required=True, allow_none=True)
    mine = Flag(required=True)
