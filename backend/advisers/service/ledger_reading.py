"""The ledger read: in pages, as an entry, as a workbook. What is read of people is recorded."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.advisers.queries import ledger
from backend.advisers.queries.ledger import Filters, Key, Row
from backend.advisers.rules.ledger import (
    MOST_EXPORTED,
    LedgerNotYours,
    LedgerTooLong,
    Source,
    masked_name,
    may_read,
)
from backend.advisers.sealed import unseal
from backend.advisers.workbook import Workbook
from backend.kernel import audit
from backend.kernel.actor import Actor
from backend.kernel.db import transaction
from backend.kernel.errors import NotFound

_BATCH = 500


def entries(
    actor: Actor, filters: Filters, after: Key | None, limit: int
) -> tuple[list[dict[str, Any]], Key | None]:
    """A page of `LedgerEntry`, the latest day first, and the place behind its last one.

    Without a place there is no more. Raises LedgerNotYours.
    """
    if not may_read(actor):
        raise LedgerNotYours
    with transaction():
        found = ledger.entries(actor, filters, after, limit + 1)
        shown = found[:limit]
        _record_reading(actor, shown)
    more = len(found) > limit
    return [_view(row) for row in shown], (shown[-1].served_on, shown[-1].id) if more else None


def entry(actor: Actor, entry_id: UUID) -> dict[str, Any]:
    """One `LedgerEntry`. Raises NotFound."""
    with transaction():
        row = ledger.entry(actor, entry_id)
        if row is None:
            raise NotFound
        _record_reading(actor, [row])
    return _view(row)


def exported(actor: Actor, filters: Filters, now: datetime) -> bytes:
    """All entries asked for as an Excel file in the actor's language; taking it is recorded.

    Raises LedgerNotYours, LedgerTooLong.
    """
    if not may_read(actor):
        raise LedgerNotYours
    count = ledger.counted(actor, filters, MOST_EXPORTED)
    if count > MOST_EXPORTED:
        raise LedgerTooLong(most=MOST_EXPORTED)
    book = Workbook(actor.language, actor.name, filters.from_on, filters.to_on, now)
    with transaction():
        for rows in ledger.batches(actor, filters, _BATCH):
            book.add([(row, _clear(row, "summary"), _clear(row, "opinion")) for row in rows])
            _record_reading(actor, rows)
        audit.record(actor.id, "ledger.exported", "ledger", None, {"entries": count})
    return book.close()


def held_about(person_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """What advisers' ledgers say of the person, in clear, the latest first."""
    return [
        {
            "kind": row.kind,
            "served_on": row.served_on,
            "adviser": row.adviser_name,
            "village": row.village_name,
            "minutes": row.minutes,
            "mode": row.mode,
            "topic": row.topic,
            "summary": _clear(row, "summary"),
            "opinion": _clear(row, "opinion"),
        }
        for row in ledger.held_about(person_id)
    ]


def _record_reading(actor: Actor, rows: Iterable[Row]) -> None:
    """Whoever reads of other advisers' clients leaves a trace with each of them."""
    people = dict.fromkeys(
        row.person_id
        for row in rows
        if row.person_id is not None and actor.id not in (row.person_id, row.adviser_person_id)
    )
    audit.record_readings(actor.id, list(people), {"fields": ["ledger"]})


def _clear(row: Row, column: str) -> str | None:
    blob = row.summary_encrypted if column == "summary" else row.opinion_encrypted
    return unseal(blob, column, row.id)


def _view(row: Row) -> dict[str, Any]:
    voided = row.voided_at and {"at": row.voided_at, "reason": row.void_reason}
    return {
        "id": row.id,
        "kind": row.kind,
        "served_on": row.served_on,
        "starts_at": row.starts_at,
        "minutes": row.minutes,
        "mode": row.mode,
        "village": {"code": row.village_code, "name": row.village_name},
        "adviser": {"id": row.adviser_id, "name": row.adviser_name},
        "client": masked_name(row.person_name or ""),
        "topic": row.topic,
        "title": row.title,
        "summary": _clear(row, "summary"),
        "opinion": _clear(row, "opinion"),
        "attendees": row.attendees,
        "entered_at": row.entered_at,
        "entered_later": row.entered_later,
        "source": row.source,
        "voided": voided or None,
        "can_void": row.source is Source.ENTERED and voided is None,
    }
