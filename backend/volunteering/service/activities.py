"""Organisations and their activities: drafted, published, changed, cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import peewee

from backend.areas.queries import is_active_area
from backend.attachments import service as attachments
from backend.kernel import audit
from backend.kernel.actor import Actor
from backend.kernel.db import execute, fetch_one, transaction
from backend.kernel.errors import FieldError, NotFound, ValidationFailed
from backend.kernel.ids import new_id
from backend.volunteering import terms
from backend.volunteering.errors import (
    ActivityChanged,
    ActivityNotDraft,
    ActivityOver,
    ActivityWithoutShift,
    InsuranceNeeded,
    OrganisationExists,
)
from backend.volunteering.models import Activity, Organisation
from backend.volunteering.rules.states import Stage
from backend.volunteering.service import shifts
from backend.volunteering.service.shifts import Times
from backend.volunteering.service.standing import require_runs, run_activity

ACTIVITY: Final = "activity"
"""The kind of subject."""

MOST_SHIFTS = 60


@dataclass(frozen=True, slots=True)
class Plan:
    """What an activity says of itself."""

    organisation_id: UUID
    kind: str
    title: str
    description: str
    area_code: str
    place: str
    contact_name: str
    contact_phone: str
    min_age: int | None
    skills: Sequence[str]
    insured: bool
    needs_approval: bool
    opens_at: datetime | None
    closes_at: datetime | None
    attachment_ids: Sequence[UUID]


def create_organisation(
    actor: Actor, name: str, area_code: str, phone: str | None, now: datetime
) -> UUID:
    """Raises Forbidden, ValidationFailed, OrganisationExists."""
    require_runs(actor, area_code)
    _require_area(area_code)
    organisation_id = new_id()
    with transaction():
        try:
            Organisation.insert(
                id=organisation_id, name=name, area_code=area_code, phone=phone, created_at=now
            ).execute()
        except peewee.IntegrityError as error:
            raise OrganisationExists from error
        audit.record(actor.id, "organisation.created", "organisation", organisation_id)
    return organisation_id


def rename_organisation(actor: Actor, organisation_id: UUID, name: str, phone: str | None) -> None:
    """Its area stays: activities of before belong to it. Raises NotFound, Forbidden,
    OrganisationExists."""
    with transaction():
        require_runs(actor, _area_of(organisation_id))
        try:
            Organisation.update(name=name, phone=phone).where(
                Organisation.id == organisation_id
            ).execute()
        except peewee.IntegrityError as error:
            raise OrganisationExists from error
        audit.record(actor.id, "organisation.changed", "organisation", organisation_id)


def create(actor: Actor, plan: Plan, times: Sequence[Times], now: datetime) -> UUID:
    """A draft, seen by who organises in the area only.

    Raises NotFound (no such organisation), Forbidden, ValidationFailed, InsuranceNeeded,
    ShiftsOverlap, ShiftOver, AttachmentNotAvailable, TooManyAttachments.
    """
    activity_id = new_id()
    with transaction():
        require_runs(actor, _area_of(plan.organisation_id))
        _check(plan)
        shifts.require_distinct(times)
        Activity.insert(
            id=activity_id,
            state=Stage.DRAFT,
            created_by=actor.id,
            created_at=now,
            **_columns(plan),
        ).execute()
        for one in times:
            shifts.insert(activity_id, one, now)
        attachments.claim(actor.id, plan.attachment_ids, ACTIVITY, activity_id, now)
        audit.record(actor.id, "activity.created", ACTIVITY, activity_id)
    return activity_id


def edit(actor: Actor, activity_id: UUID, version: int, plan: Plan, now: datetime) -> None:
    """Say it differently. Of a published one, who signed up keeps the place whatever it asks for.

    Raises NotFound, Forbidden, ActivityChanged, ActivityOver, and what `create` raises.
    """
    with transaction():
        found = run_activity(actor, activity_id)
        if found.version != version:
            raise ActivityChanged
        if found.stage is Stage.CANCELLED:
            raise ActivityOver
        require_runs(actor, _area_of(plan.organisation_id))
        _check(plan)
        row = fetch_one("SELECT attachment_ids FROM activities WHERE id = %s", (activity_id,))
        before = {UUID(kept) for kept in row[0]} if row else set()
        new = [picture for picture in plan.attachment_ids if picture not in before]
        attachments.claim(actor.id, new, ACTIVITY, activity_id, now)
        Activity.update(version=version + 1, **_columns(plan)).where(
            Activity.id == activity_id
        ).execute()
        audit.record(actor.id, "activity.changed", ACTIVITY, activity_id)


def publish(actor: Actor, activity_id: UUID, version: int, now: datetime) -> None:
    """Everybody sees it. Raises NotFound, Forbidden, ActivityChanged, ActivityNotDraft,
    ActivityWithoutShift."""
    with transaction():
        found = run_activity(actor, activity_id)
        if found.version != version:
            raise ActivityChanged
        if found.stage is not Stage.DRAFT:
            raise ActivityNotDraft
        coming = fetch_one(
            "SELECT FROM shifts WHERE activity_id = %s AND cancelled_at IS NULL AND starts_at > %s"
            " LIMIT 1",
            (activity_id, now),
        )
        if coming is None:
            raise ActivityWithoutShift
        Activity.update(state=Stage.PUBLISHED, published_at=now, version=version + 1).where(
            Activity.id == activity_id
        ).execute()
        audit.record(actor.id, "activity.published", ACTIVITY, activity_id)


def cancel(actor: Actor, activity_id: UUID, version: int, reason: str, now: datetime) -> None:
    """It does not take place; whoever had a place, waited or applied is told.

    What is over stays as it was. Raises NotFound, Forbidden, ActivityChanged, ActivityOver.
    """
    with transaction():
        found = run_activity(actor, activity_id)
        if found.version != version:
            raise ActivityChanged
        if found.stage is Stage.CANCELLED:
            raise ActivityOver
        shifts.cancel_all(activity_id, reason, now)
        Activity.update(
            state=Stage.CANCELLED, cancelled_at=now, cancelled_reason=reason, version=version + 1
        ).where(Activity.id == activity_id).execute()
        audit.record(actor.id, "activity.cancelled", ACTIVITY, activity_id)


def add_shift(actor: Actor, activity_id: UUID, times: Times, now: datetime) -> None:
    """Another time at which it is done. Raises NotFound, Forbidden, ActivityOver, ShiftOver,
    ShiftsOverlap, ValidationFailed beyond 60 of them."""
    with transaction():
        found = run_activity(actor, activity_id)
        if found.stage is Stage.CANCELLED:
            raise ActivityOver
        shifts.add(activity_id, times, MOST_SHIFTS, now)
        execute("UPDATE activities SET version = version + 1 WHERE id = %s", (activity_id,))
        audit.record(actor.id, "activity.shift_added", ACTIVITY, activity_id)


def _columns(plan: Plan) -> dict[str, Any]:
    values = {name: getattr(plan, name) for name in plan.__slots__}
    values["organisation"] = values.pop("organisation_id")
    values["skills"] = list(plan.skills)
    values["attachment_ids"] = [str(picture) for picture in plan.attachment_ids]
    return values


def _check(plan: Plan) -> None:
    kind, wrong = terms.kind(plan.kind), []
    if kind is None:
        wrong.append(FieldError("/kind", "unknown_activity_kind"))
    if not is_active_area(plan.area_code):
        wrong.append(FieldError("/area_code", "unknown_area"))
    if plan.opens_at and plan.closes_at and plan.closes_at <= plan.opens_at:
        wrong.append(FieldError("/closes_at", "closes_before_opening"))
    wrong += [
        FieldError(f"/skills/{place}", "unknown_skill")
        for place, skill in enumerate(plan.skills)
        if not terms.is_skill(skill)
    ]
    if wrong:
        raise ValidationFailed(fields=wrong)
    if kind is not None and kind.risky and not plan.insured:
        raise InsuranceNeeded


def _require_area(area_code: str) -> None:
    if not is_active_area(area_code):
        raise ValidationFailed(fields=[FieldError("/area_code", "unknown_area")])


def _area_of(organisation_id: UUID) -> str:
    row = fetch_one(
        "SELECT area_code FROM volunteer_organisations WHERE id = %s", (organisation_id,)
    )
    if row is None:
        raise NotFound
    return str(row[0])
