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
    Kind,
    Outcome,
    ShownTo,
    State,
    TextVerdict,
    Visibility,
)


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
    rated_at = UtcDateTimeField()

    class Meta:
        table_name = "ratings"
