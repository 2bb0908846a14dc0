"""What the application plugs in: people know no pictures and no feature that keeps data of them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

ClaimPictures = Callable[[UUID, Sequence[UUID], str, UUID, datetime], None]
"""Person, pictures, kind and id of a subject: the person's pictures belong to the subject now.

Raises ``errors.EvidenceNotAvailable``.
"""

PicturesOf = Callable[[str, UUID, UUID, datetime], list[dict[str, Any]]]
"""Kind and id of a subject, and who looks at it: the subject's pictures, with links to them."""

Export = Callable[[UUID, datetime], Any]
"""Everything that a feature holds about the person, as JSON can have it."""

Detach = Callable[[UUID, datetime], None]
"""Forget the person, in the transaction that closes their account; what must stay says nothing
of who they were."""

Joined = Callable[[UUID, UUID, datetime], None]
"""Person and invitation: the person has taken it up, in the transaction that gives the role."""

NumbersOf = Callable[[Collection[UUID]], dict[UUID, str]]
"""The numbers by which people know subjects of one kind."""


@dataclass(slots=True)
class Ports:
    claim_pictures: ClaimPictures
    pictures_of: PicturesOf
    exports: dict[str, Export] = field(default_factory=dict)
    detachers: list[Detach] = field(default_factory=list)
    joined: list[Joined] = field(default_factory=list)
    numbers: dict[str, NumbersOf] = field(default_factory=dict)


_plugged: Ports | None = None


def plug_in(*, claim_pictures: ClaimPictures, pictures_of: PicturesOf) -> None:
    """Called once at start, before any use and any registration."""
    global _plugged
    _plugged = Ports(claim_pictures, pictures_of)


def plugged() -> Ports:
    """What was plugged in."""
    if _plugged is None:
        raise RuntimeError("people: plug_in() was not called")
    return _plugged


def register_export(name: str, export: Export) -> None:
    """Have a section of this name in everybody's download."""
    plugged().exports[name] = export


def register_detach(detach: Detach) -> None:
    """Have this done whenever an account is closed."""
    plugged().detachers.append(detach)


def register_joined(joined: Joined) -> None:
    """Have this done whenever somebody takes up an invitation."""
    plugged().joined.append(joined)


def register_numbers(subject_kind: str, numbers_of: NumbersOf) -> None:
    """Say by which number people know the subjects of a kind. The others have none."""
    plugged().numbers[subject_kind] = numbers_of
