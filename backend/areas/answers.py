"""Answers to a category's questions: checked against the catalogue, and brought into one form."""

import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from backend.areas.catalogue import Category, Question, QuestionKind
from backend.kernel.errors import FieldError
from backend.kernel.text import clean

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _Refused(Exception):
    """An answer that cannot be taken, with the code of its sentence."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def validate_answers(
    category: Category, answers: Mapping[str, Any]
) -> tuple[list[FieldError], dict[str, Any]]:
    """Every mistake (fields as ``/answers/<code>``), and the answers that are right, as kept:
    a text on one line, a choice's code, a number, a day as YYYY-MM-DD, true or false.

    What was left empty (null, or a text of spaces) is not kept; where it is required, it is
    missing. Answers are kept in the order of the questions.
    """
    questions = {question.code: question for question in category.questions}
    errors = [
        FieldError(_pointer(code), "unknown_field") for code in answers if code not in questions
    ]
    kept: dict[str, Any] = {}
    for code, question in questions.items():
        try:
            value = _read(question, answers.get(code))
        except _Refused as refused:
            errors.append(FieldError(_pointer(code), refused.code, **refused.params))
            continue
        if value is not None:
            kept[code] = value
        elif question.required:
            errors.append(FieldError(_pointer(code), "required"))
    return errors, kept


def _pointer(code: str) -> str:
    return "/answers/" + code.replace("~", "~0").replace("/", "~1")


def _read(question: Question, value: Any) -> Any:
    """The answer as kept; None for an empty one."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    match question.kind:
        case QuestionKind.TEXT:
            return _text(question, value)
        case QuestionKind.NUMBER:
            return _number(question, value)
        case QuestionKind.DATE:
            return _day(value)
        case QuestionKind.CHOICE:
            if value not in [choice.code for choice in question.choices]:
                raise _Refused("not_a_choice")
        case QuestionKind.YES_NO:
            if not isinstance(value, bool):
                raise _Refused("not_a_boolean")
    return value


def _text(question: Question, value: Any) -> str | None:
    if not isinstance(value, str):
        raise _Refused("not_text")
    try:
        text = " ".join(clean(value).split())
    except ValueError:
        raise _Refused("invalid_text") from None
    if question.max_length is not None and len(text) > question.max_length:
        raise _Refused("too_long", max=question.max_length)
    return text or None


def _number(question: Question, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _Refused("not_a_number")
    if question.min is not None and value < question.min:
        raise _Refused("too_small", min=question.min)
    if question.max is not None and value > question.max:
        raise _Refused("too_large", max=question.max)
    return int(value) if value == int(value) else value


def _day(value: Any) -> str:
    try:
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            raise ValueError
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise _Refused("not_a_date") from None
