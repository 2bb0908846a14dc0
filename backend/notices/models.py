"""Tables of notices, of the credits people granted, and of WeChat messages."""

import peewee

from backend.kernel.db import Model
from backend.kernel.fields import EnumField, JsonField, UtcDateTimeField, UuidField
from backend.notices.rules import Reason, SendState


class Notice(Model):
    """One thing one person was told. ``effect_key`` says of what it is the effect: the same effect
    is told once, however often its event is handled. ``discreet``: on a lock screen, where others
    read along, it does not say what the matter is."""

    id = UuidField(primary_key=True)
    recipient_id = UuidField()
    kind = peewee.TextField()
    params = JsonField()
    subject_kind = peewee.TextField(null=True)
    subject_id = UuidField(null=True)
    effect_key = peewee.TextField()
    discreet = peewee.BooleanField()
    created_at = UtcDateTimeField()
    read_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "notices"
        indexes = ((("recipient_id", "effect_key"), True),)


class GrantEntry(Model):
    """The append-only ledger of credits; what is left is the sum of ``change``.

    ``source`` names what the entry was made from and is unique, so nothing counts twice. An entry
    that ``confirms`` another is the second report of the same grant and changes nothing.
    """

    id = UuidField(primary_key=True)
    person_id = UuidField()
    template_key = peewee.TextField()
    change = peewee.IntegerField()
    reason = EnumField(Reason)
    source = peewee.TextField(unique=True)
    confirms = UuidField(null=True, unique=True, column_name="confirms_id")
    at = UtcDateTimeField()

    class Meta:
        table_name = "subscription_grants"


class WechatSend(Model):
    """The one WeChat message of a notice. While ``sending`` or ``pending`` it holds a credit."""

    id = UuidField(primary_key=True)
    notice_id = UuidField(unique=True)
    recipient_id = UuidField()
    template_key = peewee.TextField()
    state = EnumField(SendState)
    attempts = peewee.IntegerField(default=0)
    error_code = peewee.TextField(null=True)
    message_id = peewee.TextField(null=True)
    created_at = UtcDateTimeField()
    started_at = UtcDateTimeField(null=True)
    ended_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "wechat_sends"
