"""Reading cases: those everybody may read, and those in the making."""

from backend.cases.queries.drafts import CaseRow, Page, Told, case_of, drafts, made_of, one, told
from backend.cases.queries.held import held_about
from backend.cases.queries.places import county_code, places
from backend.cases.queries.public import one_published, published

__all__ = [
    "CaseRow",
    "Page",
    "Told",
    "case_of",
    "county_code",
    "drafts",
    "held_about",
    "made_of",
    "one",
    "one_published",
    "places",
    "published",
    "told",
]
