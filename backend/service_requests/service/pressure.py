"""Reports of pressure: made by who asked, read and closed by inspectors, unknown to all others.

They leave no trace where handlers look: not in the timeline, not in the request's own log entries.
"""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from backend.kernel import audit, outbox
from backend.kernel.actor import Actor
from backend.kernel.clock import LOCAL
from backend.kernel.crypto import keyring
from backend.kernel.db import execute, fetch_one, transaction
from backend.kernel.errors import NotFound
from backend.kernel.ids import new_id
from backend.people import service as people
from backend.people.service import Contact
from backend.service_requests import queries, rules
from backend.service_requests.errors import (
    ActionNotYours,
    InspectorOnly,
    ReportClosed,
    TooManyReports,
)
from backend.service_requests.models import PressureReport
from backend.service_requests.queries import pressure as reports
from backend.service_requests.queries.pressure import Key, Report
from backend.service_requests.rules import MOST_REPORTS_A_DAY, PressureKind

REPORT_KIND = "pressure_report"
REPORT_MADE, REPORT_CLOSED = "pressure_report.made", "pressure_report.closed"
"""Events, each with the report's id."""


@dataclass(frozen=True, slots=True)
class Made:
    """The receipt of a report."""

    id: UUID
    at: datetime


def report_pressure(
    actor: Actor, request_id: UUID, kind: PressureKind, text: str, now: datetime
) -> Made:
    """Report that somebody wants the rating changed, the request withdrawn, or the like.

    Raises NotFound, ActionNotYours, TooManyReports.
    """
    with transaction():
        current = queries.current(actor, request_id)
        if current is None:
            raise NotFound
        if not rules.may_report(rules.capacities(actor, current.facts)):
            raise ActionNotYours
        # One report of a person waits for the other, so that the count is right.
        fetch_one("SELECT FROM people WHERE id = %s FOR NO KEY UPDATE", (actor.id,))
        today = datetime.combine(now.astimezone(LOCAL).date(), time(), LOCAL)
        if reports.reports_since(actor.id, today) >= MOST_REPORTS_A_DAY:
            raise TooManyReports(most=MOST_REPORTS_A_DAY)
        report_id = new_id()
        PressureReport.insert(
            id=report_id,
            request_id=request_id,
            reporter_id=actor.id,
            kind=kind,
            text_encrypted=seal(text, report_id),
            at=now,
        ).execute()
        audit.record(actor.id, REPORT_MADE, REPORT_KIND, report_id, {"kind": kind})
        outbox.put(REPORT_MADE, {"report_id": str(report_id)})
    return Made(report_id, now)


def own_pressure_reports(actor: Actor, request_id: UUID) -> list[dict[str, Any]]:
    """What was reported of this request, for who reported it, with what was found.

    Raises NotFound, ActionNotYours.
    """
    current = queries.current(actor, request_id)
    if current is None:
        raise NotFound
    if not rules.may_report(rules.capacities(actor, current.facts)):
        raise ActionNotYours
    return [_own(report) for report in reports.own_reports(actor, request_id)]


def reported_pressure(
    actor: Actor, waiting: bool, after: Key | None, limit: int
) -> list[dict[str, Any]]:
    """What an inspector has to take up, or what was closed. Raises InspectorOnly."""
    if not rules.may_inspect(actor):
        raise InspectorOnly
    listed = reports.waiting_reports if waiting else reports.closed_reports
    return [_item(report) for report in listed(actor, after, limit)]


def reporter_contact(actor: Actor, report_id: UUID) -> Contact:
    """The reporter's telephone in clear while the report is open; the look is recorded.

    Raises InspectorOnly, NotFound, ReportClosed.
    """
    with transaction():
        report = _taken_up(actor, report_id)
        return people.contact_of(
            actor, report.reporter_id, subject_kind=REPORT_KIND, subject_id=report_id
        )


def close_report(actor: Actor, report_id: UUID, finding: str, now: datetime) -> dict[str, Any]:
    """Say what was found; the reporter is told. Raises InspectorOnly, NotFound, ReportClosed."""
    with transaction():
        _taken_up(actor, report_id)
        closed = execute(
            "UPDATE pressure_reports SET closed_at = %s, closed_by = %s, finding = %s"
            " WHERE id = %s AND closed_at IS NULL",
            (now, actor.id, finding, report_id),
        )
        if not closed:
            raise ReportClosed
        audit.record(actor.id, REPORT_CLOSED, REPORT_KIND, report_id)
        outbox.put(REPORT_CLOSED, {"report_id": str(report_id)})
        after = reports.inspected_report(actor, report_id)
    if after is None:
        raise NotFound
    return _item(after)


def _taken_up(actor: Actor, report_id: UUID) -> Report:
    if not rules.may_inspect(actor):
        raise InspectorOnly
    report = reports.inspected_report(actor, report_id)
    if report is None:
        raise NotFound
    if report.closed_at is not None:
        raise ReportClosed
    return report


def _own(report: Report) -> dict[str, Any]:
    return {
        "id": report.id,
        "kind": report.kind,
        "text": unseal(report.text_encrypted, report.id),
        "at": report.at,
        "state": "open" if report.closed_at is None else "closed",
        "finding": report.finding,
        "closed_at": report.closed_at,
    }


def _item(report: Report) -> dict[str, Any]:
    return {
        **_own(report),
        "number": report.number,
        "category": report.category,
        "area_name": report.area_name,
        "unit_name": report.unit_name,
        "reporter_name": report.reporter_name,
    }


def seal(text: str, report_id: UUID) -> bytes:
    """Encrypted with the current key; opens for this report only."""
    return keyring.encrypt(text, _context(report_id))


def unseal(blob: bytes, report_id: UUID) -> str:
    """The words in clear. Raises ``kernel.crypto.Undecipherable``."""
    return keyring.decrypt(blob, _context(report_id))


def _context(report_id: UUID) -> str:
    return f"pressure_reports/{report_id}/text"
