"""The ledger of one person's hours."""

from typing import Any
from uuid import UUID

from backend.kernel.db import fetch_all

Key = tuple[Any, ...]
"""The sort key of the last item of a page."""


def hours_of(person_id: UUID, after: Key | None, limit: int) -> tuple[list[str], Key | None]:
    """The person's ledger as JSON, the last entry first: what counts, and what was corrected."""
    recorded_at, last_id = after or (None, None)
    rows = fetch_all(
        """
        SELECT json_build_object('id', h.id,
                'activity', json_build_object('id', a.id, 'title', a.title),
                'organisation_name', o.name, 'starts_at', h.starts_at, 'ends_at', h.ends_at,
                'minutes', h.minutes, 'class', h.class, 'recorded_at', h.recorded_at,
                'replaces', h.replaces_id, 'reason', h.reason, 'current', h.current)::text,
            h.recorded_at, h.id
        FROM service_hours h JOIN activities a ON a.id = h.activity_id
        JOIN volunteer_organisations o ON o.id = a.organisation_id
        WHERE h.person_id = %s AND (%s::timestamptz IS NULL
            OR (h.recorded_at, h.id) < (%s::timestamptz, %s::uuid))
        ORDER BY h.recorded_at DESC, h.id DESC LIMIT %s
        """,
        (person_id, recorded_at, recorded_at, last_id, limit + 1),
    )
    return [row[0] for row in rows[:limit]], rows[limit - 1][1:] if len(rows) > limit else None


def minutes_of(person_id: UUID) -> dict[str, int]:
    """What counts, by class."""
    return dict(
        fetch_all(
            "SELECT class, sum(minutes)::int FROM service_hours"
            " WHERE person_id = %s AND current AND starts_at IS NOT NULL GROUP BY class",
            (person_id,),
        )
    )
