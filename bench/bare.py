"""The baseline: the same answers from plain WSGI, psycopg 3 and orjson, nothing between.

It does what the database and the person need (one query for the token, the same rows written in
one transaction, the same bytes of JSON) and nothing else: no validation, no limits, no log, no
routing. What the requests of the run have in common is written in.
"""

import os
from base64 import urlsafe_b64encode
from collections import deque
from datetime import UTC, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import orjson
import psycopg
from psycopg.types.json import Jsonb

from backend.kernel.crypto import keyring
from backend.kernel.ids import new_id
from backend.kernel.messages import catalogue
from backend.kernel.settings import load_settings
from backend.kernel.text import tsvector_text
from backend.service_requests.numbers import receipt_number
from bench import bare_advisers

LOCAL = ZoneInfo("Asia/Shanghai")
JSON = [("Content-Type", "application/json")]
LISTED = 20
LAMPS = "520526001:law_enforcement"

keyring.load(**load_settings().keys())
connections = deque()


def borrow():
    try:
        return connections.pop()
    except IndexError:
        return psycopg.connect(
            os.environ["DATABASE_URL"], autocommit=True, options="-c timezone=UTC"
        )


TOKEN = """
    SELECT p.id, p.name, p.language, p.home_area_code, s.id, s.last_seen_on,
        (SELECT json_agg(json_build_array(g.role, g.unit_id, g.area_code) ORDER BY g.id)
         FROM role_grants g WHERE g.person_id = p.id AND g.revoked_at IS NULL
            AND g.valid_from <= now() AND (g.valid_until IS NULL OR g.valid_until > now())),
        (SELECT json_agg(json_build_array(m.id, m.principal_id, m.scopes) ORDER BY m.id)
         FROM mandates m WHERE m.agent_id = p.id AND m.revoked_at IS NULL
            AND m.valid_until > now())
    FROM sessions s JOIN people p ON p.id = s.person_id
    WHERE s.token_digest = %s AND s.revoked_at IS NULL AND s.expires_at > now()
        AND p.closed_at IS NULL
"""

LIST = """
    SELECT json_build_object(
        'id', r.id,
        'number', left(r.number, 6) || '-' || substr(r.number, 7, 6) || '-' || right(r.number, 1),
        'state', r.state, 'category', r.category, 'area_name', a.name,
        'summary', left(r.description, 60), 'submitted_at', r.submitted_at,
        'updated_at', r.updated_at, 'due_at', r.due_at, 'due_provisional', r.due_provisional,
        'unit_name', u.name, 'awaits_me', r.state IN ('awaiting_resident', 'replied'),
        'for_name', NULL)::text,
        r.submitted_at, r.id
    FROM service_requests r
    JOIN areas a ON a.code = r.area_code LEFT JOIN units u ON u.id = r.lead_unit_id
    WHERE r.requester_id = %s ORDER BY r.submitted_at DESC, r.id DESC LIMIT 21
"""

