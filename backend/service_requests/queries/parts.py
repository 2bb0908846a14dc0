"""SQL of what a request is made of: its events, sub-tasks, materials, and what is complained about.

Each is a value in a SELECT from `service_requests r`; a parameter is named where there is one.
"""

from backend.service_requests.queries.columns import GROUPED_NUMBER, unit_name

EXTENSION = """
    (SELECT json_build_object('state', x.state, 'reason', x.reason, 'asked_at', x.asked_at,
        'decided_at', x.decided_at, 'note', x.note)
     FROM extensions x WHERE x.request_id = r.id)"""

MATERIALS = """
    (SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'label', m.label, 'kind', m.kind,
        'note', m.note, 'state', m.state, 'sealed', encode(m.text_encrypted, 'base64'),
        'attachment_ids', m.attachment_ids, 'supplied_at', m.supplied_at,
        'reused', m.reused_from_id IS NOT NULL) ORDER BY m.position), '[]')
     FROM materials m WHERE m.request_id = r.id)"""


def outcome(main_visible: str) -> str:
    """How it was answered; the parameters are those of ``main_visible``, the gate for the request
    `o` it was merged into: its number is told only to who may know that one."""
    number = GROUPED_NUMBER.replace("r.", "o.")
    return f"""
        CASE WHEN r.outcome IS NOT NULL THEN json_build_object(
            'kind', r.outcome, 'basis', r.basis, 'referred_to', r.referred_to,
            'referred_contact', r.referred_contact, 'until_on', r.deferred_until,
            'duplicate_of', (SELECT {number} FROM service_requests o
                WHERE o.id = r.merged_into_id AND {main_visible})) END"""


def timeline(unit: str, requester_named: str) -> str:
    """The events; parameters: those of ``requester_named``, then everybody on the side that asked
    whom the reader is or acts for.

    That side is spared what is for staff. An event is stored with the unit that led afterwards.
    Shown is the unit of who acted, which only its handlers and leaders have; the unit or handler
    something was given to is in `data`.
    """
    named_unit = unit.replace("u.", "n.")
    return f"""
        (SELECT coalesce(json_agg(json_build_object(
            'seq', t.seq, 'at', t.at, 'kind', t.kind,
            'by', json_build_object(
                'role', coalesce(t.capacity, 'system'),
                'name', CASE WHEN t.capacity NOT IN ('requester', 'agent') OR {requester_named}
                    THEN nullif(p.name, '') END),
            'unit', CASE WHEN u.id IS NOT NULL
                AND t.capacity IN ('handler', 'leader', 'co_handler') THEN
                json_build_object('id', u.id, 'name', {unit}) END,
            'internal', t.shown_to = 'staff', 'text', t.text,
            'data', t.data - 'attachment_ids' || CASE
                WHEN h.id IS NOT NULL THEN
                    jsonb_build_object('handler_name', nullif(h.name, ''))
                WHEN t.kind IN ('assigned', 'ruled', 'directed') THEN
                    jsonb_build_object('unit_id', u.id, 'unit_name', {unit})
                WHEN n.id IS NOT NULL THEN jsonb_build_object('unit_name', {named_unit})
                ELSE '{{}}' END,
            'attachment_ids', coalesce(t.data -> 'attachment_ids', '[]')
        ) ORDER BY t.seq), '[]')::text
        FROM timeline_events t
        LEFT JOIN people p ON p.id = t.actor_id
        LEFT JOIN units u ON u.id = t.unit_id
        LEFT JOIN units n ON n.id = (t.data ->> 'unit_id')::uuid
        LEFT JOIN people h ON h.id = (t.data ->> 'handler_id')::uuid
        WHERE t.request_id = r.id
            AND (t.shown_to = 'resident' OR NOT r.requester_id = ANY(%s)))"""


def tasks(language: str) -> str:
    """The sub-tasks, open ones first; parameters: now, and the units of the reader."""
    return f"""
        (SELECT coalesce(json_agg(json_build_object('id', t.id,
            'unit', json_build_object('id', u.id, 'name', {unit_name(language)}),
            'text', t.text, 'due_at', t.due_at, 'state', t.state,
            'overdue', t.state = 'open' AND t.due_at < %s, 'answer', t.answer,
            'answered_at', CASE WHEN t.state = 'answered' THEN t.ended_at END,
            'attachment_ids', t.attachment_ids, 'mine', t.unit_id = ANY(%s)
            ) ORDER BY t.state <> 'open', t.due_at, t.id), '[]')::text
         FROM sub_tasks t JOIN units u ON u.id = t.unit_id WHERE t.request_id = r.id)"""


def about(language: str) -> str:
    """Whom a complaint is about."""
    return f"""
        (SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.id,
            'unit_name', {unit_name(language)}, 'sealed', encode(c.name_encrypted, 'base64'))
            ORDER BY c.id), '[]')
         FROM complaint_targets c
         LEFT JOIN units u ON u.id = c.unit_id
         WHERE c.request_id = r.id AND r.complaint)"""
