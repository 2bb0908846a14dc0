"""Who did or read what. Rows are only ever added; a trigger refuses anything else."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import peewee
from psycopg.types.json import Jsonb

from backend.kernel.db import Model, execute
from backend.kernel.fields import JsonField, UtcDateTimeField, UuidField
from backend.kernel.ids import new_id
from backend.kernel.json import dumps

PERSONAL_DATA_READ = "personal_data.read"


class AuditEntry(Model):
    id = UuidField(primary_key=True)
    at = UtcDateTimeField(constraints=[peewee.SQL("DEFAULT now()")])
    actor_id = UuidField(null=True)
    action = peewee.TextField()
    subject_kind = peewee.TextField()
    subject_id = UuidField(null=True)
    details = JsonField(constraints=[peewee.SQL("DEFAULT '{}'")])

    class Meta:
        table_name = "audit_log"
        indexes = ((("subject_kind", "subject_id", "at"), False), (("actor_id", "at"), False))


def record(
    actor_id: UUID | None,
    action: str,
    subject_kind: str,
    subject_id: UUID | None,
    details: dict[str, Any] | None = None,
) -> None:
    """Add an entry in the caller's transaction. ``details`` hold no personal data.

    ``actor_id`` is None for what the system does by itself.
    """
    execute(
        "INSERT INTO audit_log (id, actor_id, action, subject_kind, subject_id, details)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (new_id(), actor_id, action, subject_kind, subject_id, Jsonb(details or {}, dumps=dumps)),
    )


def record_readings(actor_id: UUID, person_ids: Sequence[UUID], details: dict[str, Any]) -> None:
    """Write down for each of these people that their personal data was read, in one statement.

    Leafing through the same for an hour is one reading.
    """
    if not person_ids:
        return
    execute(
        """
        INSERT INTO audit_log (id, actor_id, action, subject_kind, subject_id, details)
        SELECT read.id, %s, %s, 'person', read.person_id, %s
        FROM unnest(%s::uuid[], %s::uuid[]) AS read (id, person_id)
        WHERE NOT EXISTS (
            SELECT FROM audit_log l WHERE l.actor_id = %s AND l.at > now() - interval '1 hour'
                AND l.action = %s AND l.subject_id = read.person_id AND l.details = %s)
        """,
        (
            actor_id,
            PERSONAL_DATA_READ,
            Jsonb(details, dumps=dumps),
            [new_id() for _ in person_ids],
            list(person_ids),
            actor_id,
            PERSONAL_DATA_READ,
            Jsonb(details, dumps=dumps),
        ),
    )
