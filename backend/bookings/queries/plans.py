"""A resource's plan as it is edited."""

from datetime import datetime
from uuid import UUID

from backend.kernel.db import fetch_one


def plan_json(resource_id: UUID, now: datetime) -> str | None:
    """``Plan`` as JSON text, with the exceptions that are not over; None for no resource."""
    row = fetch_one(
        """
        SELECT json_build_object(
            'version', res.version, 'lead_minutes', res.lead_minutes,
            'cancel_minutes', res.cancel_minutes, 'horizon_days', res.horizon_days,
            'term_from', res.term_from, 'term_until', res.term_until,
            'rules', coalesce((
                SELECT json_agg(json_build_object(
                    'weekday', p.weekday,
                    'starts', to_char(p.starts_minute * interval '1 minute', 'HH24:MI'),
                    'ends', to_char(p.ends_minute * interval '1 minute', 'HH24:MI'),
                    'slot_minutes', p.slot_minutes, 'buffer_minutes', p.buffer_minutes,
                    'capacity', p.capacity, 'modes', p.modes, 'place', p.place,
                    'valid_from', p.valid_from, 'valid_until', p.valid_until,
                    'on_holidays', p.on_holidays)
                    ORDER BY p.weekday, p.starts_minute, p.valid_from)
                FROM booking_plan_rules p WHERE p.resource_key = res.key), '[]'),
            'exceptions', coalesce((
                SELECT json_agg(json_build_object(
                    'id', e.id, 'kind', e.kind, 'starts_at', e.starts_at, 'ends_at', e.ends_at,
                    'reason', e.reason, 'slot_minutes', e.slot_minutes,
                    'buffer_minutes', e.buffer_minutes, 'capacity', e.capacity,
                    'modes', e.modes, 'place', e.place) ORDER BY e.starts_at, e.id)
                FROM booking_exceptions e
                WHERE e.resource_key = res.key AND e.ends_at > %s), '[]'))::text
        FROM booking_resources res WHERE res.id = %s
        """,
        (now, resource_id),
    )
    return None if row is None else str(row[0])
