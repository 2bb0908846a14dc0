"""Identifiers and secrets that are handed out."""

import hashlib
import secrets
import time
from uuid import UUID


def new_id() -> UUID:
    """A time-ordered UUID, version 7 (RFC 9562 §5.7): rows made together stay together on disk."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (2**48 - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def new_token(prefix: str) -> str:
    """An opaque secret of 256 bits, marked with what it is for, as in ``st_…``."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def token_digest(token: str) -> bytes:
    """What is stored of a token. It has 256 bits of its own, so a plain hash cannot be searched."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
