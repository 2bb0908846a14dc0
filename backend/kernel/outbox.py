"""Work that must happen after a commit: a table, claimed with a lease, run at least once.

An event is put in the same transaction as what it tells of, so neither exists without the other.
A worker claims it for a while; if the worker dies, the lease runs out and another takes over. A
handler may therefore run twice and must be idempotent.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import peewee
from psycopg.types.json import Jsonb

from backend.kernel.db import Model, execute, fetch_all, fetch_one
from backend.kernel.errors import where
from backend.kernel.fields import JsonField, UtcDateTimeField, UuidField
from backend.kernel.ids import new_id
from backend.kernel.json import dumps

LEASE = timedelta(minutes=2)
"""How long a claim lasts. Longer than any handler takes: their calls out have time limits."""

MAX_ATTEMPTS = 12
"""With the back-off below, about three hours; then the event waits for an operator."""

_BACKOFF_FIRST = timedelta(seconds=5)
_BACKOFF_LONGEST = timedelta(hours=2)
_ERROR_LENGTH = 500


class OutboxEvent(Model):
    id = UuidField(primary_key=True)
    kind = peewee.TextField()
    payload = JsonField()
    created_at = UtcDateTimeField(constraints=[peewee.SQL("DEFAULT now()")])
    available_at = UtcDateTimeField(constraints=[peewee.SQL("DEFAULT now()")])
    attempts = peewee.IntegerField(constraints=[peewee.SQL("DEFAULT 0")])
    lease_id = UuidField(null=True)
    done_at = UtcDateTimeField(null=True)
    dead_at = UtcDateTimeField(null=True)
    last_error = peewee.TextField(null=True)

    class Meta:
        table_name = "outbox"


@dataclass(frozen=True, slots=True)
class Event:
    """A claimed event. ``attempts`` counts this one."""

    id: UUID
    kind: str
    payload: dict[str, Any]
    attempts: int
    created_at: datetime
    lease_id: UUID


Handler = Callable[[Event, datetime], None]


class Permanent(Exception):
    """Trying again cannot help: the event goes to the dead letters at once.

    The reason is kept for operators, so it holds no personal data.
    """


class RetryLater(Exception):
    """Try again at a given moment instead of the usual back-off."""

    def __init__(self, at: datetime, reason: str) -> None:
        super().__init__(reason)
        self.at = at


def put(kind: str, payload: dict[str, Any], *, available_at: datetime | None = None) -> UUID:
    """Add an event in the caller's transaction; it can be claimed once that commits."""
    event_id = new_id()
    execute(
        "INSERT INTO outbox (id, kind, payload, available_at)"
        " VALUES (%s, %s, %s, coalesce(%s, now()))",
        (event_id, kind, Jsonb(payload, dumps=dumps), available_at),
    )
    return event_id


def claim(now: datetime, limit: int = 1) -> list[Event]:
    """Lease due events, oldest first. Other workers' claims are skipped, not waited for."""
    lease_id = new_id()
    # Materialised: as a mere condition the planner may run it again for each row, and each time it
    # would skip what it has locked itself and claim one more.
    rows = fetch_all(
        """
        WITH due AS MATERIALIZED (
            SELECT id FROM outbox
            WHERE done_at IS NULL AND dead_at IS NULL AND available_at <= %s
            ORDER BY available_at, id LIMIT %s FOR UPDATE SKIP LOCKED)
        UPDATE outbox SET lease_id = %s, attempts = attempts + 1, available_at = %s
        FROM due WHERE outbox.id = due.id
        RETURNING outbox.id, kind, payload, attempts, created_at, lease_id
        """,
        (now, limit, lease_id, now + LEASE),
    )
    return sorted((Event(*row) for row in rows), key=lambda event: event.id)


def complete(event: Event, now: datetime) -> bool:
    """Mark as done; False if the lease was lost to another worker meanwhile."""
    return _settle(event, "done_at = %s, last_error = NULL", (now,))


def fail(event: Event, error: BaseException, now: datetime) -> None:
    """Give back for another attempt, or set aside as a dead letter."""
    message = _reason(error)[:_ERROR_LENGTH]
    if isinstance(error, Permanent) or event.attempts >= MAX_ATTEMPTS:
        _settle(event, "dead_at = %s, last_error = %s", (now, message))
        return
    at = error.at if isinstance(error, RetryLater) else now + backoff(event.attempts)
    _settle(event, "available_at = %s, last_error = %s", (at, message))


def _reason(error: BaseException) -> str:
    """Our own words; of any other error only its kind and place, for it may quote what is told."""
    name = type(error).__name__
    if isinstance(error, Permanent | RetryLater):
        return f"{name}: {error}"
    return " in ".join([name, *reversed(list(where(error)))])


def backoff(attempts: int) -> timedelta:
    """Doubling from 5 s to at most 2 h, spread by a fifth so that crowds do not return at once."""
    delay = min(_BACKOFF_FIRST * 2.0 ** (attempts - 1), _BACKOFF_LONGEST)
    return delay * random.uniform(0.8, 1.2)  # noqa: S311 - not a secret


def _settle(event: Event, change: str, values: tuple[Any, ...]) -> bool:
    sql = f"UPDATE outbox SET {change}, lease_id = NULL WHERE id = %s AND lease_id = %s"
    return execute(sql, (*values, event.id, event.lease_id)) == 1


def dead_letters(limit: int = 100) -> list[tuple[UUID, str, datetime, int, str]]:
    """Newest first: id, kind, when it was given up, attempts, the last error."""
    return fetch_all(
        "SELECT id, kind, dead_at, attempts, last_error FROM outbox"
        " WHERE dead_at IS NOT NULL ORDER BY dead_at DESC LIMIT %s",
        (limit,),
    )


def revive(event_id: UUID | None = None) -> int:
    """Give dead letters (one, or all) a fresh set of attempts; how many there were."""
    return execute(
        "UPDATE outbox SET dead_at = NULL, attempts = 0, available_at = now()"
        " WHERE dead_at IS NOT NULL AND (%s::uuid IS NULL OR id = %s)",
        (event_id, event_id),
    )


def backlog() -> int:
    """Events not done and not given up, whether due or not."""
    row = fetch_one("SELECT count(*) FROM outbox WHERE done_at IS NULL AND dead_at IS NULL")
    return int(row[0]) if row else 0


def purge(now: datetime) -> None:
    """Forget what was done more than a month ago."""
    execute("DELETE FROM outbox WHERE done_at < %s", (now - timedelta(days=30),))
