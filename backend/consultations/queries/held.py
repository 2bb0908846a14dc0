"""Everything that is held about one person's meetings, for them to take away or leave behind."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.kernel.clock import LOCAL
from backend.kernel.db import fetch_all


@dataclass(frozen=True, slots=True)
class Held:
    """One meeting; what is encrypted is still sealed."""

    id: UUID
    plain: dict[str, Any]
    facts_encrypted: bytes | None
    opposing_encrypted: bytes | None
    opinion_encrypted: bytes | None


def held_about(person_id: UUID) -> list[Held]:
    """The person's meetings, the last first."""
    rows = fetch_all(
        """
        SELECT c.id, jsonb_build_object('adviser', v.name, 'firm', v.firm, 'area', a.full_name,
                'state', b.state, 'starts_at', b.starts_at, 'ends_at', b.ends_at, 'mode', b.mode,
                'topic', c.topic, 'since_on', c.since_on, 'limitation_on', c.limitation_on,
                'keep_private', c.keep_private, 'created_at', c.created_at,
                'booked_by_agent', e.name, 'written_down_by', w.name, 'minutes', c.minutes,
                'served_at', c.served_at, 'rating', CASE WHEN c.score IS NOT NULL THEN
                    jsonb_build_object('score', c.score, 'comment', c.comment,
                        'at', c.rated_at) END),
            c.facts_encrypted, c.opposing_encrypted, c.opinion_encrypted
        FROM consultations c JOIN bookings b ON b.id = c.booking_id
        JOIN advisers v ON v.id = c.adviser_id JOIN areas a ON a.code = c.area_code
        LEFT JOIN people e ON e.id = c.agent_id LEFT JOIN people w ON w.id = c.entered_by
        WHERE c.person_id = %s ORDER BY b.starts_at DESC, c.id DESC
        """,
        (person_id,),
    )
    return [Held(*row) for row in rows]


def numbers_of(consultation_ids: Collection[UUID]) -> dict[UUID, str]:
    """How people know their meetings: by day and hour, in the county's time."""
    rows = fetch_all(
        "SELECT c.id, b.starts_at FROM consultations c JOIN bookings b ON b.id = c.booking_id"
        " WHERE c.id = ANY(%s)",
        (list(consultation_ids),),
    )
    return {id_: f"{starts_at.astimezone(LOCAL):%Y-%m-%d %H:%M}" for id_, starts_at in rows}
