"""Bringing the county's lists into the database, and finding who takes the lead."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from backend.areas import county, queries
from backend.areas.area_file import Area, read_areas
from backend.areas.rules import GridKind, Level, full_name, spellings
from backend.areas.units import Units
from backend.kernel.config_files import InvalidConfig
from backend.kernel.db import execute, fetch_all, transaction
from backend.kernel.ids import new_id
from backend.kernel.text import tsvector_text

Progress = Callable[[int, int], None]
"""Called with how many are done, and how many there are."""

_BATCH = 1_000


class NoAreas(Exception):
    """There is nothing yet that units could belong to."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed. ``total`` counts what was in the file."""

    total: int
    added: int
    changed: int
    switched_off: int


def import_areas(
    path: Path, on_progress: Progress | None = None, *, switch_off_missing: bool = False
) -> Imported:
    """Bring a list of areas into the database: all of it or, with any mistake, nothing.

    Safe to run again: known codes get the file's names, and a switched-off area that is in the file
    is switched on. Areas the file does not list stay; with ``switch_off_missing``, those of the
    levels it does list are switched off with everything below them. Nothing is ever deleted.
    Raises InvalidConfig with every bad line.
    """
    with transaction():
        before = _known_areas()
        parents = {code: area.level for code, (area, active) in before.items() if active}
        areas, errors = read_areas(path, parents)
        if errors:
            raise InvalidConfig(errors)
        # A new name of a township is part of the full names below it, so those are written too.
        merged = {code: known for code, (known, _) in before.items()}
        merged |= {area.code: area for area in areas}
        listed = {area.code for area in areas}
        rows = list(_area_rows(merged, {c for c, (_, on) in before.items() if on} | listed))
        changed = _in_batches(_UPSERT_AREAS, rows, on_progress)
        added = len(listed - before.keys())
        switched_off = _switch_off_missing(areas) if switch_off_missing else 0
    return Imported(len(areas), added, changed - added, switched_off)


def _known_areas() -> dict[str, tuple[Area, bool]]:
    rows = fetch_all("SELECT code, name, level, parent_code, kind, active FROM areas")
    return {
        code: (Area(code, name, Level(level), parent, GridKind(kind) if kind else None), active)
        for code, name, level, parent, kind, active in rows
    }


def _area_rows(areas: Mapping[str, Area], active: set[str]) -> Iterator[tuple[Any, ...]]:
    """Rows of the table, parents first."""
    full_names: dict[str, str] = {}
    for area in sorted(areas.values(), key=lambda area: (len(area.code), area.code)):
        name = full_name(area.level, area.name, full_names.get(area.parent_code or "", ""))
        full_names[area.code] = name
        yield (
            area.code, area.name, area.level, area.parent_code, area.kind, name,
            tsvector_text(*spellings(name)), area.code in active,
        )  # fmt: skip


def _switch_off_missing(areas: Sequence[Area]) -> int:
    count = execute(
        "UPDATE areas SET active = false WHERE active AND level = ANY(%s) AND NOT code = ANY(%s)",
        ([str(level) for level in {area.level for area in areas}], [area.code for area in areas]),
    )
    while below := execute(
        "UPDATE areas a SET active = false FROM areas p"
        " WHERE p.code = a.parent_code AND a.active AND NOT p.active"
    ):
        count += below
    return count


_UPSERT_AREAS = """
    INSERT INTO areas (code, name, level, parent_code, kind, full_name, search, active)
    SELECT code, name, level, parent_code, kind, full_name,
        array_to_tsvector(string_to_array(terms, ' ')), active
    FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
        %s::text[], %s::boolean[])
        AS r (code, name, level, parent_code, kind, full_name, terms, active)
    ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, kind = EXCLUDED.kind,
        full_name = EXCLUDED.full_name, search = EXCLUDED.search, active = EXCLUDED.active
    WHERE (areas.name, areas.kind, areas.full_name, areas.search, areas.active)
        IS DISTINCT FROM
        (EXCLUDED.name, EXCLUDED.kind, EXCLUDED.full_name, EXCLUDED.search, EXCLUDED.active)
"""

