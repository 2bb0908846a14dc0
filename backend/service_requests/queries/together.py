"""Requests that are handled together: the main one, and those merged into it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from backend.kernel.actor import Actor
from backend.kernel.db import fetch_all, fetch_one
from backend.service_requests.numbers import is_receipt_number, ungrouped
from backend.service_requests.queries.gate import visible_to
from backend.service_requests.rules import Outcome, State


def id_of_number(actor: Actor, number: str) -> UUID | None:
    """The request of that number; None when there is none for this actor."""
    if not is_receipt_number(number):
        return None
    visible, params = visible_to(actor)
    row = fetch_one(
        f"SELECT r.id FROM service_requests r WHERE r.number = %s AND {visible}",
        (ungrouped(number), *params),
    )
    return None if row is None else row[0]


@dataclass(frozen=True, slots=True)
class Main:
    """How the main one stands, as far as it becomes of the others too."""

    state: State
    outcome: Outcome | None
    basis: str | None
    referred_to: str | None
    referred_contact: str | None
    deferred_until: date | None
    reopen_at: datetime | None


def main(request_id: UUID) -> Main | None:
    row = fetch_one(
        "SELECT state, outcome, basis, referred_to, referred_contact, deferred_until, reopen_at"
        " FROM service_requests WHERE id = %s",
        (request_id,),
    )
    if row is None:
        return None
    state, outcome, *rest = row
    return Main(State(state), outcome and Outcome(outcome), *rest)


def waiting_for(main_id: UUID) -> list[tuple[UUID, State]]:
    """Those that get no answer but the main one's, with their states."""
    rows = fetch_all(
        "SELECT id, state FROM service_requests"
        " WHERE merged_into_id = %s AND state IN ('merged', 'deferred') ORDER BY id",
        (main_id,),
    )
    return [(request_id, State(state)) for request_id, state in rows]
