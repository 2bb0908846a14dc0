"""Making values fit the fields of a subscription message: WeChat refuses what is too long or odd.

The limits are those of the official page of ``subscribeMessage.send``. Length is counted in UTF-16
units, the longest of the counts WeChat can mean: whether a rare character or a picture is one
character or two, the value fits.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Final

_ELLIPSIS: Final = "…"
_HAN: Final = r"\u3400-\u4dbf\u4e00-\u9fff"
_THING, _TEXT, _PHONE, _PHRASE = 20, 32, 17, 5
_NAME_HAN, _NAME_LETTERS, _SYMBOL, _AMOUNT = 10, 20, 5, 10

_DAY: Final = re.compile(
    r"(?:(?P<y>\d{4})年(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日)?|(?P<m2>\d{1,2})月(?P<d2>\d{1,2})日"
    r"|(?P<y3>\d{4})(?P<s>[-/.])(?P<m3>\d{1,2})(?P=s)(?P<d3>\d{1,2}))",
    re.ASCII,
)
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_LEAP_YEAR: Final = 2024


class DoesNotFit(ValueError):
    """Neither the value nor the placeholder can be made one of the type."""


def fit(type_name: str, value: str, placeholder: str = "-") -> str:
    """The value as WeChat takes it in a field of the type (``thing``, ``phrase``, …).

    Text is cut ("…" at the end of a thing) and stripped of what the type does not allow; a number,
    an amount, a phone or plate number and a time are never cut into another one. If nothing is
    left, the placeholder is taken in its place: "-" serves thing, character_string, name,
    phone_number and symbol; for the others give one from the catalogue. Raises DoesNotFit where
    the placeholder does not fit either, or for an unknown type.
    """
    fitting = _FITTINGS.get(type_name)
    if fitting is None:
        raise DoesNotFit(f"there is no type {type_name!r}")
    fitted = fitting(_clean(value)) or fitting(_clean(placeholder))
    if not fitted:
        raise DoesNotFit(type_name)
    return fitted


def _clean(text: str) -> str:
    """One line without control, invisible, unassigned or half characters."""
    spaced = " ".join(text.split())
    return " ".join("".join(char for char in spaced if char.isprintable()).split())


def _units(text: str) -> int:
    return sum(2 if ord(char) > 0xFFFF else 1 for char in text)


def _cut(text: str, limit: int) -> str:
    while _units(text) > limit:
        text = text[:-1]
    return text.strip()


def _narrow(text: str) -> str:
    """Full-width digits, letters and punctuation as the ordinary ones."""
    return unicodedata.normalize("NFKC", text)


def _only(pattern: str, text: str) -> str:
    return " ".join("".join(re.findall(pattern, text)).split())


def _thing(text: str) -> str:
    if _units(text) <= _THING:
        return text
    # Cut in one go first: a text may be long.
    return _cut(text[:_THING], _THING - 1) + _ELLIPSIS


def _number(text: str) -> str:
    match = re.fullmatch(r"\+?(-?[0-9]+)(\.[0-9]+)?", _narrow(text).replace(",", ""))
    if match is None or len(match[1]) > _TEXT:
        return ""
    return (match[1] + (match[2] or ""))[:_TEXT].rstrip(".")


def _amount(text: str) -> str:
    plain = _narrow(text).replace(",", "").replace(" ", "")
    match = re.fullmatch(r"([¥$€£]?)([0-9]+)(\.[0-9]+)?(元?)", plain)
    if match is None or len(match[2]) > _AMOUNT:
        return ""
    decimals = (match[3] or "")[: _AMOUNT - len(match[2]) + 1].rstrip(".")
    return f"{match[1] or '¥'}{match[2]}{decimals}{match[4]}"


def _phone(text: str) -> str:
    number = _only(r"[0-9+\-*() #,.]", _narrow(text))
    for spare in ("", "() ", "() -."):
        shorter = number.translate({ord(char): None for char in spare})
        if 0 < len(shorter) <= _PHONE:
            return shorter
    return ""


def _car(text: str) -> str:
    plate = _only(f"[A-Z0-9{_HAN}]", _narrow(text).upper())
    match = re.fullmatch(f"[{_HAN}A-Z0-9][A-Z0-9]{{0,6}}[{_HAN}A-Z0-9]?", plate)
    return plate if match else ""


def _name(text: str) -> str:
    kept = " ".join("".join(char for char in text if not char.isdecimal()).split())
    # Compatibility and rare ideographs count too.
    chinese = re.search(f"[{_HAN}\uf900-\ufaff\U00020000-\U0003ffff]", kept)
    return _cut(kept[:_NAME_LETTERS], _NAME_HAN if chinese else _NAME_LETTERS)


def _symbol(text: str) -> str:
    kept = "".join(char for char in text if not char.isalnum() and not char.isspace())
    return _cut(kept[:_SYMBOL], _SYMBOL)


def _span(text: str, *, day_required: bool) -> str:
    """One moment, or two with ``~`` between."""
    ends = re.split(r"\s*[~\u301c]\s*", _narrow(text))
    if len(ends) > 2 or not all(_is_moment(end, day_required=day_required) for end in ends):
        return ""
    return "~".join(ends)


def _is_moment(text: str, *, day_required: bool) -> bool:
    day, _, clock = text.rpartition(" ")
    if day:
        return _is_day(day) and _is_clock(clock)
    return _is_day(clock) if day_required else _is_clock(clock)


def _is_clock(text: str) -> bool:
    match = _CLOCK.fullmatch(text)
    if match is None:
        return False
    hour, minute, second = (int(part or 0) for part in match.groups())
    return hour < 24 and minute < 60 and second < 60


def _is_day(text: str) -> bool:
    match = _DAY.fullmatch(text)
    if match is None:
        return False
    year = match["y"] or match["y3"] or _LEAP_YEAR
    month = match["m"] or match["m2"] or match["m3"]
    day = match["d"] or match["d2"] or match["d3"] or 1
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


_FITTINGS: Final[dict[str, Callable[[str], str]]] = {
    "thing": _thing,
    "character_string": lambda text: _only(r"[\x20-\x7e]", _narrow(text))[:_TEXT].strip(),
    "number": _number,
    "letter": lambda text: _only("[A-Za-z]", _narrow(text))[:_TEXT],
    "symbol": _symbol,
    "phrase": lambda text: _only(f"[{_HAN}]", text)[:_PHRASE],
    "name": _name,
    "phone_number": _phone,
    "car_number": _car,
    "amount": _amount,
    "time": lambda text: _span(text, day_required=False),
    "date": lambda text: _span(text, day_required=True),
}
TYPES: Final = frozenset(_FITTINGS)