DETAIL = """
    SELECT json_build_object(
            'id', r.id,
            'number',
                left(r.number, 6) || '-' || substr(r.number, 7, 6) || '-' || right(r.number, 1),
            'version', r.version, 'state', r.state, 'category', r.category,
            'area', json_build_object('code', a.code, 'full_name', a.full_name),
            'description', r.description, 'answers', r.answers, 'visibility', r.visibility,
            'submitted_at', r.submitted_at, 'updated_at', r.updated_at, 'due_at', r.due_at,
            'due_provisional', r.due_provisional, 'deadline_profile', r.deadline_profile,
            'lead_unit', CASE WHEN u.id IS NOT NULL THEN
                json_build_object('id', u.id, 'name', u.name, 'phone', u.phone) END,
            'handler', CASE WHEN h.id IS NOT NULL THEN
                json_build_object('id', h.id, 'name', h.name) END,
            'outcome', CASE WHEN r.outcome IS NOT NULL THEN json_build_object(
                'kind', r.outcome, 'basis', r.basis, 'referred_to', r.referred_to,
                'referred_contact', r.referred_contact, 'until_on', r.deferred_until,
                'duplicate_of', r.merged_into_id) END,
            'extension', (SELECT json_build_object('state', x.state, 'reason', x.reason,
                'asked_at', x.asked_at, 'decided_at', x.decided_at, 'note', x.note)
                FROM extensions x WHERE x.request_id = r.id),
            'followers', (SELECT count(*) FROM follows f WHERE f.request_id = r.id),
            'published', r.visibility = 'public' AND r.text_verdict = 'pass',
            'mine', r.requester_id = %s)::text,
        (SELECT json_agg(json_build_object(
            'seq', t.seq, 'at', t.at, 'kind', t.kind,
            'by', json_build_object('role', coalesce(t.capacity, 'system'), 'name', p.name),
            'unit', CASE WHEN tu.id IS NOT NULL AND t.capacity IN ('handler', 'leader') THEN
                json_build_object('id', tu.id, 'name', tu.name) END,
            'internal', t.shown_to = 'staff', 'text', t.text,
            'data', t.data - 'attachment_ids' || CASE
                WHEN t.kind <> 'assigned' THEN '{}'
                WHEN th.id IS NULL THEN
                    jsonb_build_object('unit_id', tu.id, 'unit_name', tu.name)
                ELSE jsonb_build_object('handler_name', nullif(th.name, '')) END,
            'attachment_ids', coalesce(t.data -> 'attachment_ids', '[]')) ORDER BY t.seq)::text
         FROM timeline_events t LEFT JOIN people p ON p.id = t.actor_id
         LEFT JOIN units tu ON tu.id = t.unit_id
         LEFT JOIN people th ON th.id = (t.data ->> 'handler_id')::uuid
         WHERE t.request_id = r.id AND t.shown_to = 'resident'),
        r.state, r.due_at, u.name, u.phone, h.name, r.place_encrypted, p.name, p.phone_encrypted,
        (SELECT json_agg(c.id) FROM attachments c WHERE c.subject_id = r.id),
        (SELECT json_agg(m) FROM materials m WHERE m.request_id = r.id),
        (SELECT json_agg(k) FROM sub_tasks k WHERE k.request_id = r.id),
        (SELECT json_agg(c) FROM complaint_targets c WHERE c.request_id = r.id)
    FROM service_requests r
    JOIN areas a ON a.code = r.area_code
    JOIN people p ON p.id = r.requester_id
    LEFT JOIN units u ON u.id = r.lead_unit_id
    LEFT JOIN people h ON h.id = r.handler_id
    WHERE r.id = %s AND r.requester_id = %s
"""

_RECEIPT = "service_requests.receipt.requester"
_SENTENCES = catalogue("zh-CN")
RECEIPTS = {
    "submitted": {
        "who": _SENTENCES[f"{_RECEIPT}.who.unit"],
        "next": _SENTENCES[f"{_RECEIPT}.next.submitted"],
        "by_when": _SENTENCES[f"{_RECEIPT}.by_when.due"],
        "if_not": _SENTENCES[f"{_RECEIPT}.if_not.call_unit"],
    },
    "in_progress": {
        "who": _SENTENCES[f"{_RECEIPT}.who.handler"],
        "next": _SENTENCES[f"{_RECEIPT}.next.in_progress"],
        "by_when": _SENTENCES[f"{_RECEIPT}.by_when.due"],
        "if_not": _SENTENCES[f"{_RECEIPT}.if_not.call_unit"],
    },
}


def detail(connection, person_id, request_id):
    (
        text, timeline, state, due_at, unit, phone, handler, place, name, own_phone, *_,
    ) = connection.execute(DETAIL, (person_id, request_id, person_id)).fetchone()  # fmt: skip
    number = keyring.decrypt(own_phone, f"people/{person_id}/phone")
    due = due_at.astimezone(LOCAL)
    rest = orjson.dumps(
        {
            "place": orjson.Fragment(
                keyring.decrypt(place, f"service_requests/{request_id}/place")
            ),
            "requester": {
                "name": name,
                "phone": f"{number[:3]}****{number[-4:]}",
                "contact_available": False,
            },
            "on_behalf": None,
            "about": [],
            "receipt": {
                key: sentence.format(unit=unit, handler=handler, phone=phone, due=due)
                for key, sentence in RECEIPTS[state].items()
            },
            "actions": ["remind", "withdraw"],
            "assignable": [],
            "objection_until": None,
            "extendable_by": None,
            "materials": [],
            "tasks": [],
            "attachments": [],
            "timeline": orjson.Fragment(timeline),
            "rating": None,
        }
    )
    return rest[:-1] + b"," + text[1:].encode()


def own_requests(connection, person_id):
    rows = connection.execute(LIST, (person_id,)).fetchall()
    _, submitted_at, last_id = rows[LISTED - 1]
    key = orjson.dumps(["newest", submitted_at, last_id], option=orjson.OPT_UTC_Z)
    return key, b'{"items":[' + ",".join(row[0] for row in rows[:LISTED]).encode()


