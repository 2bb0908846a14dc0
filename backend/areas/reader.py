"""Reading the county's YAML: every mistake is noted with its line, and reading goes on."""

import re
from collections.abc import Collection
from typing import Any

from backend.kernel.config_files import ConfigError, Node
from backend.kernel.messages import LANGUAGES

Texts = dict[str, str]
"""One text in every language of the product."""

_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")


class Reader:
    """Collects ``errors``. What cannot be read is given as an empty value of its type."""

    def __init__(self) -> None:
        self.errors: list[ConfigError] = []

    def wrong(self, node: Node, message: str) -> None:
        self.errors.append(node.error(message))

    def members(
        self, node: Node, required: Collection[str], optional: Collection[str] = ()
    ) -> None:
        """The mapping has all required members, and none that is unknown."""
        if not isinstance(node.value, dict):
            self.wrong(node, "a mapping (key: value) is wanted here")
            return
        for key in required:
            if key not in node.value:
                self.wrong(node, f"'{key}' is missing")
        for key, member in node.items():
            if key not in required and key not in optional:
                self.wrong(member, f"'{key}' is unknown here")

    def list_of(self, node: Node, key: str) -> list[Node]:
        """The items of a list; empty if the member is missing (``members`` has said so)."""
        member = node.get(key)
        if member is None:
            return []
        if not isinstance(member.value, list):
            self.wrong(member, f"'{key}' must be a list")
            return []
        return list(member)

    def text(self, node: Node, key: str, longest: int = 200) -> str:
        """A member that is text; empty if it is missing."""
        member = node.get(key)
        return "" if member is None else self.as_text(member, key, longest)

    def as_text(self, node: Node, what: str, longest: int = 200) -> str:
        value = node.value
        if not isinstance(value, str):
            hint = "; put it in quotes" if isinstance(value, bool | int | float) else ""
            self.wrong(node, f"'{what}' must be text{hint}")
            return ""
        if not value.strip():
            self.wrong(node, f"'{what}' is empty")
        elif len(value) > longest:
            self.wrong(node, f"'{what}' has {len(value)} characters; {longest} are allowed")
        return value.strip()

    def texts(self, node: Node, key: str, longest: int = 200) -> Texts:
        """A member with one text in each language."""
        member = node.get(key)
        if member is None:
            return dict.fromkeys(LANGUAGES, "")
        if not isinstance(member.value, dict):
            languages = " and ".join(LANGUAGES)
            self.wrong(member, f"'{key}' must be given in {languages}")
            return dict.fromkeys(LANGUAGES, "")
        for language, text in member.items():
            if language not in LANGUAGES:
                self.wrong(text, f"'{key}': '{language}' is no language of the product")
        found: Texts = {}
        for language in LANGUAGES:
            text_node = member.get(language)
            if text_node is None:
                self.wrong(member, f"'{key}' has no {language}")
                found[language] = ""
            else:
                found[language] = self.as_text(text_node, f"{key} {language}", longest)
        return found

    def code(self, node: Node, key: str = "code") -> str:
        """A member that is a code: lower-case words joined by underscores."""
        member = node.get(key)
        if member is None:
            return ""
        value = member.value
        if not isinstance(value, str) or not _CODE.fullmatch(value):
            self.wrong(member, f"'{value}' is no code (lower-case words joined by underscores)")
            return ""
        return value

    def choice(self, node: Node, key: str, choices: Collection[str], default: str = "") -> str:
        """A member that is one of a few words."""
        member = node.get(key)
        if member is None:
            return default
        if member.value not in choices:
            self.wrong(member, f"'{key}: {member.value}' is none of {', '.join(choices)}")
            return default
        return str(member.value)

    def known(self, node: Node, key: str, known: Collection[str] | None, what: str) -> str:
        """A member that names something defined elsewhere; None knows everything."""
        member = node.get(key)
        if member is None:
            return ""
        value = str(member.value)
        if known is not None and value not in known:
            self.wrong(member, f"there is no {what} '{value}'")
        return value

    def number(
        self, node: Node, key: str, low: int, high: int, default: int | None = None
    ) -> int | None:
        """A member that is a whole number within bounds, both allowed."""
        member = node.get(key)
        if member is None:
            return default
        value: Any = member.value
        if type(value) is not int or not low <= value <= high:
            self.wrong(member, f"'{key}' must be a whole number from {low} to {high}")
            return default
        return value

    def yes_no(self, node: Node, key: str, default: bool) -> bool:
        member = node.get(key)
        if member is None:
            return default
        if not isinstance(member.value, bool):
            self.wrong(member, f"'{key}' must be true or false")
            return default
        return member.value

    def words(self, node: Node, key: str) -> tuple[str, ...]:
        """A member that is a list of different texts."""
        found: list[str] = []
        for item in self.list_of(node, key):
            word = self.as_text(item, key, 40)
            if word in found:
                self.wrong(item, f"'{word}' stands in '{key}' twice")
            elif word:
                found.append(word)
        return tuple(found)

    def distinct(self, nodes: Collection[Node], key: str = "code") -> None:
        """No two items of a list have the same code."""
        lines: dict[str, int] = {}
        for node in nodes:
            member = node.get(key)
            if member is None:
                continue
            value = str(member.value)
            if value in lines:
                self.wrong(member, f"'{key}: {value}' stands on line {lines[value]} already")
            lines.setdefault(value, member.line)


def codes(nodes: Collection[Node]) -> frozenset[str]:
    """The codes of a list's items, good or bad, for checking references to them."""
    return frozenset(str(code.value) for node in nodes if (code := node.get("code")) is not None)
