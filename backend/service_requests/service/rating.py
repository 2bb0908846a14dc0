"""What the requester thinks of it. Nobody else can say, and the lead unit cannot read it."""

from datetime import datetime
from uuid import UUID

from backend.kernel import audit
from backend.kernel.actor import Actor
from backend.kernel.db import execute, transaction
from backend.kernel.errors import NotFound
from backend.service_requests import queries, rules
from backend.service_requests.rules import Action, Standing
from backend.service_requests.service.moves import SUBJECT_KIND


def rate(actor: Actor, request_id: UUID, score: int, comment: str | None, now: datetime) -> None:
    """Give or replace the one rating; every score ever given stays in the audit log.

    Only once there is a reply, and for 30 days after it was first given. Raises NotFound,
    ActionNotYours, ActionNotPossible, RatingClosed.
    """
    with transaction():
        current = queries.current(actor, request_id)
        if current is None:
            raise NotFound
        by = Standing(actor.id, rules.capacities(actor, current.facts), now)
        rules.decide(Action.RATE, by, current.facts)
        changed = execute(
            """
            INSERT INTO ratings (request_id, score, comment, first_rated_at, rated_at)
            VALUES (%s, %s, %s, %s, %s)
            ON CONFLICT (request_id) DO UPDATE
            SET score = excluded.score, comment = excluded.comment, rated_at = excluded.rated_at
            WHERE (ratings.score, ratings.comment)
                IS DISTINCT FROM (excluded.score, excluded.comment)
            """,
            (request_id, score, comment, now, now),
        )
        if changed:
            audit.record(
                actor.id, f"{SUBJECT_KIND}.rated", SUBJECT_KIND, request_id, {"score": score}
            )
