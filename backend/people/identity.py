"""Telephone numbers and citizen identity numbers: parsed to one canonical form, or refused.

Pure. Both parsers forgive what people and keyboards add (spaces, dashes, full-width digits,
a country code) and forgive nothing else.
"""

import re
import unicodedata
from datetime import date

_SEPARATORS = re.compile(r"[\s().\u2010-\u2014-]")
_COUNTRY_CODE = re.compile(r"^(?:\+|00)86")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(
    r"(?P<area>010|02[0-9])(?P<eight>[2-8][0-9]{7})"
    r"|(?P<area4>0[3-9][0-9]{2})(?P<local>[2-8][0-9]{6,7})"
)
_ID_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK_CHARACTERS = "10X98765432"
_OLDEST_POSSIBLE_YEARS = 150


def parse_phone(text: str) -> str:
    """The number as stored: ``13812345678`` or, for a landline, ``0857-6223456``.

    Source: 电信网编号计划, edition of 2017 (MIIT). Mobile numbers have 11 digits and begin 13 to
    19; landlines are dialled 0 + area code + a local number whose first digit is 2 to 8, with 8
    local digits under the two-digit area codes (10 and 2X) and 7 or 8 under the others.
    Raises ValueError for anything else, numbers of other countries included.
    """
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    national = _COUNTRY_CODE.sub("", digits)
    if _MOBILE.fullmatch(national):
        return national
    if national != digits and not national.startswith("0"):
        national = "0" + national  # +86 857 6223456 is written without the trunk prefix
    landline = _LANDLINE.fullmatch(national)
    if landline is None:
        raise ValueError("not a Chinese telephone number")
    area = landline["area"] or landline["area4"]
    return f"{area}-{national[len(area) :]}"


def parse_id_number(text: str, *, today: date) -> str:
    """The 18 characters of a citizen identity number, check character in upper case.

    Source: GB 11643-1999 公民身份号码: six digits of area code, eight of birth date, three of
    sequence, and a check character by ISO 7064 MOD 11-2. The birth date has to exist and not lie
    after `today`. The fifteen-digit numbers of GB 11643-1989 are no longer valid and are refused.
    Raises ValueError.
    """
    number = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not _ID_NUMBER.fullmatch(number) or number[17] != id_check_character(number[:17]):
        raise ValueError("not a citizen identity number")
    born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    if not today.year - _OLDEST_POSSIBLE_YEARS <= born_on.year or born_on > today:
        raise ValueError("the birth date is not possible")
    return number


def id_check_character(body: str) -> str:
    """The eighteenth character for the first seventeen digits (GB 11643-1999, annex B)."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True))
    return _ID_CHECK_CHARACTERS[total % 11]
