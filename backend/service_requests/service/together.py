"""What becomes of a main request becomes of those merged into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.attachments import service as attachments
from backend.kernel.actor import Actor
from backend.service_requests import queries
from backend.service_requests.queries import Main
from backend.service_requests.rules import Action, State
from backend.service_requests.service import clock
from backend.service_requests.service.moves import SUBJECT_KIND, begin_by_itself


@dataclass(frozen=True, slots=True)
class Word:
    """What was said to the requester of the main one, and is said to the others too."""

    by: Actor
    text: str
    attachment_ids: Sequence[UUID] = ()


def carry_over(main_id: UUID, now: datetime, word: Word | None = None) -> None:
    """What has just become of the main request becomes of those merged into it.

    They are answered and put off with it, in the same words and with the same pictures; where it
    ends without an answer they go on alone. To be called inside the transaction that changed the
    main one, after the change.
    """
    main = queries.main(main_id)
    if main is None:
        return
    for request_id, state in queries.waiting_for(main_id):
        if state is State.DEFERRED and main.state is not State.DEFERRED:
            _reopen(request_id, now)
        match main.state:
            case State.REPLIED:
                _reply(request_id, main, word, now)
            case State.DEFERRED:
                _defer(request_id, main, word, now)
            case State.NOT_ACCEPTED | State.WITHDRAWN:
                _release(request_id, now)


def _reply(request_id: UUID, main: Main, word: Word | None, now: datetime) -> None:
    if move := begin_by_itself(request_id, Action.REPLY, now):
        answer = {
            "outcome": main.outcome,
            "basis": main.basis,
            "referred_to": main.referred_to,
            "referred_contact": main.referred_contact,
        }
        pictures: Sequence[UUID] = ()
        if word is not None:
            pictures = attachments.copy(word.by.id, word.attachment_ids, now)
            attachments.claim(word.by.id, pictures, SUBJECT_KIND, request_id, now)
        move.make(
            now,
            changes={**answer, **clock.replied(move.current, now)},
            text=None if word is None else word.text,
            data={"outcome": main.outcome},
            attachment_ids=pictures,
        )


def _defer(request_id: UUID, main: Main, word: Word | None, now: datetime) -> None:
    if move := begin_by_itself(request_id, Action.DEFER, now):
        changes = {
            "outcome": main.outcome,
            "deferred_until": main.deferred_until,
            "reopen_at": main.reopen_at,
            "deferrals": move.current.facts.deferrals + 1,
            "replied_at": move.current.facts.replied_at or now,
        }
        move.make(now, changes=changes, text=None if word is None else word.text)


def _reopen(request_id: UUID, now: datetime) -> None:
    if move := begin_by_itself(request_id, Action.REOPEN, now):
        move.make(now, changes=clock.restarted(move.current, now))


def _release(request_id: UUID, now: datetime) -> None:
    if move := begin_by_itself(request_id, Action.RELEASE, now):
        move.make(now, changes={"merged_into_id": None, "outcome": None})
