"""Read models of advisers and of their ledger."""

from backend.advisers.queries.parties import hit
from backend.advisers.queries.register import (
    Found,
    Kept,
    Serving,
    adviser,
    adviser_of,
    area_codes,
    candidates,
    found,
    justice_over,
    kept,
    name_of,
    others_villages,
    person_of,
    place,
    places,
    serving,
    standbys,
)

__all__ = [
    "Found",
    "Kept",
    "Serving",
    "adviser",
    "adviser_of",
    "area_codes",
    "candidates",
    "found",
    "hit",
    "justice_over",
    "kept",
    "name_of",
    "others_villages",
    "person_of",
    "place",
    "places",
    "serving",
    "standbys",
]
