"""The timeline only grows, and the tables refuse what the rules forbid."""

from uuid import UUID

import peewee
import psycopg
import pytest

from backend.kernel.db import db, execute
from tests.service_requests.conftest import Cast


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE timeline_events SET text = 'x'",
        "DELETE FROM timeline_events",
        "UPDATE service_requests SET state = 'lost'",
        "UPDATE service_requests SET state = 'accepted', lead_unit_id = NULL",
        "UPDATE service_requests SET handler_id = requester_id",
        "UPDATE service_requests SET state = 'replied'",
        "UPDATE service_requests SET state = 'awaiting_resident'",
        "UPDATE service_requests SET visibility = 'secret'",
        "UPDATE service_requests SET text_verdict = 'fine'",
        "UPDATE service_requests SET number = '2611'",
        "UPDATE service_requests SET updated_at = submitted_at - interval '1 second'",
        "INSERT INTO ratings (request_id, score, rated_at)"
        " SELECT id, 6, now() FROM service_requests",
        "INSERT INTO timeline_events SELECT request_id, seq, kind, at, actor_id, capacity,"
        " unit_id, text, data, shown_to FROM timeline_events",
        "INSERT INTO timeline_events (request_id, seq, kind, at, data, shown_to)"
        " SELECT id, 2, 'rumour', now(), '{}', 'staff' FROM service_requests",
    ],
)
def test_the_database_itself_refuses(cast: Cast, submitted: UUID, statement: str):
    with pytest.raises((peewee.DatabaseError, psycopg.Error)), db.atomic():
        execute(statement)
