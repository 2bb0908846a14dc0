"""The one PostgreSQL database: connections, transactions, and SQL that answers JSON."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import peewee
import psycopg
from playhouse.pool import PooledPostgresqlDatabase
from psycopg.types.json import set_json_loads

from backend.kernel import greenlets
from backend.kernel.json import loads
from backend.kernel.settings import Settings


class _Adapter(peewee.Psycopg3Adapter):
    def connect(self, db: peewee.Database, **params: Any) -> psycopg.Connection[Any]:
        factory = greenlets.Connection if greenlets.active() else psycopg.Connection
        return factory.connect(db.database, **params)

    def is_connection_closed(self, conn: psycopg.Connection[Any]) -> bool:
        """Whether an idle connection is of no more use, without a question to the server.

        A server that ends a connection says so on it: the first reading takes in its last words,
        the second finds the end.
        """
        try:
            conn.pgconn.consume_input()
            conn.pgconn.consume_input()
        except psycopg.OperationalError:
            return True
        return self.txn_status(conn) != self.txn_idle


class _Database(PooledPostgresqlDatabase):
    psycopg3_adapter = _Adapter


set_json_loads(loads)

db = _Database(None, autoconnect=False, prefer_psycopg3=True)

Params = Sequence[Any] | Mapping[str, Any]
"""What a statement needs: for each ``%s`` in order, or for each ``%(name)s``."""

_LOCK_TIMEOUT_MS = 5_000
_STATEMENT_TIMEOUT_MS = 15_000


class Model(peewee.Model):
    """Base of every table. Give ``Meta.table_name``."""

    class Meta:
        database = db
        legacy_table_names = False


def configure(url: str, settings: Settings) -> None:
    """Point the process at a database; nothing is opened yet.

    A pool that is used up makes the next request wait, for at most the configured time, instead of
    failing at once.
    """
    if not db.deferred:
        db.close_all()
    db.init(
        url,
        max_connections=settings.database_pool_size,
        timeout=settings.database_pool_timeout_seconds,
        prefer_psycopg3=True,
        connect_timeout=5,
        application_name="linshitong",
        options=(
            f"-c timezone=UTC -c lock_timeout={_LOCK_TIMEOUT_MS}"
            f" -c statement_timeout={_STATEMENT_TIMEOUT_MS}"
            " -c idle_in_transaction_session_timeout=60000"
        ),
    )


def take() -> bool:
    """Take a pooled connection until `give_back`; False if one is held already, which is shared."""
    if not db.is_closed():
        return False
    db.connect()
    return True


def give_back() -> None:
    """Return the connection to the pool."""
    db.close()


@contextmanager
def connection() -> Iterator[None]:
    """Hold a pooled connection for the length of one request or job. Nested use shares it."""
    taken = take()
    try:
        yield
    finally:
        if taken:
            give_back()


@contextmanager
def transaction() -> Iterator[None]:
    """Everything inside happens or nothing does. Inside another, it is part of that one.

    There are no savepoints: an error inside undoes the whole, so it must not be swallowed.
    """
    if db.in_transaction():
        yield
        return
    with db.atomic():
        yield


def fetch_all(sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    rows: list[tuple[Any, ...]] = db.execute_sql(sql, params).fetchall()
    return rows


def fetch_one(sql: str, params: Params = ()) -> tuple[Any, ...] | None:
    """The first row, or None."""
    row: tuple[Any, ...] | None = db.execute_sql(sql, params).fetchone()
    return row


def execute(sql: str, params: Params = ()) -> int:
    """Run a statement; the number of rows it touched."""
    touched: int = db.execute_sql(sql, params).rowcount
    return touched
