"""Merging: one of several requests about the same becomes the main one.

Each of the others keeps its own clock, receipt and rating, and its requester decides for themselves
whether it is solved. What becomes of the main one becomes of them too: see `together`.
"""

from datetime import datetime
from uuid import UUID

from backend.kernel.actor import Actor
from backend.kernel.db import transaction
from backend.service_requests import queries
from backend.service_requests.errors import NotMergeable
from backend.service_requests.queries import Current
from backend.service_requests.rules import WITH_UNIT, Action, Outcome, State
from backend.service_requests.service.handling import kept_or_taken_by
from backend.service_requests.service.moves import begin, lock

MAIN_STATES = (WITH_UNIT - {State.MERGED}) | {State.AWAITING_RESIDENT}
"""Where an answer is still to come, which the others then get too."""


def merge(
    actor: Actor, request_id: UUID, version: int, into: str, text: str | None, now: datetime
) -> None:
    """The lead unit handles it together with the request of the number ``into``.

    Never a complaint: whom it is about might handle the other. Raises NotMergeable beside what
    every action raises.
    """
    with transaction():
        main_id = queries.id_of_number(actor, into)
        # Always in the same order, so that two merges the other way round do not wait in a circle.
        for locked in sorted({request_id, main_id or request_id}):
            lock(locked)
        move = begin(actor, request_id, version, Action.MERGE, now)
        main = queries.current(actor, main_id) if main_id else None
        if main is None or not _mergeable(move.current, main):
            raise NotMergeable
        move.make(
            now,
            changes={
                **kept_or_taken_by(actor, move),
                "merged_into_id": main.id,
                "outcome": Outcome.DUPLICATE,
            },
            text=text,
        )


def _mergeable(current: Current, main: Current) -> bool:
    return (
        main.id != current.id
        and main.facts.state in MAIN_STATES
        and not main.complaint
        and not current.complaint
    )
