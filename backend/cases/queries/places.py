"""The county's places by name, to be taken out of texts."""

from backend.areas.rules import Level, path
from backend.cases.rules import Place
from backend.kernel.db import fetch_all, fetch_one


def places(area_code: str) -> list[Place]:
    """Every place from the county to its villages; own are those the area lies in."""
    own = path(area_code)
    rows = fetch_all("SELECT code, level, name FROM areas WHERE level <> 'grid'")
    return [Place(Level(level), name, code in own) for code, level, name in rows]


def county_code() -> str | None:
    """The area above all others; None before the county's areas have been imported."""
    row = fetch_one("SELECT code FROM areas WHERE parent_code IS NULL ORDER BY code LIMIT 1")
    return row[0] if row else None
