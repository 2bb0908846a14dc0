"""The county's own names of places, which say in a text where somebody lives."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from backend.areas.rules import Level, short_name

_VILLAGE_KINDS = ("社区", "村")
_TOWNSHIP_KINDS = ("街道", "镇", "乡")
_COMMITTEES = ("村民委员会", "居民委员会", "村委会", "居委会")
_COUNTY_KINDS = ("自治县", "县", "市", "区", "旗")
_NATION = re.compile(
    "(?:(?:彝|回|苗|壮|满|藏|侗|瑶|白|傣|黎|畲|水|羌|布依|土家|哈尼|仡佬|纳西|拉祜|哈萨克|蒙古|维吾尔)族)+$"
)
_BARE = 3
"""Characters that a place's name without its kind must have to be nobody's everyday word: 中心 and
水塘 are villages too."""


@dataclass(frozen=True, slots=True)
class Place:
    """An area by its level and official name; ``own`` if the matter lies in it."""

    level: Level
    name: str
    own: bool = False


def spellings(places: Iterable[Place]) -> dict[str, str]:
    """How the places are written, each with what stands there instead.

    >>> spellings([Place(Level.VILLAGE, "大洼塘社区居民委员会", own=True)])["大洼塘"]
    '某村'
    """
    found: dict[str, str] = {}
    for place in places:
        match place.level:
            case Level.VILLAGE:
                found |= _spelled(place, short_name(place.name), _VILLAGE_KINDS, "村")
            case Level.TOWNSHIP:
                found |= _spelled(place, place.name, _TOWNSHIP_KINDS, "镇")
            case Level.COUNTY:
                found |= _county(place)
    return found


def _spelled(place: Place, name: str, kinds: tuple[str, ...], usual: str) -> dict[str, str]:
    stem = _stem(name, kinds)
    bare = {stem, _NATION.sub("", stem)} - {""}
    found = {place.name: f"某{usual}", name: f"某{usual}"}
    for each in bare:
        found |= {f"{each}{kind}": f"某{kind}" for kind in kinds}
        if kinds is _VILLAGE_KINDS:
            found |= {f"{each}{committee}": f"某{committee}" for committee in _COMMITTEES}
        if place.own and len(each) >= _BARE:
            found[each] = f"某{usual}"
    return found


def _county(place: Place) -> dict[str, str]:
    stem = _NATION.sub("", _stem(place.name, _COUNTY_KINDS))
    return {place.name: "某县", f"{stem}县": "某县", **({stem: "某县"} if len(stem) > 1 else {})}


def _stem(name: str, kinds: tuple[str, ...]) -> str:
    return next((name.removesuffix(kind) for kind in kinds if name.endswith(kind)), name)


def short_own_names(places: Iterable[Place]) -> Iterator[str]:
    """Names of the matter's own places that may just as well be everyday words."""
    for place in places:
        kinds = _VILLAGE_KINDS if place.level is Level.VILLAGE else _TOWNSHIP_KINDS
        if place.own and place.level in (Level.VILLAGE, Level.TOWNSHIP):
            stem = _stem(short_name(place.name), kinds)
            if 1 < len(stem) < _BARE:
                yield stem
