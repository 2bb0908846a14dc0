"""What is left to see of a number."""

import pytest
from hypothesis import given

from backend.people import masking
from tests.people.test_identity import id_numbers, landlines, mobiles


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        ("0857-6223456", "0857-***3456"),
        ("010-62345678", "010-****5678"),
    ],
)
def test_a_telephone_shows_its_ends(number: str, shown: str) -> None:
    assert masking.phone(number) == shown


@given(mobiles | landlines)
def test_at_least_three_digits_are_hidden_and_the_length_stays(number: str) -> None:
    shown = masking.phone(number)
    assert len(shown) == len(number)
    assert shown.count("*") >= 3
    assert shown[-4:] == number[-4:]


def test_an_identity_number_shows_no_birth_date() -> None:
    assert masking.id_number("11010519491231002X") == "1****************X"


@given(id_numbers)
def test_an_identity_number_keeps_its_length(number: str) -> None:
    assert len(masking.id_number(number)) == 18
