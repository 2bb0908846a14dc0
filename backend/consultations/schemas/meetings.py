"""What goes in and comes out about meetings."""

from marshmallow import fields

from backend.attachments.schemas import AttachmentView
from backend.bookings.rules import Mode, State
from backend.bookings.schemas import BookingView
from backend.consultations.queries.meetings import When
from backend.consultations.rules.meetings import (
    LONGEST_MINUTES,
    MOST_OPPOSING,
    Action,
    Reason,
)
from backend.web.pages import PageQuery
from backend.web.schemas import (
    AwareDateTime,
    Choice,
    Date,
    Flag,
    List,
    QueryInteger,
    Schema,
    StrictInteger,
    Text,
    UuidStr,
)

MOST_PICTURES = 9
MOST_DAYS = 42
"""Of an agenda: a month as calendars show it."""

TOPIC = "[a-z][a-z0-9_]{0,63}"
AREA_CODE = "[0-9]{6,20}"


class About(Schema):
    """What a meeting is to be about."""

    topic = Text(
        max=64, pattern=TOPIC, required=True, metadata={"description": "Of GET /api/legal/topics"}
    )
    opposing = List(
        Text(max=60, line=True),
        max=MOST_OPPOSING,
        unique=True,
        load_default=list,
        metadata={"description": "Whom it is against: people or companies, by name"},
    )
    facts = Text(max=2000, required=True)
    since_on = Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "From when the limitation counts, as the topic's note asks"},
    )


class Book(About):
    booking_id = UuidStr(required=True, metadata={"description": "A time held with an adviser"})
    attachment_ids = List(UuidStr(), max=MOST_PICTURES, unique=True, load_default=list)
    keep_private = Flag(
        load_default=False, metadata={"description": "It stays out of any published case"}
    )


class BookForOther(About):
    """For somebody without a telephone, by staff."""

    starts_at = AwareDateTime(required=True)
    mode = Choice(Mode, required=True)
    name = Text(max=40, line=True, required=True)
    phone = Text(max=20, line=True, load_default=None, allow_none=True)
    keep_private = Flag(
        load_default=True,
        metadata={"description": "It stays out of any published case, unless they agreed to that"},
    )
    area_code = Text(max=20, pattern=AREA_CODE, required=True)


class Serve(Schema):
    """What came of it, by whom the person met."""

    opinion = Text(max=4000, required=True)
    minutes = StrictInteger(min=1, max=LONGEST_MINUTES, required=True)


class RateMeeting(Schema):
    score = StrictInteger(min=1, max=5, required=True)
    comment = Text(max=1000, min=0, load_default=None, allow_none=True)


class LookInto(Schema):
    reason = Choice(Reason, required=True)


class OwnMeetingsQuery(PageQuery):
    when = Choice(
        When,
        load_default=When.COMING,
        metadata={"description": "coming: by time; past: what is over or cancelled, newest first"},
    )


class AgendaQuery(Schema):
    from_on = Date(data_key="from", load_default=None, metadata={"description": "Left out: today"})
    days = QueryInteger(min=1, max=MOST_DAYS, load_default=7)


class MeetingAdviser(Schema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    firm = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)


class MeetingArea(Schema):
    code = fields.String(required=True)
    full_name = fields.String(required=True)


class Limitation(Schema):
    """Until when one can go to law."""

    until_on = fields.Date(required=True)
    days_left = fields.Integer(
        required=True, metadata={"description": "0: today is the last day; below 0: it is over"}
    )
    article = fields.String(required=True, allow_none=True)


class MeetingOnBehalf(Schema):
    agent_name = fields.String(required=True)


class MeetingRating(Schema):
    score = fields.Integer(required=True)
    comment = fields.String(required=True, allow_none=True)
    at = fields.AwareDateTime(required=True)


class Consultation(Schema):
    """A meeting as the caller may know it.

    For the justice office, facts, opinion and names are null and the lists empty unless it has
    said why it looks into them.
    """

    id = fields.UUID(required=True)
    booking = fields.Nested(BookingView, required=True)
    adviser = fields.Nested(MeetingAdviser, required=True)
    area = fields.Nested(MeetingArea, required=True)
    topic = fields.String(required=True)
    opposing = fields.List(fields.String(), required=True)
    facts = fields.String(required=True, allow_none=True)
    since_on = fields.Date(required=True, allow_none=True)
    limitation = fields.Nested(Limitation, required=True, allow_none=True)
    attachments = fields.List(fields.Nested(AttachmentView), required=True)
    keep_private = fields.Boolean(required=True)
    person_name = fields.String(
        required=True, allow_none=True, metadata={"description": "Masked for the justice office"}
    )
    on_behalf = fields.Nested(MeetingOnBehalf, required=True, allow_none=True)
    opinion = fields.String(required=True, allow_none=True)
    minutes = fields.Integer(required=True, allow_none=True)
    served_at = fields.AwareDateTime(required=True, allow_none=True)
    rating = fields.Nested(MeetingRating, required=True, allow_none=True)
    informed = fields.Boolean(
        required=True, metadata={"description": "Whether what is confided is in this answer"}
    )
    mine = fields.Boolean(required=True)
    actions = fields.List(
        fields.String(metadata={"enum": [str(action) for action in Action]}), required=True
    )
    case_id = fields.UUID(required=True, allow_none=True)


class OwnMeeting(Schema):
    """One of the caller's meetings, or of somebody they act for."""

    id = fields.UUID(required=True)
    adviser_name = fields.String(required=True)
    topic = fields.String(required=True)
    state = fields.String(required=True, metadata={"enum": [str(state) for state in State]})
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    mode = fields.String(required=True, metadata={"enum": [str(mode) for mode in Mode]})
    place = fields.String(required=True, allow_none=True)
    for_name = fields.String(required=True, allow_none=True)
    displaced = fields.Boolean(required=True)


class AgendaItem(Schema):
    id = fields.UUID(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    mode = fields.String(required=True, metadata={"enum": [str(mode) for mode in Mode]})
    place = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, metadata={"enum": [str(state) for state in State]})
    topic = fields.String(required=True)
    person_name = fields.String(required=True)
    days_left = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Of the limitation"}
    )
    displaced = fields.Boolean(required=True)


class Agenda(Schema):
    """An adviser's days."""

    urgent = fields.List(
        fields.Nested(AgendaItem),
        required=True,
        metadata={"description": "To come, limitation within 30 days; the shortest first"},
    )
    items = fields.List(
        fields.Nested(AgendaItem), required=True, metadata={"description": "By time"}
    )
    to_record = fields.List(
        fields.Nested(AgendaItem),
        required=True,
        metadata={"description": "Over, and nobody has said what became of it; oldest first"},
    )
    waiting = fields.Integer(required=True, metadata={"description": "People on the waiting list"})
