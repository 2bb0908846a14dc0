"""From a kind and its parameters to sentences, in the language of whoever reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.kernel.clock import LOCAL
from backend.kernel.messages import LANGUAGES, text
from backend.notices.rules import CATEGORY, TO_STAFF, UNIT, in_language
from backend.notices.templates import Field, Template


@dataclass(frozen=True, slots=True)
class Wording:
    """What a notice says in the app."""

    title: str
    body: str


def in_app(kind: str, params: Mapping[str, Any], language: str) -> Wording:
    """The notice as the inbox shows it."""
    words = in_language(params, language)
    return Wording(
        title=_title(kind, language),
        body=text(f"notices.kinds.{kind}.body", language, **words),
    )


def discreet_params(kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters without what betrays the matter to whoever sees the telephone lie there.

    That is what it is about, and also the unit: some units deal with one thing only.
    """
    reader = "staff" if kind in TO_STAFF else "resident"
    neutral = {CATEGORY: f"notices.neutral.{reader}", UNIT: "notices.neutral.unit"}
    return {
        name: {each: text(neutral[name], each) for each in LANGUAGES} if name in neutral else value
        for name, value in params.items()
    }


def local_time(at: datetime) -> str:
    """A moment as WeChat's `time` and `date` fields want it: 2026年11月23日 15:01, Beijing time."""
    local = at.astimezone(LOCAL)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def when(at: datetime) -> dict[str, str]:
    """A moment in words, Beijing time, in every language: a parameter of notices."""
    return {language: _when(at.astimezone(LOCAL), language) for language in LANGUAGES}


def next_times(moments: Sequence[datetime]) -> dict[str, str]:
    """Several of them in a row, or that there are none."""
    return {
        language: text("notices.between_times", language).join(
            _when(at.astimezone(LOCAL), language) for at in moments
        )
        or text("notices.no_times", language)
        for language in LANGUAGES
    }


def _when(local: datetime, language: str) -> str:
    return text(
        "notices.when",
        language,
        month=local.month,
        day=local.day,
        weekday=text(f"notices.weekdays.{local.isoweekday()}", language),
        clock=f"{local:%H:%M}",
    )


def template_values(
    template: Template, kind: str, params: Mapping[str, Any], at: datetime, language: str
) -> list[tuple[Field, str]]:
    """Each field of the template with its text, not yet cut to what the field's type allows.

    A `phrase` may hold Chinese characters only, so it is Chinese in every language.
    """
    words = {each: _words(kind, params, at, each) for each in (language, LANGUAGES[0])}
    return [
        (field, field.value.format_map(words[LANGUAGES[0] if field.type == "phrase" else language]))
        for field in template.fields
    ]


def page(template: Template, subject_id: UUID | None) -> str:
    """Where a tap on the message leads."""
    return template.page.format_map({"subject_id": subject_id or ""})


def _words(kind: str, params: Mapping[str, Any], at: datetime, language: str) -> dict[str, str]:
    return in_language(params, language) | {
        "title": _title(kind, language),
        "phrase": text(f"notices.kinds.{kind}.phrase", language),
        "happened_at": local_time(at),
    }


def _title(kind: str, language: str) -> str:
    """What happened, never to whom or about what: titles go out by WeChat as they are."""
    return text(f"notices.kinds.{kind}.title", language)
