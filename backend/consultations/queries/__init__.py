"""Reads of meetings and of written questions."""

from backend.consultations.queries.people import (
    Named,
    Party,
    advisers_named,
    is_area,
    looked_into,
    party,
    refusals,
)

__all__ = ["Named", "Party", "advisers_named", "is_area", "looked_into", "party", "refusals"]
