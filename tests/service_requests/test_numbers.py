"""Receipt numbers catch what goes wrong when a number is read out or copied."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.service_requests.numbers import (
    check_digit,
    grouped,
    is_receipt_number,
    receipt_number,
    ungrouped,
)

numbers = st.builds(
    receipt_number,
    st.dates(date(2020, 1, 1), date(2099, 12, 31)),
    st.integers(min_value=0, max_value=2_000_000),
)


def test_the_standards_own_example():
    # ISO/IEC 7064:2003, MOD 11,10: the worked example 0794 has the check character 5.
    assert check_digit("0794") == "5"


def test_shape():
    number = receipt_number(date(2026, 11, 23), 42)
    assert number.startswith("261123000042") and len(number) == 13
    assert grouped(number) == f"261123-000042-{number[-1]}"
    assert ungrouped(grouped(number)) == number


@given(numbers, st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number, position, shift):
    wrong = str((int(number[position]) + shift) % 10)
    assert is_receipt_number(number)
    assert not is_receipt_number(number[:position] + wrong + number[position + 1 :])


@pytest.mark.parametrize("text", ["", "261123", "二六一一二三0000427", "²611230000427", "x" * 13])
def test_what_is_no_number_is_refused(text):
    assert not is_receipt_number(text)
