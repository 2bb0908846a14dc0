"""One access token for all processes, kept in the database and fetched by one at a time."""

import threading
from collections.abc import Callable
from typing import Any, Final, Protocol

import psycopg

from backend.integrations.wechat.errors import WeChatBusy
from backend.kernel.crypto import Undecipherable, keyring
from backend.kernel.db import connection, db, fetch_one

_EARLY: Final = "4 minutes"
"""A token is replaced this long before its end: within the five minutes in which WeChat hands out
the next one while the old one still works."""

_PATIENCE_SECONDS: Final = 5.0
"""As long as the database makes another process wait for the lock."""

_SELECT: Final = f"""
    SELECT token FROM wechat_tokens
    WHERE app_id = %s AND ends_at > now() + interval '{_EARLY}'
"""

Fetch = Callable[[bool], tuple[str, int]]
"""Asks WeChat for a token, by force if True; (token, seconds it lasts)."""


class TokenStore(Protocol):
    def get(self, fetch: Fetch, refused: str | None = None) -> str:
        """A token to use, but not the ``refused`` one."""
        ...


class DatabaseTokens:
    """The token in ``wechat_tokens``. The database's clock decides when it ends.

    A fetch runs on a connection of its own, so the lock and the new token neither wait for nor
    vanish with the caller's transaction.
    """

    def __init__(self, app_id: str) -> None:
        self._app_id = app_id
        self._fetching = threading.Lock()

    def get(self, fetch: Fetch, refused: str | None = None) -> str:
        """The stored token; fetched first where there is none or it is the ``refused`` one.

        WeChat is asked by force only if the refused token is still the stored one. Raises what
        ``fetch`` raises, and WeChatBusy where another process takes too long to fetch or there is
        no connection to fetch with.
        """
        token = self._stored()
        if token is None or token == refused:
            if not self._fetching.acquire(timeout=_PATIENCE_SECONDS):
                raise WeChatBusy("another call is fetching the access token")
            try:
                token = self._stored()
                if token is None or token == refused:
                    token = self._renew(fetch, refused)
            finally:
                self._fetching.release()
        return token

    def _stored(self) -> str | None:
        with connection():
            return self._opened(fetch_one(_SELECT, (self._app_id,)))

    def _renew(self, fetch: Fetch, refused: str | None) -> str:
        try:
            with psycopg.connect(db.database, **db.connect_params) as own:
                lock = f"wechat_tokens {self._app_id}"
                own.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (lock,))
                token = self._opened(own.execute(_SELECT, (self._app_id,)).fetchone())
                if token is not None and token != refused:
                    return token
                token, seconds = fetch(token is not None)
                own.execute(
                    """
                    INSERT INTO wechat_tokens (app_id, token, ends_at)
                    VALUES (%s, %s, now() + make_interval(secs => %s))
                    ON CONFLICT (app_id)
                        DO UPDATE SET token = excluded.token, ends_at = excluded.ends_at
                    """,
                    (self._app_id, keyring.encrypt(token, self._context), seconds),
                )
                return token
        except psycopg.errors.LockNotAvailable:
            busy = WeChatBusy("another process is fetching the access token")
        except psycopg.OperationalError:
            busy = WeChatBusy("no connection to fetch the access token with")
        raise busy

    def _opened(self, row: tuple[Any, ...] | None) -> str | None:
        try:
            return None if row is None else keyring.decrypt(row[0], self._context)
        except Undecipherable:
            return None

    @property
    def _context(self) -> str:
        return f"wechat_tokens.token {self._app_id}"
