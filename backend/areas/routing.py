"""Which unit takes the lead: category × area (routing.yaml). Pure.

A row fits a request if its selector fits the category and its area contains the request's place.
Rows are tried in this order, and the first whose unit exists wins:

1. by area, deepest first: grid, village, township, county (a row without an area is the county's);
2. at the same area by selector: the category itself, then its group, then ``*``.

So a row for a township beats every row for the county, even an exact one. A unit given as
``township:<code>`` or ``village:<code>`` is the one of the township or village the place lies in;
where the place is given only roughly and there is none, the next row is tried.

After the rows come, for a complaint only, the independent units of ``complaints_to``. Which of them
all is far enough from whom the complaint is about, `service.complaint_unit` finds out.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from backend.areas.area_file import Area
from backend.areas.catalogue import Catalogue, Category
from backend.areas.reader import Reader
from backend.areas.rules import DIGITS, Level
from backend.areas.units import Units, check_ref, unit_code
from backend.kernel.config_files import Node

EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Route:
    """One row. Exactly one of ``category`` (a code, or ``*``) and ``group`` is set."""

    unit: str
    category: str | None = None
    group: str | None = None
    area: str | None = None

    def fits(self, category: Category, area_code: str) -> bool:
        """Whether the row speaks about this category at this place."""
        return area_code.startswith(self.area or "") and (
            self.category in (category.code, EVERYTHING) or self.group == category.group
        )

    @property
    def precedence(self) -> tuple[int, int]:
        """Smaller is tried first."""
        depth = len(self.area) if self.area else DIGITS[Level.COUNTY]
        selector = 2 if self.category == EVERYTHING else 0 if self.category else 1
        return -depth, selector


def unit_codes(routes: Iterable[Route], category: Category, area_code: str) -> list[str]:
    """Codes of units for a request, the one to try first at the front. None: a person decides."""
    fitting = sorted(
        (route for route in routes if route.fits(category, area_code)),
        key=lambda route: route.precedence,
    )
    return unit_codes_of((route.unit for route in fitting), area_code)


def unit_codes_of(refs: Iterable[str], area_code: str) -> list[str]:
    """Codes of the units these references name at this place, in their order."""
    found = (unit_code(ref, area_code) for ref in refs)
    return list(dict.fromkeys(code for code in found if code))


def read_routes(
    root: Node, reader: Reader, catalogue: Catalogue, units: Units, areas: Collection[Area]
) -> tuple[Route, ...]:
    """The rows of routing.yaml, and whether what they name exists.

    References to a file that could not be read, and so is empty here, are left unchecked.
    """
    reader.members(root, ["routes", "complaints_to"], ["dispatched_by_hand"])
    known = _Known(
        categories=frozenset({*catalogue.categories, EVERYTHING}) if catalogue.categories else None,
        groups=frozenset(group.code for group in catalogue.groups) or None,
        areas=frozenset(area.code for area in areas) or None,
        units=frozenset(unit.code for unit in units.all_of(areas)) or None,
    )
    county = next((area.code for area in areas if area.level is Level.COUNTY), None)
    routes: list[Route] = []
    lines: dict[tuple[str | None, str | None, str | None], int] = {}
    for node in reader.list_of(root, "routes"):
        route = _read_route(node, reader, known, units)
        where = None if route.area == county else route.area
        same = (route.category, route.group, where)
        if same in lines:
            reader.wrong(node, f"line {lines[same]} routes the same already")
        lines.setdefault(same, node.line)
        _check_independence(node, reader, catalogue, route)
        routes.append(route)
    _check_completeness(root, reader, catalogue, routes)
    return tuple(routes)


@dataclass(frozen=True, slots=True)
class _Known:
    """What rows may name; None where that could not be read."""

    categories: frozenset[str] | None
    groups: frozenset[str] | None
    areas: frozenset[str] | None
    units: frozenset[str] | None


def _read_route(node: Node, reader: Reader, known: _Known, units: Units) -> Route:
    reader.members(node, ["unit"], ["category", "group", "area"])
    if (node.get("category") is None) == (node.get("group") is None):
        reader.wrong(node, "either 'category' or 'group' is wanted")
    unit = reader.text(node, "unit", 100)
    if (member := node.get("unit")) is not None:
        check_ref(member, unit, reader, units, known.units)
    return Route(
        unit=unit,
        category=reader.known(node, "category", known.categories, "category") or None,
        group=reader.known(node, "group", known.groups, "group") or None,
        area=reader.known(node, "area", known.areas, "area") or None,
    )


def _check_independence(node: Node, reader: Reader, catalogue: Catalogue, route: Route) -> None:
    """Nobody decides about themselves, not even by mistake."""
    category = catalogue.categories.get(route.category or "")
    if category is not None and route.unit in category.complains_about:
        reader.wrong(node, f"'{category.code}' complains about '{route.unit}', which must not lead")


def read_complaints_to(
    root: Node, reader: Reader, units: Units, areas: Collection[Area]
) -> tuple[str, ...]:
    """The independent units of routing.yaml, the one to try first at the front."""
    codes = frozenset(unit.code for unit in units.all_of(areas)) or None
    for item in reader.list_of(root, "complaints_to"):
        check_ref(item, str(item.value), reader, units, codes)
    found = reader.words(root, "complaints_to")
    if (member := root.get("complaints_to")) is not None and not found:
        reader.wrong(member, "'complaints_to' names nobody")
    return found


def _check_completeness(
    root: Node, reader: Reader, catalogue: Catalogue, routes: Collection[Route]
) -> None:
    """Each category is routed for the whole county, or a person is meant to decide; not both."""
    by_hand = {str(item.value): item for item in reader.list_of(root, "dispatched_by_hand")}
    for code, item in by_hand.items():
        if catalogue.categories and code not in catalogue.categories:
            reader.wrong(item, f"there is no category '{code}'")
    rows = root.get("routes")
    for category in catalogue.categories.values():
        # Only rows for the whole county fit the empty area.
        routed = any(route.fits(category, "") for route in routes)
        if routed and category.code in by_hand:
            message = f"'{category.code}' is routed above, so nobody would be asked"
            reader.wrong(by_hand[category.code], message)
        elif not routed and category.code not in by_hand and rows is not None:
            message = f"category '{category.code}' is neither routed nor dispatched_by_hand"
            reader.wrong(rows, message)
