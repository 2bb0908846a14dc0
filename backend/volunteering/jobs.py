"""What follows from a sign-up: its people are told, reminded in time or not at all."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from backend.kernel import outbox
from backend.kernel.db import fetch_all, fetch_one, transaction
from backend.kernel.outbox import Event, Handler
from backend.kernel.periodic import Periodic
from backend.notices import service as notices
from backend.notices import wording
from backend.people import queries as people
from backend.volunteering.queries import facts
from backend.volunteering.queries.signups import TO_CONFIRM
from backend.volunteering.rules.states import State
from backend.volunteering.rules.times import CONFIRM_WITHIN, REMINDER_LATE
from backend.volunteering.service import places
from backend.volunteering.service.announcing import SUBJECT_KIND, What
from backend.volunteering.service.shifts import SHIFT
from backend.volunteering.service.standing import acts_in, runs

TO_VOLUNTEER = {
    What.CONFIRMED: "signup_confirmed",
    What.DECLINED: "signup_declined",
    What.OFFERED: "signup_offered",
    What.LAPSED: "signup_lapsed",
    What.CALLED_OFF: "signup_called_off",
    What.CHANGED: "signup_changed",
    What.REMINDER: "signup_reminder",
    What.RECORDED: "hours_recorded",
    What.CORRECTED: "hours_corrected",
}
TO_ORGANISER = {What.APPLIED: "signup_to_approve"}


class _Told(NamedTuple):
    """Of whom and what a notice speaks."""

    person_id: UUID
    agent_id: UUID | None
    organiser_id: UUID
    state: State
    title: str
    starts_at: datetime
    offer_until: datetime | None


def _told(signup_id: UUID) -> _Told | None:
    row = fetch_one(
        """
        SELECT u.person_id, u.agent_id, a.created_by, u.state, a.title, u.starts_at, u.offer_until
        FROM signups u JOIN shifts s ON s.id = u.shift_id JOIN activities a ON a.id = s.activity_id
        WHERE u.id = %s
        """,
        (signup_id,),
    )
    return None if row is None else _Told(*row)


def tell(event: Event, now: datetime) -> None:
    """Put notices in the inboxes of whom it concerns. Repeating changes nothing."""
    signup_id = UUID(event.payload["signup_id"])
    what = What(event.kind.removeprefix(f"{SUBJECT_KIND}."))
    told, signup = _told(signup_id), facts.signup(signup_id)
    if told is None or signup is None:
        raise outbox.Permanent("no such sign-up")
    if what is What.REMINDER and not _in_time(event.payload, told, now):
        return
    params = _params(told.title, told.starts_at)
    if what is What.OFFERED:
        if told.offer_until is None:
            return
        params["until"] = wording.when(told.offer_until)
    effect = f"{SUBJECT_KIND}/{event.id}"
    if what in TO_ORGANISER:
        organiser = people.actor_of(told.organiser_id, now)
        if organiser is not None and runs(organiser, signup.runs_in):
            notices.notify(
                organiser.id, TO_ORGANISER[what], params, SHIFT, signup.shift_id, effect, now,
                discreet=False,
            )  # fmt: skip
        return
    for person_id in (told.person_id, told.agent_id):
        reader = None if person_id is None else people.actor_of(person_id, now)
        if reader is not None and acts_in(reader, signup):
            notices.notify(
                reader.id, TO_VOLUNTEER[what], params, SUBJECT_KIND, signup_id, effect, now,
                discreet=False,
            )  # fmt: skip


def _in_time(payload: dict[str, Any], told: _Told, now: datetime) -> bool:
    due = told.starts_at - timedelta(hours=payload["ahead_hours"])
    return (
        told.state == State.CONFIRMED
        and datetime.fromisoformat(payload["starts_at"]) == told.starts_at
        and now <= due + REMINDER_LATE
    )


def _params(title: str, starts_at: datetime) -> dict[str, Any]:
    return {
        "activity": title,
        "when": wording.when(starts_at),
        "starts": wording.local_time(starts_at),
    }


def ask_who_was_there(now: datetime) -> None:
    """Remind organisers, once for each shift, of people of whom nobody knows if they were there."""
    for shift_id, title, starts_at, organiser_id in fetch_all(
        f"""
        SELECT DISTINCT s.id, a.title, s.starts_at, a.created_by
        FROM signups u JOIN shifts s ON s.id = u.shift_id JOIN activities a ON a.id = s.activity_id
        WHERE {TO_CONFIRM}
        ORDER BY s.id LIMIT 200
        """,
        {"now": now, "confirm": CONFIRM_WITHIN},
    ):
        with transaction():
            notices.notify(
                organiser_id, "hours_to_confirm", _params(title, starts_at), SHIFT, shift_id,
                f"{SHIFT}/{shift_id}/confirm", now, discreet=False,
            )  # fmt: skip


HANDLERS: dict[str, Handler] = {f"{SUBJECT_KIND}.{what}": tell for what in What}

PERIODIC: dict[str, Periodic] = {
    "volunteering.places": Periodic(timedelta(minutes=1), places.sweep),
    "volunteering.who_was_there": Periodic(timedelta(minutes=10), ask_who_was_there),
}
