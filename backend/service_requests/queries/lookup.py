"""Looking a request up by its number, without a sign-in.

Who looks is unknown, so `visible_to` cannot be asked; what is shown here is the state, and only
after the service has compared the telephone.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.kernel.db import fetch_one
from backend.people.queries.actors import live_mandate
from backend.service_requests.queries.columns import GROUPED_NUMBER
from backend.service_requests.rules import State


@dataclass(frozen=True, slots=True)
class Found:
    """How a request stands, and whose telephone opens it."""

    number: str
    """Grouped."""
    state: State
    submitted_at: datetime
    updated_at: datetime
    due_at: datetime
    due_provisional: bool
    person_id: UUID
    phone_encrypted: bytes | None


def by_number(number: str, now: datetime) -> Found | None:
    """The request of an ungrouped number.

    The telephone is the requester's; where they have none, that of who acts for them under a
    consent in force.
    """
    row = fetch_one(
        f"""
        SELECT {GROUPED_NUMBER}, r.state, r.submitted_at, r.updated_at, r.due_at,
            r.due_provisional, o.id, o.phone_encrypted
        FROM (SELECT %s::timestamptz AS at) moment CROSS JOIN service_requests r
        JOIN people p ON p.id = r.requester_id
        LEFT JOIN mandates m ON m.id = r.mandate_id AND p.phone_encrypted IS NULL
            AND {live_mandate("m", "moment.at")}
        JOIN people o ON o.id = coalesce(m.agent_id, p.id)
        WHERE r.number = %s
        """,
        (now, number),
    )
    if row is None:
        return None
    number, state, *rest = row
    return Found(number, State(state), *rest)
