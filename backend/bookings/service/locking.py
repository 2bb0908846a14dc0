"""One after the other: who takes or frees time of a resource holds the lock of its row."""

from datetime import datetime
from uuid import UUID

from backend.bookings import queries
from backend.bookings.queries import Snapshot
from backend.bookings.rules import Slot
from backend.kernel.db import fetch_one
from backend.kernel.errors import NotFound


def locked(resource: Snapshot, now: datetime) -> Snapshot:
    """The resource with the lock of its row held, read again if it has changed meanwhile."""
    row = fetch_one(
        "SELECT version FROM booking_resources WHERE key = %s FOR NO KEY UPDATE", (resource.key,)
    )
    if row is not None and row[0] == resource.version:
        return resource
    again = queries.snapshot_of_key(resource.key, now)
    if again is None:
        raise NotFound
    return again


def lock_key(key: int, now: datetime) -> Snapshot:
    """The same for a resource that was not read yet."""
    fetch_one("SELECT 1 FROM booking_resources WHERE key = %s FOR NO KEY UPDATE", (key,))
    resource = queries.snapshot_of_key(key, now)
    if resource is None:
        raise NotFound
    return resource


def lock(resource_id: UUID, now: datetime) -> Snapshot:
    """The same, found by its id. Raises NotFound."""
    fetch_one("SELECT 1 FROM booking_resources WHERE id = %s FOR NO KEY UPDATE", (resource_id,))
    resource = queries.snapshot(resource_id, now)
    if resource is None:
        raise NotFound
    return resource


def place_of(slot: Slot) -> dict[str, object]:
    """The columns of a booking that its slot gives."""
    return {
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "occupied_until": slot.occupied_until,
        "capacity": slot.capacity,
        "place": slot.place,
    }
