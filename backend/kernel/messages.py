"""Every sentence a person reads, in every language, from ``backend/messages/<language>/*.yaml``."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

DIRECTORY = Path(__file__).resolve().parents[1] / "messages"
LANGUAGES = ("zh-CN", "en")
"""The product's languages, the first one first."""

_ERRORS = "errors"


class MissingMessage(KeyError):
    """The catalogue has no such sentence: a mistake of ours, caught by a test."""


@cache
def catalogue(language: str) -> dict[str, str]:
    """All sentences of a language by dotted key: file, then path inside it."""
    found: dict[str, str] = {}
    for path in sorted((DIRECTORY / language).glob("*.yaml")):
        _flatten(path.stem, yaml.safe_load(path.read_text(encoding="utf-8")) or {}, found)
    return found


def _flatten(prefix: str, node: Any, found: dict[str, str]) -> None:
    if isinstance(node, dict):
        for key, value in node.items():
            _flatten(f"{prefix}.{key}", value, found)
    else:
        found[prefix] = str(node)


def text(key: str, language: str, **params: Any) -> str:
    """One sentence, its ``{placeholders}`` filled. Raises MissingMessage."""
    try:
        template = catalogue(language)[key]
    except KeyError:
        raise MissingMessage(f"{language}: {key}") from None
    return template.format_map(params) if "{" in template else template


@cache
def _error_keys(language: str) -> dict[str, str]:
    keys = {}
    for key in catalogue(language):
        match key.split("."):
            case [_, section, code] if section == _ERRORS:
                keys[code] = key
    return keys


def error_text(code: str, language: str, **params: Any) -> str:
    """The sentence of an error code, whichever feature it belongs to."""
    try:
        key = _error_keys(language)[code]
    except KeyError:
        raise MissingMessage(f"{language}: no sentence for error {code}") from None
    return text(key, language, **params)


def error_codes(language: str) -> frozenset[str]:
    """Codes that have a sentence."""
    return frozenset(_error_keys(language))
