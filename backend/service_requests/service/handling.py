"""What staff do with a request, and what the resident does in answer."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from backend.kernel.actor import UNIT_ROLES, Actor
from backend.kernel.db import transaction
from backend.people import queries as people
from backend.service_requests import queries
from backend.service_requests.errors import (
    AlreadyThere,
    AssignToUnitOrHandler,
    HandlerIsRequester,
    NotInUnit,
    UnknownUnit,
)
from backend.service_requests.rules import ASSIGNERS, Action, Assignee, Kind, Outcome, ShownTo
from backend.service_requests.service import clock
from backend.service_requests.service.moves import Move, append_event, begin


def accept(actor: Actor, request_id: UUID, version: int, now: datetime) -> None:
    """The lead unit takes it on; whoever accepts handles it until it is assigned to another."""
    with transaction():
        begin(actor, request_id, version, Action.ACCEPT).make(now, changes=_taken_by(actor))


def not_accept(
    actor: Actor, request_id: UUID, version: int, reason: str, where_to_go: str, now: datetime
) -> None:
    """Final: the resident is told why, and where to go instead."""
    with transaction():
        begin(actor, request_id, version, Action.NOT_ACCEPT).make(
            now, text=reason, data={"where_to_go": where_to_go}
        )


def assign(
    actor: Actor,
    request_id: UUID,
    version: int,
    now: datetime,
    *,
    unit_id: UUID | None = None,
    handler_id: UUID | None = None,
    note: str | None = None,
) -> None:
    """A dispatcher gives it to a unit, or the unit's leader to one of its people.

    The note is for staff. Raises AssignToUnitOrHandler, UnknownUnit, NotInUnit, AlreadyThere,
    HandlerIsRequester beside what every action raises.
    """
    if (unit_id is None) == (handler_id is None):
        raise AssignToUnitOrHandler
    with transaction():
        if unit_id is not None:
            move = begin(actor, request_id, version, Action.ASSIGN, ASSIGNERS[Assignee.UNIT])
            _to_unit(move, unit_id, now)
        else:
            move = begin(actor, request_id, version, Action.ASSIGN, ASSIGNERS[Assignee.MEMBER])
            _to_handler(move, handler_id, now)
        if note:
            append_event(
                request_id,
                Kind.NOTE,
                now,
                actor_id=actor.id,
                capacity=move.capacity,
                unit_id=unit_id or move.current.facts.lead_unit_id,
                text=note,
                shown_to=ShownTo.STAFF,
            )


def _to_unit(move: Move, unit_id: UUID, now: datetime) -> None:
    if move.current.facts.lead_unit_id == unit_id:
        raise AlreadyThere
    if not queries.unit_in_use(unit_id):
        raise UnknownUnit
    move.make(now, changes={"lead_unit_id": unit_id, "handler_id": None})


def _to_handler(move: Move, handler_id: UUID | None, now: datetime) -> None:
    facts = move.current.facts
    if facts.handler_id == handler_id:
        raise AlreadyThere
    if facts.requester_id == handler_id:
        raise HandlerIsRequester
    if not any(
        handler_id in people.members_with_role(role, now, unit_id=facts.lead_unit_id)
        for role in UNIT_ROLES
    ):
        raise NotInUnit
    move.make(now, changes={"handler_id": handler_id}, data={"handler_id": handler_id})


def start(actor: Actor, request_id: UUID, version: int, now: datetime) -> None:
    """Work begins, or begins again after the resident contested the reply."""
    with transaction():
        move = begin(actor, request_id, version, Action.START)
        move.make(now, changes=_kept_or_taken_by(actor, move))


def ask(actor: Actor, request_id: UUID, version: int, text: str, now: datetime) -> None:
    """Send the one list of what is missing; the clock stands until it is supplied."""
    with transaction():
        move = begin(actor, request_id, version, Action.ASK)
        move.make(now, changes={**_kept_or_taken_by(actor, move), "asked_at": now}, text=text)


def supply(
    actor: Actor,
    request_id: UUID,
    version: int,
    text: str,
    attachment_ids: Sequence[UUID],
    now: datetime,
) -> None:
    """The resident answers the list; the deadline moves by as long as it waited for them."""
    with transaction():
        move = begin(actor, request_id, version, Action.SUPPLY)
        move.make(
            now,
            changes=clock.resumed(move.current, now),
            text=text,
            attachment_ids=attachment_ids,
        )


def reply(
    actor: Actor,
    request_id: UUID,
    version: int,
    outcome: Outcome,
    text: str,
    attachment_ids: Sequence[UUID],
    now: datetime,
) -> None:
    """Tell the resident what was done. Closed is not fixed: they confirm or contest."""
    with transaction():
        move = begin(actor, request_id, version, Action.REPLY)
        move.make(
            now,
            changes={**_kept_or_taken_by(actor, move), "outcome": outcome},
            text=text,
            data={"outcome": outcome},
            attachment_ids=attachment_ids,
        )


def confirm(actor: Actor, request_id: UUID, version: int, now: datetime) -> None:
    """The resident says it is solved."""
    with transaction():
        begin(actor, request_id, version, Action.CONFIRM).make(now)


def contest(
    actor: Actor,
    request_id: UUID,
    version: int,
    reason: str,
    attachment_ids: Sequence[UUID],
    now: datetime,
) -> None:
    """The resident says it is not solved; the unit gets the same length of time once more."""
    with transaction():
        move = begin(actor, request_id, version, Action.CONTEST)
        move.make(
            now,
            changes=clock.restarted(move.current, now),
            text=reason,
            attachment_ids=attachment_ids,
        )


def withdraw(
    actor: Actor, request_id: UUID, version: int, reason: str | None, now: datetime
) -> None:
    """The resident takes it back."""
    with transaction():
        begin(actor, request_id, version, Action.WITHDRAW).make(now, text=reason)


def _taken_by(actor: Actor) -> dict[str, UUID]:
    return {"handler_id": actor.id}


def _kept_or_taken_by(actor: Actor, move: Move) -> dict[str, UUID]:
    """Whoever handles it goes on doing so; if nobody does yet, whoever acts first."""
    return {"handler_id": move.current.facts.handler_id or actor.id}
