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
from backend.kernel.db import execute, fetch_one
from backend.kernel.errors import NotFound
from backend.kernel.json import dumps
from backend.service_requests import queries, rules
from backend.service_requests.errors import ActionNotPossible, RequestChanged
from backend.service_requests.models import ServiceRequest
from backend.service_requests.queries import Current
from backend.service_requests.rules import (
    EVENT_OF,
    Action,
    Capacity,
    Kind,
    Rule,
    ShownTo,
    Standing,
    State,
)

SUBJECT_KIND = "service_request"

NOBODY = UUID(int=0)
"""Stands where a rule asks who decides, and time does."""


@dataclass(frozen=True, slots=True)
class Move:
    """An action that is allowed on what was read; `make` finds out whether that still stands."""

    actor: Actor | None
    """None for what happens by itself."""
    action: Action
    current: Current
    rule: Rule
    capacity: Capacity | None

    def make(
        self,
        now: datetime,
        *,
        changes: dict[str, Any] | None = None,
        text: str | None = None,
        data: dict[str, Any] | None = None,
        attachment_ids: Sequence[UUID] = (),
        kind: Kind | None = None,
        shown_to: ShownTo = ShownTo.RESIDENT,
    ) -> None:
        """Change the row if nobody else has since it was read, and write down what happened.

        ``kind`` where it is not the one name of the action. Raises RequestChanged. Call it once,
        inside the transaction that began the move.
        """
        request_id, version = self.current.id, self.current.version
        changes = changes or {}
        kind = kind or EVENT_OF[self.action]
        actor_id = None if self.actor is None else self.actor.id
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
        if self.actor is not None:
            attachments.claim(self.actor.id, attachment_ids, SUBJECT_KIND, request_id, now)
        seq = append_event(
            request_id,
            kind,
            now,
            actor_id=actor_id,
            capacity=self.capacity,
            unit_id=changes.get("lead_unit_id", self.current.facts.lead_unit_id),
            text=text,
            data=data,
            attachment_ids=attachment_ids,
            shown_to=shown_to,
        )
        announce(kind, self.rule.to, request_id, seq, actor_id, self._spoken_for())

    def _spoken_for(self) -> UUID | None:
        """For whom an agent acts: every such act is on record under both names."""
        return self.current.facts.requester_id if self.capacity is Capacity.AGENT else None


def begin(
    actor: Actor,
    request_id: UUID,
    version: int | None,
    action: Action,
    now: datetime,
    acting_as: frozenset[Capacity] = frozenset(Capacity),
) -> Move:
    """Read the request and decide. Raises NotFound, RequestChanged or what `rules.decide` does.

    Without a ``version`` it is decided on whatever there is now, for acts that several people take
    side by side. ``acting_as`` narrows the capacities that count, where it matters in which one is
    acted.
    """
    if version is None:
        lock(request_id)
    current = queries.current(actor, request_id)
    if current is None:
        raise NotFound
    if version is not None and current.version != version:
        raise changed_meanwhile(request_id)
    held = rules.capacities(actor, current.facts) & acting_as
    by = Standing(actor.id, held, now)
    rule = rules.decide(action, by, current.facts)
    return Move(actor, action, current, rule, rules.acts_as(rule, by))


def begin_by_itself(request_id: UUID, action: Action, now: datetime) -> Move | None:
    """What time, or another request, does to this one; None if it is not possible (any more).

    The row is locked, so whatever was decided on holds until the caller's transaction ends.
    """
    lock(request_id)
    current = queries.current_for_system(request_id)
    if current is None:
        return None
    try:
        rule = rules.rule_for_system(action, Standing(NOBODY, rules.SYSTEM, now), current.facts)
    except ActionNotPossible:
        return None
    return Move(None, action, current, rule, None)


def lock(request_id: UUID) -> None:
    """Let nobody else change the request before this transaction ends."""
    execute("SELECT FROM service_requests WHERE id = %s FOR NO KEY UPDATE", (request_id,))


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


def announce(
    kind: Kind,
    state: State,
    request_id: UUID,
    seq: int,
    actor_id: UUID | None,
    spoken_for: UUID | None = None,
) -> None:
    """Write the audit entry of a timeline event, and promise to tell whom it concerns."""
    event = f"{SUBJECT_KIND}.{kind}"
    details = {"seq": seq} if spoken_for is None else {"seq": seq, "for": str(spoken_for)}
    audit.record(actor_id, event, SUBJECT_KIND, request_id, details)
    outbox.put(event, {"request_id": str(request_id), "seq": seq, "state": state})
