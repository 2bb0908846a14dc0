"""What clients get. Lists and details are written by PostgreSQL; a test proves that they are what
these schemas say."""

from marshmallow import fields

from backend.service_requests.rules import (
    Action,
    Assignee,
    Capacity,
    ExtensionState,
    Kind,
    MaterialKind,
    MaterialState,
    Outcome,
    State,
    TaskState,
    TextVerdict,
    Visibility,
)
from backend.service_requests.schemas.incoming import MOST_PICTURES, Place
from backend.web.schemas import (
    AwareDateTime,
    Choice,
    Flag,
    List,
    Nested,
    Schema,
    StrictInteger,
    UuidStr,
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


class OwnItem(RequestItem):
    """A request of one's own, or made for somebody else."""

    for_name = fields.String(
        required=True, allow_none=True, metadata={"description": "For whom; null: for oneself"}
    )


class WorkItem(RequestItem):
    """A request in the workbench."""

    requester_name = fields.String(required=True, allow_none=True)
    handler_name = fields.String(required=True, allow_none=True)
    danger = Flag(
        required=True, metadata={"description": "Words of danger to life were found in it"}
    )
    complaint = Flag(required=True, metadata={"description": "About a unit or a person"})
    reminded = Flag(required=True, metadata={"description": "The resident reminded today"})
    extension_pending = Flag(required=True)
    tasks_open = StrictInteger(required=True)
    tasks_overdue = StrictInteger(required=True)


class WorkbenchSummary(Schema):
    """Open requests in each queue; of all those, the late ones and those due by midnight."""

    mine = StrictInteger(required=True)
    unit = StrictInteger(required=True)
    dispatch = StrictInteger(required=True)
    tasks = StrictInteger(required=True)
    decide = StrictInteger(required=True)
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
    unit_id = UuidStr(metadata={"description": "assigned, ruled, directed, task_*, disputed"})
    unit_name = fields.String(metadata={"description": "The name of that unit"})
    handler_id = UuidStr(metadata={"description": "assigned to a person"})
    handler_name = fields.String(
        allow_none=True, metadata={"description": "assigned to a person; null while not given"}
    )
    outcome = Choice(Outcome, metadata={"description": "replied"})
    until_on = fields.Date(metadata={"description": "deferred"})
    task_id = UuidStr(metadata={"description": "task_*"})
    label = fields.String(metadata={"description": "supplied: which item"})
    material = Choice(MaterialState, metadata={"description": "supplied"})
    reused = Flag(metadata={"description": "supplied: given before, and used again"})
    share = StrictInteger(metadata={"description": "escalated: percent of the time that is used"})
    due_from = AwareDateTime(metadata={"description": "deadline_moved: the deadline before"})
    due_to = AwareDateTime(metadata={"description": "deadline_moved: the deadline now"})
    note = fields.String(metadata={"description": "extension_granted: what the approver says"})
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
    changeable_until = AwareDateTime(required=True)


class MoreTime(Schema):
    """By how much a deadline can be moved."""

    n = StrictInteger(required=True)
    unit = Choice(["hours", "days", "working_days"], required=True)


class Extension(Schema):
    """The one request for more time."""

    state = Choice(ExtensionState, required=True)
    reason = fields.String(required=True)
    asked_at = AwareDateTime(required=True)
    decided_at = AwareDateTime(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)


class Material(Schema):
    """One item of the one list of what is missing."""

    id = UuidStr(required=True)
    label = fields.String(required=True)
    kind = Choice(MaterialKind, required=True)
    note = fields.String(required=True, allow_none=True)
    state = Choice(MaterialState, required=True)
    text = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What was given, or why it cannot be; null for who may not read"},
    )
    attachment_ids = List(UuidStr(), max=MOST_PICTURES, required=True)
    supplied_at = AwareDateTime(required=True, allow_none=True)
    reused = Flag(required=True, metadata={"description": "Given for an earlier request"})


class Task(Schema):
    """What another unit is asked to do. Its words are not for the resident: null there."""

    id = UuidStr(required=True)
    unit = Nested(EventUnit, required=True)
    text = fields.String(required=True, allow_none=True)
    due_at = AwareDateTime(required=True)
    state = Choice(TaskState, required=True)
    overdue = Flag(required=True)
    answer = fields.String(required=True, allow_none=True)
    answered_at = AwareDateTime(required=True, allow_none=True)
    attachment_ids = List(UuidStr(), max=MOST_PICTURES, required=True)
    mine = Flag(required=True, metadata={"description": "The caller's unit is asked"})


class OutcomeView(Schema):
    """How it was answered, with what shows it."""

    kind = Choice(Outcome, required=True)
    basis = fields.String(
        required=True, allow_none=True, metadata={"description": "explained: the rule relied on"}
    )
    referred_to = fields.String(required=True, allow_none=True)
    referred_contact = fields.String(required=True, allow_none=True)
    until_on = fields.Date(required=True, allow_none=True)
    duplicate_of = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "A number, for who may know that request"},
    )


class OnBehalf(Schema):
    """Somebody acts for the requester."""

    agent_name = fields.String(required=True)
    mine = Flag(required=True, metadata={"description": "The caller is that somebody"})


class Target(Schema):
    """A unit or a person a complaint is about."""

    unit_name = fields.String(required=True, allow_none=True)
    person_name = fields.String(required=True, allow_none=True)


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
    outcome = Nested(OutcomeView, required=True, allow_none=True)
    objection_until = AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "Until when the caller's unit can say that it is not responsible"},
    )
    extendable_by = Nested(
        MoreTime,
        required=True,
        allow_none=True,
        metadata={"description": "For who can ask for more time or grant it"},
    )
    extension = Nested(Extension, required=True, allow_none=True)
    materials = fields.List(Nested(Material), required=True)
    tasks = fields.List(Nested(Task), required=True)
    on_behalf = Nested(OnBehalf, required=True, allow_none=True)
    about = fields.List(Nested(Target), required=True)
    followers = StrictInteger(required=True)
    published = Flag(required=True, metadata={"description": "Whether everybody can read it now"})
    attachments = fields.List(Nested(RequestAttachment), required=True)
    timeline = fields.List(Nested(TimelineEvent), required=True)
    rating = Nested(Rating, required=True, allow_none=True)
    mine = Flag(required=True)
