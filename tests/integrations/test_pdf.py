"""Printed pages: text can be read back, lines break where they may, rare letters print."""

from datetime import UTC, datetime

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.integrations.pdf import MISSING, Page, Type

MADE_AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
STYLE = Type(14)


@pytest.fixture(scope="module")
def page() -> Page:
    """To break lines with; nobody writes on it."""
    return new_page()


def new_page() -> Page:
    return Page(title="一张纸", language="zh-CN", made_at=MADE_AT)


def printed(text: str) -> str:
    page = new_page()
    page.paragraph(text, STYLE, 20, 20, 170, 5)
    (read,) = pypdfium2.PdfDocument(page.pdf())
    return read.get_textpage().get_text_range()


def test_names_with_rare_characters_are_printed() -> None:
    # From the names of people and villages: CJK, its extension A, and the standard list beyond.
    name = "赵㛃 王𫖮 龙䶮 垚犇骉淼焱 买买提·吐尔逊 Zoë"
    assert printed(name).replace(" ", "") == name.replace(" ", "")


def test_what_the_font_has_not_is_marked_and_said(page: Page) -> None:
    assert page.lines("李שלום", STYLE, 100, 1) == ["李" + MISSING * 4]
    assert page.lines("李👩🏽‍🦱", STYLE, 100, 1) == ["李" + MISSING * 2]
    assert page.lacking


def test_a_page_that_has_every_character_lacks_none() -> None:
    page = new_page()
    page.lines("李秀英", STYLE, 100, 1)
    assert not page.lacking


def test_chinese_breaks_anywhere_but_before_its_punctuation(page: Page) -> None:
    width = page.width("村口到小学", STYLE)
    assert page.lines("村口到小学，路灯不亮", STYLE, width, 9) == ["村口到小", "学，路灯不", "亮"]
    assert page.lines("村口到小（路灯）", STYLE, width, 9) == ["村口到小", "（路灯）"]


def test_latin_words_stay_whole_while_they_can(page: Page) -> None:
    width = page.width("street lamp", STYLE)
    assert page.lines("a street lamp is dark", STYLE, width, 9) == ["a street", "lamp is", "dark"]
    assert "".join(page.lines("x" * 90, STYLE, width, 99)) == "x" * 90


def test_too_much_text_ends_with_an_ellipsis(page: Page) -> None:
    width = page.width("村口到小学", STYLE)
    assert page.lines("村口到小学路灯不亮了", STYLE, width, 1) == ["村口到小…"]


@given(st.text(max_size=300), st.floats(min_value=20, max_value=170), st.integers(1, 6))
def test_no_line_is_wider_than_its_room(page: Page, text: str, width: float, most: int) -> None:
    lines = page.lines(text, STYLE, width, most)
    assert len(lines) <= most
    assert all(page.width(line, STYLE) <= width + 0.01 for line in lines)


def test_the_same_page_is_the_same_file() -> None:
    def made() -> bytes:
        page = new_page()
        page.paragraph("受理编号", Type(14, bold=True), 20, 20, 170)
        page.qr("https://example.com/", 20, 40, 40)
        return page.pdf()

    assert made() == made()
