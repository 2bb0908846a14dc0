"""What a case is, what must not be in it, and who publishes it. Pure: no database, no clock."""

from backend.cases.rules.anonymising import (
    HARD,
    Finding,
    Kind,
    Known,
    Replaced,
    anonymise,
    findings,
)
from backend.cases.rules.parties import Parties, parties
from backend.cases.rules.places import Place, short_own_names, spellings
from backend.cases.rules.states import (
    APPROVERS,
    SEEN_BY_APPROVERS,
    TRANSITIONS,
    Action,
    Side,
    Standing,
    State,
    actions,
    side,
)
from backend.cases.rules.texts import SUMMARY_LENGTH, Article, Texts, from_plain, summary_of

__all__ = [
    "APPROVERS",
    "HARD",
    "SEEN_BY_APPROVERS",
    "SUMMARY_LENGTH",
    "TRANSITIONS",
    "Action",
    "Article",
    "Finding",
    "Kind",
    "Known",
    "Parties",
    "Place",
    "Replaced",
    "Side",
    "Standing",
    "State",
    "Texts",
    "actions",
    "anonymise",
    "findings",
    "from_plain",
    "parties",
    "short_own_names",
    "side",
    "spellings",
    "summary_of",
]
