"""The code on the organiser's screen: made of the shift, the half minute and a key, never stored.

It is good in its own half minute and in the one after, so a picture that is passed on is worth
nothing within a minute. Whoever has no network scans all the same; what arrives later tells by its
own signed half minute when the screen showed it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

STEP = timedelta(seconds=30)
DIGITS = 6
_MARK = "LST1"


@dataclass(frozen=True, slots=True)
class Scanned:
    """A code as it was read, its signature still to be verified."""

    shift_id: UUID
    step: int
    signature: str


def step_of(moment: datetime) -> int:
    """The number of the half minute."""
    return int(moment.timestamp() // STEP.total_seconds())


def end_of(step: int) -> datetime:
    """When the screen showed the next one."""
    return datetime.fromtimestamp((step + 1) * STEP.total_seconds(), UTC)


def payload(shift_id: UUID, step: int) -> bytes:
    """What is signed."""
    return f"{shift_id.hex}.{step}".encode()


def written(shift_id: UUID, step: int, signature: str) -> str:
    """What the QR code says."""
    return f"{_MARK}.{shift_id.hex}.{step}.{signature}"


def read(text: str) -> Scanned | None:
    """A code from its text; None for anything else."""
    parts = text.strip().split(".")
    if len(parts) != 4 or parts[0] != _MARK or not (parts[2].isdecimal() and len(parts[2]) < 12):
        return None
    try:
        return Scanned(UUID(hex=parts[1]), int(parts[2]), parts[3])
    except ValueError:
        return None


def is_fresh(step: int, now: datetime) -> bool:
    """Whether the screen shows it, or showed it until just now. Servers' clocks may differ by one
    half minute."""
    return step_of(now) - 1 <= step <= step_of(now) + 1
