"""Telling the two sides of a written question what happened to it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from backend.advisers import legal
from backend.advisers import queries as register
from backend.consultations.queries import questions
from backend.consultations.queries.questions import Shown
from backend.consultations.service import question_reading
from backend.consultations.service.question_sweeps import HANDED, hand_on
from backend.consultations.service.question_thread import ANSWERED, POSTED
from backend.consultations.service.questions import ASKED, QUESTION
from backend.kernel import outbox
from backend.kernel.outbox import Event, Handler
from backend.kernel.periodic import Periodic
from backend.notices import service as notices

_TO_RESIDENT = {
    ASKED: "question_received",
    ANSWERED: "question_answered",
    HANDED: "question_late",
}
_TO_STAFF = {ASKED: "question_asked", POSTED: "question_asked_again", HANDED: "question_handed"}


def tell(event: Event, now: datetime) -> None:
    """Put notices in the inboxes of both sides. Repeating changes nothing.

    Who wrote it is told nothing, except that what they asked has arrived.
    """
    question_id, seq = UUID(event.payload["question_id"]), int(event.payload["seq"])
    shown = questions.shown(question_id)
    if shown is None:
        raise outbox.Permanent("no such question")
    author = next((post["author_id"] for post in shown.posts if post["seq"] == seq), None)
    told = {person_id: _TO_RESIDENT.get(event.kind) for person_id in _asking(shown)}
    for person_id in _answering(shown, now):
        told.setdefault(person_id, _TO_STAFF.get(event.kind))
    topic = legal.topic(shown.topic)
    params = {"category": topic.name if topic else shown.topic, "area_name": shown.area_name}
    for person_id, notice in told.items():
        wrote_it = event.kind != HANDED and str(person_id) == author
        if (
            notice is not None
            and not wrote_it
            and question_reading.may_view(person_id, question_id, now)
        ):
            notices.notify(
                person_id,
                notice,
                params,
                QUESTION,
                question_id,
                f"{event.kind}/{question_id}/{seq}",
                now,
                discreet=True,
            )


def _asking(shown: Shown) -> list[UUID]:
    """Whose question it is, and who asked it for them."""
    facts = shown.facts
    return [facts.person_id] if facts.agent_id is None else [facts.person_id, facts.agent_id]


def _answering(shown: Shown, now: datetime) -> Iterable[UUID]:
    """The advisers who have it and, once it is theirs too, the justice office."""
    facts = shown.facts
    yield from facts.recipients
    if facts.justice_at is not None:
        yield from register.justice_over(facts.area_code, now)


HANDLERS: dict[str, Handler] = dict.fromkeys((ASKED, POSTED, ANSWERED, HANDED), tell)

PERIODIC: dict[str, Periodic] = {
    "consultations.hand_on_questions": Periodic(timedelta(minutes=2), hand_on),
}
