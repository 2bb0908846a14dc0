"""The one gate for reading. Whatever shows a request to anybody goes through `visible_to`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from backend.kernel.actor import UNIT_ROLES, Actor, Role
from backend.kernel.db import fetch_all, fetch_one
from backend.people import queries as people
from backend.service_requests import names

Condition = tuple[str, list[Any]]
"""SQL for a WHERE clause, and its parameters in order."""


def visible_to(actor: Actor, r: str = "r") -> Condition:
    """The condition on `service_requests`, by its alias, for the rows this actor may know exist.

    Their own; those they submitted for somebody whose consent is in force; those their unit leads
    or helps with; those in the area they dispatch or supervise. It is the SQL of
    `rules.capacities` being non-empty, and a test holds the two together.

    But a complaint is hidden from the people and from the units it is about, whatever else they
    hold: this is the only place where that is decided. It is never hidden from who made it.
    """
    own, params = asked_by(actor, r)
    official, official_params = _official(actor, r)
    if not official:
        return own, params
    hidden, hidden_params = _about(actor, r)
    return (
        f"({own} OR ({official}) AND NOT ({r}.complaint AND {hidden}))",
        [*params, *official_params, *hidden_params],
    )


def asked_by(actor: Actor, r: str = "r") -> Condition:
    """Made by the actor, or by them for somebody else under a consent in force.

    Never unknown, so that it can be negated: most requests name no consent at all.
    """
    if not actor.mandates:
        return f"{r}.requester_id = %s", [actor.id]
    mandates = [mandate.id for mandate in actor.mandates]
    under_one = f"{r}.mandate_id IS NOT NULL AND {r}.mandate_id = ANY(%s)"
    return f"({r}.requester_id = %s OR {under_one})", [actor.id, mandates]


def _official(actor: Actor, r: str) -> Condition:
    """By what the actor holds; the empty condition for who holds nothing that counts here."""
    allowed: list[str] = []
    params: list[Any] = []
    if units := list(actor.unit_ids(*UNIT_ROLES)):
        allowed.append(f"{r}.lead_unit_id = ANY(%s)")
        allowed.append(
            f"EXISTS (SELECT FROM sub_tasks t WHERE t.request_id = {r}.id"
            " AND t.unit_id = ANY(%s) AND t.state <> 'cancelled')"
        )
        params += [units, units]
    if areas := list(actor.area_codes(Role.DISPATCHER, Role.SUPERVISOR)):
        allowed.append(f"{r}.area_code ^@ ANY(%s)")
        params.append(areas)
    return " OR ".join(allowed), params


def _about(actor: Actor, r: str) -> Condition:
    """The complaint is about the actor, somebody of their name, or a unit they belong to in any
    role."""
    return (
        f"EXISTS (SELECT FROM complaint_targets c WHERE c.request_id = {r}.id"
        " AND (c.person_id = %s OR c.name_hash = %s OR c.unit_id = ANY(%s)))",
        [actor.id, names.search_hash(actor.name), list(actor.unit_ids(*Role))],
    )


def inspected_by(actor: Actor, r: str = "r") -> Condition:
    """Where the actor inspects: in their areas, but nothing of their own, nothing of those they act
    for, and no complaint about themselves. It shows reports of pressure, never a request."""
    own, params = asked_by(actor, r)
    hidden, hidden_params = _about(actor, r)
    return (
        f"({r}.area_code ^@ ANY(%s) AND NOT {own} AND NOT ({r}.complaint AND {hidden}))",
        [list(actor.area_codes(Role.INSPECTOR)), *params, *hidden_params],
    )


def hidden_from(person_id: UUID, now: datetime) -> list[UUID]:
    """Complaints about this person or a unit of theirs, with the roles they hold at ``now``, and
    reports of pressure on who made them."""
    actor = people.actor_of(person_id, now)
    if actor is None or not actor.grants:
        return []
    hidden, params = _about(actor, "r")
    own, own_params = asked_by(actor, "r")
    rows = fetch_all(
        "SELECT unnest(r.id || ARRAY("
        "SELECT x.id FROM pressure_reports x WHERE x.request_id = r.id))"
        f" FROM service_requests r WHERE r.complaint AND {hidden} AND NOT {own}",
        (*params, *own_params),
    )
    return [subject_id for (subject_id,) in rows]


def sees_requester(actor: Actor) -> Condition:
    """The condition on `service_requests r` for those whose requester this actor may learn of.

    It is the SQL of `rules.sees_requester`, for rows that `visible_to` lets through.
    """
    side, params = asked_by(actor)
    return (
        f"({side} OR r.area_code ^@ ANY(%s) OR r.visibility <> 'anonymous'"
        " AND (r.lead_unit_id = ANY(%s) OR r.area_code ^@ ANY(%s)))",
        [
            *params,
            list(actor.area_codes(Role.DISPATCHER)),
            list(actor.unit_ids(*UNIT_ROLES)),
            list(actor.area_codes(Role.SUPERVISOR)),
        ],
    )


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
