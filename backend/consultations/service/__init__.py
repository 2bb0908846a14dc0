"""What can be done with meetings and written questions. Every function owns its transaction."""

from uuid import UUID

from backend.consultations.service.keys import reencrypt
from backend.consultations.service.matters import Matter, MatterOf
from backend.kernel.actor import Actor
from backend.kernel.errors import NotFound

MATTERS: dict[str, MatterOf] = {}
"""How each kind of matter is read."""


def matter(actor: Actor, kind: str, subject_id: UUID) -> Matter:
    """A matter of one kind in clear, for who answered it. Raises NotFound."""
    if kind not in MATTERS:
        raise NotFound
    return MATTERS[kind](actor, subject_id)


__all__ = ["MATTERS", "Matter", "MatterOf", "matter", "reencrypt"]
