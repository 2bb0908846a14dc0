"""Entries of the ledger: written by what happened, added by hand, voided, never overwritten."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from backend.advisers.rules.ledger import EntryKind, Source
from backend.advisers.sealed import seal
from backend.kernel import audit
from backend.kernel.clock import LOCAL
from backend.kernel.db import execute, fetch_one, transaction
from backend.kernel.ids import new_id

ENTRY_KIND = "ledger_entry"
_VILLAGE_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Service:
    """A service that really took place here. ``mode`` is None for what was answered in writing,
    and ``minutes`` None where nobody said how long it took."""

    adviser_id: UUID
    kind: str
    """``consultation`` or ``question``."""
    subject_id: UUID
    area_code: str
    person_id: UUID
    mode: str | None
    topic: str
    started_at: datetime
    minutes: int | None
    summary: str
    opinion: str | None


def record_service(service: Service, now: datetime) -> None:
    """Write the entry of a service, in the caller's transaction if there is one.

    One per adviser and subject: recorded again, nothing is added. A question that was answered
    again has its minutes and its opinion brought up to date; how often, the audit log knows.
    The service's own day is what counts: recorded on a later one, the entry says so by itself.
    """
    kind = EntryKind(service.kind)
    served_on = min(service.started_at, now).astimezone(LOCAL).date()
    with transaction():
        row = fetch_one(
            "SELECT id FROM ledger_entries WHERE adviser_id = %s AND kind = %s AND subject_id = %s"
            " FOR UPDATE",
            (service.adviser_id, kind.value, service.subject_id),
        )
        if row is None:
            _insert(service, kind, served_on, now)
        elif kind is EntryKind.QUESTION:
            _update(row[0], service)
        execute(
            "UPDATE advisers SET last_served_on = greatest(last_served_on, %s) WHERE id = %s",
            (served_on, service.adviser_id),
        )


def _insert(service: Service, kind: EntryKind, served_on: date, now: datetime) -> None:
    entry_id = new_id()
    added = execute(
        """
        INSERT INTO ledger_entries (id, kind, source, adviser_id, area_code, subject_id, person_id,
            mode, topic, served_on, starts_at, minutes, summary_encrypted, opinion_encrypted,
            entered_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        ON CONFLICT DO NOTHING
        """,
        (
            entry_id,
            kind.value,
            Source.SERVICE.value,
            service.adviser_id,
            service.area_code[:_VILLAGE_DIGITS],
            service.subject_id,
            service.person_id,
            service.mode,
            service.topic,
            served_on,
            service.started_at,
            service.minutes,
            seal(service.summary, "summary", entry_id),
            _sealed_opinion(service, entry_id),
            now,
        ),
    )
    if added:
        audit.record(None, f"{ENTRY_KIND}.recorded", ENTRY_KIND, entry_id, {"kind": kind})


def _update(entry_id: UUID, service: Service) -> None:
    execute(
        "UPDATE ledger_entries SET minutes = %s, opinion_encrypted = %s WHERE id = %s",
        (service.minutes, _sealed_opinion(service, entry_id), entry_id),
    )
    details = {"minutes": service.minutes}
    audit.record(None, f"{ENTRY_KIND}.answered_again", ENTRY_KIND, entry_id, details)


def _sealed_opinion(service: Service, entry_id: UUID) -> bytes | None:
    return None if service.opinion is None else seal(service.opinion, "opinion", entry_id)
