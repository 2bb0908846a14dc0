"""Receipt numbers: six digits of the date, six of a sequence, one that catches slips.

The check digit is ISO/IEC 7064 MOD 11,10: it detects every single wrong digit and nearly every
swap of neighbours, so a number read over the telephone is either right or refused.
"""

from datetime import date

SEQUENCE_SIZE = 1_000_000


def check_digit(digits: str) -> str:
    """The ISO/IEC 7064 MOD 11,10 check digit of a string of decimal digits."""
    remainder = 10
    for digit in digits:
        remainder = (remainder + int(digit)) % 10 or 10
        remainder = remainder * 2 % 11
    return str((11 - remainder) % 10)


def receipt_number(submitted_on: date, serial: int) -> str:
    """Thirteen digits; `serial` counts up and may wrap after a million in one day's worth."""
    digits = f"{submitted_on:%y%m%d}{serial % SEQUENCE_SIZE:06d}"
    return digits + check_digit(digits)


def is_receipt_number(text: str) -> bool:
    """Whether thirteen digits, however grouped, carry the right check digit."""
    digits = ungrouped(text)
    return (
        len(digits) == 13
        and digits.isascii()
        and digits.isdecimal()
        and check_digit(digits[:-1]) == digits[-1]
    )


def grouped(number: str) -> str:
    """As shown and read aloud: 261123-000042-7."""
    return f"{number[:6]}-{number[6:12]}-{number[12:]}"


def ungrouped(text: str) -> str:
    return text.replace("-", "").replace(" ", "")
