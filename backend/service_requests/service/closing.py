"""How a request is answered, with what shows it, and what the resident says to that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from backend.kernel.actor import Actor
from backend.kernel.clock import LOCAL
from backend.kernel.db import transaction
from backend.kernel.errors import FieldError
from backend.service_requests.errors import DateOutOfRange, EvidenceMissing
from backend.service_requests.rules import Action, Capacity, Outcome
from backend.service_requests.service import clock
from backend.service_requests.service.complaints import unit_to_give
from backend.service_requests.service.handling import kept_or_taken_by
from backend.service_requests.service.moves import begin
from backend.service_requests.service.together import Word, carry_over

LONGEST_DEFERRAL = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the resident is told, by outcome: a picture of what was fixed, the rule an explanation
    relies on, or to whom it was referred and how to reach them."""

    outcome: Outcome
    text: str
    attachment_ids: Sequence[UUID] = ()
    basis: str | None = None
    referred_to: str | None = None
    referred_contact: str | None = None

    def checked(self) -> "Answer":
        """Raises EvidenceMissing with every field that is wanted. What belongs to another outcome
        is dropped."""
        wanted = {
            Outcome.FIXED: ("attachment_ids",),
            Outcome.EXPLAINED: ("basis",),
            Outcome.REFERRED: ("referred_to", "referred_contact"),
        }[self.outcome]
        missing = [FieldError(f"/{name}", "required") for name in wanted if not getattr(self, name)]
        if missing:
            raise EvidenceMissing(fields=missing)
        return self

    def columns(self) -> dict[str, Any]:
        """What of it is kept with the request."""
        explained, referred = (
            self.outcome is Outcome.EXPLAINED,
            self.outcome is Outcome.REFERRED,
        )
        return {
            "outcome": self.outcome,
            "basis": self.basis if explained else None,
            "referred_to": self.referred_to if referred else None,
            "referred_contact": self.referred_contact if referred else None,
        }


def reply(actor: Actor, request_id: UUID, version: int, answer: Answer, now: datetime) -> None:
    """Tell the resident what was done. Closed is not fixed: they confirm or contest.

    A supervisor's own reply is the last of this procedure. Raises EvidenceMissing beside what every
    action raises.
    """
    with transaction():
        move = begin(actor, request_id, version, Action.REPLY, now)
        answer = answer.checked()
        if move.capacity is Capacity.SUPERVISOR:
            by: dict[str, Any] = {"concluded": True}
        else:
            by = kept_or_taken_by(actor, move)
        move.make(
            now,
            changes={**by, **answer.columns(), **clock.replied(move.current, now)},
            text=answer.text,
            data={"outcome": answer.outcome},
            attachment_ids=answer.attachment_ids,
        )
        carry_over(request_id, now, Word(actor, answer.text, answer.attachment_ids))


def defer(
    actor: Actor, request_id: UUID, version: int, until_on: date, text: str, now: datetime
) -> None:
    """Put it off, once, to a day on which it is taken up again by itself.

    Raises DateOutOfRange: from tomorrow to a year ahead.
    """
    with transaction():
        move = begin(actor, request_id, version, Action.DEFER, now)
        today = now.astimezone(LOCAL).date()
        if not today < until_on <= today + LONGEST_DEFERRAL:
            raise DateOutOfRange(fields=[FieldError("/until_on", "date_out_of_range")])
        move.make(
            now,
            changes={
                **kept_or_taken_by(actor, move),
                **clock.deferred(until_on),
                "outcome": Outcome.DEFERRED,
                "deferrals": move.current.facts.deferrals + 1,
                "replied_at": move.current.facts.replied_at or now,
            },
            text=text,
            data={"until_on": until_on.isoformat()},
        )
        carry_over(request_id, now, Word(actor, text))


def confirm(actor: Actor, request_id: UUID, version: int, now: datetime) -> None:
    """The resident says it is solved."""
    with transaction():
        begin(actor, request_id, version, Action.CONFIRM, now).make(now, changes=clock.closed(now))


def contest(
    actor: Actor,
    request_id: UUID,
    version: int,
    reason: str,
    attachment_ids: Sequence[UUID],
    now: datetime,
) -> None:
    """The resident says it is not solved; the same length of time begins once more.

    The first time it goes back to the same unit, the second time to a supervisor outside it.
    """
    _again(actor, request_id, version, Action.CONTEST, reason, attachment_ids, now)


def came_back(
    actor: Actor,
    request_id: UUID,
    version: int,
    text: str,
    attachment_ids: Sequence[UUID],
    now: datetime,
) -> None:
    """What was closed as solved is there again: the same request goes on, with the same unit, and
    a supervisor can look at it anew."""
    changes = {"concluded": False}
    _again(actor, request_id, version, Action.CAME_BACK, text, attachment_ids, now, **changes)


def _again(
    actor: Actor,
    request_id: UUID,
    version: int,
    action: Action,
    text: str,
    attachment_ids: Sequence[UUID],
    now: datetime,
    **changes: Any,
) -> None:
    with transaction():
        move = begin(actor, request_id, version, action, now)
        move.make(
            now,
            changes={
                **clock.restarted(move.current, now),
                "contests": move.current.facts.contests + 1,
                "merged_into_id": None,
                "closed_at": None,
                "follow_up_at": None,
                **changes,
            },
            text=text,
            attachment_ids=attachment_ids,
        )


def direct(
    actor: Actor,
    request_id: UUID,
    version: int,
    text: str,
    now: datetime,
    *,
    unit_id: UUID | None = None,
) -> None:
    """A supervisor from outside says what is to be done, by the same unit or by another; the time
    begins anew. Raises UnknownUnit, UnitComplainedAbout beside what every action raises."""
    with transaction():
        move = begin(actor, request_id, version, Action.DIRECT, now)
        changes = clock.restarted(move.current, now)
        if unit_id is not None and unit_id != move.current.facts.lead_unit_id:
            unit_to_give(move.current, unit_id)
            changes |= {"lead_unit_id": unit_id, "handler_id": None}
        move.make(now, changes=changes, text=text)


def withdraw(
    actor: Actor, request_id: UUID, version: int | None, reason: str | None, now: datetime
) -> None:
    """The resident takes it back, or, without a version, whatever it is by now."""
    with transaction():
        begin(actor, request_id, version, Action.WITHDRAW, now).make(
            now, changes={"closed_at": now}, text=reason
        )
        carry_over(request_id, now)


def remind(actor: Actor, request_id: UUID, version: int, text: str | None, now: datetime) -> None:
    """催办: whoever has the next step is told that the resident is waiting; once a day."""
    with transaction():
        begin(actor, request_id, version, Action.REMIND, now).make(
            now, changes={"reminded_at": now}, text=text
        )
