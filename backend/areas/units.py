"""Who handles requests: units written out or made by rule for every township or village
(units.yaml)."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from backend.areas.area_file import Area
from backend.areas.reader import Reader, Texts
from backend.areas.rules import DIGITS, Level, ancestor
from backend.kernel.config_files import Node

PER = (Level.TOWNSHIP, Level.VILLAGE)
_LONGEST_NAME = 80
_PLACEHOLDERS = {"area": "名", "parent": "名", "digits": "0"}


class UnitKind(StrEnum):
    DEPARTMENT = "department"
    UTILITY = "utility"
    CENTRE = "centre"
    OVERSIGHT = "oversight"
    TOWNSHIP_OFFICE = "township_office"
    VILLAGE_COMMITTEE = "village_committee"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the county. ``area_code`` None is the county."""

    code: str
    name: Texts
    kind: UnitKind
    phone: str | None
    area_code: str | None = None


@dataclass(frozen=True, slots=True)
class UnitTemplate:
    """A rule that makes one unit in every area of a level whose name ends as said."""

    per: Level
    code: str
    name: Texts
    kind: UnitKind
    phone: str | None
    when_name_ends: str = ""

    def unit(self, area: Area, parent_name: str) -> Unit:
        """The unit this rule makes in ``area``."""
        values = {
            "area": area.name,
            "parent": parent_name,
            "digits": area.code[DIGITS[Level.COUNTY] :],
        }
        return Unit(
            code=f"{area.code}:{self.code}",
            name={language: text.format_map(values) for language, text in self.name.items()},
            kind=self.kind,
            phone=self.phone and self.phone.format_map(values),
            area_code=area.code,
        )


@dataclass(frozen=True, slots=True)
class Units:
    """What units.yaml says, before it is applied to the county's areas."""

    listed: tuple[Unit, ...]
    templates: tuple[UnitTemplate, ...]

    def all_of(self, areas: Iterable[Area]) -> Iterator[Unit]:
        """Every unit of a county with these areas: those listed, then by area and rule.

        In an area the first rule that fits makes the unit of a code.
        """
        by_code = {area.code: area for area in areas}
        county = next((a.code for a in by_code.values() if a.level is Level.COUNTY), None)
        for unit in self.listed:
            yield Unit(unit.code, unit.name, unit.kind, unit.phone, unit.area_code or county)
        for area in sorted(by_code.values(), key=lambda area: (len(area.code), area.code)):
            parent = by_code.get(area.parent_code or "")
            made: set[str] = set()
            for rule in self.templates:
                fits = rule.per is area.level and area.name.endswith(rule.when_name_ends)
                if fits and rule.code not in made:
                    made.add(rule.code)
                    yield rule.unit(area, parent.name if parent else "")

    def has_template(self, per: str, code: str) -> bool:
        return any(rule.per == per and rule.code == code for rule in self.templates)


def unit_code(ref: str, area_code: str) -> str | None:
    """The code of the unit that ``ref`` names at this place.

    ``ref`` is a unit's code or a template's (``township:justice``); None where a template has no
    unit, because the place is given more roughly than that.
    """
    per, _, code = ref.partition(":")
    if per not in PER:
        return ref
    area = ancestor(area_code, Level(per))
    return f"{area}:{code}" if area else None


def check_ref(
    node: Node, ref: str, reader: Reader, units: Units, codes: Collection[str] | None
) -> None:
    """Note a mistake if ``ref`` names no unit. ``codes`` are those of all units of the county;
    None where they could not be read."""
    per, _, code = ref.partition(":")
    if codes is None:
        return
    if per not in PER:
        if ref not in codes:
            reader.wrong(node, f"there is no unit '{ref}'")
    elif not units.has_template(per, code):
        reader.wrong(node, f"no rule of units.yaml makes a unit '{code}' per {per}")


def read_units(root: Node, reader: Reader, areas: Collection[Area]) -> Units:
    """The units of units.yaml, in a county with these areas (none if they could not be read)."""
    area_codes = frozenset(area.code for area in areas) or None
    reader.members(root, ["units"], ["templates"])
    unit_nodes = reader.list_of(root, "units")
    reader.distinct(unit_nodes)
    listed = tuple(_read_unit(node, reader, area_codes) for node in unit_nodes)
    templates: list[UnitTemplate] = []
    for node in reader.list_of(root, "templates"):
        rule = _read_template(node, reader)
        for earlier in templates:
            same = (earlier.per, earlier.code) == (rule.per, rule.code)
            if same and rule.when_name_ends.endswith(earlier.when_name_ends):
                reader.wrong(node, "a rule above makes this unit already, so this one never does")
                break
        templates.append(rule)
    return Units(listed, tuple(templates))


def _read_unit(node: Node, reader: Reader, area_codes: Collection[str] | None) -> Unit:
    reader.members(node, ["code", "kind", "name"], ["phone", "area"])
    return Unit(
        code=reader.code(node),
        name=reader.texts(node, "name", _LONGEST_NAME),
        kind=UnitKind(reader.choice(node, "kind", list(UnitKind), UnitKind.DEPARTMENT)),
        phone=reader.text(node, "phone", 30) or None,
        area_code=reader.known(node, "area", area_codes, "area") or None,
    )


def _read_template(node: Node, reader: Reader) -> UnitTemplate:
    reader.members(node, ["per", "code", "kind", "name"], ["phone", "when_name_ends"])
    rule = UnitTemplate(
        per=Level(reader.choice(node, "per", PER, Level.TOWNSHIP)),
        code=reader.code(node),
        name=reader.texts(node, "name", _LONGEST_NAME),
        kind=UnitKind(reader.choice(node, "kind", list(UnitKind), UnitKind.TOWNSHIP_OFFICE)),
        phone=reader.text(node, "phone", 30) or None,
        when_name_ends=reader.text(node, "when_name_ends", 20),
    )
    for text in (*rule.name.values(), rule.phone or ""):
        try:
            text.format_map(_PLACEHOLDERS)
        except (KeyError, ValueError, IndexError):
            known = ", ".join(f"{{{name}}}" for name in _PLACEHOLDERS)
            reader.wrong(node, f"'{text}': only {known} are known")
            # It cannot be filled in; what follows only needs to know that the rule is there.
            rule = replace(rule, name=dict.fromkeys(rule.name, "{area}"), phone=None)
            break
    for text in rule.name.values():
        if "{area}" not in text:
            reader.wrong(node, f"'{text}' must hold {{area}}, or all would be called the same")
    return rule
