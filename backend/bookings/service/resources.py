"""Resources: whose time it is, whom it serves, for which term."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from backend.bookings.models import Resource, ResourceArea
from backend.bookings.service import plans
from backend.bookings.service.locking import lock
from backend.kernel.db import execute, transaction
from backend.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class ServiceArea:
    """An area that is served: by the resource as its own, or standing in for another."""

    code: str
    standby: bool = False


def create_resource(
    kind: str,
    name: str,
    now: datetime,
    *,
    areas: Sequence[ServiceArea],
    term_from: date,
    term_until: date | None,
    owner_id: UUID | None = None,
) -> UUID:
    """A new resource, without a plan yet; its id.

    Raises IntegrityError for areas that do not exist or have another resource of the kind as their
    own: constraints ``booking_resource_areas_area_fk`` and ``booking_resource_areas_own``.
    """
    resource_id = new_id()
    with transaction():
        Resource.insert(
            id=resource_id,
            kind=kind,
            name=name,
            owner_id=owner_id,
            term_from=term_from,
            term_until=term_until,
            created_at=now,
        ).execute()
        _write_areas(resource_id, kind, areas)
    return resource_id


def update_resource(
    resource_id: UUID,
    now: datetime,
    *,
    name: str,
    areas: Sequence[ServiceArea],
    term_from: date,
    term_until: date | None,
) -> None:
    """Change it. Bookings outside a shorter term are displaced: their people are told.

    Raises NotFound, and IntegrityError as `create_resource` does.
    """
    with transaction():
        resource = lock(resource_id, now)
        Resource.update(
            name=name,
            term_from=term_from,
            term_until=term_until,
            version=resource.version + 1,
        ).where(Resource.id == resource_id).execute()
        execute("DELETE FROM booking_resource_areas WHERE resource_id = %s", (resource_id,))
        _write_areas(resource_id, resource.kind, areas)
        plans.settle(resource_id, now)


def _write_areas(resource_id: UUID, kind: str, areas: Sequence[ServiceArea]) -> None:
    rows = [
        {"resource_id": resource_id, "kind": kind, "area_code": a.code, "standby": a.standby}
        for a in areas
    ]
    if rows:
        ResourceArea.insert_many(rows).execute()


def set_owner(resource_id: UUID, person_id: UUID | None) -> None:
    """Say whose time it is."""
    Resource.update(owner_id=person_id).where(Resource.id == resource_id).execute()


def suspend(resource_id: UUID, reason: str, now: datetime) -> None:
    """Stop all booking; who has an appointment is told. Raises NotFound."""
    _set_suspended(resource_id, now, suspended_at=now, suspended_reason=reason)


def resume(resource_id: UUID, now: datetime) -> None:
    """Let people book again. Raises NotFound."""
    _set_suspended(resource_id, now, suspended_at=None, suspended_reason=None)


def _set_suspended(resource_id: UUID, now: datetime, **columns: object) -> None:
    with transaction():
        resource = lock(resource_id, now)
        Resource.update(version=resource.version + 1, **columns).where(
            Resource.id == resource_id
        ).execute()
        plans.settle(resource_id, now)
