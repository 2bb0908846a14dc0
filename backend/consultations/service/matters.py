"""A matter as a case may be made of it (以案释法): meetings and questions alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter in clear, for its own adviser and for the justice office over its area."""

    facts: str
    opinion: str
    names: list[str]
    """Everybody named in it: who asked, who asked for them, whom it is against."""
    area_code: str
    topic: str
    adviser_id: UUID
    keep_private: bool
    """Who asked wants it in no published case."""
    closed: bool
    """Served, or answered: there is something to tell."""


MatterOf = Callable[[Actor, UUID, datetime], Matter]
"""Raises NotFound for whoever may not read the matter; the reading is recorded."""
