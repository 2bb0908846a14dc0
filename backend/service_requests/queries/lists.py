"""Lists of requests, page by page, and the counts above them. PostgreSQL writes the JSON."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from backend.kernel.actor import Actor, Role
from backend.kernel.clock import LOCAL
from backend.kernel.db import fetch_all, fetch_one
from backend.kernel.text import tsquery_text
from backend.service_requests.errors import StaffOnly
from backend.service_requests.numbers import is_receipt_number, ungrouped
from backend.service_requests.queries.columns import GROUPED_NUMBER, unit_name
from backend.service_requests.queries.gate import (
    Condition,
    asked_by,
    sees_requester,
    visible_to,
)
from backend.service_requests.rules import CLOSED, WITH_RESIDENT, WITH_UNIT, State

SUMMARY_LENGTH = 60


class Queue(StrEnum):
    """MINE: I handle it. UNIT: my unit leads it. TASKS: my unit owes a part of it. DISPATCH: no
    unit yet. DECIDE: an objection, more time or a second contest waits for me. ALL: whatever I may
    see."""

    MINE = "mine"
    UNIT = "unit"
    TASKS = "tasks"
    DISPATCH = "dispatch"
    DECIDE = "decide"
    ALL = "all"


class View(StrEnum):
    """How a requester looks at their own: who has the next step, or that nobody has any more."""

    OPEN = "open"
    NEEDS_ME = "needs_me"
    CLOSED = "closed"


STATES_IN: dict[View, frozenset[State]] = {
    View.OPEN: WITH_UNIT | {State.DEFERRED},
    View.NEEDS_ME: WITH_RESIDENT,
    View.CLOSED: CLOSED,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to: all of it must hold. No states are all states."""

    states: Collection[State] = ()
    category: str | None = None
    overdue: bool = False
    due_today: bool = False
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """JSON text of an array, and the sort key behind its last item if there are more."""

    items: str
    next_key: tuple[Any, ...] | None


@dataclass(frozen=True, slots=True)
class _Order:
    """A total order: the values it sorts by, and the comparison that asks for what comes after."""

    keys: tuple[str, ...]
    after: str
    by: str


def _among(states: Collection[State]) -> str:
    """Written out, not a parameter, so that indexes on the expression apply."""
    return "(" + ", ".join(f"'{state}'" for state in sorted(states)) + ")"


_URGENCY = (f"(r.state IN {_among(WITH_RESIDENT)})", "(NOT r.flagged_danger)", "r.due_at", "r.id")
"""What waits for the office before what waits for the resident; then danger, then the deadline."""

_ORDERS = {
    "newest": _Order(
        keys=("r.submitted_at", "r.id"),
        after="(r.submitted_at, r.id) < (%s::timestamptz, %s::uuid)",
        by="r.submitted_at DESC, r.id DESC",
    ),
    "urgency": _Order(
        keys=_URGENCY,
        after=f"({', '.join(_URGENCY)}) > (%s, %s, %s::timestamptz, %s::uuid)",
        by=", ".join(_URGENCY),
    ),
}
"""A cursor begins with the name of its order, so a list goes on as it began."""


def _item(actor: Actor) -> str:
    """Members of `RequestItem`. Names are looked up, not joined: only for rows on the page."""
    return f"""
    'id', r.id, 'number', {GROUPED_NUMBER}, 'state', r.state, 'category', r.category,
    'area_name', (SELECT a.name FROM areas a WHERE a.code = r.area_code),
    'summary', left(r.description, {SUMMARY_LENGTH}),
    'submitted_at', r.submitted_at, 'updated_at', r.updated_at,
    'due_at', r.due_at, 'due_provisional', r.due_provisional,
    'unit_name', (SELECT {unit_name(actor.language)} FROM units u WHERE u.id = r.lead_unit_id)
    """


