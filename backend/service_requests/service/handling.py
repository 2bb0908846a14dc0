"""Who takes a request on, and how it comes to them."""

from datetime import datetime
from uuid import UUID

from backend.kernel.actor import UNIT_ROLES, Actor
from backend.kernel.db import transaction
from backend.people import queries as people
from backend.service_requests.errors import (
    AlreadyThere,
    AssignToUnitOrHandler,
    HandlerIsRequester,
    NotInUnit,
)
from backend.service_requests.rules import ASSIGNERS, Action, Assignee, Kind, ShownTo, State
from backend.service_requests.service import clock
from backend.service_requests.service.complaints import person_to_give, unit_to_give
from backend.service_requests.service.moves import Move, append_event, begin
from backend.service_requests.service.together import carry_over


def accept(actor: Actor, request_id: UUID, version: int, now: datetime) -> None:
    """The lead unit takes it on; whoever accepts handles it until it is assigned to another."""
    with transaction():
        begin(actor, request_id, version, Action.ACCEPT, now).make(
            now, changes={"handler_id": actor.id}
        )


def not_accept(
    actor: Actor, request_id: UUID, version: int, reason: str, where_to_go: str, now: datetime
) -> None:
    """Final: the resident is told why, and where to go instead."""
    with transaction():
        begin(actor, request_id, version, Action.NOT_ACCEPT, now).make(
            now, text=reason, data={"where_to_go": where_to_go}
        )
        carry_over(request_id, now)


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

    The note is for staff. Raises AssignToUnitOrHandler, UnknownUnit, UnitComplainedAbout,
    NotInUnit, AlreadyThere, HandlerIsRequester beside what every action raises.
    """
    if (unit_id is None) == (handler_id is None):
        raise AssignToUnitOrHandler
    with transaction():
        if unit_id is not None:
            move = begin(actor, request_id, version, Action.ASSIGN, now, ASSIGNERS[Assignee.UNIT])
            _to_unit(move, unit_id, now)
        else:
            move = begin(actor, request_id, version, Action.ASSIGN, now, ASSIGNERS[Assignee.MEMBER])
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


def kept_or_taken_by(actor: Actor, move: Move) -> dict[str, UUID]:
    """Whoever handles it goes on doing so; if nobody does yet, whoever acts first."""
    return {"handler_id": move.current.facts.handler_id or actor.id}


def _to_unit(move: Move, unit_id: UUID, now: datetime) -> None:
    if move.current.facts.lead_unit_id == unit_id:
        raise AlreadyThere
    unit_to_give(move.current, unit_id)
    changes = {"lead_unit_id": unit_id, "handler_id": None, **clock.received(now)}
    move.make(now, changes=changes)


def _to_handler(move: Move, handler_id: UUID | None, now: datetime) -> None:
    facts = move.current.facts
    if facts.handler_id == handler_id:
        raise AlreadyThere
    if facts.requester_id == handler_id:
        raise HandlerIsRequester
    if handler_id is None or not any(
        handler_id in people.members_with_role(role, now, unit_id=facts.lead_unit_id)
        for role in UNIT_ROLES
    ):
        raise NotInUnit
    person_to_give(move.current, handler_id, now)
    move.make(now, changes={"handler_id": handler_id}, data={"handler_id": handler_id})


def start(actor: Actor, request_id: UUID, version: int, now: datetime) -> None:
    """Work begins, begins again after the resident contested the reply, or goes on without what
    the resident was asked for and has not given."""
    with transaction():
        move = begin(actor, request_id, version, Action.START, now)
        waited = move.current.facts.state is State.AWAITING_RESIDENT
        resumed = clock.resumed(move.current, now) if waited else {}
        move.make(now, changes={**kept_or_taken_by(actor, move), **resumed})
