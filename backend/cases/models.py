"""The table of cases. The migration adds the CHECK constraints named after each rule."""

import peewee
from playhouse.postgres_ext import TSVectorField

from backend.cases.ports import SourceKind
from backend.cases.rules import State
from backend.kernel.db import Model
from backend.kernel.fields import (
    BytesField,
    EnumField,
    JsonField,
    TextsField,
    UtcDateTimeField,
    UuidField,
)


class Case(Model):
    """A case, made from one matter or shipped as a ``sample``.

    ``texts`` has what it tells by language, Chinese always. ``original_encrypted`` is what the
    matter said with the names it held, and what became of them; ``person_id`` is whose matter it
    was, so that they can be forgotten. ``version`` grows with every action.
    """

    id = UuidField(primary_key=True)
    version = peewee.IntegerField()
    state = EnumField(State)
    author_id = UuidField(null=True)
    adviser_id = UuidField(null=True)
    person_id = UuidField(null=True)
    source_kind = EnumField(SourceKind, null=True)
    source_id = UuidField(null=True)
    sample = peewee.TextField(null=True, unique=True)
    area_code = peewee.TextField()
    topic = peewee.TextField()
    categories = TextsField()
    texts = JsonField()
    original_encrypted = BytesField(null=True)
    reason_encrypted = BytesField(null=True)
    approved_by = UuidField(null=True)
    created_at = UtcDateTimeField()
    updated_at = UtcDateTimeField()
    submitted_at = UtcDateTimeField(null=True)
    published_at = UtcDateTimeField(null=True)
    search = TSVectorField(index=False)

    class Meta:
        table_name = "cases"
