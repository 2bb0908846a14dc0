"""What advisers tell of themselves: lectures, contract reviews, visits. Voided, never changed."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from backend.advisers.queries import ledger
from backend.advisers.queries.register import adviser_of
from backend.advisers.rules.ledger import (
    EARLIEST,
    EntryByService,
    EntryKind,
    EntryVoided,
    LedgerNotYours,
    Source,
    may_read,
)
from backend.advisers.sealed import seal
from backend.advisers.service.ledger import ENTRY_KIND
from backend.kernel import audit
from backend.kernel.actor import Actor, Role
from backend.kernel.clock import LOCAL
from backend.kernel.db import execute, transaction
from backend.kernel.errors import FieldError, NotFound, ValidationFailed
from backend.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class ByHand:
    """What an adviser did on a day in one of their villages."""

    kind: EntryKind
    village: str
    served_on: date
    minutes: int
    title: str
    summary: str
    attendees: int | None


def enter(actor: Actor, given: ByHand, now: datetime) -> UUID:
    """Add an entry to the actor's own ledger; its id.

    One of an earlier day is marked as entered later, by the database, whoever enters it. Raises
    LedgerNotYours, ValidationFailed (a day ahead or too long ago, a village of others).
    """
    adviser_id = adviser_of(actor.id) if actor.has(Role.ADVISER) else None
    if adviser_id is None:
        raise LedgerNotYours
    today, wrong = now.astimezone(LOCAL).date(), list[FieldError]()
    if given.served_on > today:
        wrong.append(FieldError("/served_on", "day_ahead"))
    elif given.served_on < today - EARLIEST:
        wrong.append(FieldError("/served_on", "day_too_long_ago"))
    if not ledger.serves(adviser_id, given.village):
        wrong.append(FieldError("/village", "village_not_served"))
    if wrong:
        raise ValidationFailed(fields=wrong)
    entry_id = new_id()
    with transaction():
        execute(
            """
            INSERT INTO ledger_entries (id, kind, source, adviser_id, area_code, title, served_on,
                minutes, attendees, summary_encrypted, entered_by, entered_at)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            """,
            (
                entry_id,
                given.kind.value,
                Source.ENTERED.value,
                adviser_id,
                given.village,
                given.title,
                given.served_on,
                given.minutes,
                given.attendees,
                seal(given.summary, "summary", entry_id),
                actor.id,
                now,
            ),
        )
        audit.record(actor.id, f"{ENTRY_KIND}.entered", ENTRY_KIND, entry_id, {"kind": given.kind})
    return entry_id


def void(actor: Actor, entry_id: UUID, reason: str, now: datetime) -> None:
    """Say that an entry by hand does not count, and why; it stays to be seen.

    For the adviser whose it is, and for who oversees them. Raises NotFound, LedgerNotYours,
    EntryByService, EntryVoided.
    """
    with transaction():
        if not may_read(actor):
            raise LedgerNotYours
        entry = ledger.entry(actor, entry_id)
        if entry is None:
            raise NotFound
        if entry.source is Source.SERVICE:
            raise EntryByService
        if entry.voided_at is not None:
            raise EntryVoided
        execute(
            "UPDATE ledger_entries SET voided_by = %s, voided_at = %s, void_reason = %s"
            " WHERE id = %s",
            (actor.id, now, reason, entry_id),
        )
        audit.record(actor.id, f"{ENTRY_KIND}.voided", ENTRY_KIND, entry_id)
