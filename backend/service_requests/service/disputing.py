"""A unit says that it is not responsible; the dispatcher decides, once and for all."""

from datetime import datetime
from uuid import UUID

from backend.kernel.actor import Actor
from backend.kernel.db import transaction
from backend.service_requests.errors import AlreadyThere
from backend.service_requests.rules import Action
from backend.service_requests.service import clock
from backend.service_requests.service.complaints import unit_to_give
from backend.service_requests.service.moves import begin


def dispute(
    actor: Actor,
    request_id: UUID,
    version: int,
    reason: str,
    now: datetime,
    *,
    unit_id: UUID | None = None,
) -> None:
    """The lead unit returns it, naming whom it holds responsible if it knows.

    The resident's clock runs on: the quarrel is not theirs. Source: 信访工作条例 §§22-24. Raises
    UnknownUnit, UnitComplainedAbout, AlreadyThere (it named itself) beside what every action
    raises.
    """
    with transaction():
        move = begin(actor, request_id, version, Action.DISPUTE, now)
        if unit_id == move.current.facts.lead_unit_id:
            raise AlreadyThere
        if unit_id is not None:
            unit_to_give(move.current, unit_id)
        move.make(now, text=reason, data={"unit_id": str(unit_id)} if unit_id else None)


def rule(
    actor: Actor, request_id: UUID, version: int, unit_id: UUID, reason: str, now: datetime
) -> None:
    """The dispatcher says who is responsible, be it the unit that objected; this is final.

    Raises UnknownUnit, UnitComplainedAbout beside what every action raises.
    """
    with transaction():
        move = begin(actor, request_id, version, Action.RULE, now)
        unit_to_give(move.current, unit_id)
        stays = unit_id == move.current.facts.lead_unit_id
        changes = {"ruled_at": now, "lead_unit_id": unit_id}
        if not stays:
            changes |= {"handler_id": None, **clock.received(now)}
        move.make(now, changes=changes, text=reason)
