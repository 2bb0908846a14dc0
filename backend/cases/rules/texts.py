"""What a case tells, in one language."""

from dataclasses import asdict, dataclass
from typing import Any

SUMMARY_LENGTH = 80
"""Characters of a summary that is made from the story: what a card of a list holds."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a law in force, and what of it matters here."""

    law: str
    article: str
    text: str


@dataclass(frozen=True, slots=True)
class Texts:
    """What happened, what was asked, what the law says, and what to do."""

    title: str
    summary: str
    story: str
    question: str
    answer: str
    steps: tuple[str, ...]
    articles: tuple[Article, ...]

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)

    def fields(self) -> dict[str, str]:
        """Each text by a JSON pointer to it, as in ``/steps/0``; articles whole."""
        return {
            **{
                f"/{name}": getattr(self, name) for name in ("title", "story", "question", "answer")
            },
            **{f"/steps/{i}": step for i, step in enumerate(self.steps)},
            **{
                f"/articles/{i}": f"{each.law} {each.article} {each.text}"
                for i, each in enumerate(self.articles)
            },
        }

    def missing(self) -> list[str]:
        """Pointers to what a reader needs and is not there."""
        needed = ("title", "story", "question", "answer", "steps", "articles")
        return [f"/{name}" for name in needed if not getattr(self, name)]


def summary_of(story: str) -> str:
    """The beginning of the story, up to the end of a sentence where there is one."""
    line = " ".join(story.split())
    if len(line) <= SUMMARY_LENGTH:
        return line
    cut = line[:SUMMARY_LENGTH]
    end = max(cut.rfind(mark) for mark in "。！？")
    return cut[: end + 1] if end > 0 else f"{cut[:-1]}…"


def from_plain(value: dict[str, Any]) -> Texts:
    """The texts again."""
    return Texts(
        **{
            **value,
            "steps": tuple(value["steps"]),
            "articles": tuple(Article(**each) for each in value["articles"]),
        }
    )