_UPSERT_UNITS = """
    INSERT INTO units (id, code, name, name_en, kind, area_code, phone, position, search, active)
    SELECT id, code, name, name_en, kind, area_code, phone, position,
        array_to_tsvector(string_to_array(terms, ' ')), true
    FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
        %s::text[], %s::integer[], %s::text[])
        AS r (id, code, name, name_en, kind, area_code, phone, position, terms)
    ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, name_en = EXCLUDED.name_en,
        kind = EXCLUDED.kind, area_code = EXCLUDED.area_code, phone = EXCLUDED.phone,
        position = EXCLUDED.position, search = EXCLUDED.search, active = true
    WHERE (units.name, units.name_en, units.kind, units.area_code, units.phone, units.position,
            units.search, units.active)
        IS DISTINCT FROM
        (EXCLUDED.name, EXCLUDED.name_en, EXCLUDED.kind, EXCLUDED.area_code, EXCLUDED.phone,
            EXCLUDED.position, EXCLUDED.search, true)
"""


def _in_batches(
    sql: str, rows: Sequence[tuple[Any, ...]], on_progress: Progress | None = None
) -> int:
    """Run a statement that takes columns as arrays; the number of rows it wrote."""
    written = 0
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        written += execute(sql, [list(column) for column in zip(*batch, strict=True)])
        if on_progress is not None:
            on_progress(start + len(batch), len(rows))
    return written


def sync_units(units: Units, on_progress: Progress | None = None) -> Imported:
    """Make the table of units what units.yaml says for the active areas of the database.

    Ids and codes stay. Units that are no longer there are switched off, never deleted.
    Raises NoAreas if the county's areas have not been imported.
    """
    with transaction():
        active_areas = [area for area, active in _known_areas().values() if active]
        if not active_areas:
            raise NoAreas("the county's areas come first: import them")
        wanted = list(units.all_of(active_areas))
        before = {code for (code,) in fetch_all("SELECT code FROM units")}
        rows = [
            (
                new_id(), unit.code, unit.name["zh-CN"], unit.name["en"], unit.kind,
                unit.area_code, unit.phone, position,
                tsvector_text(unit.name["zh-CN"], unit.name["en"]),
            )
            for position, unit in enumerate(wanted)
        ]  # fmt: skip
        changed = _in_batches(_UPSERT_UNITS, rows, on_progress)
        added = len({unit.code for unit in wanted} - before)
        switched_off = execute(
            "UPDATE units SET active = false WHERE active AND NOT code = ANY(%s)",
            ([unit.code for unit in wanted],),
        )
    return Imported(len(wanted), added, changed - added, switched_off)


def lead_unit(category_code: str, area_code: str) -> UUID | None:
    """The unit that takes the lead in a new request; None: a dispatcher decides.

    Raises NotFound for an unknown category.
    """
    here = county.current()
    codes = here.unit_codes(here.catalogue.category(category_code), area_code)
    return _first(codes, queries.unit_ids(codes))


def units_complained_about(category_code: str, area_code: str) -> frozenset[UUID]:
    """The units that choosing this category at this place complains about; mostly none.

    Raises NotFound for an unknown category.
    """
    here = county.current()
    category = here.catalogue.category(category_code)
    return frozenset(queries.unit_ids(here.codes_complained_about(category, area_code)).values())


def complaint_unit(
    category_code: str, area_code: str, avoiding: Collection[UUID], *, unknown: bool = False
) -> UUID | None:
    """The unit that takes the lead in a complaint; None: a dispatcher decides.

    The usual one for the category and place if it is independent of all units in ``avoiding``,
    else the next in the order of routing.yaml: its rows, then ``complaints_to``. Independent is
    a unit that is not itself avoided and does not belong to the township or village of one that is,
    so a complaint goes at least one level up. With ``unknown`` it is also about somebody whose unit
    nobody knows: then only a unit of ``complaints_to`` is independent for certain.
    Raises NotFound for an unknown category.
    """
    here = county.current()
    category = here.catalogue.category(category_code)
    usual = [] if unknown else here.unit_codes(category, area_code)
    codes = [*usual, *here.independent_codes(area_code)]
    return _first(codes, queries.unit_ids(codes, independent_of=avoiding))


def _first(codes: Sequence[str], ids: Mapping[str, UUID]) -> UUID | None:
    return next((ids[code] for code in codes if code in ids), None)
