"""Which notice goes out as which WeChat template: `config/notifications.yaml`, checked by line."""

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.integrations.wechat.values import TYPES
from backend.kernel.config_files import ConfigError, InvalidConfig, Node, load
from backend.kernel.messages import LANGUAGES
from backend.notices.rules import KINDS, TEMPLATES_PER_ASK, TemplateKind

FILE_NAME = "notifications.yaml"

MADE_HERE = frozenset({"title", "phrase", "happened_at"})
"""What a field may show beside the parameters of its notices. The body stays in the app."""

_FIELD_KEY = re.compile(r"([a-z_]+?)\d{1,2}")
_PAGE = re.compile(r"[A-Za-z][A-Za-z0-9_/-]*(\?[A-Za-z0-9_=&{}-]*)?")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TEMPLATE_ID = re.compile(r"[A-Za-z0-9_-]{20,64}")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a template; ``label`` is the console's, ``value`` text with {placeholders}."""

    key: str
    label: str
    type: str
    value: str


@dataclass(frozen=True, slots=True)
class Template:
    """A subscription template as it is set up in the county's WeChat console."""

    key: str
    template_id: str
    kind: TemplateKind
    title: Mapping[str, str]
    page: str
    notices: tuple[str, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Templates:
    """The whole file: templates by key, and the templates to ask for at each moment."""

    by_key: Mapping[str, Template]
    moments: Mapping[str, tuple[str, ...]]

    def for_notice(self, kind: str) -> Template | None:
        """The template a kind of notice is sent with, if it leaves the app at all."""
        return next((t for t in self.by_key.values() if kind in t.notices), None)

    def for_id(self, template_id: str) -> Template | None:
        """The template WeChat calls by this id."""
        return next((t for t in self.by_key.values() if t.template_id == template_id), None)

    def asked_at(self, moment: str) -> list[Template]:
        """The templates a person may be asked for then; none at a moment the file does not name."""
        return [self.by_key[key] for key in self.moments.get(moment, ())]


_in_force: Templates | None = None


def configure(config_dir: Path) -> None:
    """Take the file into force for this process. Raises InvalidConfig naming every mistake."""
    global _in_force
    _in_force = read(config_dir)


def in_force() -> Templates:
    """What `configure` read."""
    if _in_force is None:
        raise RuntimeError("the notification templates were not configured")
    return _in_force


def read(config_dir: Path) -> Templates:
    """Read the file. Raises InvalidConfig naming every mistake."""
    root, errors = load(config_dir / FILE_NAME)
    errors = errors or _Checker().file(root)
    if errors:
        raise InvalidConfig(sorted(errors))
    return _build(root.plain())


def check(config_dir: Path) -> list[ConfigError]:
    """Every mistake in the file; none means it can be used."""
    try:
        read(config_dir)
    except InvalidConfig as invalid:
        return invalid.errors
    return []


def _build(plain: dict[str, Any]) -> Templates:
    return Templates(
        by_key={
            key: Template(
                key=key,
                template_id=raw["template_id"],
                kind=TemplateKind(raw["kind"]),
                title=raw["title"],
                page=raw["page"],
                notices=tuple(raw["notices"]),
                fields=tuple(Field(**field) for field in raw["fields"]),
            )
            for key, raw in plain["templates"].items()
        },
        moments={name: tuple(keys) for name, keys in plain["moments"].items()},
    )


class _Checker:
    """Walks the file once and collects every mistake with its line."""

    def __init__(self) -> None:
        self.errors: list[ConfigError] = []
        self.kinds: dict[str, str | None] = {}
        self.ids: dict[str, str] = {}
        self.template_of: dict[str, str] = {}

    def file(self, root: Node) -> list[ConfigError]:
        self._members(root, {"templates", "moments"})
        for part, check_one in (("templates", self._template), ("moments", self._moment)):
            node = root.get(part)
            if node is not None and self._is(node, dict, f"{part} must be a mapping"):
                for key, member in node.items():
                    if not _NAME.fullmatch(key):
                        self._wrong(member, f"'{key}' must be small letters, digits and _")
                    check_one(key, member)
        return self.errors

    def _template(self, key: str, node: Node) -> None:
        self.kinds[key] = None
        if not self._members(node, {"template_id", "kind", "title", "page", "notices", "fields"}):
            return
        parts = node.value
        self._id(key, parts["template_id"])
        self._kind(key, parts["kind"])
        if self._members(parts["title"], set(LANGUAGES)):
            for title in parts["title"].value.values():
                self._text(title)
        params = self._notices(key, parts["notices"])
        if self._text(parts["page"]):
            if not _PAGE.fullmatch(parts["page"].value):
                self._wrong(parts["page"], "page is a path like pages/request/detail?id=1")
            self._placeholders(parts["page"], frozenset({"subject_id"}))
        fields = parts["fields"]
        if self._is(fields, list, "fields must be a list"):
            seen: set[str] = set()
            for field in fields:
                self._field(field, params, seen)
            if not fields.value:
                self._wrong(fields, "a template has at least one field")

    def _id(self, key: str, node: Node) -> None:
        if not isinstance(node.value, str) or not _TEMPLATE_ID.fullmatch(node.value):
            self._wrong(node, "template_id is 20 to 64 letters, digits, - and _")
        elif node.value in self.ids:
            self._wrong(node, f"template_id is that of {self.ids[node.value]} already")
        else:
            self.ids[node.value] = key

    def _kind(self, key: str, node: Node) -> None:
        if node.value in list(TemplateKind):
            self.kinds[key] = node.value
        else:
            self._wrong(node, f"kind is one of: {', '.join(TemplateKind)}")

    def _notices(self, key: str, node: Node) -> frozenset[str]:
        """Checks the list; the parameters that all its notices have."""
        if not self._is(node, list, "notices must be a list"):
            return frozenset()
        known = []
        for notice in node:
            if not isinstance(notice.value, str) or notice.value not in KINDS:
                self._wrong(notice, f"there is no notice '{notice.plain()}'")
            elif notice.value in self.template_of:
                other = self.template_of[notice.value]
                self._wrong(notice, f"{notice.value} goes with {other} already")
            else:
                self.template_of[notice.value] = key
                known.append(KINDS[notice.value])
        return frozenset.intersection(*known) if known else frozenset()

    def _field(self, node: Node, params: frozenset[str], seen: set[str]) -> None:
        if not self._members(node, {"key", "label", "type", "value"}):
            return
        key, field_type, value = (node.value[name] for name in ("key", "type", "value"))
        if not all(self._text(member) for member in node.value.values()):
            return
        if field_type.value not in TYPES:
            self._wrong(field_type, f"type is one of: {', '.join(sorted(TYPES))}")
        match = _FIELD_KEY.fullmatch(key.value)
        if match is None or match[1] != field_type.value:
            self._wrong(key, f"the key of a {field_type.value} is like {field_type.value}1")
        if key.value in seen:
            self._wrong(key, f"{key.value} stands here twice")
        seen.add(key.value)
        self._placeholders(value, params | MADE_HERE)

    def _moment(self, key: str, node: Node) -> None:
        if not self._is(node, list, "a moment is a list of templates"):
            return
        names = [item.value for item in node]
        for item in node:
            if not isinstance(item.value, str) or item.value not in self.kinds:
                self._wrong(item, f"there is no template '{item.plain()}'")
            elif names.count(item.value) > 1:
                self._wrong(item, f"{item.value} stands here twice")
        if len(names) > TEMPLATES_PER_ASK:
            self._wrong(node, f"WeChat asks for at most {TEMPLATES_PER_ASK} templates at once")
        kinds = {self.kinds.get(name) for name in names if isinstance(name, str)}
        if len(kinds - {None}) > 1:
            self._wrong(node, "WeChat does not ask for one_time and long_term templates together")

    def _placeholders(self, node: Node, allowed: frozenset[str]) -> None:
        try:
            parts = list(string.Formatter().parse(node.value))
        except ValueError:
            self._wrong(node, "a brace has no partner")
            return
        for _, name, spec, conversion in parts:
            if name is not None and (name not in allowed or spec or conversion):
                self._wrong(node, f"'{{{name}}}' is not there; use {', '.join(sorted(allowed))}")

    def _members(self, node: Node, names: set[str]) -> bool:
        """Whether the node is a mapping with exactly these members."""
        if not self._is(node, dict, f"must be a mapping with {', '.join(sorted(names))}"):
            return False
        for key, member in node.items():
            if key not in names:
                self._wrong(member, f"'{key}' is not known here")
        missing = names - set(node.value)
        for name in sorted(missing):
            self._wrong(node, f"'{name}' is missing")
        return not missing

    def _text(self, node: Node) -> bool:
        return self._is(node, str, "must be text") and (
            bool(node.value.strip()) or self._wrong(node, "must not be empty")
        )

    def _is(self, node: Node, kind: type, message: str) -> bool:
        return isinstance(node.value, kind) or self._wrong(node, message)

    def _wrong(self, node: Node, message: str) -> bool:
        self.errors.append(node.error(message))
        return False
