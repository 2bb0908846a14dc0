"""Area codes and names.

Codes are those of the National Bureau of Statistics (统计用区划代码): 6 digits for a county, 9 for
a township, 12 for a village or community, each beginning with the code above it. Grids are the
county's own: the village's code and 3 more digits. So an area's ancestors are read off its code.
"""

from enum import StrEnum


class Level(StrEnum):
    """From the county down."""

    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"
    GRID = "grid"


class GridKind(StrEnum):
    """A traditional grid is a piece of a village; a dedicated one is an enterprise, campus, office,
    hospital, estate or scenic area (传统网格, 专属网格)."""

    TRADITIONAL = "traditional"
    DEDICATED = "dedicated"


DIGITS = {Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12, Level.GRID: 15}
"""Length of a code on each level."""

_TOWNSHIP_KINDS = ("街道", "镇", "乡")
_COMMITTEE_SUFFIXES = ("居民委员会", "村民委员会")


def ancestor(code: str, level: Level) -> str | None:
    """The area of that level which contains ``code`` (or is it); None if ``code`` is above it."""
    digits = DIGITS[level]
    return code[:digits] if len(code) >= digits else None


def path(code: str) -> tuple[str, ...]:
    """Codes from the county down to ``code`` itself."""
    return tuple(code[:digits] for digits in DIGITS.values() if digits <= len(code))


def short_name(name: str) -> str:
    """The area's own name, where the official list gives its committee's.

    >>> short_name("大洼塘社区居民委员会")
    '大洼塘社区'
    """
    for suffix in _COMMITTEE_SUFFIXES:
        if name.endswith(suffix) and name != suffix:
            return name.removesuffix(suffix)
    return name


def full_name(level: Level, name: str, parent_full_name: str) -> str:
    """The name that says where it is, without the county: 海边街道 大洼塘社区.

    A grid's name usually begins with its village's, which is not said twice.
    """
    if level in (Level.COUNTY, Level.TOWNSHIP):
        return name
    above, _, village = parent_full_name.rpartition(" ")
    if level is Level.GRID and village and name.startswith(village):
        return f"{above} {name}".strip()
    return f"{parent_full_name} {name}"


def spellings(full_name: str) -> tuple[str, ...]:
    """How people type a full name: as it is, in one word, and without what kind the township is.

    >>> spellings("盐仓镇 么站社区")
    ('盐仓镇 么站社区', '盐仓镇么站社区', '盐仓么站社区')
    """
    township, _, rest = full_name.partition(" ")
    kind = next((kind for kind in _TOWNSHIP_KINDS if township.endswith(kind)), "")
    return full_name, township + rest, township.removesuffix(kind) + rest
