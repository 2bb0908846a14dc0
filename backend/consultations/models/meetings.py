"""Table of meetings.

Bookings, advisers, people, mandates and areas are other features' tables: foreign keys to them are
in the migration only.
"""

import peewee

from backend.kernel.db import Model
from backend.kernel.fields import BytesField, UtcDateTimeField, UuidField


class Consultation(Model):
    """What a booking with an adviser is about, and what came of it.

    Whose and where it is: ``person_id``'s, of ``area_code``; ``agent_id`` booked it for them under
    a mandate, or ``entered_by`` (staff) wrote it down. ``limitation_on`` is the last day on which
    the claim can be brought, as the rules in force at the time of booking have it. What is
    encrypted, and the comment, is erased when the account is closed (``detached_at``).
    """

    id = UuidField(primary_key=True)
    booking_id = UuidField(unique=True)
    adviser_id = UuidField(index=True)
    person_id = UuidField(index=True)
    agent_id = UuidField(null=True, index=True)
    mandate_id = UuidField(null=True, index=True)
    entered_by = UuidField(null=True, index=True)
    area_code = peewee.TextField(index=True)
    topic = peewee.TextField()
    facts_encrypted = BytesField(null=True)
    opposing_encrypted = BytesField(null=True)
    since_on = peewee.DateField(null=True)
    limitation_on = peewee.DateField(null=True)
    keep_private = peewee.BooleanField()
    created_at = UtcDateTimeField()
    opinion_encrypted = BytesField(null=True)
    minutes = peewee.SmallIntegerField(null=True)
    served_at = UtcDateTimeField(null=True)
    served_by = UuidField(null=True, index=True)
    score = peewee.SmallIntegerField(null=True)
    comment = peewee.TextField(null=True)
    first_rated_at = UtcDateTimeField(null=True)
    rated_at = UtcDateTimeField(null=True)
    detached_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "consultations"
