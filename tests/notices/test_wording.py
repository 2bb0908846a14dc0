"""Every notice says something whole, in every language."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from backend.kernel.messages import LANGUAGES, catalogue, text
from backend.kernel.settings import ROOT
from backend.notices import templates, wording
from backend.notices.rules import KINDS, TO_STAFF, in_language, kept_params
from backend.sandbox.rules import value_type

AT = datetime(2026, 11, 23, 7, 1, tzinfo=UTC)

PARAMS: dict[str, Any] = {
    "number": "2611230000427",
    "category": {"zh-CN": "路灯不亮", "en": "Street lamp"},
    "unit_name": "海边街道综合行政执法队",
    "area_name": "大洼塘社区",
    "activity": "清扫村道",
    "when": wording.when(datetime(2026, 11, 24, 1, 0, tzinfo=UTC)),
    "until": wording.when(datetime(2026, 11, 23, 9, 0, tzinfo=UTC)),
    "starts": wording.local_time(AT),
    "next_times": wording.next_times([datetime(2026, 11, 26, 6, 30, tzinfo=UTC)]),
}
SUBJECT = UUID("01890000-0000-7000-8000-000000000001")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_reads_whole_in_the_app(kind: str, language: str) -> None:
    words = wording.in_app(kind, kept_params(kind, PARAMS), language)
    for sentence in (words.title, words.body):
        assert sentence and not re.search(r"[{}]|None", sentence)
    for name in {"number", "category"} & KINDS[kind]:
        assert in_language(PARAMS, language)[name] in words.body
    has_chinese = re.search("[\u4e00-\u9fff]", words.title) is not None
    assert has_chinese == (language == "zh-CN")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_titles_and_phrases_fit_the_fields_they_go_into(kind: str, language: str) -> None:
    words = wording.in_app(kind, kept_params(kind, PARAMS), language)
    assert len(words.title) <= 20
    assert re.fullmatch("[\u4e00-\u9fff]{1,5}", catalogue("zh-CN")[f"notices.kinds.{kind}.phrase"])


def test_both_languages_have_the_same_sentences() -> None:
    chinese, english = (
        {key for key in catalogue(language) if key.startswith("notices.")} for language in LANGUAGES
    )
    assert chinese == english
    kinds = {key.split(".")[2] for key in chinese if key.startswith("notices.kinds.")}
    assert kinds == set(KINDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_template_is_filled_for_each_of_its_notices(language: str) -> None:
    for template in templates.read(ROOT / "config").by_key.values():
        for kind in template.notices:
            filled = wording.template_values(
                template, kind, kept_params(kind, PARAMS), AT, language
            )
            assert len(filled) == len(template.fields)
            for field, value in filled:
                assert value and not re.search(r"[{}]|None", value)
                assert value_type(field.key) == field.type
                if field.type == "phrase":
                    assert re.fullmatch("[\u4e00-\u9fff]+", value)
                if field.type == "time":
                    assert value == "2026年11月23日 15:01"


@pytest.mark.parametrize("language", LANGUAGES)
def test_discreet_messages_name_neither_the_matter_nor_the_unit(language: str) -> None:
    """李秀英's telephone lies on the table: nobody learns that she asked the women's federation."""
    words = {"zh-CN": ("家庭暴力求助", "县妇联"), "en": ("Domestic violence", "Women's Federation")}
    category, unit = ({each: words[each][n] for each in LANGUAGES} for n in (0, 1))
    params = PARAMS | {"category": category, "unit_name": unit}
    for template in templates.read(ROOT / "config").by_key.values():
        for kind in template.notices:
            kept = wording.discreet_params(kind, kept_params(kind, params))
            values = [
                value for _, value in wording.template_values(template, kind, kept, AT, language)
            ]
            assert all(values) and all(len(value) <= 20 for value in values)
            assert not [w for w in sum(words.values(), ()) if w in " ".join(values)]
            neutral = "staff" if kind in TO_STAFF else "resident"
            if any("{category}" in field.value for field in template.fields):
                assert text(f"notices.neutral.{neutral}", language) in values


def test_titles_and_phrases_say_the_same_of_every_request() -> None:
    """They go out by WeChat for discreet requests too, so nothing is filled in."""
    for language in LANGUAGES:
        for kind in KINDS:
            for part in ("title", "phrase"):
                assert "{" not in catalogue(language)[f"notices.kinds.{kind}.{part}"]


def test_the_page_leads_to_the_subject() -> None:
    template = templates.read(ROOT / "config").by_key["request_reply"]
    assert wording.page(template, SUBJECT) == f"pages/request/request?id={SUBJECT}"
    assert wording.page(template, None) == "pages/request/request?id="


def test_only_what_the_sentences_need_is_kept() -> None:
    kept = kept_params("request_submitted", PARAMS | {"text": "我家住在……"})
    assert kept == {"number": PARAMS["number"], "category": PARAMS["category"]}


@pytest.mark.parametrize(
    ("kind", "params"),
    [("request_lost", PARAMS), ("request_replied", {"number": "1"}), ("request_submitted", {})],
)
def test_a_notice_that_could_not_be_worded_is_refused(kind: str, params: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="request_"):
        kept_params(kind, params)


@pytest.mark.parametrize("category", [{"zh-CN": "路灯"}, {"zh-CN": "路灯", "en": None}])
def test_a_parameter_without_the_readers_language_is_chinese(category: dict[str, Any]) -> None:
    assert in_language({"category": category, "n": 7}, "en") == {"category": "路灯", "n": "7"}
