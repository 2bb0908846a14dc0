"""Tables of the WeChat connection."""

import peewee

from backend.kernel.db import Model
from backend.kernel.fields import BytesField, UtcDateTimeField


class WechatToken(Model):
    """The access token all processes share, encrypted."""

    app_id = peewee.TextField(primary_key=True)
    token = BytesField()
    ends_at = UtcDateTimeField()

    class Meta:
        table_name = "wechat_tokens"


class WechatPushSeen(Model):
    """Pushes that were taken in already."""

    dedupe_key = peewee.TextField(primary_key=True)
    received_at = UtcDateTimeField()

    class Meta:
        table_name = "wechat_push_seen"
