"""Help from other units: the lead asks, each answers for its part, the resident gets one reply."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from backend.kernel.actor import UNIT_ROLES, Actor
from backend.kernel.clock import LOCAL
from backend.kernel.db import transaction
from backend.kernel.errors import FieldError
from backend.kernel.ids import new_id
from backend.service_requests.errors import (
    DateOutOfRange,
    TaskAlreadyOpen,
    TaskForLeadUnit,
    TaskNotOpen,
    TaskNotYours,
    UnknownTask,
)
from backend.service_requests.models import SubTask
from backend.service_requests.rules import Action, ShownTo, TaskState
from backend.service_requests.service.complaints import unit_to_give
from backend.service_requests.service.moves import Move, begin

LONGEST = timedelta(days=90)
_LAST_SECOND = time(23, 59, 59)


def open_task(
    actor: Actor,
    request_id: UUID,
    version: int,
    unit_id: UUID,
    text: str,
    due_on: date,
    now: datetime,
) -> None:
    """Ask another unit for its part, until the end of a day.

    Its people may see the request from now on. The resident sees that it helps, not the words
    between units. Raises UnknownUnit, UnitComplainedAbout, TaskForLeadUnit, TaskAlreadyOpen,
    DateOutOfRange beside what every action raises.
    """
    with transaction():
        move = begin(actor, request_id, version, Action.OPEN_TASK, now)
        today = now.astimezone(LOCAL).date()
        if not today <= due_on <= today + LONGEST:
            raise DateOutOfRange(fields=[FieldError("/due_on", "date_out_of_range")])
        if unit_id == move.current.facts.lead_unit_id:
            raise TaskForLeadUnit
        unit_to_give(move.current, unit_id)
        if SubTask.get_or_none(
            SubTask.request_id == request_id,
            SubTask.unit_id == unit_id,
            SubTask.state == TaskState.OPEN,
        ):
            raise TaskAlreadyOpen
        task_id = new_id()
        move.make(now, data=_named(task_id, unit_id))
        SubTask.insert(
            id=task_id,
            request_id=request_id,
            unit_id=unit_id,
            state=TaskState.OPEN,
            text=text,
            due_at=datetime.combine(due_on, _LAST_SECOND, LOCAL),
            opened_by=actor.id,
            opened_at=now,
        ).execute()


def answer_task(
    actor: Actor,
    request_id: UUID,
    task_id: UUID,
    text: str,
    attachment_ids: Sequence[UUID],
    now: datetime,
) -> None:
    """A unit reports its part done. Others may act on the request meanwhile: no version is named.

    Raises UnknownTask, TaskNotYours, TaskNotOpen.
    """
    with transaction():
        move, task = _begin(actor, request_id, task_id, Action.ANSWER_TASK, now)
        if task.unit_id not in actor.unit_ids(*UNIT_ROLES):
            raise TaskNotYours
        _end(task, TaskState.ANSWERED, actor, now, answer=text, attachment_ids=attachment_ids)
        move.make(now, data=_named(task_id, task.unit_id), attachment_ids=attachment_ids)


def cancel_task(
    actor: Actor, request_id: UUID, task_id: UUID, reason: str | None, now: datetime
) -> None:
    """The lead needs that part no more; the unit no longer sees the request because of it."""
    with transaction():
        move, task = _begin(actor, request_id, task_id, Action.CANCEL_TASK, now)
        _end(task, TaskState.CANCELLED, actor, now)
        move.make(now, text=reason, data=_named(task_id, task.unit_id), shown_to=ShownTo.STAFF)


def _begin(
    actor: Actor, request_id: UUID, task_id: UUID, action: Action, now: datetime
) -> tuple[Move, SubTask]:
    move = begin(actor, request_id, None, action, now)
    task = SubTask.get_or_none(SubTask.id == task_id, SubTask.request_id == request_id)
    if task is None:
        raise UnknownTask
    if task.state is not TaskState.OPEN:
        raise TaskNotOpen
    return move, task


def _end(task: SubTask, state: TaskState, actor: Actor, now: datetime, **answer: object) -> None:
    SubTask.update(state=state, ended_by=actor.id, ended_at=now, **answer).where(
        SubTask.id == task.id
    ).execute()


def _named(task_id: UUID, unit_id: UUID) -> dict[str, str]:
    return {"task_id": str(task_id), "unit_id": str(unit_id)}
