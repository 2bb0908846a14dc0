"""The four answers everybody gets in every state: who holds it, what next, by when, and if not.

Pure: it names sentences of the catalogue and what fills them; `service_requests.receipt.*` in
messages/ holds the words, once as said to the requester and once as said to staff.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.kernel.clock import LOCAL
from backend.service_requests.rules import (
    REQUESTER,
    TERMINAL,
    WITH_RESIDENT,
    Capacity,
    Facts,
    State,
)


@dataclass(frozen=True, slots=True)
class Holding:
    """The names and dates the sentences are filled with, in the reader's language."""

    unit: str | None
    unit_phone: str | None
    handler: str | None
    due_at: datetime
    due_provisional: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the catalogue, and what fills it."""

    key: str
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Receipt:
    who: Line
    next: Line
    by_when: Line
    if_not: Line

    def __iter__(self) -> Iterator[tuple[str, Line]]:
        return iter(
            (
                ("who", self.who),
                ("next", self.next),
                ("by_when", self.by_when),
                ("if_not", self.if_not),
            )
        )


def receipt(facts: Facts, held: frozenset[Capacity], holding: Holding, now: datetime) -> Receipt:
    """What somebody in these capacities is told; every state has all four answers."""
    audience = "requester" if held & REQUESTER else "staff"
    params = {
        "unit": holding.unit,
        "phone": holding.unit_phone,
        "handler": holding.handler,
        "due": holding.due_at.astimezone(LOCAL),
        "closed": holding.updated_at.astimezone(LOCAL),
    }

    def line(question: str, case: str) -> Line:
        return Line(f"service_requests.receipt.{audience}.{question}.{case}", params)

    return Receipt(
        who=line("who", _who(facts, holding)),
        next=line("next", _stage(facts)),
        by_when=line("by_when", _by_when(facts, holding, now)),
        if_not=line("if_not", _if_not(facts, holding)),
    )


def _stage(facts: Facts) -> str:
    """The state, told apart where nobody has been found yet who is responsible."""
    if facts.state is State.SUBMITTED and facts.lead_unit_id is None:
        return "undispatched"
    return facts.state.value


def _who(facts: Facts, holding: Holding) -> str:
    if facts.state in WITH_RESIDENT:
        return "resident"
    if facts.state is State.WITHDRAWN:
        return "nobody"
    if holding.unit is None:
        return "not_accepted_by_centre" if facts.state in TERMINAL else "centre"
    if facts.state in TERMINAL:
        return facts.state.value
    return "unit" if holding.handler is None else "handler"


def _by_when(facts: Facts, holding: Holding, now: datetime) -> str:
    if facts.state in TERMINAL:
        return "closed"
    if facts.state in WITH_RESIDENT:
        return facts.state.value
    if now > holding.due_at:
        return "overdue"
    return "provisional" if holding.due_provisional else "due"


def _if_not(facts: Facts, holding: Holding) -> str:
    if facts.state in TERMINAL or facts.state in WITH_RESIDENT:
        return facts.state.value
    return "call_unit" if holding.unit_phone else "call_hotline"
