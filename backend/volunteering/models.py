"""Tables of volunteering.

People, mandates and areas are other features' tables: foreign keys to them are in the migration
only, as are the constraints that keep places and times (0021).
"""

import peewee

from backend.kernel.db import Model
from backend.kernel.fields import (
    BytesField,
    EnumField,
    JsonField,
    TextsField,
    UtcDateTimeField,
    UuidField,
)
from backend.volunteering.rules.hours import HoursClass
from backend.volunteering.rules.states import Stage, State


def _texts() -> TextsField:
    return TextsField(constraints=[peewee.SQL("DEFAULT '{}'")])


def _version() -> peewee.IntegerField:
    return peewee.IntegerField(constraints=[peewee.SQL("DEFAULT 1")])


class Organisation(Model):
    """Who organises: a village's station (新时代文明实践站), those above it, a team."""

    id = UuidField(primary_key=True)
    name = peewee.TextField()
    area_code = peewee.TextField(index=True)
    phone = peewee.TextField(null=True)
    created_at = UtcDateTimeField()

    class Meta:
        table_name = "volunteer_organisations"
        indexes = ((("area_code", "name"), True),)


class Volunteer(Model):
    """What sign-ups need to know of a person; erased with the account."""

    person_id = UuidField(primary_key=True)
    born_on_encrypted = BytesField()
    guardian_encrypted = BytesField(null=True)
    skills = _texts()
    joined_at = UtcDateTimeField()

    class Meta:
        table_name = "volunteers"


class Activity(Model):
    """What is done, where, for whom, and under which conditions; when is its shifts' business."""

    id = UuidField(primary_key=True)
    organisation = peewee.ForeignKeyField(Organisation)
    kind = peewee.TextField()
    title = peewee.TextField()
    description = peewee.TextField()
    area_code = peewee.TextField()
    place = peewee.TextField()
    contact_name = peewee.TextField()
    contact_phone = peewee.TextField()
    min_age = peewee.SmallIntegerField(null=True)
    skills = _texts()
    insured = peewee.BooleanField()
    needs_approval = peewee.BooleanField()
    opens_at = UtcDateTimeField(null=True)
    closes_at = UtcDateTimeField(null=True)
    attachment_ids = JsonField(constraints=[peewee.SQL("DEFAULT '[]'")])
    state = EnumField(Stage)
    version = _version()
    created_by = UuidField(index=True)
    created_at = UtcDateTimeField()
    published_at = UtcDateTimeField(null=True)
    cancelled_at = UtcDateTimeField(null=True)
    cancelled_reason = peewee.TextField(null=True)

    class Meta:
        table_name = "activities"


class Shift(Model):
    """One time at which it is done. ``taken`` places are counted by a trigger of the table;
    ``beat`` are the points of a patrol in their order."""

    id = UuidField(primary_key=True)
    activity = peewee.ForeignKeyField(Activity)
    starts_at = UtcDateTimeField()
    ends_at = UtcDateTimeField()
    capacity = peewee.SmallIntegerField()
    taken = peewee.SmallIntegerField(constraints=[peewee.SQL("DEFAULT 0")])
    note = peewee.TextField(null=True)
    beat = _texts()
    version = _version()
    cancelled_at = UtcDateTimeField(null=True)
    cancelled_reason = peewee.TextField(null=True)

    class Meta:
        table_name = "shifts"
        indexes = ((("id", "starts_at", "ends_at"), True),)


class Signup(Model):
    """Somebody who wants to come, and whether they were there.

    ``starts_at`` and ``ends_at`` follow the shift's. ``queued_at`` is the place in line;
    ``asked_at``: the shift was changed and they have not said yet that they still come. ``kept``:
    a scan of theirs arrived later than it was made, so the organiser has to confirm it.
    """

    id = UuidField(primary_key=True)
    shift_id = UuidField(index=True)
    starts_at = UtcDateTimeField()
    ends_at = UtcDateTimeField()
    person_id = UuidField(index=True)
    agent_id = UuidField(null=True, index=True)
    mandate_id = UuidField(null=True, index=True)
    entered_by = UuidField(null=True, index=True)
    state = EnumField(State)
    queued_at = UtcDateTimeField()
    offer_until = UtcDateTimeField(null=True)
    asked_at = UtcDateTimeField(null=True)
    ended_at = UtcDateTimeField(null=True)
    reason = peewee.TextField(null=True)
    in_at = UtcDateTimeField(null=True)
    out_at = UtcDateTimeField(null=True)
    kept = peewee.BooleanField(constraints=[peewee.SQL("DEFAULT false")])

    class Meta:
        table_name = "signups"


class ServiceHours(Model):
    """Time somebody gave, in the shift's bounds. A correction is a row that ``replaces_id``
    another, which is then not ``current`` any more; without times it takes the other back."""

    id = UuidField(primary_key=True)
    person_id = UuidField(index=True)
    activity = peewee.ForeignKeyField(Activity)
    signup = peewee.ForeignKeyField(Signup)
    hours_class = EnumField(HoursClass, column_name="class")
    starts_at = UtcDateTimeField(null=True)
    ends_at = UtcDateTimeField(null=True)
    minutes = peewee.SmallIntegerField()
    recorded_at = UtcDateTimeField()
    recorded_by = UuidField(null=True, index=True)
    replaces_id = UuidField(null=True, unique=True)
    reason = peewee.TextField(null=True)
    current = peewee.BooleanField(constraints=[peewee.SQL("DEFAULT true")])

    class Meta:
        table_name = "service_hours"
