"""One request: what a person is shown of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.kernel.actor import UNIT_ROLES, Actor
from backend.kernel.db import fetch_one
from backend.service_requests.queries import parts
from backend.service_requests.queries.columns import GROUPED_NUMBER, unit_name
from backend.service_requests.queries.facts import FACTS, FACTS_COUNT, facts_of
from backend.service_requests.queries.gate import sees_requester, visible_to
from backend.service_requests.receipt import Holding
from backend.service_requests.rules import Facts


@dataclass(frozen=True, slots=True)
class Shown:
    """A request as it stands, for showing it. `json` lacks what only Python can make."""

    facts: Facts
    holding: Holding
    place_encrypted: bytes | None
    requester_name: str
    requester_phone_encrypted: bytes | None
    agent_name: str | None
    json: str
    rating: str | None
    timeline: str
    """JSON text of the events this actor may see, in order."""
    tasks: str
    """JSON text of the sub-tasks, with what units wrote to each other."""
    materials: list[dict[str, Any]]
    """The items of the one list, each with what was given for it, still `sealed`."""
    about: list[dict[str, Any]]
    """Whom a complaint is about; a name nobody was found for is still `sealed`."""
    attached_by: dict[str, str]
    """For each picture the kind of event it came with."""
    deadline_profile: str


def shown(actor: Actor, request_id: UUID, now: datetime) -> Shown | None:
    """None when there is no such request for this actor."""
    visible, params = visible_to(actor)
    main_visible, main_params = visible_to(actor, "o")
    named, named_params = sees_requester(actor)
    unit = unit_name(actor.language)
    row = fetch_one(
        f"""
        SELECT {FACTS}, {unit}, u.phone, nullif(h.name, ''), r.due_at, r.due_provisional,
            r.updated_at, r.confirm_until, r.reopen_at, r.follow_up_at,
            r.place_encrypted, p.name, p.phone_encrypted, e.name,
            json_build_object(
                'id', r.id, 'number', {GROUPED_NUMBER}, 'version', r.version, 'state', r.state,
                'category', r.category,
                'area', json_build_object('code', a.code, 'full_name', a.full_name),
                'description', r.description, 'answers', r.answers, 'visibility', r.visibility,
                'submitted_at', r.submitted_at, 'updated_at', r.updated_at, 'due_at', r.due_at,
                'due_provisional', r.due_provisional, 'deadline_profile', r.deadline_profile,
                'lead_unit', CASE WHEN u.id IS NOT NULL THEN
                    json_build_object('id', u.id, 'name', {unit}, 'phone', u.phone) END,
                'handler', CASE WHEN h.id IS NOT NULL THEN
                    json_build_object('id', h.id, 'name', h.name) END,
                'outcome', {parts.outcome(main_visible)},
                'extension', {parts.EXTENSION},
                'followers', (SELECT count(*) FROM follows f WHERE f.request_id = r.id),
                'published', r.visibility = 'public' AND r.text_verdict = 'pass',
                'mine', r.requester_id = %s)::text,
            CASE WHEN g.request_id IS NOT NULL THEN json_build_object(
                'score', g.score, 'comment', g.comment, 'at', g.rated_at,
                'changeable_until', g.first_rated_at + interval '30 days')::text END,
            {parts.timeline(unit, named)},
            {parts.tasks(actor.language)},
            {parts.MATERIALS},
            {parts.about(actor.language)},
            (SELECT coalesce(jsonb_object_agg(picture, t.kind), '{{}}')
            FROM timeline_events t, jsonb_array_elements_text(t.data -> 'attachment_ids') picture
            WHERE t.request_id = r.id),
            r.deadline_profile
        FROM service_requests r
        JOIN areas a ON a.code = r.area_code
        JOIN people p ON p.id = r.requester_id
        LEFT JOIN people e ON e.id = r.agent_id
        LEFT JOIN units u ON u.id = r.lead_unit_id
        LEFT JOIN people h ON h.id = r.handler_id
        LEFT JOIN ratings g ON g.request_id = r.id
        WHERE r.id = %s AND {visible}
        """,
        (
            *main_params,
            actor.id,
            *named_params,
            [actor.id, *(mandate.principal_id for mandate in actor.mandates)],
            now,
            list(actor.unit_ids(*UNIT_ROLES)),
            request_id,
            *params,
        ),
    )
    if row is None:
        return None
    facts, rest = row[:FACTS_COUNT], row[FACTS_COUNT:]
    return Shown(facts_of(facts), Holding(*rest[:9]), *rest[9:])


def unit_in_use(unit_id: UUID) -> bool:
    """Whether there is such a unit and requests can be given to it."""
    return fetch_one("SELECT 1 FROM units WHERE id = %s AND active", (unit_id,)) is not None


def complains_about(request_id: UUID, unit_id: UUID) -> bool:
    """Whether the request is a complaint about this unit."""
    found = fetch_one(
        "SELECT 1 FROM complaint_targets WHERE request_id = %s AND unit_id = %s",
        (request_id, unit_id),
    )
    return found is not None


def serial_and_area_name(area_code: str) -> tuple[int, str | None]:
    """The next number in the row of requests, and the full name of an area in which something can
    be reported; None for any other code. A number that is not used then leaves a gap."""
    row = fetch_one(
        "SELECT nextval('service_request_numbers'),"
        " (SELECT full_name FROM areas WHERE code = %s AND active)",
        (area_code,),
    )
    return (row[0], row[1]) if row else (0, None)
