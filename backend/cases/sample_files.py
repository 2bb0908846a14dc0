"""The sample cases a county ships (config/cases/*.yaml), read with the line of every mistake."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from backend.areas.reader import Reader
from backend.cases.rules import Article, Texts
from backend.kernel import config_files
from backend.kernel.config_files import ConfigError, InvalidConfig, Node
from backend.kernel.messages import LANGUAGES

TITLE, SUMMARY, PART, STEP, QUOTE = 60, 120, 2000, 300, 500
"""The longest each may be, in characters of Chinese; English needs more of them."""
_ENGLISH = {"zh-CN": 1, "en": 5}


@dataclass(frozen=True, slots=True)
class Sample:
    """One case in every language; ``code`` is the name of its file, and never changes."""

    code: str
    topic: str
    categories: tuple[str, ...]
    texts: dict[str, Texts]


def read_samples(
    folder: Path, is_topic: Callable[[str], bool], categories: Collection[str]
) -> list[Sample]:
    """Every case of the folder, by the names of the files.

    Raises InvalidConfig with every mistake: all or none of them are used.
    """
    reader = Reader()
    errors: list[ConfigError] = []
    found = []
    for path in sorted(folder.glob("*.yaml")):
        node, unreadable = config_files.load(path)
        errors += unreadable
        if not unreadable:
            found.append(_sample(path.stem, node, reader, is_topic, categories))
    errors += reader.errors
    if errors:
        raise InvalidConfig(sorted(set(errors)))
    return found


def _sample(
    code: str,
    node: Node,
    reader: Reader,
    is_topic: Callable[[str], bool],
    categories: Collection[str],
) -> Sample:
    parts = ("title", "summary", "story", "question", "answer")
    reader.members(node, ("topic", "categories", *parts, "steps", "articles"))
    topic = reader.code(node, "topic")
    if topic and not is_topic(topic):
        reader.wrong(node, f"there is no topic '{topic}'")
    shelves = reader.list_of(node, "categories")
    for shelf in shelves:
        if shelf.value not in categories:
            reader.wrong(shelf, f"there is no category '{shelf.value}'")
    told = {part: _texts(node, part, reader, _LONGEST.get(part, PART)) for part in parts}
    steps = _steps(node, reader)
    articles = [_article(article, reader) for article in reader.list_of(node, "articles")]
    if not articles:
        reader.wrong(node, "a case cites at least one article")
    return Sample(
        code,
        topic,
        tuple(str(shelf.value) for shelf in shelves),
        {
            language: Texts(
                **{part: told[part][language] for part in parts},
                steps=steps[language],
                articles=tuple(article[language] for article in articles),
            )
            for language in LANGUAGES
        },
    )


_LONGEST = {"title": TITLE, "summary": SUMMARY}


def _texts(node: Node, key: str, reader: Reader, longest: int) -> dict[str, str]:
    found = reader.texts(node, key, longest * max(_ENGLISH.values()))
    for language, text in found.items():
        if len(text) > longest * _ENGLISH[language]:
            reader.wrong(node, f"'{key}' has {len(text)} characters in {language}")
    return found


def _steps(node: Node, reader: Reader) -> dict[str, tuple[str, ...]]:
    member = node.get("steps") or node
    found = {}
    for language in LANGUAGES:
        steps = reader.list_of(member, language)
        longest = STEP * _ENGLISH[language]
        found[language] = tuple(reader.as_text(step, "steps", longest) for step in steps)
    if len({len(steps) for steps in found.values()}) > 1 or not all(found.values()):
        reader.wrong(member, "as many steps are wanted in each language, and at least one")
    return found


def _article(node: Node, reader: Reader) -> dict[str, Article]:
    reader.members(node, ("law", "article", "text"))
    told = {
        part: _texts(node, part, reader, QUOTE if part == "text" else TITLE)
        for part in ("law", "article", "text")
    }
    return {
        language: Article(**{part: told[part][language] for part in told}) for language in LANGUAGES
    }
