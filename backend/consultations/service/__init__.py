"""What can be done with meetings and written questions. Every function owns its transaction."""

from uuid import UUID

from backend.consultations.service import my_data
from backend.consultations.service.booking import (
    SUBJECT_KIND,
    About,
    Other,
    book,
    book_for_other,
)
from backend.consultations.service.keys import reencrypt
from backend.consultations.service.matters import Matter, MatterOf
from backend.consultations.service.question_reading import matter as question_matter
from backend.consultations.service.questions import QUESTION
from backend.consultations.service.serving import SERVED, rate, serve
from backend.consultations.service.viewing import agenda, look_into, may_view, view, wrote_down
from backend.consultations.service.viewing import matter as meeting_matter
from backend.kernel.actor import Actor
from backend.kernel.errors import NotFound

MATTERS: dict[str, MatterOf] = {SUBJECT_KIND: meeting_matter, QUESTION: question_matter}
"""How each kind of matter is read."""


def matter(actor: Actor, kind: str, subject_id: UUID) -> Matter:
    """A matter of one kind in clear, for who answered it. Raises NotFound."""
    if kind not in MATTERS:
        raise NotFound
    return MATTERS[kind](actor, subject_id)


__all__ = [
    "MATTERS",
    "SERVED",
    "SUBJECT_KIND",
    "About",
    "Matter",
    "MatterOf",
    "Other",
    "agenda",
    "book",
    "book_for_other",
    "look_into",
    "matter",
    "may_view",
    "my_data",
    "rate",
    "reencrypt",
    "serve",
    "view",
    "wrote_down",
]
