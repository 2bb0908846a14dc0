"""Connections: taken without a question, replaced when the server has ended them."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from backend.kernel.db import connection, db, execute, fetch_one


@pytest.fixture
def pooled(migrated: str) -> int:
    """The server's process behind the one connection that lies idle in the pool."""
    db.close_all()
    with connection():
        return _served_by()


def _served_by() -> int:
    row = fetch_one("SELECT pg_backend_pid()")
    assert row is not None
    return row[0]


def test_a_connection_is_taken_from_the_pool_without_a_question(migrated: str, pooled: int):
    with connection():
        assert _served_by() == pooled
    with psycopg.connect(migrated) as other, connection():
        asked_last = other.execute(
            "SELECT query FROM pg_stat_activity WHERE pid = %s", (pooled,)
        ).fetchone()
    assert asked_last == ("SELECT pg_backend_pid()",)


def test_a_connection_the_server_has_ended_is_not_handed_out(migrated: str, pooled: int):
    with psycopg.connect(migrated, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", (pooled,))
    with connection():
        assert _served_by() != pooled


def test_a_transaction_that_was_left_open_is_not_handed_on(pooled: int):
    with connection():
        execute("BEGIN")
    with connection():
        assert db.connection().info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_greenlets_wait_for_the_database_side_by_side(migrated: str, tmp_path: Path):
    """Three queries of half a second take little more than one, in a process gevent patched."""
    script = f"""
from gevent import monkey; monkey.patch_all()
import time, gevent
from backend.kernel import db
from backend.kernel.settings import load_settings
db.configure({migrated!r}, load_settings(database_url=None, var_dir={str(tmp_path)!r}))
def ask():
    with db.connection():
        assert db.fetch_one("SELECT 1 FROM pg_sleep(0.5)") == (1,)
began = time.monotonic()
gevent.joinall([gevent.spawn(ask) for _ in range(3)], raise_error=True)
assert time.monotonic() - began < 1.4
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
