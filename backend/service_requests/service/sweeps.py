"""What time does to requests. Each sweep does all that is due, however late it comes.

Run twice, or by several workers at once, it does nothing more: every row is claimed under the very
condition that makes it due. A row somebody is just working on is left to the next run.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.areas import county
from backend.kernel import audit
from backend.kernel.db import execute, fetch_all, fetch_one, transaction
from backend.service_requests import queries
from backend.service_requests.models import ServiceRequest
from backend.service_requests.rules import WITH_UNIT, Action, Kind, ShownTo, State
from backend.service_requests.service import clock
from backend.service_requests.service.moves import (
    SUBJECT_KIND,
    announce,
    append_event,
    begin_by_itself,
)

BATCH = 200

SHARES = (50, 80, 100)
"""How much of the time, in percent, is used up at each stage of escalation."""

_REQUESTS = "service_requests r"
_TASKS = "sub_tasks t JOIN service_requests r ON r.id = t.request_id"


def _states(*states: State) -> str:
    """Written out, so that the partial indexes answer."""
    return "r.state IN (" + ", ".join(f"'{state}'" for state in sorted(states)) + ")"


_NEXT_STAGE_AT = "(CASE r.escalated WHEN 0 THEN r.half_at WHEN 1 THEN r.most_at ELSE r.due_at END)"
_UNFINISHED = _states(*WITH_UNIT, State.AWAITING_RESIDENT)


def escalate(now: datetime) -> None:
    """Tell more people the more of the time is used up; late, the highest stage reached at once.

    The resident is told when all of it is.
    """
    _sweep(
        _REQUESTS,
        "r.id",
        _NEXT_STAGE_AT,
        f"r.escalated < 3 AND {_states(*WITH_UNIT)} AND {_NEXT_STAGE_AT} <= %s",
        (now,),
        lambda request_id: _escalate(request_id, now),
    )


def _escalate(request_id: UUID, now: datetime) -> None:
    row = fetch_one(
        "UPDATE service_requests SET escalated ="
        " CASE WHEN due_at <= %s THEN 3 WHEN most_at <= %s THEN 2 ELSE 1 END"
        " WHERE id = %s RETURNING escalated",
        (now, now, request_id),
    )
    if row is None:
        return
    share = SHARES[row[0] - 1]
    shown_to = ShownTo.RESIDENT if share == 100 else ShownTo.STAFF
    _record(request_id, Kind.ESCALATED, now, {"share": share}, shown_to)


def close_unconfirmed(now: datetime) -> None:
    """Close what was replied to and what nobody confirmed or contested in time."""
    _sweep(
        _REQUESTS,
        "r.id",
        "r.confirm_until",
        "r.state = 'replied' AND r.confirm_until < %s",
        (now,),
        lambda request_id: _move(request_id, Action.CLOSE_UNCONFIRMED, now),
    )


def reopen(now: datetime) -> None:
    """Take up again what was put off until now; it has its whole time once more."""
    _sweep(
        _REQUESTS,
        "r.id",
        "r.reopen_at",
        "r.state = 'deferred' AND r.reopen_at <= %s",
        (now,),
        lambda request_id: _move(request_id, Action.REOPEN, now),
    )


def _move(request_id: UUID, action: Action, now: datetime) -> None:
    move = begin_by_itself(request_id, action, now)
    if move is None:
        return
    closes = action is Action.CLOSE_UNCONFIRMED
    move.make(now, changes=clock.closed(now) if closes else clock.restarted(move.current, now))


def follow_up(now: datetime) -> None:
    """Ask the resident, some time after closing, whether the problem has come back.

    Asked late, they have as long to answer.
    """
    _sweep(
        _REQUESTS,
        "r.id",
        "r.follow_up_at",
        "r.followed_up_at IS NULL AND r.follow_up_at <= %s AND "
        + _states(State.CONFIRMED, State.CLOSED_UNCONFIRMED),
        (now,),
        lambda request_id: _follow_up(request_id, now),
    )


def _follow_up(request_id: UUID, now: datetime) -> None:
    execute(
        "UPDATE service_requests SET followed_up_at = %s, follow_up_at = %s WHERE id = %s",
        (now, now, request_id),
    )
    _record(request_id, Kind.FOLLOWED_UP, now)


def tell_late_tasks(now: datetime) -> None:
    """Tell the lead, once, of each part another unit has not done in time."""
    _sweep(
        _TASKS,
        "t.id",
        "t.due_at",
        f"t.state = 'open' AND t.late_told_at IS NULL AND t.due_at < %s AND {_UNFINISHED}",
        (now,),
        lambda task_id: _tell_late_task(task_id, now),
    )


def _tell_late_task(task_id: UUID, now: datetime) -> None:
    row = fetch_one(
        "UPDATE sub_tasks SET late_told_at = %s"
        " WHERE id = %s AND state = 'open' AND late_told_at IS NULL"
        " RETURNING request_id, unit_id",
        (now, task_id),
    )
    if row is None:
        return
    request_id, unit_id = row
    named = {"task_id": str(task_id), "unit_id": str(unit_id)}
    _record(request_id, Kind.TASK_OVERDUE, now, named, ShownTo.STAFF)


def recount(now: datetime) -> None:
    """Reckon provisional deadlines again, if the calendar has changed since.

    A deadline that moves is written down for the resident to see; nobody is sent for.
    """
    _sweep(
        _REQUESTS,
        "r.id",
        "r.due_at",
        "r.due_provisional AND r.calendar_version <> %s AND r.counted_on IS NOT NULL"
        f" AND {_UNFINISHED}",
        (county.current().calendar.version,),
        lambda request_id: _recount(request_id, now),
    )


def _recount(request_id: UUID, now: datetime) -> None:
    current = queries.current_for_system(request_id)
    if current is None:
        return
    columns = clock.recounted(current)
    moved = columns["due_at"] != current.due_at
    if moved:
        # Whoever reads the old deadline now must not write what follows from it.
        columns |= {"version": current.version + 1, "updated_at": now}
    ServiceRequest.update(**columns).where(ServiceRequest.id == request_id).execute()
    if moved:
        data = {"from": current.due_at, "to": columns["due_at"]}
        seq = append_event(
            request_id,
            Kind.DEADLINE_MOVED,
            now,
            unit_id=current.facts.lead_unit_id,
            data={name: at.isoformat() for name, at in data.items()},
        )
        audit.record(
            None, f"{SUBJECT_KIND}.{Kind.DEADLINE_MOVED}", SUBJECT_KIND, request_id, {"seq": seq}
        )


def _record(
    request_id: UUID,
    kind: Kind,
    now: datetime,
    data: dict[str, Any] | None = None,
    shown_to: ShownTo = ShownTo.RESIDENT,
) -> None:
    """Write down what happened without changing the state, and promise to tell of it."""
    row = fetch_one("SELECT state, lead_unit_id FROM service_requests WHERE id = %s", (request_id,))
    if row is None:
        return
    state, unit_id = row
    seq = append_event(request_id, kind, now, unit_id=unit_id, data=data, shown_to=shown_to)
    announce(kind, State(state), request_id, seq, None)


def _sweep(
    source: str,
    key: str,
    moment: str,
    due: str,
    params: tuple[Any, ...],
    act: Callable[[UUID], None],
) -> None:
    """Act on every row that is due, the longest due first, each in a transaction of its own that
    holds its request.

    One that fails does not keep back the rest; the first error is raised when all have been tried.
    """
    after, failed = "", None
    last: tuple[Any, ...] = ()
    while True:
        rows = fetch_all(
            f"SELECT {moment}, {key} FROM {source} WHERE {due}{after} ORDER BY 1, 2 LIMIT %s",
            (*params, *last, BATCH),
        )
        for last in rows:
            row_id = last[1]
            try:
                with transaction():
                    if fetch_one(
                        f"SELECT 1 FROM {source} WHERE {due} AND {key} = %s"
                        " FOR NO KEY UPDATE OF r SKIP LOCKED",
                        (*params, row_id),
                    ):
                        act(row_id)
            except Exception as error:
                failed = failed or error
        if len(rows) < BATCH:
            break
        after = f" AND ({moment}, {key}) > (%s, %s)"
    if failed is not None:
        raise failed
