"""What the application plugs in: cases know no consultation and no question."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from backend.kernel.actor import Actor


class SourceKind(StrEnum):
    """What a case can be made from."""

    CONSULTATION = "consultation"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Matter:
    """A consultation or a question in clear, as whoever answered it knows it."""

    facts: str
    """What the resident wrote; of a thread, all of it."""
    opinion: str
    """What was answered; empty while nothing was."""
    names: tuple[str, ...]
    """Everybody the matter names: who asked, for whom, and the opposing parties."""
    area_code: str
    topic: str
    """A code of legal.yaml."""
    person_id: UUID | None
    """Whose matter it is; None for somebody without an account."""
    author_id: UUID
    """Who answered, and may make a case of it."""
    adviser_id: UUID | None
    """The register's entry of the author; None for the justice office."""
    keep_private: bool
    """The resident asked for it to stay out of any published case."""
    closed: bool
    """It was answered, so that there is something to tell."""


MatterOf = Callable[[Actor, SourceKind, UUID], Matter]
"""The matter, for who answered it. Raises NotFound for everybody else.

Nothing is recorded: whoever makes a case of it records the reading.
"""

_matter_of: MatterOf | None = None


def plug_in(*, matter_of: MatterOf) -> None:
    """Called once at start, before any case is drafted."""
    global _matter_of
    _matter_of = matter_of


def matter_of(actor: Actor, kind: SourceKind, source_id: UUID) -> Matter:
    """Ask what was plugged in."""
    if _matter_of is None:
        raise RuntimeError("cases: plug_in() was not called")
    return _matter_of(actor, kind, source_id)
