"""WeChat's server API, its pushes, and values that fit its messages."""

from backend.integrations.wechat.client import (
    LoginIdentity,
    SendResult,
    Suggest,
    Verdict,
    WeChat,
)
from backend.integrations.wechat.errors import (
    WeChatBusy,
    WeChatError,
    WeChatRefused,
    WeChatUnknown,
    WeChatUnreachable,
)
from backend.integrations.wechat.push import (
    BadPush,
    PushEvent,
    check_signature,
    decrypt_push,
    events,
    first_time,
    forget_seen,
)
from backend.integrations.wechat.tokens import DatabaseTokens, TokenStore
from backend.integrations.wechat.values import DoesNotFit, fit

__all__ = [
    "BadPush",
    "DatabaseTokens",
    "DoesNotFit",
    "LoginIdentity",
    "PushEvent",
    "SendResult",
    "Suggest",
    "TokenStore",
    "Verdict",
    "WeChat",
    "WeChatBusy",
    "WeChatError",
    "WeChatRefused",
    "WeChatUnknown",
    "WeChatUnreachable",
    "check_signature",
    "decrypt_push",
    "events",
    "first_time",
    "fit",
    "forget_seen",
]
