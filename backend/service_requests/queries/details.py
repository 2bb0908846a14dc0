"""One request: what the rules need to know of it, and what a person is shown of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.kernel.actor import Actor
from backend.kernel.db import fetch_one
from backend.service_requests.queries.columns import GROUPED_NUMBER, unit_name
from backend.service_requests.queries.gate import sees_requester, visible_to
from backend.service_requests.receipt import Holding
from backend.service_requests.rules import Facts, State, Visibility


@dataclass(frozen=True, slots=True)
class Current:
    """A request as it stands, for deciding what may become of it."""

    id: UUID
    version: int
    facts: Facts
    deadline_profile: str
    submitted_at: datetime
    due_at: datetime
    asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A request as it stands, for showing it. `json` lacks what only Python can make."""

    facts: Facts
    holding: Holding
    place_encrypted: bytes | None
    requester_name: str
    requester_phone_encrypted: bytes | None
    json: str
    rating: str | None
    timeline: str
    """JSON text of the events this actor may see, in order."""
    attached_by: dict[str, str]
    """For each picture the kind of event it came with."""


_FACTS = (
    "r.state, r.requester_id, r.area_code, r.lead_unit_id, r.handler_id, r.visibility,"
    " r.asked_at IS NOT NULL"
)


def _facts(
    state: str,
    requester_id: UUID,
    area_code: str,
    lead_unit_id: UUID | None,
    handler_id: UUID | None,
    visibility: str,
    asked: bool,
) -> Facts:
    return Facts(
        State(state),
        requester_id,
        area_code,
        lead_unit_id,
        handler_id,
        Visibility(visibility),
        asked,
    )


def current(actor: Actor, request_id: UUID) -> Current | None:
    """None when there is no such request for this actor."""
    visible, params = visible_to(actor)
    row = fetch_one(
        f"SELECT r.version, r.deadline_profile, r.submitted_at, r.due_at, r.asked_at, {_FACTS}"
        f" FROM service_requests r WHERE r.id = %s AND {visible}",
        (request_id, *params),
    )
    if row is None:
        return None
    version, profile, submitted_at, due_at, asked_at, *facts = row
    return Current(request_id, version, _facts(*facts), profile, submitted_at, due_at, asked_at)


def version_of(request_id: UUID) -> int:
    """The stored version of a request the caller has just seen."""
    row = fetch_one("SELECT version FROM service_requests WHERE id = %s", (request_id,))
    return int(row[0]) if row else 0


def shown(actor: Actor, request_id: UUID) -> Shown | None:
    """None when there is no such request for this actor."""
    visible, params = visible_to(actor)
    named, named_params = sees_requester(actor)
    unit = unit_name(actor.language)
    row = fetch_one(
        f"""
        SELECT {_FACTS}, {unit}, u.phone, nullif(h.name, ''), r.due_at, r.due_provisional,
            r.updated_at, r.place_encrypted, p.name, p.phone_encrypted,
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
                'mine', r.requester_id = %s)::text,
            CASE WHEN g.request_id IS NOT NULL THEN json_build_object(
                'score', g.score, 'comment', g.comment, 'at', g.rated_at)::text END,
            {_timeline(unit, named)},
            (SELECT coalesce(jsonb_object_agg(picture, t.kind), '{{}}')
            FROM timeline_events t, jsonb_array_elements_text(t.data -> 'attachment_ids') picture
            WHERE t.request_id = r.id)
        FROM service_requests r
        JOIN areas a ON a.code = r.area_code
        JOIN people p ON p.id = r.requester_id
        LEFT JOIN units u ON u.id = r.lead_unit_id
        LEFT JOIN people h ON h.id = r.handler_id
        LEFT JOIN ratings g ON g.request_id = r.id
        WHERE r.id = %s AND {visible}
        """,
        (actor.id, *named_params, actor.id, request_id, *params),
    )
    if row is None:
        return None
    facts, holding, rest = row[:7], row[7:13], row[13:]
    return Shown(_facts(*facts), Holding(*holding), *rest)


def _timeline(unit: str, requester_named: str) -> str:
    """SQL of the events of `r`: the requester is spared what is for staff.

    An event is stored with the unit that led afterwards. Shown is the unit of who acted, which
    only its handlers and leaders have; the unit or handler something was given to is in `data`.
    """
    return f"""
            (SELECT coalesce(json_agg(json_build_object(
                'seq', t.seq, 'at', t.at, 'kind', t.kind,
                'by', json_build_object(
                    'role', coalesce(t.capacity, 'system'),
                    'name', CASE WHEN t.capacity <> 'requester' OR {requester_named}
                        THEN nullif(p.name, '') END),
                'unit', CASE WHEN u.id IS NOT NULL AND t.capacity IN ('handler', 'leader') THEN
                    json_build_object('id', u.id, 'name', {unit}) END,
                'internal', t.shown_to = 'staff', 'text', t.text,
                'data', t.data - 'attachment_ids' || CASE
                    WHEN t.kind <> 'assigned' THEN '{{}}'
                    WHEN h.id IS NULL THEN
                        jsonb_build_object('unit_id', u.id, 'unit_name', {unit})
                    ELSE jsonb_build_object('handler_name', nullif(h.name, '')) END,
                'attachment_ids', coalesce(t.data -> 'attachment_ids', '[]')
            ) ORDER BY t.seq), '[]')::text
            FROM timeline_events t
            LEFT JOIN people p ON p.id = t.actor_id
            LEFT JOIN units u ON u.id = t.unit_id
            LEFT JOIN people h ON h.id = (t.data ->> 'handler_id')::uuid
            WHERE t.request_id = r.id AND (t.shown_to = 'resident' OR r.requester_id <> %s))"""


def unit_in_use(unit_id: UUID) -> bool:
    """Whether there is such a unit and requests can be given to it."""
    return fetch_one("SELECT 1 FROM units WHERE id = %s AND active", (unit_id,)) is not None


def serial_and_area_name(area_code: str) -> tuple[int, str | None]:
    """The next number in the row of requests, and the full name of an area in which something can
    be reported; None for any other code. A number that is not used then leaves a gap."""
    row = fetch_one(
        "SELECT nextval('service_request_numbers'),"
        " (SELECT full_name FROM areas WHERE code = %s AND active)",
        (area_code,),
    )
    return (row[0], row[1]) if row else (0, None)
