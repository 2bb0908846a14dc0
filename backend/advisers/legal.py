"""What people ask lawyers about, and in which languages: `config/legal.yaml`, read and checked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from backend.advisers.rules.limitation import Period, Since, last_day
from backend.areas import county
from backend.areas.reader import Reader, Texts
from backend.kernel.config_files import ConfigError, InvalidConfig, Node, load
from backend.kernel.json import dumps
from backend.kernel.messages import text

FILE_NAME = "legal.yaml"

_LENGTHS = {"years": 20, "months": 240, "days": 3650}
"""The units a period can be given in, with the most of each."""


@dataclass(frozen=True, slots=True)
class Limitation:
    """Until when one can go to law. Without a ``period`` at any time, which an article says, too.

    ``source`` is where the rule was looked up; it is for whoever keeps the file.
    """

    period: Period | None
    article: Texts
    note: Texts
    source: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of matter. ``categories`` are those of requests with which its cases are shown."""

    code: str
    name: Texts
    description: Texts
    categories: tuple[str, ...]
    limitation: Limitation | None


@dataclass(frozen=True, slots=True)
class Legal:
    """The file: topics, and the names of languages, both by code."""

    topics: Mapping[str, Topic]
    languages: Mapping[str, Texts]


def topic(code: str) -> Topic | None:
    """One kind of matter; None if the file does not have it (any more)."""
    return _current().topics.get(code)


def limitation_until(topic_code: str, since_on: date) -> date | None:
    """The last day on which one can go to law over what began then; None where nothing says."""
    found = topic(topic_code)
    if found is None or found.limitation is None or found.limitation.period is None:
        return None
    try:
        return last_day(found.limitation.period, since_on)
    except (OverflowError, ValueError):
        return None


def topic_name(code: str, language: str) -> str:
    """What a kind of matter is called; its code if the file does not have it any more."""
    found = topic(code)
    return code if found is None else found.name[language]


def language_name(code: str, language: str) -> str:
    """What a language is called in another; its code if the file does not have it any more."""
    found = _current().languages.get(code)
    return code if found is None else found[language]


def language_codes() -> dict[str, str]:
    """The code of every language, by itself and by every name that the file has for it."""
    languages = _current().languages
    return {word: code for code, names in languages.items() for word in (code, *names.values())}


def public_json(language: str) -> bytes:
    """``LegalTopics`` in one language."""
    return dumps({"items": [_view(topic, language) for topic in _current().topics.values()]})


def _view(topic: Topic, language: str) -> dict[str, Any]:
    limitation = topic.limitation
    return {
        "code": topic.code,
        "name": topic.name[language],
        "description": topic.description[language],
        "categories": topic.categories,
        "limitation": limitation
        and {
            "text": _said(limitation.period, language),
            "article": limitation.article[language],
            "note": limitation.note[language],
        },
    }


def _said(period: Period | None, language: str) -> str:
    """The rule in words."""
    if period is None:
        return text("advisers.limitation.none", language)
    unit = next(name for name in _LENGTHS if getattr(period, name) is not None)
    count = getattr(period, unit)
    key = unit if count > 1 else unit.removesuffix("s")
    length = text(f"advisers.limitation.{key}", language, count=count)
    said = text(f"advisers.limitation.since_{period.since}", language, length=length)
    if period.longest_years is None:
        return said
    return said + text("advisers.limitation.longest", language, count=period.longest_years)


_in_force: Legal | None = None


def configure(config_dir: Path) -> None:
    """Take the file into force, after the county's. Raises InvalidConfig naming every mistake."""
    global _in_force
    legal, errors = _read(config_dir, county.current().catalogue.categories)
    if errors:
        raise InvalidConfig(errors)
    _in_force = legal


def _current() -> Legal:
    if _in_force is None:
        raise RuntimeError("the topics of legal.yaml were not configured")
    return _in_force


def check(config_dir: Path) -> list[ConfigError]:
    """Every mistake in the file; none means it can be used."""
    return _read(config_dir, county.read(config_dir)[0].catalogue.categories)[1]


def topic_codes(config_dir: Path) -> Collection[str]:
    """Those that a county's file has, whether it is in force or not; none if it cannot be read."""
    return _read(config_dir, county.read(config_dir)[0].catalogue.categories)[0].topics


def _read(config_dir: Path, categories: Collection[str]) -> tuple[Legal, list[ConfigError]]:
    root, errors = load(config_dir / FILE_NAME)
    if errors:
        return Legal({}, {}), errors
    reader = Reader()
    reader.members(root, ("topics", "languages"))
    nodes = reader.list_of(root, "topics")
    reader.distinct(nodes)
    topics = [_topic(reader, node, categories) for node in nodes]
    legal = Legal({topic.code: topic for topic in topics}, _languages(reader, root))
    return legal, sorted(set(reader.errors))


def _languages(reader: Reader, root: Node) -> dict[str, Texts]:
    nodes = reader.list_of(root, "languages")
    reader.distinct(nodes)
    found: dict[str, Texts] = {}
    for node in nodes:
        reader.members(node, ("code", "name"))
        found[reader.code(node)] = reader.texts(node, "name", 20)
    return found


def _topic(reader: Reader, node: Node, categories: Collection[str]) -> Topic:
    reader.members(node, ("code", "name", "description", "categories", "limitation"))
    for item in reader.list_of(node, "categories"):
        if str(item.value) not in categories:
            reader.wrong(item, f"there is no category '{item.plain()}'")
    limitation = node.get("limitation")
    return Topic(
        code=reader.code(node),
        name=reader.texts(node, "name", 40),
        description=reader.texts(node, "description"),
        categories=reader.words(node, "categories"),
        limitation=None
        if limitation is None or limitation.value is None
        else _limitation(reader, limitation),
    )


def _limitation(reader: Reader, node: Node) -> Limitation:
    reader.members(
        node, ("article", "note", "source"), (*_LENGTHS, "from", "longest_years", "unlimited")
    )
    return Limitation(
        period=None if reader.yes_no(node, "unlimited", False) else _period(reader, node),
        article=reader.texts(node, "article"),
        note=reader.texts(node, "note", 300),
        source=reader.text(node, "source", 300),
    )


def _period(reader: Reader, node: Node) -> Period | None:
    given = [unit for unit in _LENGTHS if node.get(unit) is not None]
    if len(given) != 1:
        reader.wrong(node, f"give one of {', '.join(_LENGTHS)}, or unlimited: true")
        return None
    if node.get("from") is None:
        reader.wrong(node, "'from' is missing: the day from which the period counts")
    (unit,) = given
    return Period(
        Since(reader.choice(node, "from", list(Since), Since.KNOWN)),
        longest_years=reader.number(node, "longest_years", 1, 50),
        **{unit: reader.number(node, unit, 1, _LENGTHS[unit], 1)},
    )