def own(
    actor: Actor,
    view: View | None,
    words: str | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> Page:
    """The actor's own requests and those they act in for others (`OwnItem`), newest first; all of
    them without a view."""
    conditions: list[Condition] = [asked_by(actor)]
    if view is not None:
        conditions.append(_in_states(STATES_IN[view]))
    if words is not None:
        conditions.append(_matching(words))
    return _page(
        conditions,
        (
            f"""{_item(actor)}, 'awaits_me', r.state IN {_among(WITH_RESIDENT)},
    'for_name', CASE WHEN r.requester_id <> %s THEN
        (SELECT p.name FROM people p WHERE p.id = r.requester_id) END""",
            [actor.id],
        ),
        "newest",
        after,
        limit,
    )


def workbench(
    actor: Actor,
    queue: Queue,
    wanted: Wanted,
    after: tuple[Any, ...] | None,
    limit: int,
    now: datetime,
) -> Page:
    """Requests a member of staff works on (`WorkItem`), never their own as a resident.

    What is open, as `_URGENCY` has it; when states or words are asked for, whatever
    fits them, newest first. Raises StaffOnly.
    """
    _staff_only(actor)
    searching = bool(wanted.states) or wanted.words is not None
    conditions = [
        visible_to(actor),
        _not_own(actor),
        _in_queue(actor, queue),
        *_narrowed(wanted, now),
    ]
    if not searching:
        conditions.append(_open())
    awaits, awaits_params = _awaits_staff(actor)
    named, named_params = sees_requester(actor)
    return _page(
        conditions,
        (
            f"""{_item(actor)}, 'awaits_me', {awaits},
    'danger', r.flagged_danger, 'complaint', r.complaint,
    'reminded', coalesce(r.reminded_at >= %s, false),
    'extension_pending', EXISTS (SELECT FROM extensions x
        WHERE x.request_id = r.id AND x.state = 'pending'),
    'tasks_open', (SELECT count(*) FROM sub_tasks t
        WHERE t.request_id = r.id AND t.state = 'open'),
    'tasks_overdue', (SELECT count(*) FROM sub_tasks t
        WHERE t.request_id = r.id AND t.state = 'open' AND t.due_at < %s),
    'handler_name', (SELECT nullif(p.name, '') FROM people p WHERE p.id = r.handler_id),
    'requester_name', CASE WHEN {named} THEN
        (SELECT nullif(p.name, '') FROM people p WHERE p.id = r.requester_id) END""",
            [*awaits_params, _midnight(now), now, *named_params],
        ),
        "newest" if searching else "urgency",
        after,
        limit,
    )


def workbench_summary(actor: Actor, now: datetime) -> str:
    """How many open requests wait in each queue, how many are late, how many due by midnight.

    JSON text of `WorkbenchSummary`. Raises StaffOnly.
    """
    _staff_only(actor)
    counts: list[tuple[str, Condition]] = [
        (queue.value, _in_queue(actor, queue)) for queue in Queue
    ]
    counts += [("overdue", _overdue(now)), ("due_today", _due_today(now))]
    visible, params = visible_to(actor)
    still_open, open_params = _open()
    not_own, own_params = _not_own(actor)
    members = ", ".join(f"'{name}', count(*) FILTER (WHERE {sql})" for name, (sql, _) in counts)
    row = fetch_one(
        f"SELECT json_build_object({members})::text FROM service_requests r"
        f" WHERE {visible} AND {not_own} AND {still_open}",
        (*(p for _, (_, ps) in counts for p in ps), *params, *own_params, *open_params),
    )
    return str(row[0]) if row else "{}"


def _staff_only(actor: Actor) -> None:
    if not actor.grants:
        raise StaffOnly


def _page(
    conditions: list[Condition],
    members: Condition,
    order_name: str,
    after: tuple[Any, ...] | None,
    limit: int,
) -> Page:
    if after is not None:
        order_name, *key = after
        conditions.append((_ORDERS[order_name].after, key))
    order = _ORDERS[order_name]
    item, item_params = members
    where = " AND ".join(sql for sql, _ in conditions)
    rows = fetch_all(
        f"SELECT json_build_object({item})::text, {', '.join(order.keys)}"
        f" FROM service_requests r WHERE {where} ORDER BY {order.by} LIMIT %s",
        (*item_params, *(p for _, params in conditions for p in params), limit + 1),
    )
    shown = rows[:limit]
    more = len(rows) > limit
    return Page(
        items="[" + ",".join(row[0] for row in shown) + "]",
        next_key=(order_name, *shown[-1][1:]) if more else None,
    )


def _narrowed(wanted: Wanted, now: datetime) -> list[Condition]:
    conditions: list[Condition] = []
    if wanted.states:
        conditions.append(_in_states(wanted.states))
    if wanted.category is not None:
        conditions.append(("r.category = %s", [wanted.category]))
    if wanted.overdue:
        conditions.append(_overdue(now))
    if wanted.due_today:
        conditions.append(_due_today(now))
    if wanted.words is not None:
        conditions.append(_matching(wanted.words))
    return conditions


def _in_states(states: Collection[State]) -> Condition:
    return "r.state = ANY(%s)", [list(states)]


def _matching(words: str) -> Condition:
    if is_receipt_number(words):
        return "r.number = %s", [ungrouped(words)]
    query = tsquery_text(words)
    return ("r.search @@ %s::tsquery", [query]) if query else ("false", [])


def _open() -> Condition:
    return f"r.state NOT IN {_among(CLOSED)}", []


def _overdue(now: datetime) -> Condition:
    return "r.state = ANY(%s) AND r.due_at < %s", [list(WITH_UNIT), now]


def _due_today(now: datetime) -> Condition:
    """Due by midnight in the county, and not late yet."""
    return (
        "r.state = ANY(%s) AND r.due_at >= %s AND r.due_at <= %s",
        [list(WITH_UNIT), now, _midnight(now) + timedelta(days=1)],
    )


def _midnight(now: datetime) -> datetime:
    """When the day began in the county."""
    return datetime.combine(now.astimezone(LOCAL).date(), time(), LOCAL)


def _not_own(actor: Actor) -> Condition:
    """Nobody works on their own request, nor on one in which they speak for another."""
    own, params = asked_by(actor)
    return f"NOT {own}", params


def _in_queue(actor: Actor, queue: Queue) -> Condition:
    match queue:
        case Queue.MINE:
            return "r.handler_id = %s", [actor.id]
        case Queue.UNIT:
            return "r.lead_unit_id = ANY(%s)", [_units(actor)]
        case Queue.TASKS:
            return (
                "EXISTS (SELECT FROM sub_tasks t WHERE t.request_id = r.id"
                " AND t.state = 'open' AND t.unit_id = ANY(%s))",
                [_units(actor)],
            )
        case Queue.DECIDE:
            return _to_decide(actor)
        case Queue.DISPATCH:
            return (
                "r.lead_unit_id IS NULL AND r.state = 'submitted' AND r.area_code ^@ ANY(%s)",
                [list(actor.area_codes(Role.DISPATCHER))],
            )
        case Queue.ALL:
            return "true", []


def _to_decide(actor: Actor) -> Condition:
    """What waits for a decision of this actor: the dispatcher's on an objection, the leader's or
    the supervisor's on more time, the supervisor's on what was contested twice."""
    led, supervised = list(actor.unit_ids(Role.UNIT_LEAD)), actor.area_codes(Role.SUPERVISOR)
    outside = "r.area_code ^@ ANY(%s) AND NOT r.lead_unit_id = ANY(%s)"
    supervisor = [list(supervised), _units(actor)]
    return (
        "(r.state = 'disputed' AND r.area_code ^@ ANY(%s)"
        f" OR r.state = 'supervised' AND {outside}"
        " OR EXISTS (SELECT FROM extensions x WHERE x.request_id = r.id AND x.state = 'pending'"
        f" AND x.asked_by <> %s) AND (r.lead_unit_id = ANY(%s) OR {outside}))",
        [
            list(actor.area_codes(Role.DISPATCHER)),
            *supervisor,
            actor.id,
            led,
            *supervisor,
        ],
    )


def _awaits_staff(actor: Actor) -> Condition:
    """Whether the next step is this member of staff's: theirs by name, or nobody's in their unit,
    or a unit still to be found in the area they dispatch. What is merged waits for another."""
    nobodys, params = _in_queue(actor, Queue.DISPATCH)
    return (
        "r.state = ANY(%s) AND (r.handler_id IS NOT DISTINCT FROM %s"
        f" OR r.handler_id IS NULL AND r.lead_unit_id = ANY(%s) OR {nobodys})",
        [list(WITH_UNIT - {State.MERGED}), actor.id, _units(actor), *params],
    )


def _units(actor: Actor) -> list[UUID]:
    return list(actor.unit_ids(Role.HANDLER, Role.UNIT_LEAD))
