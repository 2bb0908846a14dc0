"""What of a public request is for everybody: never who asked, where, or how to reach them."""

import re
from collections.abc import Iterable

from backend.service_requests.rules.states import Kind

MASK = "×××"

_DIGIT = "0-9\uff10-\uff19"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PERSONAL = re.compile(
    "|".join(
        [
            # An address for electronic mail.
            r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
            # The plate of a vehicle: 贵F12345, 贵F·D12345.
            rf"[{_PROVINCES}][A-Za-z][\s·•.-]?[A-Za-z{_DIGIT}]{{4,6}}[挂学警]?",
            # A name in another network: 微信号 zhang_3, QQ 12345.
            r"(?:微信|wechat|weixin|\bvx|\bqq)\s*[号id]*\s*[:：是]?\s*[a-z0-9][\w-]{4,}",
            # Telephones, identity and bank cards: seven digits and more, however they are grouped.
            rf"[{_DIGIT}](?:[\s·.-]{{0,2}}[{_DIGIT}]){{6,}}[xX]?",
            r"[〇零一二两三四五六七八九幺](?:\s?[〇零一二两三四五六七八九幺]){6,}",
        ]
    ),
    re.IGNORECASE,
)

PUBLIC_KINDS = frozenset(
    {
        Kind.SUBMITTED,
        Kind.ACCEPTED,
        Kind.NOT_ACCEPTED,
        Kind.ASSIGNED,
        Kind.RULED,
        Kind.STARTED,
        Kind.ASKED,
        Kind.SUPPLIED,
        Kind.EXTENSION_GRANTED,
        Kind.REPLIED,
        Kind.DEFERRED,
        Kind.MERGED,
        Kind.CONFIRMED,
        Kind.CONTESTED,
        Kind.CLOSED_UNCONFIRMED,
        Kind.REOPENED,
        Kind.RELEASED,
        Kind.CAME_BACK,
    }
)
"""What everybody may know has happened, without a word of what was written."""

BY_RESIDENT = frozenset(
    {Kind.SUBMITTED, Kind.SUPPLIED, Kind.CONFIRMED, Kind.CONTESTED, Kind.CAME_BACK}
)
"""Those of them that no unit did."""

TOLD_FOLLOWERS = frozenset(
    {
        Kind.REPLIED,
        Kind.DEFERRED,
        Kind.CONFIRMED,
        Kind.CLOSED_UNCONFIRMED,
        Kind.NOT_ACCEPTED,
    }
)
"""Of what those are told who follow a public request."""


def without_personal_data(text: str, names: Iterable[str | None]) -> str:
    """The text without these people's names, and without what leads to anybody.

    Rather too much than too little: a date or a meter reading may go too.
    """
    for name in names:
        if name and len(name) > 1:
            text = text.replace(name, MASK)
    return _PERSONAL.sub(MASK, text)
