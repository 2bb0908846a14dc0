"""Tables of pictures and of what WeChat said about them.

People are another feature's table: the foreign key to them is in the migration only.
"""

import peewee

from backend.attachments.rules import Verdict
from backend.kernel.db import Model
from backend.kernel.fields import BytesField, EnumField, UtcDateTimeField, UuidField


class Attachment(Model):
    """One picture. Until something claims it, it belongs to its uploader alone and expires.

    Its two files are kept under ``storage_key``, which a picture that was given again shares;
    ``content_hash`` is the SHA-256 of the large one, sizes are in bytes. ``position`` orders the
    pictures of one claim.
    """

    id = UuidField(primary_key=True)
    owner_id = UuidField()
    storage_key = peewee.TextField(index=True)
    content_hash = BytesField()
    width = peewee.IntegerField()
    height = peewee.IntegerField()
    size_bytes = peewee.IntegerField()
    thumbnail_size = peewee.IntegerField()
    created_at = UtcDateTimeField()
    subject_kind = peewee.TextField(null=True)
    subject_id = UuidField(null=True)
    claimed_at = UtcDateTimeField(null=True)
    position = peewee.SmallIntegerField(null=True)
    media_trace_id = peewee.TextField(null=True)

    class Meta:
        table_name = "attachments"


class MediaVerdict(Model):
    """WeChat's answer to one check. It may come before we have noted which check it answers."""

    trace_id = peewee.TextField(primary_key=True)
    verdict = EnumField(Verdict)
    received_at = UtcDateTimeField()

    class Meta:
        table_name = "media_verdicts"
