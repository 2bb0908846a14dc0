"""Reports of pressure, for inspectors and for who made them. Nothing else reads them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.kernel.actor import Actor
from backend.kernel.db import fetch_all, fetch_one
from backend.service_requests.queries.columns import GROUPED_NUMBER, unit_name
from backend.service_requests.queries.gate import Condition, inspected_by
from backend.service_requests.rules import PressureKind


@dataclass(frozen=True, slots=True)
class Report:
    """One report with what it is about. Its words are still sealed."""

    id: UUID
    kind: PressureKind
    text_encrypted: bytes
    at: datetime
    request_id: UUID
    number: str
    """Grouped."""
    category: str
    area_name: str
    unit_name: str | None
    reporter_id: UUID
    reporter_name: str
    finding: str | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """What telling people of a report needs to know."""

    reporter_id: UUID
    request_id: UUID
    number: str
    area_code: str
    area_name: str


Key = tuple[str, str]
"""Moment and id of the last report of a page."""


def _select(language: str) -> str:
    return f"""
        SELECT x.id, x.kind, x.text_encrypted, x.at, r.id, {GROUPED_NUMBER}, r.category,
            a.full_name, {unit_name(language)}, p.id, p.name, x.finding, x.closed_at
        FROM pressure_reports x
        JOIN service_requests r ON r.id = x.request_id
        JOIN areas a ON a.code = r.area_code
        JOIN people p ON p.id = x.reporter_id
        LEFT JOIN units u ON u.id = r.lead_unit_id
    """


def _inspected_by(actor: Actor) -> Condition:
    """Nobody takes up what they report themselves."""
    inspected, params = inspected_by(actor)
    return f"{inspected} AND x.reporter_id <> %s", [*params, actor.id]


def waiting_reports(actor: Actor, after: Key | None, limit: int) -> list[Report]:
    """What this inspector can take up, the longest waiting first."""
    inspected, params = _inspected_by(actor)
    at, report_id = after or (None, None)
    rows = fetch_all(
        f"""
        {_select(actor.language)} WHERE x.closed_at IS NULL AND {inspected}
            AND (%s::timestamptz IS NULL OR (x.at, x.id) > (%s::timestamptz, %s::uuid))
        ORDER BY x.at, x.id LIMIT %s
        """,
        (*params, at, at, report_id, limit),
    )
    return [_report(row) for row in rows]


def closed_reports(actor: Actor, after: Key | None, limit: int) -> list[Report]:
    """What was taken up where this inspector answers for it, the last one first."""
    inspected, params = _inspected_by(actor)
    at, report_id = after or (None, None)
    rows = fetch_all(
        f"""
        {_select(actor.language)} WHERE x.closed_at IS NOT NULL AND {inspected}
            AND (%s::timestamptz IS NULL OR (x.closed_at, x.id) < (%s::timestamptz, %s::uuid))
        ORDER BY x.closed_at DESC, x.id DESC LIMIT %s
        """,
        (*params, at, at, report_id, limit),
    )
    return [_report(row) for row in rows]


def inspected_report(actor: Actor, report_id: UUID) -> Report | None:
    """One of those; None when there is no such report for this inspector."""
    inspected, params = _inspected_by(actor)
    row = fetch_one(
        f"{_select(actor.language)} WHERE x.id = %s AND {inspected}", (report_id, *params)
    )
    return None if row is None else _report(row)


def own_reports(actor: Actor, request_id: UUID) -> list[Report]:
    """What the actor reported of this request, or is the requester of; the first one first.

    The requester reads what is reported in their name; who acts for them reads only their own,
    because the pressure may be theirs.
    """
    rows = fetch_all(
        f"""
        {_select(actor.language)} WHERE x.request_id = %s
            AND (x.reporter_id = %s OR r.requester_id = %s)
        ORDER BY x.at, x.id
        """,
        (request_id, actor.id, actor.id),
    )
    return [_report(row) for row in rows]


def told_of_report(report_id: UUID) -> Told | None:
    row = fetch_one(
        f"""
        SELECT x.reporter_id, r.id, {GROUPED_NUMBER}, r.area_code, a.full_name
        FROM pressure_reports x
        JOIN service_requests r ON r.id = x.request_id
        JOIN areas a ON a.code = r.area_code
        WHERE x.id = %s
        """,
        (report_id,),
    )
    return None if row is None else Told(*row)


def reports_since(person_id: UUID, moment: datetime) -> int:
    """How many the person has made."""
    row = fetch_one(
        "SELECT count(*) FROM pressure_reports WHERE reporter_id = %s AND at >= %s",
        (person_id, moment),
    )
    return int(row[0]) if row else 0


def _report(row: tuple[object, ...]) -> Report:
    report_id, kind, *rest = row
    return Report(report_id, PressureKind(str(kind)), *rest)  # type: ignore[arg-type]
