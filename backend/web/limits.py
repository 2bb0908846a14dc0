"""How often one caller may ask.

The ``limits`` library is used directly: its Flask wrapper costs as much CPU per request as all
the rest of the stack, the counting itself a few microseconds.
"""

import time

import structlog
from flask import Flask
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from backend.kernel.settings import Settings
from backend.web.errors import TooManyRequests
from backend.web.traits import View, mark

PER_PERSON = "300/minute"
PER_ADDRESS = "600/minute"
"""Generous: mobile networks put many people behind one address."""
PER_ADDRESS_SIGN_IN = "30/minute"

_RETRY_STORAGE_SECONDS = 5.0
_STORAGE_TIMEOUT_SECONDS = 0.5


def sign_in_limited(view: View) -> View:
    """Guessing is slow here: the stricter limit of sign-in applies."""
    return mark(view, sign_in=True)


class Limiter:
    """Counts per fixed window, in Redis for all processes together if a URL names one.

    While Redis cannot be reached, each process counts for itself.
    """

    def __init__(
        self,
        storage_url: str,
        *,
        per_person: str = PER_PERSON,
        per_address: str = PER_ADDRESS,
        sign_in: str = PER_ADDRESS_SIGN_IN,
    ) -> None:
        self._local = FixedWindowRateLimiter(MemoryStorage())
        self._shared: FixedWindowRateLimiter | None = None
        if storage_url != "memory://":
            self._shared = FixedWindowRateLimiter(
                storage_from_string(
                    storage_url,
                    wrap_exceptions=True,
                    socket_timeout=_STORAGE_TIMEOUT_SECONDS,
                    socket_connect_timeout=_STORAGE_TIMEOUT_SECONDS,
                )
            )
        self._local_until = 0.0
        self._items: dict[str, RateLimitItem] = {
            "person": parse(per_person),
            "address": parse(per_address),
            "sign_in": parse(sign_in),
        }

    def check(self, kind: str, caller: str) -> None:
        """Count one request. Raises TooManyRequests with the seconds to wait."""
        item = self._items[kind]
        used = self._local
        allowed: bool | None = None
        if self._shared is not None and time.monotonic() >= self._local_until:
            try:
                allowed, used = self._shared.hit(item, kind, caller), self._shared
            except Exception as error:  # storages differ in what they raise
                self._local_until = time.monotonic() + _RETRY_STORAGE_SECONDS
                structlog.get_logger("backend.web").warning(
                    "rate_limit_storage_unreachable", error=type(error).__name__
                )
        if allowed is None:
            allowed = self._local.hit(item, kind, caller)
        if not allowed:
            reset_at, _ = used.get_window_stats(item, kind, caller)
            raise TooManyRequests(max(1, int(reset_at - time.time()) + 1))


def init_limits(app: Flask, settings: Settings, limiter: Limiter | None = None) -> None:
    """Limit the app's callers, unless the settings say not to."""
    if settings.rate_limits_enabled:
        app.extensions["limiter"] = limiter or Limiter(settings.rate_limit_storage_url)
