"""The ledger as its readers see it: an adviser their own, justice officers that of their area."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.advisers.rules.ledger import OVERSEERS, EntryKind, Source
from backend.kernel.actor import Actor, Role
from backend.kernel.db import fetch_all, fetch_one

Key = tuple[Any, Any]
"""Day and id of the last entry of a page."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; None: everything. The village may be any area, with all below it."""

    adviser_id: UUID | None = None
    area_code: str | None = None
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One entry. Its words are still sealed."""

    id: UUID
    kind: EntryKind
    source: Source
    served_on: date
    starts_at: datetime | None
    minutes: int | None
    mode: str | None
    village_code: str
    village_name: str
    township_name: str
    adviser_id: UUID
    adviser_person_id: UUID | None
    adviser_name: str
    firm: str
    person_id: UUID | None
    person_name: str | None
    topic: str | None
    title: str | None
    summary_encrypted: bytes | None
    opinion_encrypted: bytes | None
    attendees: int | None
    entered_at: datetime
    entered_later: bool
    voided_at: datetime | None
    void_reason: str | None


_ROW = """
    SELECT e.id, e.kind, e.source, e.served_on, e.starts_at, e.minutes, e.mode,
        v.code, v.name, t.name, d.id, d.person_id, d.name, d.firm, p.id, p.name, e.topic, e.title,
        e.summary_encrypted, e.opinion_encrypted, e.attendees, e.entered_at, e.entered_later,
        e.voided_at, e.void_reason
    FROM ledger_entries e
    JOIN advisers d ON d.id = e.adviser_id
    JOIN areas v ON v.code = e.area_code
    JOIN areas t ON t.code = substr(e.area_code, 1, 9)
    LEFT JOIN people p ON p.id = e.person_id
"""


def visible_to(actor: Actor) -> tuple[str, list[Any]]:
    """SQL on `ledger_entries e`: what this actor may read."""
    allowed, params = ["false"], list[Any]()
    if actor.has(Role.ADVISER):
        allowed.append("e.adviser_id IN (SELECT id FROM advisers WHERE person_id = %s)")
        params.append(actor.id)
    if areas := list(actor.area_codes(*OVERSEERS)):
        allowed.append("e.area_code ^@ ANY(%s)")
        params.append(areas)
    return f"({' OR '.join(allowed)})", params


def _asked(actor: Actor, filters: Filters) -> tuple[str, list[Any]]:
    visible, params = visible_to(actor)
    conditions = [visible]
    for condition, value in (
        ("e.adviser_id = %s", filters.adviser_id),
        ("e.area_code ^@ %s", filters.area_code),
        ("e.served_on >= %s", filters.from_on),
        ("e.served_on <= %s", filters.to_on),
    ):
        if value is not None:
            conditions.append(condition)
            params.append(value)
    return " AND ".join(conditions), params


def entries(actor: Actor, filters: Filters, after: Key | None, limit: int) -> list[Row]:
    """Those asked for behind ``after``, the latest day first."""
    asked, params = _asked(actor, filters)
    if after is not None:
        asked += " AND (e.served_on, e.id) < (%s::date, %s::uuid)"
        params += after
    rows = fetch_all(
        f"{_ROW} WHERE {asked} ORDER BY e.served_on DESC, e.id DESC LIMIT %s", (*params, limit)
    )
    return [_row(row) for row in rows]


def batches(actor: Actor, filters: Filters, size: int) -> Iterator[list[Row]]:
    """All those asked for, the latest day first, some at a time."""
    after: Key | None = None
    while True:
        found = entries(actor, filters, after, size)
        yield found
        if len(found) < size:
            return
        after = (found[-1].served_on, found[-1].id)


def entry(actor: Actor, entry_id: UUID) -> Row | None:
    """One of the entries the actor may read, held for the transaction."""
    visible, params = visible_to(actor)
    row = fetch_one(
        f"{_ROW} WHERE e.id = %s AND {visible} FOR NO KEY UPDATE OF e", (entry_id, *params)
    )
    return None if row is None else _row(row)


def counted(actor: Actor, filters: Filters, most: int) -> int:
    """How many were asked for; beyond ``most`` nobody counts on."""
    asked, params = _asked(actor, filters)
    row = fetch_one(
        f"SELECT count(*) FROM (SELECT FROM ledger_entries e WHERE {asked} LIMIT %s) found",
        (*params, most + 1),
    )
    return int(row[0]) if row else 0


def serves(adviser_id: UUID, village_code: str) -> bool:
    """Whether the village is one of the adviser's, as their own or on standby."""
    found = fetch_one(
        "SELECT FROM booking_resource_areas s JOIN areas a ON a.code = %s AND a.active"
        " WHERE s.resource_id = %s AND a.level = 'village' AND a.code ^@ s.area_code",
        (village_code, adviser_id),
    )
    return found is not None


def held_about(person_id: UUID) -> list[Row]:
    """Entries of services for this person, the latest first."""
    rows = fetch_all(
        f"{_ROW} WHERE e.person_id = %s ORDER BY e.served_on DESC, e.id DESC", (person_id,)
    )
    return [_row(row) for row in rows]


def _row(row: tuple[Any, ...]) -> Row:
    entry_id, kind, source, *rest = row
    return Row(entry_id, EntryKind(kind), Source(source), *rest)
