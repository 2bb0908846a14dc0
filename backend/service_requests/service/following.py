"""Following a public request instead of making the same one again."""

from datetime import datetime
from uuid import UUID

from backend.kernel import audit
from backend.kernel.actor import Actor
from backend.kernel.db import execute, transaction
from backend.kernel.errors import NotFound
from backend.service_requests import queries
from backend.service_requests.service.moves import SUBJECT_KIND


def follow(actor: Actor, request_id: UUID, now: datetime) -> None:
    """The actor is told from now on how it goes on; a second time changes nothing.

    Raises NotFound for what is not public.
    """
    with transaction():
        if not queries.is_published(request_id):
            raise NotFound
        if execute(
            "INSERT INTO follows (request_id, person_id, followed_at) VALUES (%s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            (request_id, actor.id, now),
        ):
            audit.record(actor.id, f"{SUBJECT_KIND}.followed", SUBJECT_KIND, request_id, {})


def unfollow(actor: Actor, request_id: UUID) -> None:
    """The actor is told no more; where they were not, nothing changes."""
    with transaction():
        if execute(
            "DELETE FROM follows WHERE request_id = %s AND person_id = %s", (request_id, actor.id)
        ):
            audit.record(actor.id, f"{SUBJECT_KIND}.unfollowed", SUBJECT_KIND, request_id, {})
