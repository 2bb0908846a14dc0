"""What decides about activities, shifts and sign-ups, held for the transaction where asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.kernel.db import fetch_one
from backend.volunteering.rules.conditions import Wanted
from backend.volunteering.rules.states import Stage, State


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """``runs_in`` is the area of the organisation: whose organisers run it."""

    id: UUID
    organisation_id: UUID
    runs_in: str
    stage: Stage
    version: int
    kind: str
    created_by: UUID


def activity(activity_id: UUID, *, held: bool = False) -> ActivityFacts | None:
    """One activity."""
    lock = " FOR NO KEY UPDATE OF a" if held else ""
    row = fetch_one(
        f"""
        SELECT a.id, a.organisation_id, o.area_code, a.state, a.version, a.kind, a.created_by
        FROM activities a JOIN volunteer_organisations o ON o.id = a.organisation_id
        WHERE a.id = %s{lock}
        """,
        (activity_id,),
    )
    if row is None:
        return None
    values: list[Any] = list(row)
    values[3] = Stage(values[3])
    return ActivityFacts(*values)


@dataclass(frozen=True, slots=True)
class ShiftFacts:
    """``free`` places; ``runs_in`` as of its activity."""

    id: UUID
    activity_id: UUID
    runs_in: str
    created_by: UUID
    version: int
    starts_at: datetime
    ends_at: datetime
    capacity: int
    free: int
    needs_approval: bool
    wanted: Wanted


_SHIFT = """
    SELECT s.id, s.activity_id, o.area_code, a.created_by, s.version, s.starts_at, s.ends_at,
        s.capacity, s.capacity - s.taken, a.needs_approval,
        a.state, a.min_age, a.skills, a.opens_at, a.closes_at, s.cancelled_at IS NOT NULL
    FROM shifts s JOIN activities a ON a.id = s.activity_id
    JOIN volunteer_organisations o ON o.id = a.organisation_id
"""


def shift(shift_id: UUID, *, held: bool = False) -> ShiftFacts | None:
    """One shift. Who takes or frees its places holds it, so they follow each other."""
    lock = " FOR NO KEY UPDATE OF s" if held else ""
    row = fetch_one(f"{_SHIFT} WHERE s.id = %s{lock}", (shift_id,))
    if row is None:
        return None
    stage, min_age, skills, opens_at, closes_at, cancelled = row[10:]
    wanted = Wanted(
        Stage(stage), min_age, frozenset(skills), opens_at, closes_at, row[5], cancelled
    )
    values: list[Any] = [*row[:10], wanted]
    return ShiftFacts(*values)


@dataclass(frozen=True, slots=True)
class SignupFacts:
    id: UUID
    shift_id: UUID
    activity_id: UUID
    runs_in: str
    person_id: UUID
    agent_id: UUID | None
    mandate_id: UUID | None
    state: State
    starts_at: datetime
    ends_at: datetime
    queued_at: datetime
    offer_until: datetime | None
    asked_at: datetime | None
    in_at: datetime | None
    out_at: datetime | None
    kept: bool
    has_hours: bool


def signup(signup_id: UUID, *, held: bool = False) -> SignupFacts | None:
    """One sign-up. Its shift is to be held before it."""
    lock = " FOR NO KEY UPDATE OF u" if held else ""
    row = fetch_one(
        f"""
        SELECT u.id, u.shift_id, s.activity_id, o.area_code, u.person_id, u.agent_id, u.mandate_id,
            u.state, u.starts_at, u.ends_at, u.queued_at, u.offer_until, u.asked_at, u.in_at,
            u.out_at, u.kept, EXISTS (SELECT FROM service_hours h WHERE h.signup_id = u.id)
        FROM signups u JOIN shifts s ON s.id = u.shift_id
        JOIN activities a ON a.id = s.activity_id
        JOIN volunteer_organisations o ON o.id = a.organisation_id
        WHERE u.id = %s{lock}
        """,
        (signup_id,),
    )
    if row is None:
        return None
    values: list[Any] = list(row)
    values[7] = State(values[7])
    return SignupFacts(*values)


def shift_of(signup_id: UUID) -> UUID | None:
    """The shift somebody signed up for."""
    row = fetch_one("SELECT shift_id FROM signups WHERE id = %s", (signup_id,))
    return row[0] if row else None


def name_held(person_id: UUID) -> str:
    """The person's name, and their row held: one thing at a time is done for one person."""
    row = fetch_one("SELECT name FROM people WHERE id = %s FOR NO KEY UPDATE", (person_id,))
    return str(row[0]) if row else ""


def profile(person_id: UUID) -> tuple[bytes, bytes | None, list[str], datetime] | None:
    """Birth date and guardian, both sealed, skills, and since when."""
    return fetch_one(
        "SELECT born_on_encrypted, guardian_encrypted, skills, joined_at FROM volunteers"
        " WHERE person_id = %s",
        (person_id,),
    )
