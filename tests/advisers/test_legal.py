"""The topics: the file that ships, what the law says, and every mistake a county can make in it."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.advisers import legal
from backend.advisers.rules.limitation import Period, Since, last_day
from backend.advisers.schemas.register import LegalTopics
from backend.areas import county
from backend.kernel.config_files import InvalidConfig
from backend.kernel.json import loads
from backend.kernel.messages import LANGUAGES
from backend.kernel.settings import ROOT

CONFIG = ROOT / "config"

LAST_DAYS = {
    # 民法典 188, 201, 202
    "loan": (date(2023, 11, 24), date(2026, 11, 24)),
    "traffic": (date(2024, 2, 29), date(2027, 2, 28)),
    "livestock": (date(2026, 1, 31), date(2029, 1, 31)),
    # 农村土地承包经营纠纷调解仲裁法 18
    "land_contract": (date(2026, 5, 1), date(2028, 5, 1)),
    # 劳动争议调解仲裁法 27; 工伤保险条例 17
    "wages": (date(2025, 12, 31), date(2026, 12, 31)),
    "work_injury": (date(2026, 3, 1), date(2027, 3, 1)),
    # 产品质量法 45; 农村集体经济组织法 57
    "product_harm": (date(2026, 3, 15), date(2028, 3, 15)),
    "collective": (date(2026, 3, 15), date(2027, 3, 15)),
    # 行政复议法 20; 土地管理法 14
    "government_decision": (date(2026, 11, 24), date(2027, 1, 23)),
    "land_right": (date(2026, 11, 24), date(2026, 12, 24)),
    # 民法典 196, or no one rule
    "support": (date(2000, 1, 1), None),
    "boundary": (date(2000, 1, 1), None),
    "divorce": (date(2026, 1, 1), None),
}


@pytest.mark.parametrize("topic", LAST_DAYS)
def test_one_can_go_to_law_until_the_day_the_law_says(topic: str) -> None:
    since_on, until = LAST_DAYS[topic]
    assert legal.limitation_until(topic, since_on) == until


def test_what_no_calendar_has_is_no_day() -> None:
    assert legal.limitation_until("loan", date.max) is None
    assert legal.limitation_until("government_decision", date.max) is None
    assert legal.limitation_until("no_such_topic", date(2026, 1, 1)) is None


@given(
    st.dates(max_value=date(9000, 1, 1)),
    st.integers(1, 30),
    st.sampled_from(["years", "months", "days"]),
)
def test_a_longer_period_never_ends_earlier(since_on: date, count: int, unit: str) -> None:
    shorter, longer = (
        last_day(Period(Since.KNOWN, **{unit: length}), since_on) for length in (count, count + 1)
    )
    assert since_on < shorter < longer


def test_every_topic_says_enough() -> None:
    categories = county.current().catalogue.categories
    for language in LANGUAGES:
        items = loads(legal.public_json(language))["items"]
        assert not LegalTopics().validate({"items": items})
        assert len(items) >= 15
        for item in items:
            assert set(item["categories"]) <= set(categories)
            if item["limitation"] is not None:
                assert all(item["limitation"].values()), item["code"]
    shown = {code for item in items for code in item["categories"]}
    disputes = {code for code, c in categories.items() if c.group == "disputes"}
    assert disputes <= shown, "whoever has a quarrel finds cases beside it"


def test_a_period_is_told_in_words() -> None:
    def said(code: str, language: str) -> str:
        items = loads(legal.public_json(language))["items"]
        return next(item for item in items if item["code"] == code)["limitation"]["text"]

    assert said("loan", "zh-CN") == (
        "3 年内提出，从约定该还、该给的那天算起；从事情发生算起，最长不超过 20 年"
    )
    assert said("work_injury", "en") == "Within 1 year of what happened"
    assert said("support", "zh-CN") == "法律没有限定时间，随时可以提"


MISTAKES = {
    "no languages": ("\nlanguages:", "\ntongues:", "'languages' is missing"),
    "a language without a name": ("name: {zh-CN: 彝语, en: Yi}", "name: {zh-CN: 彝语}", "no en"),
    "a language twice": ("{code: miao,", "{code: yi,", "stands on line"),
    "no YAML": ("topics:", "topics: ]", "not YAML"),
    "an unknown category": ("[traffic_compensation]", "[traffic]", "no category 'traffic'"),
    "a category that is no text": ("[traffic_compensation]", "[{}]", "no category"),
    "a topic twice": ("code: wages", "code: loan", "already"),
    "a code with a capital": ("code: wages", "code: Wages", "is no code"),
    "two lengths": ("days: 30", "days: 30\n      years: 3", "give one of"),
    "no length": ("      days: 30\n", "", "give one of"),
    "a length that is none": ("days: 30", "days: soon", "whole number"),
    "no beginning": ("      from: ended\n", "", "'from' is missing"),
    "an unknown beginning": ("from: ended", "from: yesterday", "none of known"),
    "no article": ("article: {zh-CN: 《产品质量法》", "art: {zh-CN: 《产品质量法》",
                   "'article' is missing"),
    "no source": ("source: 工伤", "from_where: 工伤", "'source' is missing"),
    "no English": ("{zh-CN: 工伤, en: Work injury}", "{zh-CN: 工伤}", "has no en"),
    "no limitation said": ("    limitation: null\n\n  - code: inher", "\n  - code: inher",
                           "'limitation' is missing"),
    "neither yes nor no": ("      unlimited: true", "      unlimited: perhaps", "true or false"),
}  # fmt: skip


@pytest.fixture
def spoilt(tmp_path: Path) -> Callable[[str, str], Path]:
    """The county's folder with one thing changed in the file."""
    folder = tmp_path / "config"
    shutil.copytree(CONFIG, folder)

    def spoil(old: str, new: str) -> Path:
        path = folder / legal.FILE_NAME
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return spoil


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_line(mistake: str, spoilt: Callable[[str, str], Path]) -> None:
    old, new, message = MISTAKES[mistake]
    folder = spoilt(old, new)
    errors = legal.check(folder)
    assert [error for error in errors if message in error.message], errors
    assert all(error.line > 0 and error.path.name == legal.FILE_NAME for error in errors)
    with pytest.raises(InvalidConfig):
        legal.configure(folder)
    assert legal.topic("loan"), "what was in force stays"


def test_without_the_file_nothing_starts(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    shutil.copytree(CONFIG, folder)
    (folder / legal.FILE_NAME).unlink()
    (error,) = legal.check(folder)
    assert "cannot be read" in error.message


def test_what_ships_has_no_mistake() -> None:
    assert legal.check(CONFIG) == []
