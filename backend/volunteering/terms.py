"""Kinds of activities, and skills: `config/volunteering.yaml`, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backend.areas.reader import Reader, Texts
from backend.kernel.config_files import ConfigError, InvalidConfig, Node, load
from backend.kernel.json import dumps

FILE_NAME = "volunteering.yaml"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of activity. A ``risky`` one insures its volunteers; a ``patrol`` has a beat."""

    code: str
    name: Texts
    risky: bool
    patrol: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """The file: kinds, and the names of skills, both by code."""

    kinds: Mapping[str, Kind]
    skills: Mapping[str, Texts]


def kind(code: str) -> Kind | None:
    """One kind of activity; None if the file does not have it (any more)."""
    return _current().kinds.get(code)


def kind_name(code: str, language: str) -> str:
    """What a kind is called; its code if the file does not have it any more."""
    found = kind(code)
    return code if found is None else found.name[language]


def is_skill(code: str) -> bool:
    """Whether the file has the skill."""
    return code in _current().skills


def public_json(language: str) -> bytes:
    """``VolunteeringTerms`` in one language."""
    terms = _current()
    return dumps(
        {
            "kinds": [
                {
                    "code": kind.code,
                    "name": kind.name[language],
                    "risky": kind.risky,
                    "patrol": kind.patrol,
                }
                for kind in terms.kinds.values()
            ],
            "skills": [
                {"code": code, "name": name[language]} for code, name in terms.skills.items()
            ],
        }
    )


_in_force: Terms | None = None


def configure(config_dir: Path) -> None:
    """Take the file into force. Raises InvalidConfig naming every mistake."""
    global _in_force
    terms, errors = _read(config_dir)
    if errors:
        raise InvalidConfig(errors)
    _in_force = terms


def _current() -> Terms:
    if _in_force is None:
        raise RuntimeError("the kinds of volunteering.yaml were not configured")
    return _in_force


def check(config_dir: Path) -> list[ConfigError]:
    """Every mistake in the file; none means it can be used."""
    return _read(config_dir)[1]


def _read(config_dir: Path) -> tuple[Terms, list[ConfigError]]:
    root, errors = load(config_dir / FILE_NAME)
    if errors:
        return Terms({}, {}), errors
    reader = Reader()
    reader.members(root, ("kinds", "skills"))
    kinds = [_kind(reader, node) for node in _items(reader, root, "kinds")]
    skills: dict[str, Texts] = {}
    for node in _items(reader, root, "skills"):
        reader.members(node, ("code", "name"))
        skills[reader.code(node)] = reader.texts(node, "name", 20)
    terms = Terms({kind.code: kind for kind in kinds}, skills)
    return terms, sorted(set(reader.errors))


def _items(reader: Reader, root: Node, key: str) -> list[Node]:
    nodes = reader.list_of(root, key)
    reader.distinct(nodes)
    return nodes


def _kind(reader: Reader, node: Node) -> Kind:
    reader.members(node, ("code", "name"), ("risky", "patrol"))
    return Kind(
        code=reader.code(node),
        name=reader.texts(node, "name", 20),
        risky=reader.yes_no(node, "risky", False),
        patrol=reader.yes_no(node, "patrol", False),
    )
