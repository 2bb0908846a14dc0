"""Answers to a category's questions."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.areas.answers import validate_answers
from backend.areas.catalogue import Category, Choice, Question, QuestionKind, Visibility
from backend.areas.county import County

TEXT = {"zh-CN": "问题", "en": "question"}
CATEGORY = Category(
    code="test",
    group="test",
    name=TEXT,
    hint=TEXT,
    keywords=(),
    questions=(
        Question("note", QuestionKind.TEXT, TEXT, required=False, max_length=10),
        Question(
            "fault",
            QuestionKind.CHOICE,
            TEXT,
            required=True,
            choices=(Choice("dark", TEXT), Choice("flickering", TEXT)),
        ),
        Question("count", QuestionKind.NUMBER, TEXT, required=False, min=1, max=500),
        Question("since", QuestionKind.DATE, TEXT, required=False),
        Question("hurt", QuestionKind.YES_NO, TEXT, required=True),
    ),
    deadline_profile="general",
    default_visibility=Visibility.PRIVATE,
)
GOOD = {"fault": "dark", "hurt": False}


def problems(**answers: Any) -> dict[str, str]:
    errors, _ = validate_answers(CATEGORY, GOOD | answers)
    return {error.field: error.code for error in errors}


def test_answers_are_kept_in_one_form_and_in_the_order_of_the_questions() -> None:
    errors, kept = validate_answers(
        CATEGORY,
        {"hurt": True, "count": 3.0, "since": "2026-11-20", "fault": "dark", "note": " 第三\n根 "},
    )
    assert errors == []
    assert list(kept.items()) == [
        ("note", "第三 根"),
        ("fault", "dark"),
        ("count", 3),
        ("since", "2026-11-20"),
        ("hurt", True),
    ]


@pytest.mark.parametrize("nothing", [None, "", "  \n "])
def test_an_empty_answer_is_none(nothing: Any) -> None:
    errors, kept = validate_answers(CATEGORY, GOOD | {"note": nothing, "count": nothing})
    assert (errors, kept) == ([], GOOD)
    assert problems(fault=nothing) == {"/answers/fault": "required"}


def test_all_that_is_missing_is_named_at_once() -> None:
    errors, _ = validate_answers(CATEGORY, {})
    assert [(error.field, error.code) for error in errors] == [
        ("/answers/fault", "required"),
        ("/answers/hurt", "required"),
    ]


@pytest.mark.parametrize(
    ("code", "value", "problem"),
    [
        ("note", 5, "not_text"),
        ("note", "字" * 11, "too_long"),
        ("note", "a\x00b", "invalid_text"),
        ("note", "\ud800", "invalid_text"),
        ("fault", "broken", "not_a_choice"),
        ("fault", ["dark"], "not_a_choice"),
        ("count", True, "not_a_number"),
        ("count", "3", "not_a_number"),
        ("count", float("nan"), "not_a_number"),
        ("count", float("inf"), "not_a_number"),
        ("count", 0, "too_small"),
        ("count", 501, "too_large"),
        ("since", "2026-02-30", "not_a_date"),
        ("since", "20261120", "not_a_date"),
        ("since", 20261120, "not_a_date"),
        ("hurt", "yes", "not_a_boolean"),
        ("hurt", 1, "not_a_boolean"),
        ("lamp_no", "12", "unknown_field"),
    ],
)
def test_a_wrong_answer_is_refused(code: str, value: Any, problem: str) -> None:
    assert problems(**{code: value}) == {f"/answers/{code}": problem}


def test_the_pointer_of_a_strange_code_is_escaped() -> None:
    assert problems(**{"a/b~c": 1}) == {"/answers/a~1b~0c": "unknown_field"}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*GOOD, "note", "count", "since"]) | st.text(), JSON_VALUES))
def test_whatever_is_sent_what_is_kept_is_right(answers: dict[str, Any]) -> None:
    errors, kept = validate_answers(CATEGORY, answers)
    wrong = {error.field for error in errors}
    assert not wrong & {f"/answers/{code}" for code in kept}
    again, same = validate_answers(CATEGORY, GOOD | kept)
    assert again == []
    assert same == GOOD | kept


def test_every_shipped_question_can_be_answered(shipped: County) -> None:
    for category in shipped.catalogue.categories.values():
        answers: dict[str, Any] = {}
        for question in category.questions:
            match question.kind:
                case QuestionKind.TEXT:
                    answers[question.code] = "字" * (question.max_length or 0)
                case QuestionKind.CHOICE:
                    answers[question.code] = question.choices[-1].code
                case QuestionKind.NUMBER:
                    answers[question.code] = question.max
                case QuestionKind.DATE:
                    answers[question.code] = "2026-11-20"
                case QuestionKind.YES_NO:
                    answers[question.code] = False
        assert validate_answers(category, answers) == ([], answers)
