"""YAML that a county edits, with the line of every mistake."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

# Composing in C is ten times faster; one constructor turns every scalar into its value.
_SCALARS = yaml.SafeLoader("")


@dataclass(frozen=True, slots=True, order=True)
class ConfigError:
    """One mistake. Printed as ``file:line: message``, which editors can jump to."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class InvalidConfig(Exception):
    """The files cannot be used; every mistake found is in ``errors``."""

    def __init__(self, errors: list[ConfigError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors


class Node:
    """A value of a YAML file that knows where it stands.

    ``value`` is a dict of Nodes, a list of Nodes, or a plain scalar.
    """

    __slots__ = ("line", "path", "value")

    def __init__(self, value: Any, path: Path, line: int) -> None:
        self.value = value
        self.path = path
        self.line = line

    def error(self, message: str) -> ConfigError:
        return ConfigError(self.path, self.line, message)

    def plain(self) -> Any:
        """The value without positions."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def get(self, key: str) -> "Node | None":
        """A member of a mapping; None if there is none, or this is no mapping."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def items(self) -> Iterator[tuple[str, "Node"]]:
        """Members of a mapping; nothing if this is none."""
        return iter(self.value.items() if isinstance(self.value, dict) else ())

    def __iter__(self) -> "Iterator[Node]":
        return iter(self.value if isinstance(self.value, list) else ())


def load(path: Path) -> tuple[Node, list[ConfigError]]:
    """Read a file. A file that cannot be read at all gives an empty mapping and why."""
    empty = Node({}, path, 1)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        return empty, [ConfigError(path, 1, f"cannot be read: {reason}")]
    errors: list[ConfigError] = []
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        node = _convert(root, path, errors) if root is not None else empty
    except yaml.MarkedYAMLError as error:
        # What is missing at the end is reported on the last line there is.
        lines = max(1, len(text.splitlines()))
        line = min(error.problem_mark.line + 1, lines) if error.problem_mark else 1
        return empty, [ConfigError(path, line, f"not YAML: {error.problem}")]
    except yaml.YAMLError as error:
        return empty, [ConfigError(path, 1, f"not YAML: {error}")]
    return node, errors


def _convert(raw: yaml.Node, path: Path, errors: list[ConfigError]) -> Node:
    line = raw.start_mark.line + 1
    if isinstance(raw, yaml.MappingNode):
        members: dict[str, Node] = {}
        for key_node, value_node in raw.value:
            key = str(key_node.value)
            if key in members:
                at = key_node.start_mark.line + 1
                errors.append(ConfigError(path, at, f"'{key}' stands here twice"))
            members[key] = _convert(value_node, path, errors)
        return Node(members, path, line)
    if isinstance(raw, yaml.SequenceNode):
        return Node([_convert(item, path, errors) for item in raw.value], path, line)
    return Node(_SCALARS.construct_object(raw), path, line)
