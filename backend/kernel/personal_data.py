"""What in a text leads to somebody by its mere shape: numbers, plates, addresses for messages."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Trace(StrEnum):
    """What it looks like. A ``NUMBER`` is long enough to be somebody's, and nothing known."""

    EMAIL = "email"
    PLATE = "plate"
    ACCOUNT = "account"
    PHONE = "phone"
    ID_NUMBER = "id"
    BANK_CARD = "bank"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of a text, from ``start`` up to ``end``."""

    trace: Trace
    start: int
    end: int


_DIGIT = "0-9\uff10-\uff19"
_SPOKEN = "〇零一二两三四五六七八九幺"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_SHAPES = re.compile(
    "|".join(
        [
            # An address for electronic mail.
            r"(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)",
            # The plate of a vehicle: 贵F12345, 贵F·D12345.
            rf"(?P<plate>[{_PROVINCES}][A-Za-z][\s·•.-]?[A-Za-z{_DIGIT}]{{4,6}}[挂学警]?)",
            # A name in another network: 微信号 zhang_3, QQ 12345. A "WeChat transfer" is none.
            r"(?P<account>(?!wechat\s+(?!id\b)[a-z]+\b)(?:微信|wechat|weixin|\bvx|\bqq)"
            r"\s*[号id]*\s*[:：是]?\s*[a-z0-9][\w-]{4,})",
            # Telephones, identity and bank cards: seven digits and more, however they are grouped.
            rf"(?P<number>[{_DIGIT}](?:[\s·.-]{{0,2}}[{_DIGIT}]){{6,}}[xX]?"
            rf"|[{_SPOKEN}](?:\s?[{_SPOKEN}]){{6,}})",
        ]
    ),
    re.IGNORECASE,
)
_AS_DIGITS = str.maketrans("〇零一二两三四五六七八九幺", "0012234567891")

_KINDS = (
    (re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}"), Trace.ID_NUMBER),
    (re.compile(r"(?:86)?1[0-9]{10}|0[0-9]{9,11}|400[0-9]{7}|[2-8][0-9]{6,7}"), Trace.PHONE),
    (re.compile(r"[0-9]{16,19}"), Trace.BANK_CARD),
)


def traces(text: str) -> Iterator[Found]:
    """Everything of that kind, in order, none within another.

    Rather too much than too little: a date or a meter reading may be among it.
    """
    for match in _SHAPES.finditer(text):
        shape = str(match.lastgroup)
        trace = _of_number(match[0]) if shape == "number" else Trace(shape)
        yield Found(trace, match.start(), match.end())


def _of_number(text: str) -> Trace:
    plain = unicodedata.normalize("NFKC", text).upper().translate(_AS_DIGITS)
    digits = re.sub(r"[^0-9X]", "", plain)
    return next((trace for kind, trace in _KINDS if kind.fullmatch(digits)), Trace.NUMBER)


def masked(text: str, mask: str) -> str:
    """The text with the mask in the place of each trace."""
    return _SHAPES.sub(lambda _: mask, text)
