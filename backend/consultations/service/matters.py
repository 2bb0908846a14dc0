"""A matter as a case may be made of it (以案释法): meetings and questions alike."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from backend.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Matter:
    """A meeting or a question in clear, as whoever answered it knows it."""

    facts: str
    """What the resident wrote; of a thread, all of it."""
    opinion: str
    """What was answered; empty while nothing was."""
    names: tuple[str, ...]
    """Everybody the matter names: who asked, who asked for them, the opposing parties."""
    area_code: str
    topic: str
    """A code of legal.yaml."""
    person_id: UUID
    """Whose matter it is."""
    author_id: UUID
    """Who answered, and may make a case of it."""
    adviser_id: UUID | None
    """The register's entry of the author; None for the justice office."""
    keep_private: bool
    """The resident asked for it to stay out of any published case."""
    closed: bool
    """It was answered, so that there is something to tell."""


MatterOf = Callable[[Actor, UUID], Matter]
"""The matter, for who answered it. Raises NotFound for everybody else.

Nothing is recorded: whoever makes something of it records the reading.
"""
