"""Text as people type it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.kernel.db import fetch_one
from backend.kernel.text import bigrams, clean, tsquery_text, tsvector_text

STORABLE = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"))


@pytest.mark.parametrize("hostile", ["a\x00b", "\ud800", "坏\udfff"])
def test_what_cannot_be_stored_is_refused(hostile: str) -> None:
    with pytest.raises(ValueError, match="NUL"):
        clean(hostile)


@given(STORABLE)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_what_nobody_means_to_type_is_dropped() -> None:
    assert clean("  路灯\r\n\u202e坏了\x07\ufeff ") == "路灯\n坏了"


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("路灯", True),
        ("灯不亮", True),
        ("灯", True),
        ("led", True),
        ("LED12", True),
        ("路灯 led", True),
        ("停水", False),
        ("路灯 停水", False),
        ("亮路", False),
    ],
)
def test_two_character_words_find_things(query: str, found: bool) -> None:
    row = fetch_one(
        "SELECT array_to_tsvector(string_to_array(%s, ' ')) @@ %s::tsquery",
        (tsvector_text("大街上路灯不亮,编号 LED12"), tsquery_text(query)),
    )
    assert row == (found,)


@pytest.mark.usefixtures("database")
@given(text=STORABLE)
def test_no_text_breaks_the_search(text: str) -> None:
    query = tsquery_text(text)
    assert bool(query) == bool(bigrams(text))
    if query:
        assert fetch_one("SELECT %s::tsquery IS NOT NULL", (query,)) == (True,)
    fetch_one("SELECT array_to_tsvector(string_to_array(%s, ' '))", (tsvector_text(text) or "x",))
