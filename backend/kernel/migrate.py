"""Forward-only migrations, one runner at a time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playhouse.migrations import Runner

from backend.kernel.db import connection, db, fetch_one

DIRECTORY = Path(__file__).resolve().parents[1] / "migrations"
_LOCK_ID = 0x4C535400


class MigrationLocked(Exception):
    """Another process has been migrating for too long."""


def migrate(directory: Path = DIRECTORY, wait_seconds: float = 60.0) -> list[str]:
    """Apply what is pending, in order; the names applied. Raises MigrationLocked."""
    with connection(), _only_one(wait_seconds):
        # Schema changes may take longer than a request is allowed to.
        db.execute_sql("SET statement_timeout = 0")
        try:
            applied: list[str] = Runner(db, str(directory)).up()
        finally:
            db.execute_sql("RESET statement_timeout")
        return applied


def pending(directory: Path = DIRECTORY) -> list[str]:
    """Names of migrations the database has not seen yet."""
    with connection():
        status = Runner(db, str(directory)).status()
    return [migration.name for migration in status if not migration.applied]


@contextmanager
def _only_one(wait_seconds: float) -> Iterator[None]:
    # Polling: a session that waits inside pg_advisory_lock holds a snapshot, and that would block
    # a CREATE INDEX CONCURRENTLY of the process that has the lock.
    deadline = time.monotonic() + wait_seconds
    while fetch_one("SELECT pg_try_advisory_lock(%s)", (_LOCK_ID,)) != (True,):
        if time.monotonic() > deadline:
            raise MigrationLocked(f"another process is migrating; waited {wait_seconds:.0f} s")
        time.sleep(0.1)
    try:
        yield
    finally:
        db.execute_sql("SELECT pg_advisory_unlock(%s)", (_LOCK_ID,))
