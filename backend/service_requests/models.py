"""Tables of service requests. The migration adds the CHECK constraints named after each rule."""

import peewee
from playhouse.postgres_ext import TSVectorField

from backend.kernel.db import Model
from backend.kernel.fields import (
    BytesField,
    EnumField,
    JsonField,
    UtcDateTimeField,
    UuidField,
)
from backend.service_requests.rules import (
    Capacity,
    ExtensionState,
    Kind,
    MaterialKind,
    MaterialState,
    Outcome,
    PressureKind,
    ShownTo,
    State,
    TaskState,
    TextVerdict,
    Visibility,
)


def _ids() -> JsonField:
    return JsonField(constraints=[peewee.SQL("DEFAULT '[]'")])


def _counter() -> peewee.SmallIntegerField:
    return peewee.SmallIntegerField(constraints=[peewee.SQL("DEFAULT 0")])


class ServiceRequest(Model):
    """One matter of one resident. ``version`` grows with every action and names what was seen."""

    id = UuidField(primary_key=True)
    number = peewee.TextField(unique=True)
    requester_id = UuidField()
    category = peewee.TextField()
    area_code = peewee.TextField()
    description = peewee.TextField()
    answers = JsonField()
    place_encrypted = BytesField(null=True)
    visibility = EnumField(Visibility)
    state = EnumField(State)
    version = peewee.IntegerField()
    lead_unit_id = UuidField(null=True)
    handler_id = UuidField(null=True)
    deadline_profile = peewee.TextField()
    deadline_source = peewee.TextField()
    calendar_version = peewee.TextField()
    due_at = UtcDateTimeField()
    due_provisional = peewee.BooleanField()
    asked_at = UtcDateTimeField(null=True)
    submitted_at = UtcDateTimeField()
    updated_at = UtcDateTimeField()
    outcome = EnumField(Outcome, null=True)
    flagged_danger = peewee.BooleanField()
    text_verdict = EnumField(TextVerdict)
    mandate_id = UuidField(null=True)
    agent_id = UuidField(null=True)
    complaint = peewee.BooleanField(constraints=[peewee.SQL("DEFAULT false")])
    contests = _counter()
    concluded = peewee.BooleanField(constraints=[peewee.SQL("DEFAULT false")])
    objection_until = UtcDateTimeField(null=True)
    ruled_at = UtcDateTimeField(null=True)
    reminded_at = UtcDateTimeField(null=True)
    replied_at = UtcDateTimeField(null=True)
    confirm_until = UtcDateTimeField(null=True)
    closed_at = UtcDateTimeField(null=True)
    follow_up_at = UtcDateTimeField(null=True)
    followed_up_at = UtcDateTimeField(null=True)
    deferrals = _counter()
    deferred_until = peewee.DateField(null=True)
    reopen_at = UtcDateTimeField(null=True)
    merged_into_id = UuidField(null=True)
    half_at = UtcDateTimeField(null=True)
    most_at = UtcDateTimeField(null=True)
    escalated = _counter()
    counted_on = peewee.DateField(null=True)
    counted_days = peewee.SmallIntegerField(null=True)
    basis = peewee.TextField(null=True)
    referred_to = peewee.TextField(null=True)
    referred_contact = peewee.TextField(null=True)
    search = TSVectorField(index=False)

    class Meta:
        table_name = "service_requests"


class TimelineEvent(Model):
    """What happened to a request, in order. Rows are only ever added; a trigger sees to it."""

    request_id = UuidField()
    seq = peewee.IntegerField()
    kind = EnumField(Kind)
    at = UtcDateTimeField()
    actor_id = UuidField(null=True)
    capacity = EnumField(Capacity, null=True)
    unit_id = UuidField(null=True)
    text = peewee.TextField(null=True)
    data = JsonField()
    shown_to = EnumField(ShownTo)

    class Meta:
        table_name = "timeline_events"
        primary_key = peewee.CompositeKey("request_id", "seq")


class Rating(Model):
    """What the requester thinks of how it was handled; one per request."""

    request_id = UuidField(primary_key=True)
    score = peewee.SmallIntegerField()
    comment = peewee.TextField(null=True)
    first_rated_at = UtcDateTimeField()
    rated_at = UtcDateTimeField()

    class Meta:
        table_name = "ratings"


class SubTask(Model):
    """What the lead asks another unit to do, with its own deadline; one open per unit."""

    id = UuidField(primary_key=True)
    request_id = UuidField()
    unit_id = UuidField()
    state = EnumField(TaskState)
    text = peewee.TextField()
    due_at = UtcDateTimeField()
    opened_by = UuidField()
    opened_at = UtcDateTimeField()
    ended_by = UuidField(null=True)
    ended_at = UtcDateTimeField(null=True)
    answer = peewee.TextField(null=True)
    attachment_ids = _ids()
    late_told_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "sub_tasks"


class Material(Model):
    """One item of the one list of what is missing, and what the resident gave for it."""

    id = UuidField(primary_key=True)
    request_id = UuidField()
    position = peewee.SmallIntegerField()
    label = peewee.TextField()
    kind = EnumField(MaterialKind)
    note = peewee.TextField(null=True)
    state = EnumField(MaterialState)
    text_encrypted = BytesField(null=True)
    attachment_ids = _ids()
    supplied_at = UtcDateTimeField(null=True)
    reused_from_id = UuidField(null=True)

    class Meta:
        table_name = "materials"
        indexes = ((("request_id", "position"), True),)


class ExtensionRequest(Model):
    """The one time the lead unit asked for more time, and what was decided by another."""

    request_id = UuidField(primary_key=True)
    state = EnumField(ExtensionState)
    reason = peewee.TextField()
    asked_by = UuidField()
    asked_at = UtcDateTimeField()
    decided_by = UuidField(null=True)
    decided_at = UtcDateTimeField(null=True)
    note = peewee.TextField(null=True)

    class Meta:
        table_name = "extensions"


class ComplaintTarget(Model):
    """A unit or a person a complaint is about.

    A name is kept sealed, and as a keyed hash by which whoever bears it is kept from the complaint,
    in a role they get later too.
    """

    id = UuidField(primary_key=True)
    request_id = UuidField()
    unit_id = UuidField(null=True)
    person_id = UuidField(null=True)
    name_encrypted = BytesField(null=True)
    name_hash = BytesField(null=True)
    implied = peewee.BooleanField()

    class Meta:
        table_name = "complaint_targets"


class Follow(Model):
    """Somebody who wants to know how a public request goes on."""

    request_id = UuidField()
    person_id = UuidField()
    followed_at = UtcDateTimeField()

    class Meta:
        table_name = "follows"
        primary_key = peewee.CompositeKey("request_id", "person_id")


class PressureReport(Model):
    """Somebody wants the resident to change a rating or to withdraw; for inspectors alone."""

    id = UuidField(primary_key=True)
    request_id = UuidField()
    reporter_id = UuidField()
    kind = EnumField(PressureKind)
    text_encrypted = BytesField()
    at = UtcDateTimeField()
    closed_at = UtcDateTimeField(null=True)
    closed_by = UuidField(null=True)
    finding = peewee.TextField(null=True)

    class Meta:
        table_name = "pressure_reports"


class LookupGuess(Model):
    """Until when the guesses at a number's telephone are spent; a number need not exist."""

    number = peewee.TextField(primary_key=True)
    spent_until = UtcDateTimeField(index=True)

    class Meta:
        table_name = "lookup_guesses"
