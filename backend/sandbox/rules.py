"""What WeChat refuses, as pure functions. Independent of the product's own fitting on purpose.

Sources: the official pages of ``subscribeMessage.send`` (table of value limits), ``msg_sec_check``,
``getUnlimitedQRCode`` and ``getStableAccessToken``. Where a page leaves room, the stricter reading
is taken: lengths count UTF-16 units, so what passes here passes a count of code points too.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

CODE_LIFETIME_SECONDS = 300
TOKEN_LIFETIME_SECONDS = 7200
TOKEN_OVERLAP_SECONDS = 300
FORCED_REFRESH_GAP_SECONDS = 30
FORCED_REFRESHES_PER_DAY = 20
VISIT_LIFETIME_SECONDS = 7200
TEXT_LIMIT = 2500

PASS, REVIEW, RISKY = "pass", "review", "risky"

MESSAGES = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40013: "invalid appid",
    40029: "invalid code",
    40037: "invalid template_id",
    40066: "invalid url",
    40097: "invalid args",
    40125: "invalid appsecret",
    40129: "invalid scene",
    40163: "code been used",
    40169: "invalid length for scene, or the data is not json string",
    40226: "code blocked",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41008: "missing code",
    41030: "invalid page",
    42001: "access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    43101: "user refuse to accept the msg",
    44002: "empty post data",
    44004: "empty content",
    45002: "content size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, please retry next minute",
    47001: "data format error",
    47003: "argument invalid!",
    61010: "code is expired",
}


class Refusal(Exception):
    """WeChat's answer to what it does not do."""

    def __init__(self, errcode: int, detail: str = "") -> None:
        super().__init__(errcode)
        self.errcode = errcode
        self.detail = detail

    @property
    def errmsg(self) -> str:
        return f"{MESSAGES.get(self.errcode, 'error')} {self.detail}".strip()


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


# --- values of subscription messages ------------------------------------------------------------

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_DAY = r"(?:\d{4}年\d{1,2}月\d{1,2}日|\d{4}年\d{1,2}月|\d{1,2}月\d{1,2}日)"
_DAY_PUNCTUATED = r"(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{4}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2})"
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_WRITTEN_DAY = re.compile(f"{_DAY}|{_DAY_PUNCTUATED}")


def _matcher(pattern: str, limit: int) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: units(value) <= limit and compiled.fullmatch(value) is not None


def _is_name(value: str) -> bool:
    limit = 10 if re.search(f"[{_HAN}]", value) else 20
    return units(value) <= limit and not re.search(r"[0-9\n]", value)


def _is_symbol(value: str) -> bool:
    return units(value) <= 5 and not any(char.isalnum() or char.isspace() for char in value)


def _is_amount(value: str) -> bool:
    match = re.fullmatch(r"[¥￥$€£](\d+)(?:\.(\d+))?元?", value, re.ASCII)
    return match is not None and len(match[1]) + len(match[2] or "") <= 10


def _is_clock(text: str) -> bool:
    match = _CLOCK.fullmatch(text)
    return match is not None and (
        int(match[1]) < 24 and int(match[2]) < 60 and int(match[3] or 0) < 60
    )


def _is_day(text: str) -> bool:
    if not _WRITTEN_DAY.fullmatch(text):
        return False
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    has_year = len(re.match(r"\d+", text)[0]) == 4  # type: ignore[index]
    year, month, *day = numbers if has_year else [2024, *numbers]
    try:
        date(year, month, day[0] if day else 1)
    except ValueError:
        return False
    return True


def _is_moment(text: str, *, day_required: bool) -> bool:
    day, _, clock = text.rpartition(" ")
    if day:
        return _is_day(day) and _is_clock(clock)
    return _is_day(text) if day_required else _is_clock(text)


def _is_range(value: str, *, day_required: bool) -> bool:
    ends = value.split("~")
    return len(ends) <= 2 and all(_is_moment(end, day_required=day_required) for end in ends)


_VALUE_TYPES: dict[str, Callable[[str], bool]] = {
    "thing": lambda value: units(value) <= 20,
    "number": _matcher(r"-?[0-9]+(\.[0-9]+)?", 32),
    "letter": _matcher(r"[A-Za-z]+", 32),
    "symbol": _is_symbol,
    "character_string": _matcher(r"[\x20-\x7e]+", 32),
    "time": lambda value: _is_range(value, day_required=False),
    "date": lambda value: _is_range(value, day_required=True),
    "amount": _is_amount,
    "phone_number": _matcher(r"[0-9+\-*() #,.]+", 17),
    "car_number": _matcher(f"[{_HAN}A-Za-z0-9][A-Za-z0-9]{{0,6}}[{_HAN}A-Za-z0-9]?", 8),
    "name": _is_name,
    "phrase": _matcher(f"[{_HAN}]+", 5),
}
VALUE_TYPES = frozenset(_VALUE_TYPES)


def value_type(key: str) -> str | None:
    """The type in a field key such as ``thing1``; None where there is no such type."""
    match = re.fullmatch(r"([a-z_]+?)\d{1,3}", key)
    return match[1] if match and match[1] in VALUE_TYPES else None


def value_accepted(type_name: str, value: str) -> bool:
    """Whether WeChat takes the value for a field of the type."""
    if not value.strip() or any(not char.isprintable() and char != "\u3000" for char in value):
        return False
    return _VALUE_TYPES[type_name](value)


def check_values(keys: list[str], data: Any) -> dict[str, str]:
    """The values by key. Raises Refusal 47003 naming the field that is missing, extra or wrong."""
    if not isinstance(data, Mapping):
        raise Refusal(47003, "data is not an object")
    for key in [*keys, *data]:
        if key not in data or key not in keys:
            raise Refusal(47003, f"data.{key}.value is empty or unknown")
    values = {}
    for key, item in data.items():
        value = item.get("value") if isinstance(item, Mapping) else None
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not value_accepted(value_type(key) or "", value):
            raise Refusal(47003, f"data.{key}.value invalid")
        values[key] = value
    return values


# --- pages, scenes, texts -----------------------------------------------------------------------


def page_path(page: str) -> str:
    """The page without its query and leading slash, as app.json names it."""
    return page.partition("?")[0].lstrip("/")


def scene_accepted(scene: Any) -> bool:
    """1 to 32 visible characters of WeChat's list; no percent sign, no Chinese."""
    return isinstance(scene, str) and (
        re.fullmatch(r"[0-9a-zA-Z!#$&'()*+,/:;=?@\-._~]{1,32}", scene) is not None
    )


DEFAULT_WORDS = {
    "法轮功": {"suggest": RISKY, "label": 20001},
    "裸聊": {"suggest": RISKY, "label": 20002},
    "赌博网站": {"suggest": RISKY, "label": 20006},
    "加微信返利": {"suggest": REVIEW, "label": 10001},
}
"""Words a fresh sandbox stumbles over, with WeChat's labels (politics, porn, crime, adverts)."""


def judge(text: str, words: Mapping[str, Mapping[str, Any]]) -> tuple[str, int]:
    """(suggest, label) of a text: the worst word in it decides; 100 is WeChat's "normal"."""
    found = [rule for word, rule in words.items() if word in text]
    for suggest in (RISKY, REVIEW):
        for rule in found:
            if rule["suggest"] == suggest:
                return suggest, int(rule["label"])
    return PASS, 100
