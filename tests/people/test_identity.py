"""Telephone and identity numbers: examples from the standards, then properties."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.people.identity import id_check_character, parse_id_number, parse_phone

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13812345678", "13812345678"),
        (" 138 1234 5678 ", "13812345678"),
        ("138-1234-5678", "13812345678"),
        ("+86 138 1234 5678", "13812345678"),
        ("008613812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("0857-6223456", "0857-6223456"),
        ("(0857) 6223456", "0857-6223456"),
        ("+86 857 6223456", "0857-6223456"),
        ("010-62345678", "010-62345678"),
        ("+861062345678", "010-62345678"),
        ("0755 82345678", "0755-82345678"),
    ],
)
def test_what_people_type_becomes_one_form(typed: str, kept: str) -> None:
    assert parse_phone(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "12345678901",
        "1381234567",
        "138123456789",
        "6223456",
        "0857-1223456",
        "0857-622345",
        "010-6234567",
        "0157-6223456",
        "110",
        "+1 212 555 0123",
        "+8613812345678x",
        "abc",
        "138１234567\n8 or so",
    ],
)
def test_what_is_no_number_here_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        parse_phone(typed)


mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True).filter(str.isascii)
landlines = st.from_regex(
    r"(010|02[0-9])-[2-8][0-9]{7}|0[3-9][0-9]{2}-[2-8][0-9]{6,7}", fullmatch=True
).filter(str.isascii)


@given(mobiles | landlines)
def test_a_kept_number_is_read_back_as_itself(number: str) -> None:
    assert parse_phone(number) == number


@given(mobiles | landlines, st.data())
def test_separators_and_country_code_change_nothing(number: str, data: st.DataObject) -> None:
    spaced = "".join(digit + data.draw(st.sampled_from(["", " ", "-"])) for digit in number)
    prefix = data.draw(st.sampled_from(["", "+86", "0086 "]))
    assert parse_phone(prefix + spaced) == number


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        number = parse_phone(text)
    except ValueError:
        return
    assert parse_phone(number) == number


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_the_examples_of_the_standard(number: str) -> None:
    """GB 11643-1999, annex A; the second was born in 1880 and is read while that was possible."""
    assert parse_id_number(number, today=date(2000, 1, 1)) == number


@pytest.mark.parametrize(
    "typed",
    [
        "110105194912310021",  # wrong check character
        "11010519491331002X",  # month 13
        "130503670401001",  # fifteen digits, of 1989
        "1101051949123100２Y",
        "",
    ],
)
def test_what_is_no_identity_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        parse_id_number(typed, today=TODAY)


def _number(area: int, born_on: date, sequence: int) -> str:
    body = f"{area:06d}{born_on:%Y%m%d}{sequence:03d}"
    return body + id_check_character(body)


id_numbers = st.builds(
    _number,
    st.integers(110000, 659999),
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(1, 999),
)


@given(id_numbers)
def test_well_made_numbers_are_read_in_either_case(number: str) -> None:
    assert parse_id_number(f" {number.lower()} ", today=TODAY) == number


@given(id_numbers, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number: str, place: int, shift: int) -> None:
    wrong = str((int(number[place]) + shift) % 10)
    with pytest.raises(ValueError):
        parse_id_number(number[:place] + wrong + number[place + 1 :], today=TODAY)


@given(id_numbers, st.integers(0, 15))
def test_two_swapped_digits_are_always_noticed(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped == number:
        return
    with pytest.raises(ValueError):
        parse_id_number(swapped, today=TODAY)


@given(st.integers(1, 3650))
def test_nobody_is_born_tomorrow(days: int) -> None:
    with pytest.raises(ValueError):
        parse_id_number(_number(520526, TODAY + timedelta(days=days), 1), today=TODAY)


@given(st.text(max_size=30))
def test_any_text_is_an_identity_number_or_refused(text: str) -> None:
    try:
        number = parse_id_number(text, today=TODAY)
    except ValueError:
        return
    assert parse_id_number(number, today=TODAY) == number
