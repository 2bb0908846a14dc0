"""One request as it stands, for deciding what may become of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from backend.areas import county
from backend.kernel.actor import Actor
from backend.kernel.db import fetch_one
from backend.service_requests.queries.gate import visible_to
from backend.service_requests.rules import (
    Extension,
    ExtensionState,
    Facts,
    Kind,
    State,
    Visibility,
)


@dataclass(frozen=True, slots=True)
class Current:
    """A request as it stands, for deciding what may become of it."""

    id: UUID
    version: int
    facts: Facts
    deadline_profile: str
    submitted_at: datetime
    due_at: datetime
    half_at: datetime | None
    most_at: datetime | None
    asked_at: datetime | None
    counted_on: date | None
    counted_days: int | None
    complaint: bool
    merged_into_id: UUID | None


FACTS = """
    r.state, r.requester_id, r.area_code, r.lead_unit_id, r.handler_id, r.visibility,
    r.asked_at IS NOT NULL,
    CASE WHEN r.asked_at IS NULL THEN 0 ELSE
        (SELECT count(*) FROM materials m WHERE m.request_id = r.id AND m.state = 'missing') END,
    r.mandate_id,
    (SELECT array_agg(t.unit_id) FROM sub_tasks t
     WHERE t.request_id = r.id AND t.state <> 'cancelled'),
    (SELECT count(*) FROM sub_tasks t WHERE t.request_id = r.id AND t.state = 'open'),
    r.objection_until, r.ruled_at IS NOT NULL, r.deadline_profile,
    (SELECT x.state || ' ' || x.asked_by FROM extensions x WHERE x.request_id = r.id),
    r.contests, r.concluded, r.deferrals, r.reminded_at, r.replied_at, r.follow_up_at,
    (SELECT g.first_rated_at FROM ratings g WHERE g.request_id = r.id),
    r.merged_into_id IS NOT NULL,
    EXISTS (SELECT FROM service_requests o WHERE o.merged_into_id = r.id)
"""
"""What `facts_of` reads, of `service_requests r`."""
FACTS_COUNT = 24

CAME_BACK_FOR = timedelta(days=14)
"""How long after the follow-up a closed request can still be reopened."""


def facts_of(row: Sequence[Any]) -> Facts:
    state, requester_id, area_code, lead_unit_id, handler_id, visibility, asked, missing = row[:8]
    mandate_id, co_units, open_tasks, objection_until, ruled, profile_code, extension = row[8:15]
    contests, concluded, deferrals, reminded_at, replied_at, follow_up_at = row[15:21]
    profile = county.current().profiles.get(profile_code)
    return Facts(
        State(state),
        requester_id,
        area_code,
        lead_unit_id,
        handler_id,
        Visibility(visibility),
        asked=asked,
        missing=missing,
        mandate_id=mandate_id,
        co_unit_ids=frozenset(co_units or ()),
        open_tasks=open_tasks,
        objection_until=objection_until,
        ruled=ruled,
        extendable=profile is not None and profile.extension is not None,
        extension=_extension(extension),
        contests=contests,
        concluded=concluded,
        deferrals=deferrals,
        reminded_at=reminded_at,
        replied_at=replied_at,
        came_back_until=follow_up_at and follow_up_at + CAME_BACK_FOR,
        rated_at=row[21],
        merged=row[22],
        main=row[23],
    )


def _extension(text: str | None) -> Extension | None:
    if text is None:
        return None
    state, asked_by = text.split(" ")
    return Extension(ExtensionState(state), UUID(asked_by))


_CURRENT = f"""
    r.id, r.version, r.deadline_profile, r.submitted_at, r.due_at, r.half_at, r.most_at,
    r.asked_at, r.counted_on, r.counted_days, r.complaint, r.merged_into_id, {FACTS}
"""


def _current(row: Sequence[Any]) -> Current:
    request_id, version, *rest = row[:12]
    return Current(request_id, version, facts_of(row[12:]), *rest)


def current(actor: Actor, request_id: UUID) -> Current | None:
    """None when there is no such request for this actor."""
    visible, params = visible_to(actor)
    row = fetch_one(
        f"SELECT {_CURRENT} FROM service_requests r WHERE r.id = %s AND {visible}",
        (request_id, *params),
    )
    return None if row is None else _current(row)


def current_for_system(request_id: UUID) -> Current | None:
    """The same for what happens by itself, for which nobody has to be allowed to see it."""
    row = fetch_one(f"SELECT {_CURRENT} FROM service_requests r WHERE r.id = %s", (request_id,))
    return None if row is None else _current(row)


def version_of(request_id: UUID) -> int:
    """The stored version of a request the caller has just seen."""
    row = fetch_one("SELECT version FROM service_requests WHERE id = %s", (request_id,))
    return int(row[0]) if row else 0


def has_event(request_id: UUID, kind: Kind) -> bool:
    """Whether something of the kind is in the request's timeline."""
    found = fetch_one(
        "SELECT 1 FROM timeline_events WHERE request_id = %s AND kind = %s", (request_id, kind)
    )
    return found is not None
