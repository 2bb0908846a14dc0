"""The register as a CSV file: read line by line, every mistake noted. Pure.

The first line names the columns, in any order, by the names in `COLUMNS` or by those that the
catalogues have for them (``advisers.columns``).
Several languages or areas stand in one cell, divided by spaces, commas or 、, so a language whose
name has a space is given by its code. An area is given by its code, by its name, or by its full
name without spaces (海边街道大洼塘社区). Dates are 2026-01-31 or as spreadsheets write them. An
empty ``term_until`` is a term without an end.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.advisers.rules.register import (
    LICENCE,
    MOST_LANGUAGES,
    MOST_VILLAGES,
    OFFICE_PHONE,
    Entry,
    Length,
)
from backend.kernel.messages import LANGUAGES, text
from backend.kernel.text import clean

COLUMNS = (
    "licence_no",
    "name",
    "firm",
    "phone",
    "languages",
    "intro",
    "term_from",
    "term_until",
    "villages",
    "standby",
)

REQUIRED = ("licence_no", "name", "firm", "term_from", "villages")
"""Columns a file must have; in `villages` a cell may be empty where `standby` is not."""

MOST_LINES = 2_000

_BETWEEN = re.compile(r"[\s,\uff0c\u3001;\uff1b]+")
"""Spaces, and the commas and semicolons of both scripts."""

_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong on a line: a code of the catalogue's ``advisers.import`` and its params."""

    line: int
    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One adviser of the file; areas are codes by now."""

    number: int
    entry: Entry


class Places:
    """Areas by whatever a file may call them."""

    def __init__(self, areas: Iterable[tuple[str, str, str]]) -> None:
        """Code, name and full name of each."""
        self._codes: dict[str, set[str]] = {}
        for code, name, full_name in areas:
            for word in (code, name, full_name.replace(" ", "")):
                self._codes.setdefault(word, set()).add(code)

    def codes(self, word: str, digits: frozenset[int]) -> set[str]:
        """Codes of so many digits that the word may mean."""
        return {code for code in self._codes.get(word, ()) if len(code) in digits}


_VILLAGES = frozenset({12})
_ANY = frozenset({6, 9, 12})


def read(
    file: str, places: Places, languages: Mapping[str, str]
) -> tuple[list[Line], list[Mistake]]:
    """All good lines, and every mistake; with any, nothing of the file is to be used.

    ``languages`` are codes by whatever a file may call them.
    """
    rows = csv.reader(file.removeprefix("\ufeff").splitlines())
    lines: list[Line] = []
    mistakes: list[Mistake] = []
    try:
        columns = [_column(cell.strip()) for cell in next(rows, [])]
        mistakes += _wrong_columns(columns)
        if mistakes:
            return [], mistakes
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            reader = _LineReader(rows.line_num, places, languages)
            entry = reader.entry(columns, row)
            mistakes += reader.mistakes
            if entry is not None:
                lines.append(Line(rows.line_num, entry))
    except csv.Error:
        mistakes.append(Mistake(rows.line_num, "unreadable", {}))
    if not lines and not mistakes:
        mistakes.append(Mistake(1, "no_lines", {}))
    if len(lines) > MOST_LINES:
        mistakes.append(Mistake(1, "too_many_lines", {"max": MOST_LINES}))
    return lines, sorted([*mistakes, *_twice(lines)], key=lambda mistake: mistake.line)


def _column(heading: str) -> str:
    """The name of a column, whatever language it is given in."""
    for name in COLUMNS:
        if heading in (text(f"advisers.columns.{name}", language) for language in LANGUAGES):
            return name
    return heading


def _wrong_columns(columns: Sequence[str]) -> Iterator[Mistake]:
    if any(name not in columns for name in REQUIRED):
        yield Mistake(1, "columns", {"columns": REQUIRED})
    for name in dict.fromkeys(columns):
        if name not in COLUMNS:
            yield Mistake(1, "unknown_column", {"heading": name[:40]})
        elif columns.count(name) > 1:
            yield Mistake(1, "repeated_column", {"column": name})


def _twice(lines: Sequence[Line]) -> Iterator[Mistake]:
    """Lines that are right by themselves but want the same."""
    licences: dict[str, int] = {}
    villages: dict[str, int] = {}
    for line in lines:
        first = licences.setdefault(line.entry.licence_no, line.number)
        if first != line.number:
            yield Mistake(line.number, "licence_twice", {"line": first})
        for code in line.entry.villages:
            first = villages.setdefault(code, line.number)
            if first != line.number:
                yield Mistake(line.number, "village_twice", {"area": code, "line": first})


class _LineReader:
    def __init__(self, number: int, places: Places, languages: Mapping[str, str]) -> None:
        self._number = number
        self._places = places
        self._known_languages = languages
        self._cells: dict[str, str] = {}
        self.mistakes: list[Mistake] = []

    def entry(self, columns: Sequence[str], row: Sequence[str]) -> Entry | None:
        """What the line says; None with a mistake in it."""
        if len(row) != len(columns):
            self._wrong("values", found=len(row), wanted=len(columns))
            return None
        try:
            self._cells = dict(zip(columns, map(clean, row), strict=True))
        except ValueError:
            self._wrong("unreadable")
            return None
        term_from, term_until = self._day("term_from", required=True), self._day("term_until")
        if term_from and term_until and term_until < term_from:
            self._wrong("term")
        villages, standby = self._areas("villages", _VILLAGES), self._areas("standby", _ANY)
        found = Entry(
            name=self._line("name", Length.NAME, required=True),
            firm=self._line("firm", Length.FIRM, required=True),
            licence_no=self._like("licence_no", LICENCE, "licence", required=True) or "",
            phone=self._like("phone", OFFICE_PHONE, "phone"),
            languages=self._languages(),
            intro=self._line("intro", Length.INTRO) or None,
            term_from=term_from or date.min,
            term_until=term_until,
            villages=villages,
            standby=standby,
        )
        self._fit(found)
        return None if self.mistakes else found

    def _fit(self, entry: Entry) -> None:
        if len(entry.areas) > MOST_VILLAGES:
            self._wrong("too_many_villages", max=MOST_VILLAGES)
        for code in set(entry.villages) & set(entry.standby):
            self._wrong("twice", area=code)
        if not self._cells.get("villages") and not self._cells.get("standby"):
            self._wrong("missing", column="villages")

    def _line(self, column: str, most: int, *, required: bool = False) -> str:
        text = " ".join(self._cells.get(column, "").split())
        if not text and required:
            self._wrong("missing", column=column)
        if len(text) > most:
            self._wrong("too_long", column=column, max=most)
        return text

    def _like(self, column: str, pattern: str, code: str, *, required: bool = False) -> str | None:
        text = self._cells.get(column, "")
        if not text:
            if required:
                self._wrong("missing", column=column)
            return None
        if re.fullmatch(pattern, text) is None:
            self._wrong(code)
        return text

    def _day(self, column: str, *, required: bool = False) -> date | None:
        text = self._cells.get(column, "")
        if not text:
            if required:
                self._wrong("missing", column=column)
            return None
        if match := _DATE.fullmatch(text):
            with suppress(ValueError):
                return date(*map(int, match.groups()))
        self._wrong("date", column=column)
        return None

    def _languages(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for word in filter(None, _BETWEEN.split(self._cells.get("languages", ""))):
            code = self._known_languages.get(word)
            if code is None:
                self._wrong("no_such_language", word=word[:40])
            else:
                found[code] = None
        if len(found) > MOST_LANGUAGES:
            self._wrong("too_many_languages", max=MOST_LANGUAGES)
        return tuple(found)

    def _areas(self, column: str, digits: frozenset[int]) -> tuple[str, ...]:
        found: list[str] = []
        for word in filter(None, _BETWEEN.split(self._cells.get(column, ""))):
            codes = self._places.codes(word, digits)
            if len(codes) != 1:
                nothing = "no_such_village" if digits is _VILLAGES else "no_such_area"
                self._wrong("ambiguous" if codes else nothing, area=word[:40])
            elif codes <= set(found):
                self._wrong("twice", area=word)
            else:
                found += codes
        return tuple(sorted(found))

    def _wrong(self, code: str, **params: Any) -> None:
        self.mistakes.append(Mistake(self._number, code, params))
