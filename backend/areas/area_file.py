"""Reading a county's list of areas: CSV with ``code,name,level,parent_code`` and maybe ``kind``."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from backend.areas.rules import DIGITS, GridKind, Level, short_name
from backend.kernel.config_files import ConfigError

_REQUIRED = ("code", "name", "level", "parent_code")
_OPTIONAL = ("kind",)
_LEVELS = list(Level)
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Area:
    """One line of the list. ``kind`` is set for grids only."""

    code: str
    name: str
    level: Level
    parent_code: str | None
    kind: GridKind | None = None


def read_areas(
    path: Path, parents: Mapping[str, Level] | None = None
) -> tuple[list[Area], list[ConfigError]]:
    """All good lines, and one error for every mistake, each with its line.

    ``parents`` are areas known already, for a file that only adds to them. The order of lines does
    not matter. A byte-order mark, as spreadsheets write it, is fine; other encodings are not.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        return [], [ConfigError(path, 1, f"cannot be read: {error.strerror}")]
    except UnicodeDecodeError:
        return [], [ConfigError(path, 1, "not UTF-8; save it as “CSV UTF-8”")]
    rows = csv.reader(text.splitlines())
    header = next(rows, [])
    missing = [name for name in _REQUIRED if name not in header]
    strange = [name for name in header if name not in (*_REQUIRED, *_OPTIONAL)]
    if missing or strange or len(set(header)) < len(header):
        wanted = ",".join(_REQUIRED)
        return [], [ConfigError(path, 1, f"the first line must be {wanted} (and maybe kind)")]

    found: list[tuple[int, Area]] = []
    errors: list[ConfigError] = []
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        line = rows.line_num
        if len(row) != len(header):
            errors.append(
                ConfigError(path, line, f"{len(row)} values where {len(header)} are wanted")
            )
            continue
        cells = dict(zip(header, (cell.strip() for cell in row), strict=True))
        problems = list(_problems(cells))
        errors += [ConfigError(path, line, problem) for problem in problems]
        if not problems:
            found.append((line, _area(cells)))
    errors += _misplaced(path, found, dict(parents or {}))
    return [area for _, area in found], sorted(errors)


def _area(cells: Mapping[str, str]) -> Area:
    level = Level(cells["level"])
    kind = cells.get("kind") or (GridKind.TRADITIONAL if level is Level.GRID else None)
    return Area(
        code=cells["code"],
        name=short_name(cells["name"]) if level is Level.VILLAGE else cells["name"],
        level=level,
        parent_code=cells["parent_code"] or None,
        kind=GridKind(kind) if kind else None,
    )


def _problems(cells: Mapping[str, str]) -> Iterable[str]:
    """What is wrong with one line by itself."""
    name, level, kind = cells["name"], cells["level"], cells.get("kind", "")
    if not name:
        yield "the name is missing"
    elif len(name) > _LONGEST_NAME or not name.isprintable():
        yield f"the name must be at most {_LONGEST_NAME} printable characters"
    if level not in _LEVELS:
        yield f"level '{level}' is none of {', '.join(_LEVELS)}"
        return
    digits = DIGITS[Level(level)]
    if not re.fullmatch(rf"[0-9]{{{digits}}}", cells["code"]):
        yield f"code '{cells['code']}' of a {level} must have {digits} digits"
    if kind and level != Level.GRID:
        yield "only a grid has a kind"
    elif kind and kind not in list(GridKind):
        yield f"kind '{kind}' is none of {', '.join(GridKind)}"


def _misplaced(
    path: Path, found: list[tuple[int, Area]], known: dict[str, Level]
) -> list[ConfigError]:
    """Lines that are right by themselves but do not fit the others."""
    errors: list[ConfigError] = []
    first_lines: dict[str, int] = {}
    for line, area in found:
        if area.code in first_lines:
            where = f"code {area.code} stands on line {first_lines[area.code]} already"
            errors.append(ConfigError(path, line, where))
        first_lines.setdefault(area.code, line)
    levels = known | {area.code: area.level for _, area in found}
    for line, area in found:
        if area.level is Level.COUNTY:
            if area.parent_code:
                errors.append(ConfigError(path, line, "a county has no parent here"))
            continue
        above = _LEVELS[_LEVELS.index(area.level) - 1]
        parent = area.parent_code or ""
        if levels.get(parent) is not above:
            errors.append(ConfigError(path, line, f"parent '{parent}' is no known {above}"))
        elif not area.code.startswith(parent):
            errors.append(
                ConfigError(path, line, f"code {area.code} must begin with its parent's, {parent}")
            )
    counties = {code for code, level in levels.items() if level is Level.COUNTY}
    if len(counties) > 1:
        names = ", ".join(sorted(counties))
        errors.append(ConfigError(path, 1, f"one instance serves one county, not {names}"))
    return errors
