"""The county as its files describe it: read, checked as a whole, and held for this process."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from backend.areas.area_file import Area, read_areas
from backend.areas.catalogue import Catalogue, Category, read_catalogue
from backend.areas.deadlines import (
    Due,
    Profile,
    Purpose,
    due_at,
    read_calendar,
    read_profiles,
)
from backend.areas.reader import Reader
from backend.areas.routing import (
    Route,
    read_complaints_to,
    read_routes,
    unit_codes,
    unit_codes_of,
)
from backend.areas.units import Units, read_units, unit_code
from backend.kernel import config_files
from backend.kernel.config_files import ConfigError, InvalidConfig, Node
from backend.kernel.workdays import Calendar


@dataclass(frozen=True)
class County:
    """Everything a county edits, but notification templates. Immutable; read at start."""

    catalogue: Catalogue
    profiles: Mapping[str, Profile]
    calendar: Calendar
    units: Units
    routes: tuple[Route, ...]
    complaints_to: tuple[str, ...]

    def unit_codes(self, category: Category, area_code: str) -> list[str]:
        """Codes of the units that may take the lead, the one to try first at the front."""
        return unit_codes(self.routes, category, area_code)

    def independent_codes(self, area_code: str) -> list[str]:
        """Codes of the units that take complaints nobody else may, first the one to try first."""
        return unit_codes_of(self.complaints_to, area_code)

    def codes_complained_about(self, category: Category, area_code: str) -> list[str]:
        """Codes of the units that choosing this category at this place complains about."""
        return unit_codes_of(category.complains_about, area_code)

    def is_too_wide(self, category: Category, area_code: str) -> bool:
        """Whether the place says too roughly about which unit this category complains."""
        return any(unit_code(ref, area_code) is None for ref in category.complains_about)

    def the_profile(self, purpose: Purpose) -> Profile:
        """The one profile for a purpose of which the county has exactly one."""
        return next(p for p in self.profiles.values() if p.purpose is purpose)

    def due_at(self, category: Category, start_at: datetime) -> Due:
        """By when a request of this category that starts now is due."""
        return due_at(self.profiles[category.deadline_profile], start_at, self.calendar)


def area_files(config_dir: Path) -> list[Path]:
    """The county's lists of areas by name; a later one may build on an earlier one."""
    return sorted((config_dir / "areas").glob("*.csv"))


def read(config_dir: Path) -> tuple[County, list[ConfigError]]:
    """The county of a folder, and every mistake in its files; with any, it must not be used."""
    errors: list[ConfigError] = []
    reader = Reader()

    def root(name: str) -> Node:
        node, unreadable = config_files.load(config_dir / name)
        errors.extend(unreadable)
        return node

    areas: list[Area] = []
    for path in area_files(config_dir):
        found, wrong = read_areas(path, {area.code: area.level for area in areas})
        areas += found
        errors += wrong
    if not areas and not errors:
        errors.append(ConfigError(config_dir / "areas", 1, "there is no list of areas (*.csv)"))
    profiles = read_profiles(root("deadlines.yaml"), reader)
    calendar = read_calendar(root("holidays.yaml"), reader)
    units = read_units(root("units.yaml"), reader, areas)
    catalogue = read_catalogue(root("catalogue.yaml"), reader, profiles, units, areas)
    routing = root("routing.yaml")
    routes = read_routes(routing, reader, catalogue, units, areas)
    complaints_to = read_complaints_to(routing, reader, units, areas)
    errors += reader.errors
    here = County(catalogue, profiles, calendar, units, routes, complaints_to)
    return here, sorted(set(errors))


def check_config(config_dir: Path) -> list[ConfigError]:
    """Every mistake in the county's files, by file and line; none means they can be used."""
    return read(config_dir)[1]


def load(config_dir: Path) -> County:
    """The county of a folder. Raises InvalidConfig with every mistake."""
    county, errors = read(config_dir)
    if errors:
        raise InvalidConfig(errors)
    return county


_current: County | None = None


def use(config_dir: Path) -> County:
    """Load the county this process works for. Raises InvalidConfig, and then keeps the last one."""
    global _current
    _current = load(config_dir)
    return _current


def current() -> County:
    """The county this process works for."""
    if _current is None:
        raise RuntimeError("no county: county.use(settings.config_dir) comes first")
    return _current