def page(key, items, of):
    if key is None:
        return items + b'],"next_cursor":null}'
    text = urlsafe_b64encode(key).rstrip(b"=")
    cursor = text.decode() + "." + keyring.sign(text, f"cursor:{of}")
    return items + b'],"next_cursor":"' + cursor.encode() + b'"}'


def submit(connection, person_id, key, body):
    now = datetime.now(UTC)
    wanted = orjson.loads(body)
    request_id = new_id()
    execute = connection.execute
    execute("BEGIN")
    execute(
        "INSERT INTO idempotency_keys (person_id, key, fingerprint, created_at)"
        " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (person_id, key, sha256(b"POST /api/requests\n" + body).digest(), now),
    )
    serial, unit_id = execute(
        "SELECT nextval('service_request_numbers'), id FROM units WHERE code = %s", (LAMPS,)
    ).fetchone()
    number = receipt_number(now.astimezone(LOCAL).date(), serial)
    place = orjson.dumps(wanted["place"]).decode()
    execute(
        "INSERT INTO service_requests (id, number, requester_id, category, area_code, description,"
        " answers, place_encrypted, visibility, state, version, lead_unit_id, deadline_profile,"
        " deadline_source, calendar_version, due_at, due_provisional, submitted_at, updated_at,"
        " flagged_danger, text_verdict, search) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s,"
        " 'submitted', 1, %s, 'day', '-', '-', %s, false, %s, %s, false, 'none',"
        " array_to_tsvector(string_to_array(%s, ' ')))",
        (
            request_id,
            number,
            person_id,
            wanted["category"],
            wanted["area_code"],
            wanted["description"],
            Jsonb([{"code": k, "value": v} for k, v in wanted["answers"].items()], orjson.dumps),
            keyring.encrypt(place, f"service_requests/{request_id}/place"),
            wanted["visibility"],
            unit_id,
            now,
            now,
            now,
            tsvector_text(wanted["description"], number),
        ),
    )
    execute(
        "INSERT INTO timeline_events"
        " (request_id, seq, kind, at, actor_id, capacity, unit_id, data, shown_to)"
        " VALUES (%s, 1, 'submitted', %s, %s, 'requester', %s, '{}', 'resident')",
        (request_id, now, person_id, unit_id),
    )
    execute(
        "INSERT INTO audit_log (id, actor_id, action, subject_kind, subject_id, details)"
        " VALUES (%s, %s, 'service_request.submitted', 'service_request', %s, %s)",
        (new_id(), person_id, request_id, Jsonb({"seq": 1}, orjson.dumps)),
    )
    told = {"request_id": str(request_id), "seq": 1, "state": "submitted"}
    for kind in ("service_request.submitted", "service_request.check_text"):
        execute(
            "INSERT INTO outbox (id, kind, payload) VALUES (%s, %s, %s)",
            (new_id(), kind, Jsonb(told, orjson.dumps)),
        )
    answer = detail(connection, person_id, request_id)
    execute(
        "UPDATE idempotency_keys SET status = 201, body = %s, content_type = 'application/json'"
        " WHERE person_id = %s AND key = %s",
        (keyring.encrypt(answer.decode(), f"idempotency:{person_id}:{key}"), person_id, key),
    )
    execute("COMMIT")
    return answer


def app(environ, start_response):
    token = environ["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    connection = borrow()
    try:
        person = connection.execute(TOKEN, (sha256(token.encode()).digest(),)).fetchone()
        if person is None:
            start_response("401 Unauthorized", JSON)
            return [b"{}"]
        status, path = "200 OK", environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] == "POST":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            status = "201 Created"
            answer = submit(connection, person[0], environ["HTTP_IDEMPOTENCY_KEY"], body)
        elif path == "/api/requests":
            answer = page(*own_requests(connection, person[0]), "service_requests.own_requests")
        elif path == "/api/advisers":
            found = bare_advisers.search(connection, environ["QUERY_STRING"])
            answer = page(*found, "advisers.advisers")
        elif path.startswith("/api/resources/"):
            answer = bare_advisers.slots(connection, path, environ["QUERY_STRING"])
        else:
            answer = detail(connection, person[0], path.rpartition("/")[2])
    finally:
        connections.append(connection)
    start_response(status, [*JSON, ("Content-Length", str(len(answer)))])
    return [answer]
