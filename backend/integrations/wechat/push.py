"""What WeChat tells us on its own: checked, opened, and in one shape whatever shape it came in.

Answer a push with ``success`` at once and do the work later: WeChat waits five seconds and then
sends it again.
"""

import base64
import hashlib
import hmac
import json
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from xml.parsers.expat import ExpatError

import xmltodict  # type: ignore[import-untyped]
from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import InvalidAppIdException

from backend.integrations.wechat.client import Suggest
from backend.kernel.db import execute
from backend.kernel.settings import Settings

POPUP: Final = "subscribe_msg_popup_event"
CHANGE: Final = "subscribe_msg_change_event"
SENT: Final = "subscribe_msg_sent_event"
MEDIA: Final = "wxa_media_check"

_LISTS: Final = {
    POPUP: "SubscribeMsgPopupEvent",
    CHANGE: "SubscribeMsgChangeEvent",
    SENT: "SubscribeMsgSentEvent",
}

_MALFORMED: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ExpatError,
    InvalidAppIdException,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)
"""What parsing and decrypting raise on hostile input, as seen by feeding it to them."""


class BadPush(Exception):
    """Not from WeChat, not for this mini-program, or not understood. Says nothing of why."""


@dataclass(frozen=True, slots=True)
class PushEvent:
    """One thing that happened to one person.

    ``data`` by ``kind``:

    - POPUP, CHANGE: ``template_id``, ``outcome`` ("accept", "reject", …)
    - SENT: ``template_id``, ``message_id``, ``error_code`` (0: delivered), ``error_status``
    - MEDIA: ``trace_id``, ``suggest`` (Suggest, or None: no verdict, which is not a pass),
      ``label``, ``error_code``
    - anything else: nothing.

    ``dedupe_key`` is the same each time WeChat repeats itself, and differs otherwise; it holds no
    personal data.
    """

    kind: str
    openid: str
    created_at: datetime
    dedupe_key: str
    data: dict[str, Any] = field(default_factory=dict)


def check_signature(token: str, timestamp: str, nonce: str, signature: str) -> bool:
    """Whether the address check (GET) or a push in plain text comes from who knows the token."""
    return bool(token) and _matches(signature, token, timestamp, nonce)


def decrypt_push(body: bytes, params: Mapping[str, str], settings: Settings) -> dict[str, Any]:
    """The message in a push (POST) with the query ``params``. Raises BadPush.

    With an AES key configured only safe mode is taken; without one only plain text. The body may be
    JSON or XML.
    """
    try:
        message = _open(_parse(body), params, settings)
    except _MALFORMED:
        raise BadPush from None
    if message is None:
        raise BadPush
    return message


def _open(
    outer: dict[str, Any], params: Mapping[str, str], settings: Settings
) -> dict[str, Any] | None:
    token = settings.wechat_push_token.get_secret_value()
    aes_key = settings.wechat_encoding_aes_key.get_secret_value()
    timestamp, nonce = params["timestamp"], params["nonce"]
    if not aes_key:
        genuine = check_signature(token, timestamp, nonce, params["signature"])
        return outer if genuine and "Encrypt" not in outer else None
    sealed = outer["Encrypt"]
    # The plain `signature` is there too, but does not cover the content.
    if not token or not _matches(params["msg_signature"], token, timestamp, nonce, sealed):
        return None
    key = base64.b64decode(aes_key + "=")
    return _parse(PrpCrypto(key).decrypt(sealed, settings.wechat_app_id).encode())


def _matches(given: str, *parts: str) -> bool:
    ours = hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()
    return hmac.compare_digest(ours.encode(), given.encode())


def _parse(text: bytes) -> dict[str, Any]:
    if text.lstrip()[:1] == b"<":
        message = xmltodict.parse(text, disable_entities=True)["xml"]
    else:
        message = json.loads(text)
    if not isinstance(message, dict):
        raise BadPush
    return message


def events(message: dict[str, Any]) -> list[PushEvent]:
    """What a message tells, one event per template where it lists several. Raises BadPush."""
    kind = _string(message.get("Event")) or _string(message.get("MsgType"))
    openid = _string(message.get("FromUserName"))
    if not kind or not openid:
        raise BadPush
    created = _integer(message.get("CreateTime"))
    try:
        created_at = datetime.fromtimestamp(created, UTC)
    except (ValueError, OverflowError, OSError):
        raise BadPush from None
    if kind == MEDIA:
        told = [_media(message)]
    elif kind in _LISTS:
        told = [_listed(kind, item) for item in _items(message, _LISTS[kind])]
    else:
        told = [{}]
    message_id = _string(message.get("MsgId")) or _string(message.get("MsgID"))
    origin = [message_id] if message_id else [openid, str(created), kind]
    return [
        PushEvent(kind, openid, created_at, _digest([*origin, *_distinction(data)]), data)
        for data in told
    ]


def _items(message: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The list of a subscription event: at the top or inside; of one, just the one."""
    found = message.get(name, message)
    if isinstance(found, dict):
        found = found.get("List")
    items = found if isinstance(found, list) else [found]
    if not items or not all(isinstance(item, dict) for item in items):
        raise BadPush
    return items


def _listed(kind: str, item: dict[str, Any]) -> dict[str, Any]:
    template_id = _string(item.get("TemplateId"))
    if not template_id:
        raise BadPush
    if kind == SENT:
        return {
            "template_id": template_id,
            "message_id": _string(item.get("MsgID")),
            "error_code": _integer(item.get("ErrorCode")),
            "error_status": _string(item.get("ErrorStatus")),
        }
    outcome = _string(item.get("SubscribeStatusString"))
    if not outcome:
        raise BadPush
    return {"template_id": template_id, "outcome": outcome}


def _media(message: dict[str, Any]) -> dict[str, Any]:
    """Version 2, or the older shape with ``isrisky`` and ``status_code``."""
    trace_id = _string(message.get("trace_id"))
    if not trace_id:
        raise BadPush
    suggest, label = None, None
    if "isrisky" in message:
        error_code = _integer(message.get("status_code", 0))
        suggest = Suggest.RISKY if _integer(message["isrisky"]) else Suggest.PASS
    else:
        error_code = _integer(message.get("errcode", 0))
        result = message.get("result")
        if isinstance(result, dict) and result.get("suggest") in list(Suggest):
            suggest = Suggest(result["suggest"])
            label = _integer(result["label"]) if "label" in result else None
    if error_code:
        suggest = None
    return {"trace_id": trace_id, "suggest": suggest, "label": label, "error_code": error_code}


def _distinction(data: dict[str, Any]) -> list[str]:
    """What tells events apart that share a person, a second and a kind."""
    return [str(data[key]) for key in ("trace_id", "template_id", "message_id") if key in data]


def _digest(parts: list[str]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _string(value: Any) -> str:
    """The text of a value; WeChat writes numbers as numbers or as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def _integer(value: Any) -> int:
    text = _string(value)
    if not re.fullmatch(r"-?[0-9]{1,19}", text):
        raise BadPush
    return int(text)


def first_time(key: str, now: datetime) -> bool:
    """Whether a push event is new; it is remembered within the caller's transaction."""
    return bool(
        execute(
            "INSERT INTO wechat_push_seen (dedupe_key, received_at) VALUES (%s, %s)"
            " ON CONFLICT (dedupe_key) DO NOTHING",
            (key, now),
        )
    )


def forget_seen(before: datetime) -> int:
    """Drop what was received earlier; how many. WeChat repeats a push for minutes, not days."""
    return execute("DELETE FROM wechat_push_seen WHERE received_at < %s", (before,))
