"""Everything that is held about one person's requests, for them to take away or to leave behind."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.kernel.db import fetch_all
from backend.service_requests.queries.columns import GROUPED_NUMBER
from backend.service_requests.rules import TRANSITIONS, Action


@dataclass(frozen=True, slots=True)
class Held:
    """One request with all that hangs on it. What was kept sealed is still under `sealed`."""

    id: UUID
    place_encrypted: bytes | None
    plain: dict[str, Any]
    materials: list[dict[str, Any]]
    about: list[dict[str, Any]]
    reports: list[dict[str, Any]]


def held_about(person_id: UUID) -> list[Held]:
    """The person's requests, newest first."""
    rows = fetch_all(
        f"""
        SELECT r.id, r.place_encrypted,
            jsonb_build_object('number', {GROUPED_NUMBER}, 'state', r.state,
                'category', r.category, 'area_code', r.area_code, 'description', r.description,
                'answers', r.answers, 'visibility', r.visibility, 'outcome', r.outcome,
                'submitted_at', r.submitted_at, 'updated_at', r.updated_at, 'due_at', r.due_at,
                'unit', u.name, 'asked_by_agent', e.name,
                'rating', (SELECT jsonb_build_object('score', g.score, 'comment', g.comment,
                    'at', g.rated_at) FROM ratings g WHERE g.request_id = r.id),
                'timeline', (SELECT jsonb_agg(jsonb_build_object('at', t.at, 'kind', t.kind,
                    'by', coalesce(t.capacity, 'system'), 'text', t.text) ORDER BY t.seq)
                    FROM timeline_events t
                    WHERE t.request_id = r.id AND t.shown_to = 'resident')),
            (SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'label', m.label,
                'state', m.state, 'supplied_at', m.supplied_at,
                'sealed', encode(m.text_encrypted, 'base64')) ORDER BY m.position), '[]')
             FROM materials m WHERE m.request_id = r.id),
            (SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.id,
                'unit', (SELECT n.name FROM units n WHERE n.id = c.unit_id),
                'person', (SELECT p.name FROM people p WHERE p.id = c.person_id),
                'sealed', encode(c.name_encrypted, 'base64')) ORDER BY c.id), '[]')
             FROM complaint_targets c WHERE c.request_id = r.id),
            (SELECT coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'kind', x.kind, 'at', x.at,
                'finding', x.finding, 'closed_at', x.closed_at,
                'sealed', encode(x.text_encrypted, 'base64')) ORDER BY x.at), '[]')
             FROM pressure_reports x WHERE x.request_id = r.id)
        FROM service_requests r
        LEFT JOIN units u ON u.id = r.lead_unit_id
        LEFT JOIN people e ON e.id = r.agent_id
        WHERE r.requester_id = %s ORDER BY r.submitted_at DESC, r.id DESC
        """,
        (person_id,),
    )
    return [Held(*row) for row in rows]


def numbers_of(request_ids: Collection[UUID]) -> dict[UUID, str]:
    """The receipt numbers of some requests, as shown."""
    rows = fetch_all(
        f"SELECT r.id, {GROUPED_NUMBER} FROM service_requests r WHERE r.id = ANY(%s)",
        (list(request_ids),),
    )
    return dict(rows)


def open_for(person_id: UUID, action: Action) -> list[UUID]:
    """The person's own requests in a state that knows the action."""
    states = [rule.state for rule in TRANSITIONS if rule.action is action]
    rows = fetch_all(
        "SELECT id FROM service_requests WHERE requester_id = %s AND state = ANY(%s)",
        (person_id, states),
    )
    return [request_id for (request_id,) in rows]
