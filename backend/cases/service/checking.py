"""What is known of a matter, and whether a text of it can be published."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from backend.cases import queries
from backend.cases.errors import CaseIncomplete, CheckNeeded, PersonalDataLeft
from backend.cases.queries import CaseRow
from backend.cases.rules import (
    HARD,
    Finding,
    Known,
    Texts,
    findings,
    parties,
    short_own_names,
    spellings,
)
from backend.cases.service.sealed import unseal_original
from backend.kernel.errors import FieldError
from backend.kernel.messages import LANGUAGES

OWN_LANGUAGE = LANGUAGES[0]
"""The language that every case is told in."""


def known(names: Iterable[str], area_code: str) -> Known:
    """What to look for in a matter of these names and this area."""
    places = queries.places(area_code)
    return Known(parties(names), spellings(places), tuple(short_own_names(places)))


def known_of(row: CaseRow) -> Known:
    """The same for a case: by the names that were sealed with its original, while it is there."""
    if row.original_encrypted is None:
        return known((), row.standing.area_code)
    original = unseal_original(row.original_encrypted, row.id)
    return known(original.names, row.standing.area_code)


def look(texts: Texts, what: Known) -> list[Finding]:
    """What still looks like personal data; in the words of a law only what certainly is."""
    return [
        found
        for found in findings(texts.fields(), what)
        if found.kind in HARD or not found.field.startswith("/articles/")
    ]


def check(texts: Texts, what: Known, *, checked: bool) -> None:
    """Raises CaseIncomplete, PersonalDataLeft, and CheckNeeded unless somebody has ``checked``."""
    if missing := texts.missing():
        raise CaseIncomplete(fields=[FieldError(field, "required") for field in missing])
    found = look(texts, what)
    if hard := [each for each in found if each.kind in HARD]:
        raise PersonalDataLeft(extra={"findings": listed(hard)})
    if found and not checked:
        raise CheckNeeded(extra={"findings": listed(found)})


def listed(found: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as JSON has them."""
    return [asdict(each) for each in found]
