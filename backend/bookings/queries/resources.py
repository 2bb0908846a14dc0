"""A resource with everything that its slots follow from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.bookings.rules import Cut, ExceptionPeriod, Mode, Plan, PlanRule, Policy
from backend.kernel.clock import LOCAL
from backend.kernel.db import fetch_all


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A resource as it was at one moment; ``version`` says whether it has changed since."""

    id: UUID
    key: int
    kind: str
    name: str
    owner_id: UUID | None
    suspended: bool
    policy: Policy
    plan: Plan
    version: int

    def bookable(self, now: datetime) -> bool:
        """Whether anything can be booked, today or on a later day of the term."""
        today = now.astimezone(LOCAL).date()
        return not self.suspended and (
            self.plan.term_until is None or today <= self.plan.term_until
        )


_COLUMNS = """
    res.id, res.key, res.kind, res.name, res.owner_id, res.suspended_at IS NOT NULL,
    res.lead_minutes, res.cancel_minutes, res.horizon_days, res.offer_minutes,
    (SELECT json_agg(json_build_array(p.weekday, p.starts_minute, p.ends_minute, p.valid_from,
            p.valid_until, p.on_holidays, p.slot_minutes, p.modes, p.buffer_minutes, p.capacity,
            p.place) ORDER BY p.weekday, p.starts_minute, p.valid_from)
        FROM booking_plan_rules p WHERE p.resource_key = res.key),
    (SELECT json_agg(json_build_array(extract(epoch FROM e.starts_at),
            extract(epoch FROM e.ends_at), e.slot_minutes, e.modes, e.buffer_minutes, e.capacity,
            e.place) ORDER BY e.starts_at)
        FROM booking_exceptions e WHERE e.resource_key = res.key AND e.ends_at > %s),
    res.term_from, res.term_until, res.version
"""


def snapshots(resource_ids: Sequence[UUID], since: datetime) -> list[Snapshot]:
    """Resources with their plans and the exceptions that end after the moment: one query."""
    rows = fetch_all(
        f"SELECT {_COLUMNS} FROM booking_resources res WHERE res.id = ANY(%s)",
        (since, list(resource_ids)),
    )
    return [_snapshot(row) for row in rows]


def snapshot(resource_id: UUID, since: datetime) -> Snapshot | None:
    """One of them; None where there is none."""
    found = snapshots([resource_id], since)
    return found[0] if found else None


def snapshot_of_key(key: int, since: datetime) -> Snapshot | None:
    """The same, found by its key."""
    rows = fetch_all(
        f"SELECT {_COLUMNS} FROM booking_resources res WHERE res.key = %s", (since, key)
    )
    return _snapshot(rows[0]) if rows else None


def _snapshot(row: Sequence[Any]) -> Snapshot:
    id_, key, kind, name, owner_id, suspended, *rest = row
    lead, cancel, horizon, offer, rules, exceptions, term_from, term_until, version = rest
    return Snapshot(
        id=id_,
        key=key,
        kind=kind,
        name=name,
        owner_id=owner_id,
        suspended=suspended,
        policy=Policy(lead, cancel, horizon, offer),
        plan=Plan(
            rules=tuple(_rule(*rule) for rule in rules or ()),
            exceptions=tuple(_exception(*period) for period in exceptions or ()),
            term_from=term_from,
            term_until=term_until,
        ),
        version=version,
    )


def _rule(
    weekday: int,
    starts_minute: int,
    ends_minute: int,
    valid_from: str,
    valid_until: str | None,
    on_holidays: bool,
    *cut: Any,
) -> PlanRule:
    return PlanRule(
        weekday,
        starts_minute,
        ends_minute,
        _cut(*cut),
        date.fromisoformat(valid_from),
        None if valid_until is None else date.fromisoformat(valid_until),
        on_holidays,
    )


def _exception(starts: float, ends: float, *cut: Any) -> ExceptionPeriod:
    starts_at, ends_at = (datetime.fromtimestamp(float(t), LOCAL) for t in (starts, ends))
    return ExceptionPeriod(starts_at, ends_at, None if cut[0] is None else _cut(*cut))


def _cut(
    slot_minutes: int, modes: Sequence[str], buffer_minutes: int, capacity: int, place: str | None
) -> Cut:
    return Cut(slot_minutes, tuple(map(Mode, modes)), buffer_minutes, capacity, place)
