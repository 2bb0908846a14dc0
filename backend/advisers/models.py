"""Tables of legal advisers and of whom they have acted for.

Booking resources, people, invitations and pictures are other features' tables: foreign keys to
them are in the migration only.
"""

import peewee
from playhouse.postgres_ext import TSVectorField

from backend.advisers.rules.ledger import EntryKind, Source
from backend.advisers.rules.parties import MatterKind, Side
from backend.kernel.db import Model
from backend.kernel.fields import BytesField, EnumField, TextsField, UtcDateTimeField, UuidField


class Adviser(Model):
    """A legal adviser (村法律顾问). ``id`` is that of the bookable resource.

    The resource has the villages, the term and whether the adviser is suspended.

    ``phone`` is the office's and public. ``person_id`` is whoever took up the ``invitation_id``.
    """

    id = UuidField(primary_key=True)
    name = peewee.TextField()
    firm = peewee.TextField()
    licence_no = peewee.TextField(unique=True)
    phone = peewee.TextField(null=True)
    languages = TextsField()
    intro = peewee.TextField(null=True)
    photo_id = UuidField(null=True, index=True)
    person_id = UuidField(null=True, unique=True)
    invitation_id = UuidField(null=True, index=True)
    last_served_on = peewee.DateField(null=True)
    search = TSVectorField(index_type="GIN")

    class Meta:
        table_name = "advisers"


class MatterParty(Model):
    """One spelling of one party to a matter of an adviser, as a hash keyed for that adviser."""

    adviser = peewee.ForeignKeyField(Adviser)
    key_hash = BytesField()
    side = EnumField(Side)
    matter_kind = EnumField(MatterKind)
    matter_id = UuidField()
    created_at = UtcDateTimeField()

    class Meta:
        table_name = "matter_parties"
        primary_key = peewee.CompositeKey("adviser", "key_hash", "side", "matter_id")


class LedgerEntry(Model):
    """A service of an adviser: one that happened here, or one that the adviser tells of.

    ``area_code`` is the village, ``subject_id`` the consultation or question. The database computes
    ``entered_later`` and refuses every change but those its migration names.
    """

    id = UuidField(primary_key=True)
    kind = EnumField(EntryKind)
    source = EnumField(Source)
    adviser = peewee.ForeignKeyField(Adviser)
    area_code = peewee.TextField(index=True)
    subject_id = UuidField(null=True)
    person_id = UuidField(null=True, index=True)
    mode = peewee.TextField(null=True)
    topic = peewee.TextField(null=True)
    title = peewee.TextField(null=True)
    served_on = peewee.DateField()
    starts_at = UtcDateTimeField(null=True)
    minutes = peewee.SmallIntegerField(null=True)
    attendees = peewee.IntegerField(null=True)
    summary_encrypted = BytesField(null=True)
    opinion_encrypted = BytesField(null=True)
    entered_by = UuidField(null=True)
    entered_at = UtcDateTimeField()
    entered_later = peewee.BooleanField()
    voided_by = UuidField(null=True)
    voided_at = UtcDateTimeField(null=True)
    void_reason = peewee.TextField(null=True)

    class Meta:
        table_name = "ledger_entries"
