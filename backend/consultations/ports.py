"""What the application plugs in: this feature knows no cases that are made of its matters."""

from collections.abc import Callable
from uuid import UUID

from backend.kernel.actor import Actor

CaseOf = Callable[[Actor, str, UUID], UUID | None]
"""Kind and id of a matter: the case made of it, if the actor may see that."""

_case_of: CaseOf | None = None


def plug_in(*, case_of: CaseOf) -> None:
    """Called once at start, before any use."""
    global _case_of
    _case_of = case_of


def case_of(actor: Actor, kind: str, subject_id: UUID) -> UUID | None:
    """The case made of a matter; none where nothing makes cases."""
    return None if _case_of is None else _case_of(actor, kind, subject_id)
