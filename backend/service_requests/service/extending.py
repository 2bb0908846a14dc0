"""More time: asked for once, with a reason, and granted by somebody else."""

from datetime import datetime
from uuid import UUID

from backend.kernel.actor import Actor
from backend.kernel.db import transaction
from backend.service_requests.models import ExtensionRequest
from backend.service_requests.rules import Action, ExtensionState, Kind, ShownTo
from backend.service_requests.service import clock
from backend.service_requests.service.moves import begin


def request_extension(
    actor: Actor, request_id: UUID, version: int, reason: str, now: datetime
) -> None:
    """Ask for the extension the deadline's profile knows. The clock runs on until it is granted."""
    with transaction():
        begin(actor, request_id, version, Action.REQUEST_EXTENSION, now).make(
            now, text=reason, shown_to=ShownTo.STAFF
        )
        ExtensionRequest.insert(
            request_id=request_id,
            state=ExtensionState.PENDING,
            reason=reason,
            asked_by=actor.id,
            asked_at=now,
        ).execute()


def decide_extension(
    actor: Actor, request_id: UUID, version: int, granted: bool, note: str | None, now: datetime
) -> None:
    """Grant or refuse it. The resident is told of more time with the reason it was asked for."""
    with transaction():
        move = begin(actor, request_id, version, Action.DECIDE_EXTENSION, now)
        asked = ExtensionRequest.get(ExtensionRequest.request_id == request_id)
        if granted:
            move.make(
                now,
                kind=Kind.EXTENSION_GRANTED,
                changes=clock.extended(move.current, now),
                text=asked.reason,
                data={"note": note} if note else None,
            )
        else:
            move.make(now, kind=Kind.EXTENSION_REFUSED, text=note, shown_to=ShownTo.STAFF)
        ExtensionRequest.update(
            state=ExtensionState.GRANTED if granted else ExtensionState.REFUSED,
            decided_by=actor.id,
            decided_at=now,
            note=note,
        ).where(ExtensionRequest.request_id == request_id).execute()
