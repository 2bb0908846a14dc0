"""How often one caller may ask.

Counts per fixed window. A Flask extension for this costs more CPU per request than all the rest
of the stack (measured: 145 µs), and a storage that starts a thread to forget costs half of that;
counting itself takes two.
"""

import time
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

import structlog
from flask import Flask

from backend.kernel.settings import Settings
from backend.web.errors import TooManyRequests
from backend.web.traits import View, mark

WINDOW_SECONDS = 60

_RETRY_STORAGE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests per minute. An address may stand for many people behind one mobile network."""

    person: int = 300
    address: int = 600
    sign_in: int = 30
    """On views that are worth guessing at: of one person, or of one address before sign-in."""
    lookup: int = 10
    """Of one address: each is a guess at a telephone's last digits."""
    print: int = 10
    """Of one person: a sheet takes as much work as hundreds of other requests."""
    signed: int = 6000
    """Of one address, on views that answer only to a signature."""


def sign_in_limited(view: View) -> View:
    """Guessing is slow here: the stricter limit of sign-in applies."""
    return mark(view, limit="sign_in")


def lookup_limited(view: View) -> View:
    """Whoever knows a number and four digits learns something here, without a sign-in."""
    return mark(view, limit="lookup")


def print_limited(view: View) -> View:
    """This view sets type."""
    return mark(view, limit="print")


def signed_calls(view: View) -> View:
    """Whoever calls this public view shows a signature of ours or of WeChat's.

    WeChat calls for a whole county from a few addresses, and a page of pictures is many calls by
    people who share one: only floods are held off.
    """
    return mark(view, limit="signed")


class CountsUnreachable(Exception):
    """The shared counts cannot be reached; the message is the kind of failure."""


class Counts(Protocol):
    def hit(self, key: str, window: int) -> int:
        """Count one more; how many there are in this window."""


class _Memory:
    """Counts of this process. What is of an earlier window is forgotten at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._window = -1
        self._counts: dict[str, int] = {}

    def hit(self, key: str, window: int) -> int:
        with self._lock:
            if window != self._window:
                self._window = window
                self._counts = {}
            count = self._counts.get(key, 0) + 1
            self._counts[key] = count
            return count


def _shared(storage_url: str) -> Counts:
    # Imported here: most installations are one process and never load the client.
    from backend.web.redis_counts import RedisCounts

    return RedisCounts(storage_url)


class Limiter:
    """Counts in Redis if a URL names one; while it cannot be reached, each process for itself."""

    def __init__(self, storage_url: str, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._memory = _Memory()
        self._shared = None if storage_url == "memory://" else _shared(storage_url)
        self._memory_until = 0.0

    def check(self, kind: str, caller: str) -> None:
        """Count one request. Raises TooManyRequests with the seconds to wait."""
        moment = time.time()
        window = int(moment // WINDOW_SECONDS)
        if self._hit(f"{kind}:{caller}", window) > getattr(self._limits, kind):
            raise TooManyRequests(int((window + 1) * WINDOW_SECONDS - moment) + 1)

    def _hit(self, key: str, window: int) -> int:
        if self._shared is not None and time.monotonic() >= self._memory_until:
            try:
                return self._shared.hit(key, window)
            except CountsUnreachable as error:
                self._memory_until = time.monotonic() + _RETRY_STORAGE_SECONDS
                structlog.get_logger("backend.web").warning(
                    "rate_limit_storage_unreachable", error=str(error)
                )
        return self._memory.hit(key, window)


def init_limits(app: Flask, settings: Settings, limits: Limits | None = None) -> None:
    """Limit the app's callers, unless the settings say not to."""
    if settings.rate_limits_enabled:
        app.extensions["limiter"] = Limiter(settings.rate_limit_storage_url, limits)
