"""The catalogue that ships: complete in both languages, and what clients get of it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from backend.areas.county import County
from backend.areas.deadlines import Purpose
from backend.kernel.errors import NotFound
from backend.kernel.messages import LANGUAGES

HAN = re.compile(r"[\u4e00-\u9fff]")


def texts(value: Any) -> Iterator[dict[str, str]]:
    """Every text of the catalogue that people read."""
    catalogue = value.catalogue
    for group in catalogue.groups:
        yield group.name
    for emergency in catalogue.emergencies.values():
        yield emergency.label
    for category in catalogue.categories.values():
        yield category.name
        yield category.hint
        for question in category.questions:
            yield question.label
            yield from (choice.label for choice in question.choices)
    for profile in value.profiles.values():
        yield profile.text
        yield profile.source
    for unit in (*value.units.listed, *value.units.templates):
        yield unit.name


def test_every_text_is_chinese_in_chinese_and_english_in_english(shipped: County) -> None:
    for text in texts(shipped):
        assert set(text) == set(LANGUAGES)
        assert HAN.search(text["zh-CN"]), text
        assert text["en"] and not HAN.search(text["en"]), text


def test_chinese_is_written_with_chinese_punctuation(shipped: County) -> None:
    for text in texts(shipped):
        assert not re.search(r"[\u4e00-\u9fff][,;:?!]|[,;:?!()][\u4e00-\u9fff]", text["zh-CN"]), (
            text
        )


def test_there_is_enough_for_a_county_and_no_shelf_is_overfull(shipped: County) -> None:
    catalogue = shipped.catalogue
    assert len(catalogue.categories) >= 48
    assert 8 <= len(catalogue.groups) <= 12
    for group in catalogue.groups:
        on_it = [c for c in catalogue.categories.values() if c.group == group.code]
        assert 5 <= len(on_it) <= 12, group.code
    for category in catalogue.categories.values():
        assert len(category.name["zh-CN"]) <= 16, category.code
        assert len(category.hint["zh-CN"]) <= 40, category.code
        assert len(category.keywords) >= 6, category.code
        assert shipped.profiles[category.deadline_profile].purpose is Purpose.REQUEST


def test_names_of_categories_differ(shipped: County) -> None:
    for language in LANGUAGES:
        names = [category.name[language] for category in shipped.catalogue.categories.values()]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("路灯不亮", "street_lamp"),
        ("停水", "water_outage"),
        ("低保", "subsistence_allowance"),
        ("凝冻", "ice_snow"),
        ("欠薪", "unpaid_wages"),
        ("洋芋", "crop_disease"),
        ("踢皮球", "passed_around"),
    ],
)
def test_what_an_old_villager_would_type_is_a_keyword(
    shipped: County, typed: str, code: str
) -> None:
    assert typed in shipped.catalogue.category(code).keywords


def test_private_matters_are_private_unless_the_resident_says_otherwise(shipped: County) -> None:
    for category in shipped.catalogue.categories.values():
        if category.group in {"benefits", "disputes"}:
            assert category.default_visibility == "private", category.code
    for code in ("cadre_conduct", "benefit_money_misuse"):
        assert shipped.catalogue.category(code).default_visibility == "anonymous"


def test_what_a_village_decides_about_itself_is_a_complaint_and_never_public(
    shipped: County,
) -> None:
    complaints = {c.code for c in shipped.catalogue.categories.values() if c.complaint}
    assert complaints == {
        "village_disclosure",
        "collective_assets",
        "cadre_conduct",
        "benefit_money_misuse",
    }
    for code in complaints:
        assert shipped.catalogue.category(code).default_visibility != "public", code


def test_nobody_is_asked_for_an_identity_or_account_number_of_a_bank(shipped: County) -> None:
    for category in shipped.catalogue.categories.values():
        for question in category.questions:
            assert not re.search("身份证号|银行|卡号", question.label["zh-CN"]), category.code


def test_words_of_danger_are_found_in_any_category_and_case(shipped: County) -> None:
    catalogue = shipped.catalogue
    assert catalogue.danger_words("房子着火了，有人被困") == ("着火", "被困")
    assert catalogue.danger_words("The house is ON FIRE") == ("on fire",)
    assert catalogue.danger_words("路灯不亮") == ()
    leak = catalogue.category("gas_leak")
    assert catalogue.danger_words("闻着头晕") == ()
    assert catalogue.danger_words("闻着头晕", leak) == ("头晕",)


def test_an_unknown_category_is_not_found(shipped: County) -> None:
    with pytest.raises(NotFound):
        shipped.catalogue.category("no_such_category")


@pytest.mark.parametrize("language", LANGUAGES)
def test_clients_get_everything_in_their_language(shipped: County, language: str) -> None:
    body = json.loads(shipped.catalogue.public_json(language))
    assert body["version"] == shipped.catalogue.version
    assert body["groups"][0]["code"] == "roads"
    lamp = body["categories"][0]
    assert lamp["code"] == "street_lamp"
    assert lamp["name"] == {"zh-CN": "路灯不亮", "en": "Street light not working"}[language]
    assert lamp["deadline"]["profile"] == "utilities"
    assert lamp["emergency"] == []
    fault, count, _ = lamp["questions"]
    assert (fault["kind"], fault["required"]) == ("choice", True)
    assert fault["choices"][0]["code"] == "dark"
    assert (count["min"], count["max"]) == (1, 500)
    numbers = {emergency["number"] for emergency in body["emergencies"]}
    assert numbers == {"110", "119", "120", "122"}
    for category in body["categories"]:
        assert {emergency["number"] for emergency in category["emergency"]} <= numbers
        assert bool(category["danger"]) == bool(category["emergency"])
        assert category["complaint"] is shipped.catalogue.category(category["code"]).complaint
