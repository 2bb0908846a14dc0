"""Tables of bookings. The exclusion constraints that make overlap impossible are in the migration.

People, mandates and areas are other features' tables: foreign keys to them are in the migration
only.
"""

import peewee

from backend.bookings.rules import ExceptionKind, Mode, State, WaitState
from backend.kernel.db import Model
from backend.kernel.fields import BytesField, EnumField, TextsField, UtcDateTimeField, UuidField


def _minutes(default: int) -> peewee.IntegerField:
    return peewee.IntegerField(constraints=[peewee.SQL(f"DEFAULT {default}")])


class Resource(Model):
    """A person or room whose time can be booked. ``version`` grows with every change of its plan.

    ``owner_id`` is the person whose time it is, if it is one's. ``key`` is made by the database.
    """

    id = UuidField(primary_key=True)
    key = peewee.BigIntegerField(unique=True)
    kind = peewee.TextField()
    name = peewee.TextField()
    owner_id = UuidField(null=True)
    term_from = peewee.DateField()
    term_until = peewee.DateField(null=True)
    suspended_at = UtcDateTimeField(null=True)
    suspended_reason = peewee.TextField(null=True)
    lead_minutes = _minutes(120)
    cancel_minutes = _minutes(240)
    horizon_days = _minutes(28)
    offer_minutes = _minutes(120)
    feed_digest = BytesField(null=True, unique=True)
    version = peewee.IntegerField(constraints=[peewee.SQL("DEFAULT 1")])
    created_at = UtcDateTimeField()

    class Meta:
        table_name = "booking_resources"
        indexes = ((("id", "kind"), True),)


class ResourceArea(Model):
    """An area a resource serves, as its own or standing in; one of a kind is an area's own."""

    resource_id = UuidField()
    kind = peewee.TextField()
    area_code = peewee.TextField()
    standby = peewee.BooleanField()

    class Meta:
        table_name = "booking_resource_areas"
        primary_key = peewee.CompositeKey("resource_id", "area_code")


class PlanRow(Model):
    """Hours of one weekday, cut into slots. Minutes count from local midnight."""

    id = UuidField(primary_key=True)
    resource_key = peewee.BigIntegerField()
    weekday = peewee.SmallIntegerField()
    starts_minute = peewee.SmallIntegerField()
    ends_minute = peewee.SmallIntegerField()
    slot_minutes = peewee.SmallIntegerField()
    buffer_minutes = peewee.SmallIntegerField()
    capacity = peewee.SmallIntegerField()
    modes = TextsField()
    place = peewee.TextField(null=True)
    valid_from = peewee.DateField()
    valid_until = peewee.DateField(null=True)
    on_holidays = peewee.BooleanField()

    class Meta:
        table_name = "booking_plan_rules"


class ExceptionRow(Model):
    """A time that is closed, or open beyond the plan."""

    id = UuidField(primary_key=True)
    resource_key = peewee.BigIntegerField()
    kind = EnumField(ExceptionKind)
    starts_at = UtcDateTimeField()
    ends_at = UtcDateTimeField()
    reason = peewee.TextField(null=True)
    slot_minutes = peewee.SmallIntegerField(null=True)
    buffer_minutes = peewee.SmallIntegerField(null=True)
    capacity = peewee.SmallIntegerField(null=True)
    modes = TextsField(null=True)
    place = peewee.TextField(null=True)
    created_at = UtcDateTimeField()

    class Meta:
        table_name = "booking_exceptions"


class Wait(Model):
    """Somebody waiting for a time; ``place`` is the order, made by the database."""

    id = UuidField(primary_key=True)
    place = peewee.BigIntegerField()
    resource_key = peewee.BigIntegerField()
    person_id = UuidField()
    agent_id = UuidField(null=True)
    mandate_id = UuidField(null=True)
    from_on = peewee.DateField()
    to_on = peewee.DateField()
    mode = EnumField(Mode, null=True)
    state = EnumField(WaitState)
    created_at = UtcDateTimeField()
    ended_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "booking_waits"


class Booking(Model):
    """A time taken. ``occupied_until`` is its end with the pause after it.

    ``sequence`` grows whenever what was agreed changes (as SEQUENCE of RFC 5545). ``wait_id`` is
    the wait that it answers, if any. ``displaced_at``: the plan has no such slot any more.
    """

    id = UuidField(primary_key=True)
    resource_key = peewee.BigIntegerField()
    person_id = UuidField()
    agent_id = UuidField(null=True)
    mandate_id = UuidField(null=True)
    by_provider = peewee.BooleanField()
    state = EnumField(State)
    starts_at = UtcDateTimeField()
    ends_at = UtcDateTimeField()
    occupied_until = UtcDateTimeField()
    seat = peewee.SmallIntegerField()
    capacity = peewee.SmallIntegerField()
    mode = EnumField(Mode)
    place = peewee.TextField(null=True)
    wait_id = UuidField(null=True)
    held_until = UtcDateTimeField(null=True)
    sequence = peewee.IntegerField(constraints=[peewee.SQL("DEFAULT 0")])
    displaced_at = UtcDateTimeField(null=True)
    checked_in_at = UtcDateTimeField(null=True)
    checked_in_by_code = peewee.BooleanField(null=True)
    ended_at = UtcDateTimeField(null=True)
    ended_by_provider = peewee.BooleanField(null=True)
    reason = peewee.TextField(null=True)
    created_at = UtcDateTimeField()

    class Meta:
        table_name = "bookings"
