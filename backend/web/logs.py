"""Logs: one JSON object a line on stderr, without personal data."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, BinaryIO

import structlog

from backend.kernel.clock import now
from backend.kernel.errors import where
from backend.kernel.json import dumps

_SECRET_NAMES = frozenset(
    [
        "token",
        "authorization",
        "password",
        "secret",
        "phone",
        "id_number",
        "name",
        "address",
        "code_verifier",
        "openid",
        "session_key",
        "body",
        "description",
        "text",
    ]
)
_WHOLE = "request_id"
"""Finds the other lines of a request: random, and by chance with eleven digits in a row."""

_PERSONAL = re.compile(
    r"(?<!\d)1[3-9]\d{9}(?!\d)"  # mobile number
    r"|(?<!\d)\d{17}[\dXx](?!\d)"  # resident identity number
    r"|\b[a-z]{2,8}_[A-Za-z0-9_-]{43}\b"  # our tokens
    r"|(?i:bearer )\S+"
)
_REDACTED = "[redacted]"


def configure(stream: BinaryIO | None = None, level: int = logging.INFO) -> None:
    """Send our own lines and those of every library to one place, in one form."""
    out = stream or sys.stderr.buffer
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    structlog.configure(
        processors=[*shared, redact, _render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(out),
    )
    _sink.out = out
    handler = _LibraryHandler()
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))


def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The safety net: lines should not hold personal data in the first place."""
    for name, value in event.items():
        if name in _SECRET_NAMES:
            event[name] = _REDACTED
        elif name != _WHOLE and isinstance(value, str) and len(value) >= _SHORTEST:
            event[name] = _PERSONAL.sub(_REDACTED, value)
    return event


_SHORTEST = 11


def _render(_: Any, __: str, event: MutableMapping[str, Any]) -> bytes:
    return dumps(dict(event))


class _Sink:
    """Where lines go; stderr unless configured."""

    def __init__(self) -> None:
        self.out: BinaryIO = sys.stderr.buffer

    def write(self, line: MutableMapping[str, Any]) -> None:
        self.out.write(dumps(dict(line)) + b"\n")
        self.out.flush()


_sink = _Sink()


def access(**line: Any) -> None:
    """The line of one request, straight out: it is written for each, from values that are ours."""
    _sink.write({"event": "request", "level": "info", "at": now(), **line})


class _LibraryHandler(logging.Handler):
    """Lines of libraries, which use the standard library's logging."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line: dict[str, Any] = {
                "event": record.getMessage(),
                "logger": record.name,
                "level": record.levelname.lower(),
                "at": now(),
            }
            if record.exc_info and record.exc_info[1] is not None:
                line["error"] = type(record.exc_info[1]).__name__
                line["frames"] = list(where(record.exc_info[1]))
            _sink.write(redact(None, "", line))
        except Exception:
            self.handleError(record)
