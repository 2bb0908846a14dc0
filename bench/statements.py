"""Counts what really reaches PostgreSQL, from its own log: BEGIN, COMMIT and pings too."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench.load import ask_once

_STATEMENT = re.compile(rb"LOG:  (?:statement|execute [^:]*): (.*)")


@contextmanager
def logged(url: str) -> Iterator[None]:
    """Every statement goes to the log meanwhile; of a server that is ours alone."""
    with psycopg.connect(url, autocommit=True) as admin:
        _set(admin, "ALTER SYSTEM SET log_statement = 'all'")
        yield
        _set(admin, "ALTER SYSTEM RESET log_statement")


def _set(admin: psycopg.Connection, statement: str) -> None:
    admin.execute(statement)
    admin.execute("SELECT pg_reload_conf()")
    time.sleep(0.3)


def count(log: Path, port: int, request: str) -> list[str]:
    """The statements of one request, once everything is warm."""
    for _ in range(3):
        ask_once(port, request)
    size = log.stat().st_size
    ask_once(port, request)
    time.sleep(0.1)
    with log.open("rb") as file:
        file.seek(size)
        return [found.decode() for found in _STATEMENT.findall(file.read())]
