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
    ASKING_SIDE,
    CLOSED,
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
    confirm_until: datetime | None
    reopen_at: datetime | None
    follow_up_at: datetime | None


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
    audience = "requester" if held & ASKING_SIDE else "staff"
    params = {
        "unit": holding.unit,
        "phone": holding.unit_phone,
        "handler": holding.handler,
        "due": holding.due_at.astimezone(LOCAL),
        "closed": holding.updated_at.astimezone(LOCAL),
        "confirm": _local(holding.confirm_until),
        "reopen": _local(holding.reopen_at),
        "follow_up": _local(holding.follow_up_at),
    }

    def line(question: str, case: str) -> Line:
        return Line(f"service_requests.receipt.{audience}.{question}.{case}", params)

    return Receipt(
        who=line("who", _who(facts, holding)),
        next=line("next", _next(facts, holding, now)),
        by_when=line("by_when", _by_when(facts, holding, now)),
        if_not=line("if_not", _if_not(facts, holding, now)),
    )


def _local(moment: datetime | None) -> datetime | None:
    return moment and moment.astimezone(LOCAL)


def _stage(facts: Facts, now: datetime) -> str:
    """The state, told apart where nobody has been found yet who is responsible, where a supervisor
    has spoken last, and where a closed request can still come back."""
    if facts.state is State.SUBMITTED and facts.lead_unit_id is None:
        return "undispatched"
    if facts.state is State.REPLIED and facts.concluded:
        return "concluded"
    if facts.state in CLOSED and facts.came_back_until is not None:
        return f"{facts.state}_{'followed' if now <= facts.came_back_until else 'settled'}"
    return facts.state.value


def _next(facts: Facts, holding: Holding, now: datetime) -> str:
    stage, asked_at = _stage(facts, now), holding.follow_up_at
    if stage.endswith("_followed") and asked_at is not None and asked_at <= now:
        return f"{facts.state}_asked"
    return stage


def _who(facts: Facts, holding: Holding) -> str:
    if facts.state in WITH_RESIDENT:
        return "resident"
    if facts.state in (State.WITHDRAWN, State.SUPERVISED, State.DISPUTED):
        return facts.state.value
    if holding.unit is None:
        return "not_accepted_by_centre" if facts.state in CLOSED else "centre"
    if facts.state in CLOSED:
        return facts.state.value
    return "unit" if holding.handler is None else "handler"


def _by_when(facts: Facts, holding: Holding, now: datetime) -> str:
    if facts.state in CLOSED:
        return "closed"
    if facts.state in WITH_RESIDENT or facts.state is State.DEFERRED:
        return facts.state.value
    if now > holding.due_at:
        return "overdue"
    return "provisional" if holding.due_provisional else "due"


def _if_not(facts: Facts, holding: Holding, now: datetime) -> str:
    at_work = facts.state not in CLOSED | WITH_RESIDENT
    if not at_work or facts.state in (State.DEFERRED, State.MERGED):
        return _stage(facts, now)
    return "call_unit" if holding.unit_phone else "call_hotline"
