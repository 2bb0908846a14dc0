"""Tables of written questions.

People, mandates, areas and advisers are other features' tables: foreign keys to them are in the
migration only.
"""

import peewee

from backend.consultations.rules.questions import Role, State
from backend.kernel.db import Model
from backend.kernel.fields import (
    BytesField,
    EnumField,
    JsonField,
    UtcDateTimeField,
    UuidField,
)


def _ids() -> JsonField:
    return JsonField(constraints=[peewee.SQL("DEFAULT '[]'")])


class Question(Model):
    """What somebody asks in writing, and how it stands.

    ``adviser_id`` is who had it first, ``justice_at`` since when the justice office may answer too,
    ``handed_at`` when it was handed on because nobody answered since it was last asked, ``posts``
    how many follow. What is encrypted is erased when the account is closed (``detached_at``).
    """

    id = UuidField(primary_key=True)
    person_id = UuidField(index=True)
    agent_id = UuidField(null=True, index=True)
    mandate_id = UuidField(null=True, index=True)
    area_code = peewee.TextField(index=True)
    topic = peewee.TextField()
    text_encrypted = BytesField(null=True)
    opposing_encrypted = BytesField(null=True)
    since_on = peewee.DateField(null=True)
    limitation_on = peewee.DateField(null=True)
    attachment_ids = _ids()
    keep_private = peewee.BooleanField()
    state = EnumField(State)
    adviser_id = UuidField(null=True, index=True)
    justice_at = UtcDateTimeField(null=True)
    asked_at = UtcDateTimeField()
    due_at = UtcDateTimeField()
    handed_at = UtcDateTimeField(null=True)
    posts = peewee.SmallIntegerField(constraints=[peewee.SQL("DEFAULT 0")])
    answered_at = UtcDateTimeField(null=True)
    answered_by = UuidField(null=True, index=True)
    closed_at = UtcDateTimeField(null=True)
    score = peewee.SmallIntegerField(null=True)
    comment = peewee.TextField(null=True)
    first_rated_at = UtcDateTimeField(null=True)
    rated_at = UtcDateTimeField(null=True)
    detached_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "questions"


class QuestionRecipient(Model):
    """An adviser who may read and answer a question: who had it first, and who stands in."""

    question = peewee.ForeignKeyField(Question)
    adviser_id = UuidField(index=True)
    given_at = UtcDateTimeField()

    class Meta:
        table_name = "question_recipients"
        primary_key = peewee.CompositeKey("question", "adviser_id")


class QuestionPost(Model):
    """What follows a question: answers, and what was asked further. ``minutes`` of an answer are
    those its author says it took."""

    id = UuidField(primary_key=True)
    question = peewee.ForeignKeyField(Question)
    seq = peewee.SmallIntegerField()
    at = UtcDateTimeField()
    author_id = UuidField(index=True)
    role = EnumField(Role)
    adviser_id = UuidField(null=True, index=True)
    text_encrypted = BytesField(null=True)
    minutes = peewee.SmallIntegerField(null=True)
    attachment_ids = _ids()

    class Meta:
        table_name = "question_posts"
        indexes = ((("question", "seq"), True),)
