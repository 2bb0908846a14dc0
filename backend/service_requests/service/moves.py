"""The one way a request changes state: a conditional UPDATE, with all that follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from backend.attachments import service as attachments
from backend.kernel import audit, outbox
from backend.kernel.actor import Actor
from backend.kernel.db import fetch_one
from backend.kernel.errors import NotFound
from backend.kernel.json import dumps
from backend.service_requests import queries, rules
from backend.service_requests.errors import RequestChanged
from backend.service_requests.models import ServiceRequest
from backend.service_requests.queries import Current
from backend.service_requests.rules import EVENT_OF, Action, Capacity, Kind, Rule, ShownTo, State

SUBJECT_KIND = "service_request"


@dataclass(frozen=True, slots=True)
class Move:
    """An action that is allowed on what was read; `make` finds out whether that still stands."""

    actor: Actor
    action: Action
    current: Current
    rule: Rule
    capacity: Capacity

    def make(
        self,
        now: datetime,
        *,
        changes: dict[str, Any] | None = None,
        text: str | None = None,
        data: dict[str, Any] | None = None,
        attachment_ids: Sequence[UUID] = (),
    ) -> None:
        """Change the row if nobody else has since it was read, and write down what happened.

        Raises RequestChanged. Call it once, inside the transaction that began the move.
        """
        request_id, version = self.current.id, self.current.version
        changes = changes or {}
        changed = (
            ServiceRequest.update(
                state=self.rule.to, version=version + 1, updated_at=now, **changes
            )
            .where(
                ServiceRequest.id == request_id,
                ServiceRequest.state == self.current.facts.state,
                ServiceRequest.version == version,
            )
            .execute()
        )
        if not changed:
            raise changed_meanwhile(request_id)
        attachments.claim(self.actor.id, attachment_ids, SUBJECT_KIND, request_id, now)
        kind = EVENT_OF[self.action]
        seq = append_event(
            request_id,
            kind,
            now,
            actor_id=self.actor.id,
            capacity=self.capacity,
            unit_id=changes.get("lead_unit_id", self.current.facts.lead_unit_id),
            text=text,
            data=data,
            attachment_ids=attachment_ids,
        )
        announce(kind, self.rule.to, request_id, seq, self.actor.id)


def begin(
    actor: Actor,
    request_id: UUID,
    version: int,
    action: Action,
    acting_as: frozenset[Capacity] = frozenset(Capacity),
) -> Move:
    """Read the request and decide. Raises NotFound, RequestChanged or what `rules.decide` does.

    ``acting_as`` narrows the capacities that count, where it matters in which one is acted.
    """
    current = queries.current(actor, request_id)
    if current is None:
        raise NotFound
    if current.version != version:
        raise changed_meanwhile(request_id)
    held = rules.capacities(actor, current.facts) & acting_as
    rule = rules.decide(action, held, current.facts)
    return Move(actor, action, current, rule, rules.acts_as(rule, held))


def changed_meanwhile(request_id: UUID) -> RequestChanged:
    """The refusal that tells the client which version there is now."""
    return RequestChanged(extra={"version": queries.version_of(request_id)})


def append_event(
    request_id: UUID,
    kind: Kind,
    at: datetime,
    *,
    actor_id: UUID | None = None,
    capacity: Capacity | None = None,
    unit_id: UUID | None = None,
    text: str | None = None,
    data: dict[str, Any] | None = None,
    attachment_ids: Sequence[UUID] = (),
    shown_to: ShownTo = ShownTo.RESIDENT,
) -> int:
    """Add to the timeline; its number there. The caller's transaction has the request locked."""
    details = dict(data or {})
    if attachment_ids:
        details["attachment_ids"] = list(attachment_ids)
    row = fetch_one(
        "INSERT INTO timeline_events"
        " (request_id, seq, kind, at, actor_id, capacity, unit_id, text, data, shown_to)"
        " SELECT %s, coalesce(max(seq), 0) + 1, %s, %s, %s, %s, %s, %s, %s, %s"
        " FROM timeline_events WHERE request_id = %s RETURNING seq",
        (
            request_id,
            kind,
            at,
            actor_id,
            capacity,
            unit_id,
            text,
            Jsonb(details, dumps=dumps),
            shown_to,
            request_id,
        ),
    )
    return int(row[0]) if row else 0


def announce(kind: Kind, state: State, request_id: UUID, seq: int, actor_id: UUID) -> None:
    """Write the audit entry of a timeline event, and promise to tell whom it concerns."""
    event = f"{SUBJECT_KIND}.{kind}"
    audit.record(actor_id, event, SUBJECT_KIND, request_id, {"seq": seq})
    outbox.put(event, {"request_id": str(request_id), "seq": seq, "state": state})
