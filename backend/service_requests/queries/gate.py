"""The one gate for reading. Whatever shows a request to anybody goes through `visible_to`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from backend.kernel.actor import Actor, Role
from backend.kernel.db import fetch_one
from backend.people import queries as people

Condition = tuple[str, list[Any]]
"""SQL for a WHERE clause, and its parameters in order."""


def visible_to(actor: Actor) -> Condition:
    """The condition on `service_requests r` for the rows this actor may know exist.

    Their own; those their unit leads; those in the area they dispatch or supervise. It is the SQL
    of `rules.capacities` being non-empty, and a test holds the two together.
    """
    allowed: list[str] = ["r.requester_id = %s"]
    params: list[Any] = [actor.id]
    if units := actor.unit_ids(Role.HANDLER, Role.UNIT_LEAD):
        allowed.append("r.lead_unit_id = ANY(%s)")
        params.append(list(units))
    if areas := actor.area_codes(Role.DISPATCHER, Role.SUPERVISOR):
        allowed.append("r.area_code ^@ ANY(%s)")
        params.append(list(areas))
    return f"({' OR '.join(allowed)})", params


def sees_requester(actor: Actor) -> Condition:
    """The condition on `service_requests r` for those whose requester this actor may learn of.

    It is the SQL of `rules.sees_requester`, for rows that `visible_to` lets through.
    """
    allowed = "(r.visibility <> 'anonymous' OR r.requester_id = %s OR r.area_code ^@ ANY(%s))"
    return allowed, [actor.id, list(actor.area_codes(Role.DISPATCHER))]


def may_see(actor: Actor, request_id: UUID) -> bool:
    """Whether this request exists as far as this actor is concerned."""
    visible, params = visible_to(actor)
    sql = f"SELECT 1 FROM service_requests r WHERE r.id = %s AND {visible}"
    return fetch_one(sql, (request_id, *params)) is not None


def may_view(person_id: UUID, request_id: UUID, now: datetime) -> bool:
    """The same for a person who is not signed in right now, with the roles they hold at ``now``.

    A closed account sees nothing, so it is sent nothing either.
    """
    actor = people.actor_of(person_id, now)
    return actor is not None and may_see(actor, request_id)
