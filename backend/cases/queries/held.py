"""What is held about one person here."""

from typing import Any
from uuid import UUID

from backend.kernel.db import fetch_all


def held_about(person_id: UUID) -> list[dict[str, Any]]:
    """The cases a person wrote, and those made from their matters, newest first."""
    rows = fetch_all(
        """
        SELECT jsonb_build_object('as', CASE WHEN c.author_id = %s THEN 'author' ELSE 'person' END,
            'state', c.state, 'topic', c.topic, 'texts', CASE WHEN c.author_id = %s
                OR c.state = 'published' THEN c.texts END,
            'created_at', c.created_at, 'published_at', c.published_at)
        FROM cases c WHERE c.author_id = %s OR c.person_id = %s
        ORDER BY c.created_at DESC, c.id DESC
        """,
        (person_id, person_id, person_id, person_id),
    )
    return [held for (held,) in rows]
