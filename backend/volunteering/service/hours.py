"""The ledger of hours: rows are added, and a correction is a row that replaces another."""

from datetime import datetime
from uuid import UUID

import peewee

from backend.kernel import audit
from backend.kernel.actor import Actor
from backend.kernel.db import execute, fetch_one, transaction
from backend.kernel.errors import NotFound
from backend.kernel.ids import new_id
from backend.volunteering.errors import ActivityChanged, HoursOutsideShift, HoursOverlap
from backend.volunteering.queries.facts import SignupFacts
from backend.volunteering.rules.hours import HoursClass, minutes, within
from backend.volunteering.service.announcing import What, announce
from backend.volunteering.service.standing import own_signup, run_signup

SUBJECT_KIND = "service_hours"

Span = tuple[datetime, datetime]


def record(
    signup: SignupFacts,
    hours_class: HoursClass,
    there: Span,
    recorded_by: UUID | None,
    now: datetime,
) -> None:
    """Add the hours of a sign-up, in the caller's transaction. Raises HoursOverlap."""
    hours_id = _add(signup, hours_class, there, recorded_by, now)
    audit.record(
        recorded_by, f"{SUBJECT_KIND}.{hours_class}", SUBJECT_KIND, hours_id,
        {"minutes": minutes(*there)},
    )  # fmt: skip
    if recorded_by is not None:
        announce(What.RECORDED, signup.id)


def correct(
    actor: Actor,
    hours_id: UUID,
    span: tuple[datetime | None, datetime | None],
    reason: str,
    now: datetime,
) -> UUID:
    """The organiser puts other times in the place of some, or none; the shift's id.

    Raises NotFound, Forbidden, OwnPresence, ActivityChanged where they were corrected already,
    HoursOutsideShift (also with one time only), HoursOverlap.
    """
    with transaction():
        signup, _ = run_signup(actor, _signup_of(hours_id))
        there = _within_shift(signup, *span)
        _replace(signup, hours_id, there, actor.id, reason, now)
        announce(What.CORRECTED, signup.id)
    return signup.shift_id


def _within_shift(
    signup: SignupFacts, first: datetime | None, last: datetime | None
) -> Span | None:
    if first is None and last is None:
        return None
    if first is None or last is None:
        raise HoursOutsideShift
    if within(first, last, signup.starts_at, signup.ends_at) != (first, last):
        raise HoursOutsideShift
    return first, last


def take_back(actor: Actor, hours_id: UUID, reason: str, now: datetime) -> None:
    """A volunteer does not want to have been counted. Raises NotFound, Forbidden, ActivityChanged
    where it was corrected already."""
    with transaction():
        signup, _ = own_signup(actor, _signup_of(hours_id))
        _replace(signup, hours_id, None, actor.id, reason, now)


def _signup_of(hours_id: UUID) -> UUID:
    row = fetch_one("SELECT signup_id FROM service_hours WHERE id = %s", (hours_id,))
    if row is None:
        raise NotFound
    signup_id: UUID = row[0]
    return signup_id


def _replace(
    signup: SignupFacts,
    hours_id: UUID,
    there: Span | None,
    actor_id: UUID,
    reason: str,
    now: datetime,
) -> None:
    replaced = execute(
        "UPDATE service_hours SET current = false WHERE id = %s AND current"
        " AND starts_at IS NOT NULL",
        (hours_id,),
    )
    if not replaced:
        raise ActivityChanged
    new_hours_id = _add(
        signup, HoursClass.CONFIRMED, there, actor_id, now, replaces_id=hours_id, reason=reason
    )
    audit.record(
        actor_id, f"{SUBJECT_KIND}.corrected", SUBJECT_KIND, new_hours_id,
        {"minutes": 0 if there is None else minutes(*there)},
    )  # fmt: skip


def _add(
    signup: SignupFacts,
    hours_class: HoursClass,
    there: Span | None,
    recorded_by: UUID | None,
    now: datetime,
    *,
    replaces_id: UUID | None = None,
    reason: str | None = None,
) -> UUID:
    hours_id = new_id()
    first, last = there or (None, None)
    try:
        execute(
            """
            INSERT INTO service_hours (id, person_id, activity_id, signup_id, class, starts_at,
                ends_at, minutes, recorded_at, recorded_by, replaces_id, reason)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            """,
            (
                hours_id, signup.person_id, signup.activity_id, signup.id, hours_class.value,
                first, last, 0 if there is None else minutes(*there), now, recorded_by,
                replaces_id, reason,
            ),
        )  # fmt: skip
    except peewee.IntegrityError as error:
        if "service_hours_no_overlap" in str(error):
            raise HoursOverlap from error
        raise
    return hours_id
