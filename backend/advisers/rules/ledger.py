"""The ledger of services (工作台账): what has an entry, and what can be done with one. Pure."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from backend.kernel.actor import Actor, Role
from backend.kernel.errors import DomainError


class EntryKind(StrEnum):
    CONSULTATION = "consultation"
    QUESTION = "question"
    LECTURE = "lecture"
    CONTRACT_REVIEW = "contract_review"
    VISIT = "visit"


BY_HAND: Final = (EntryKind.LECTURE, EntryKind.CONTRACT_REVIEW, EntryKind.VISIT)
"""What advisers enter themselves; the other kinds are written by the service when it happens."""


class Source(StrEnum):
    """Where an entry comes from: from what happened here, or from what an adviser says."""

    SERVICE = "service"
    ENTERED = "entered"


OVERSEERS: Final = (Role.JUSTICE, Role.ADMIN)
"""Roles that read the ledger of their area."""

LONGEST: Final = timedelta(hours=10)
"""Of one service by hand: a working day with the way there and back."""

EARLIEST: Final = timedelta(days=366)
"""How far back something can be entered: the year an adviser is paid for."""

MOST_EXPORTED: Final = 20_000
"""Entries of one workbook: what a county's advisers do in some years."""


def may_read(actor: Actor) -> bool:
    """Whether the ledger, or some of it, is theirs to read at all."""
    return actor.has(Role.ADVISER) or any(actor.has(role) for role in OVERSEERS)


def hours(minutes: int | None) -> float | None:
    """As counties count them: to a tenth of an hour, and a written answer without time has none.

    >>> hours(40)
    0.7
    """
    return None if minutes is None else round(minutes / 60, 1)


def masked_name(name: str) -> str | None:
    """Enough to recognise somebody one knows: 李秀英 is 李**. None for who has left.

    >>> masked_name("李秀英")
    '李**'
    """
    return f"{name[0]}**" if name else None


class LedgerNotYours(DomainError):
    code = "ledger_not_yours"
    status = 403


class EntryByService(DomainError):
    """What the service wrote from what happened is corrected by nobody."""

    code = "ledger_entry_by_service"


class EntryVoided(DomainError):
    code = "ledger_entry_voided"
    status = 409


class LedgerTooLong(DomainError):
    code = "ledger_too_long"
