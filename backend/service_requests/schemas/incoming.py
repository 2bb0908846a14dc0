"""What clients send."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from backend.service_requests.queries import Queue, View
from backend.service_requests.rules import MaterialKind, Outcome, State, Visibility
from backend.web.errors import Refusal
from backend.web.pages import PageQuery
from backend.web.schemas import (
    Choice,
    Date,
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
MOST_ITEMS = 10
"""On the one list of what is missing."""
CODE = "[a-z][a-z0-9_]{0,63}"
AREA_CODE = "[0-9]{6,20}"


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


class About(Schema):
    """Whom a complaint is about. They never see it, in whatever role."""

    unit_ids = List(UuidStr(), max=5, unique=True, load_default=list)
    person_names = List(Text(max=40, line=True), max=5, unique=True, load_default=list)


class SubmitRequest(Schema):
    category = Text(max=64, pattern=CODE, required=True)
    area_code = Text(max=20, pattern=AREA_CODE, required=True)
    description = Text(max=2000, required=True)
    answers = ScalarMap(max_items=50, max_length=1000, load_default=dict)
    place = Nested(Place, load_default=None, allow_none=True)
    visibility = Choice(Visibility, required=True)
    attachment_ids = _pictures()
    mandate_id = UuidStr(
        load_default=None,
        allow_none=True,
        metadata={"description": "The consent under which it is made for somebody else"},
    )
    about = Nested(About, load_default=lambda: {"unit_ids": [], "person_names": []})


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


class Item(Schema):
    """One thing the resident is asked for."""

    label = Text(max=60, line=True, required=True)
    kind = Choice(MaterialKind, required=True)
    note = Text(max=200, min=0, load_default=None, allow_none=True)


class Ask(Act):
    """The one list of what is missing; there is no second."""

    items = List(Nested(Item), min=1, max=MOST_ITEMS, required=True)
    text = Text(max=1000, min=0, load_default=None, allow_none=True)


class Supply(Act):
    """One item: a text, pictures, something given before, or why there is none."""

    material_id = UuidStr(required=True)
    text = Text(max=2000, min=0, load_default=None, allow_none=True)
    attachment_ids = _pictures()
    reuse_of = UuidStr(load_default=None, allow_none=True)
    unavailable = Flag(load_default=False)


class Reply(Act):
    """`fixed` wants a picture, `explained` a basis, `referred` to whom and how to reach them."""

    outcome = Choice([Outcome.FIXED, Outcome.EXPLAINED, Outcome.REFERRED], required=True)
    text = Text(max=2000, required=True)
    attachment_ids = _pictures()
    basis = Text(max=500, min=0, load_default=None, allow_none=True)
    referred_to = Text(max=100, min=0, line=True, load_default=None, allow_none=True)
    referred_contact = Text(max=100, min=0, line=True, load_default=None, allow_none=True)


class Defer(Act):
    until_on = Date(required=True)
    text = Text(max=2000, required=True)


class Merge(Act):
    into = Text(max=30, required=True, metadata={"description": "The number of the main request"})
    text = Text(max=1000, min=0, load_default=None)


class Dispute(Act):
    reason = Text(max=1000, required=True)
    unit_id = UuidStr(
        load_default=None,
        allow_none=True,
        metadata={"description": "Which unit they hold responsible"},
    )


class RuleOn(Act):
    """A dispatcher's ruling on an objection."""

    unit_id = UuidStr(required=True)
    reason = Text(max=1000, required=True)


class RequestExtension(Act):
    reason = Text(max=1000, required=True)


class DecideExtension(Act):
    granted = Flag(required=True)
    note = Text(max=500, min=0, load_default=None, allow_none=True)


class Remind(Act):
    text = Text(max=500, min=0, load_default=None, allow_none=True)


class Direct(Act):
    text = Text(max=2000, required=True)
    unit_id = UuidStr(load_default=None, allow_none=True)


class CameBack(Act):
    text = Text(max=1000, required=True)
    attachment_ids = _pictures()


class OpenTask(Act):
    unit_id = UuidStr(required=True)
    text = Text(max=1000, required=True)
    due_on = Date(required=True)


class AnswerTask(Schema):
    text = Text(max=2000, required=True)
    attachment_ids = _pictures()


class CancelTask(Schema):
    reason = Text(max=500, min=0, load_default=None, allow_none=True)


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
    category = Text(max=64, pattern=CODE, load_default=None)
    overdue = QueryFlag(load_default=False)
    due_today = QueryFlag(
        load_default=False, metadata={"description": "Due by midnight in the county, not late yet"}
    )
