"""What the sandbox remembers: one SQLite file, so that a restart loses nothing."""

import json
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS config (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS people (
    openid TEXT PRIMARY KEY, name TEXT, unionid TEXT, blocked INTEGER NOT NULL DEFAULT 0,
    visited_at REAL);
CREATE TABLE IF NOT EXISTS codes (
    code TEXT PRIMARY KEY, openid TEXT, phone TEXT, issued_at REAL NOT NULL, used_at REAL);
CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY, issued_at REAL NOT NULL, ends_at REAL NOT NULL,
    forced INTEGER NOT NULL, revoked INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS templates (
    template_id TEXT PRIMARY KEY, title TEXT NOT NULL, kind TEXT NOT NULL, fields TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS credits (
    openid TEXT NOT NULL, template_id TEXT NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (openid, template_id));
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, openid TEXT NOT NULL, template_id TEXT NOT NULL, page TEXT,
    content TEXT NOT NULL, lang TEXT NOT NULL, state TEXT NOT NULL, sent_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL, errcode INTEGER, fault TEXT, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL, kind TEXT NOT NULL, options TEXT NOT NULL,
    remaining INTEGER);
CREATE TABLE IF NOT EXISTS pushes (
    id INTEGER PRIMARY KEY, event TEXT NOT NULL, message TEXT NOT NULL, url TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, status INTEGER, answer TEXT, created_at REAL NOT NULL);
"""
_TABLES = tuple(re.findall(r"EXISTS (\w+)", _SCHEMA))


class Store:
    """Rows as dictionaries; one writer at a time. Times are Unix seconds of the sandbox's clock."""

    def __init__(self, path: Path | str) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing, and nobody else in between. May be nested."""
        with self._lock:
            self._depth += 1
            try:
                if self._depth > 1:
                    yield
                    return
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield
                except BaseException:
                    self._connection.execute("ROLLBACK")
                    raise
                self._connection.execute("COMMIT")
            finally:
                self._depth -= 1

    def rows(self, sql: str, *params: Any) -> list[dict[str, Any]]:
        with self._lock:
            return [dict(row) for row in self._connection.execute(sql, params)]

    def row(self, sql: str, *params: Any) -> dict[str, Any] | None:
        found = self.rows(sql, *params)
        return found[0] if found else None

    def execute(self, sql: str, *params: Any) -> int:
        """Run a statement; the id of the row it inserted last."""
        with self._lock:
            return self._connection.execute(sql, params).lastrowid or 0

    def clear(self) -> None:
        with self.transaction():
            for table in _TABLES:
                self.execute(f"DELETE FROM {table}")

    def get(self, name: str, default: Any = None) -> Any:
        found = self.row("SELECT value FROM config WHERE name = ?", name)
        return default if found is None else json.loads(found["value"])

    def put(self, name: str, value: Any) -> None:
        self.execute(
            "INSERT OR REPLACE INTO config VALUES (?, ?)",
            name,
            json.dumps(value, ensure_ascii=False),
        )

    def now(self) -> float:
        """The real time, plus what was asked to be skipped."""
        return time.time() + float(self.get("clock_offset", 0))
