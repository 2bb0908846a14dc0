"""Activities, sign-ups and rosters as one person is shown them."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from backend.attachments import queries as attachments
from backend.kernel import audit
from backend.kernel.actor import Actor, Role, Scope
from backend.kernel.clock import LOCAL
from backend.kernel.errors import Forbidden, NotFound
from backend.kernel.json import dumps
from backend.people import masking
from backend.people.sealed import Datum, unseal
from backend.volunteering import sealed
from backend.volunteering.errors import (
    RegistrationClosed,
    RegistrationNotOpen,
    ShiftFull,
    ShiftOver,
    SignedUpAlready,
)
from backend.volunteering.queries import activities, facts, hours, signups
from backend.volunteering.queries.activities import Desk, Found, Near
from backend.volunteering.queries.signups import RosterRow, SignupRow, When
from backend.volunteering.rules.conditions import Wanted, age, require_open
from backend.volunteering.rules.hours import HoursClass
from backend.volunteering.rules.states import LIVE, ActivityState, Stage, State
from backend.volunteering.rules.times import OUT_AFTER, cancel_until, line_moves
from backend.volunteering.service.activities import ACTIVITY
from backend.volunteering.service.standing import acts_in, run_shift, runs

USUAL_LOOK = timedelta(days=28)
LONGEST_LOOK = timedelta(days=92)


def search(
    actor: Actor,
    now: datetime,
    *,
    area_code: str | None,
    near: Near,
    kind: str | None,
    from_on: date | None,
    to_on: date | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> Found:
    """Published activities around a place: the given one, or where the actor lives."""
    place = area_code or actor.home_area_code
    first = from_on or now.astimezone(LOCAL).date()
    last = min(to_on or first + USUAL_LOOK, first + LONGEST_LOOK)
    area = None if place is None else activities.widened(place, near)
    return activities.activities(area, kind, (first, last), after, limit, now)


def desk(
    actor: Actor, which: Desk, after: tuple[Any, ...] | None, limit: int, now: datetime
) -> Found:
    """What the actor organises. Raises Forbidden for whoever organises nothing."""
    return activities.organised(_organised(actor), which, after, limit, now)


def organisations(actor: Actor) -> str:
    """`Organisations` the actor runs. Raises Forbidden for whoever organises nothing."""
    return activities.organisations(_organised(actor))


def _organised(actor: Actor) -> list[str]:
    areas = sorted(actor.area_codes(Role.ORGANISER))
    if not areas:
        raise Forbidden
    return areas


def items(found: Found, person_id: UUID, now: datetime) -> str:
    """The page's items as JSON text, each with a link to its first picture."""
    return "[" + ",".join(_item(*each, person_id, now) for each in found.items) + "]"


def _item(shown: str, picture_id: UUID | None, person_id: UUID, now: datetime) -> str:
    url = None if picture_id is None else attachments.thumbnail(picture_id, person_id, now)
    return f'{shown[:-1]},"picture_url":{dumps(url).decode()}}}'


def activity(actor: Actor, activity_id: UUID, now: datetime) -> bytes:
    """`Activity`. A draft is for its organisers. Raises NotFound."""
    shown, found = activities.activity(activity_id, actor.id, now), facts.activity(activity_id)
    if shown is None or found is None:
        raise NotFound
    mine = runs(actor, found.runs_in)
    if found.stage is Stage.DRAFT and not mine:
        raise NotFound
    kept = set(shown.pop("attachment_ids"))
    pictures = [p for p in attachments.for_subject(ACTIVITY, activity_id) if str(p.id) in kept]
    for shift in shown["shifts"]:
        shift |= _can(shown, shift, now)
        if not mine:
            shift["waiting"] = None
    state = ActivityState(shown["state"])
    return dumps(
        {
            **shown,
            "attachments": attachments.views(pictures, actor.id, now),
            "runs": mine,
            "actions": [*_actions(state)] if mine else [],
        }
    )


def _actions(state: ActivityState) -> list[str]:
    if state is ActivityState.DRAFT:
        return ["edit", "publish", "cancel"]
    return ["edit", "cancel"] if state in (ActivityState.PUBLISHED, ActivityState.RUNNING) else []


def _can(activity: dict[str, Any], shift: dict[str, Any], now: datetime) -> dict[str, str | None]:
    """Whether one could sign up now, or wait; else the code of why not."""
    if shift["my"] is not None and State(shift["my"]["state"]) in LIVE:
        return {"can": None, "why": SignedUpAlready.code}
    starts_at = datetime.fromisoformat(shift["starts_at"])
    wanted = Wanted(
        stage=_STAGES.get(ActivityState(activity["state"]), Stage.PUBLISHED),
        min_age=activity["min_age"],
        skills=activity["skills"],
        opens_at=_moment(activity["opens_at"]),
        closes_at=_moment(activity["closes_at"]),
        starts_at=starts_at,
        cancelled=shift["cancelled_at"] is not None,
    )
    try:
        require_open(wanted, now)
    except (ShiftOver, RegistrationNotOpen, RegistrationClosed) as refusal:
        return {"can": None, "why": refusal.code}
    if shift["left"] > 0:
        return {"can": "sign_up", "why": None}
    if line_moves(starts_at, now):
        return {"can": "wait", "why": None}
    return {"can": None, "why": ShiftFull.code}


_STAGES = {ActivityState.DRAFT: Stage.DRAFT, ActivityState.CANCELLED: Stage.CANCELLED}


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def signup(actor: Actor, signup_id: UUID, now: datetime) -> bytes:
    """`Signup`, for whose it is, who made it under a consent that holds, and who organises.

    Raises NotFound.
    """
    row, held = signups.signup(signup_id, now), facts.signup(signup_id)
    if row is None or held is None:
        raise NotFound
    if not acts_in(actor, held):
        if not runs(actor, held.runs_in):
            raise NotFound
        _record_reading(actor, [held.person_id], ["name"], held.shift_id)
    return dumps(_signup(actor, row, now))


def own_signups(
    actor: Actor, when: When, after: tuple[Any, ...] | None, limit: int, now: datetime
) -> tuple[str, tuple[Any, ...] | None]:
    """The items of a page of `Signup` as JSON text, and the key behind the last."""
    mandates = [mandate.id for mandate in actor.mandates]
    rows, next_key = signups.signups_of(actor.id, mandates, when, after, limit, now)
    return dumps([_signup(actor, row, now) for row in rows]).decode(), next_key


def _signup(actor: Actor, row: SignupRow, now: datetime) -> dict[str, Any]:
    shown = row.shown
    own = row.person_id == actor.id
    mine = own or actor.acts_in(row.person_id, row.mandate_id, Scope.ACT)
    return {
        **shown,
        "for_name": None if own else row.person_name or None,
        "actions": [*_possible(shown, own and not runs(actor, row.runs_in), now)] if mine else [],
    }


def _possible(shown: dict[str, Any], own: bool, now: datetime) -> list[str]:
    """What can be done with a sign-up now; only oneself checks in and out, by the code."""
    state = State(shown["state"])
    starts_at = datetime.fromisoformat(shown["shift"]["starts_at"])
    ends_at = datetime.fromisoformat(shown["shift"]["ends_at"])
    found = []
    if state is State.OFFERED and now < datetime.fromisoformat(shown["offer_until"]):
        found.append("accept")
    if state in LIVE and shown["asked"] and now < starts_at:
        found.append("keep")
    if state is State.CONFIRMED and own and now <= ends_at + OUT_AFTER:
        if shown["in_at"] is None and now < ends_at:
            found.append("check_in")
        elif shown["in_at"] is not None and shown["out_at"] is None:
            found.append("check_out")
    if state in LIVE and now <= (
        cancel_until(starts_at) if state is State.CONFIRMED else starts_at
    ):
        found.append("cancel")
    return found


def roster(actor: Actor, shift_id: UUID, now: datetime) -> bytes:
    """`Roster` of a shift the actor runs; whose data was read is on record.

    Raises NotFound, Forbidden.
    """
    shift = run_shift(actor, shift_id, held=False)
    rows = signups.roster(shift_id, now)
    shown = activities.activity(shift.activity_id, actor.id, now)
    assert shown is not None
    times = next(one for one in shown["shifts"] if one["id"] == str(shift_id))
    del times["my"]
    _record_reading(
        actor,
        [row.person_id for row in rows if row.person_id != actor.id],
        ["age", "guardian", "name", "phone", "skills"],
        shift_id,
    )
    on = shift.starts_at.astimezone(LOCAL).date()
    return dumps(
        {
            "shift": times,
            "activity": {"id": shown["id"], "title": shown["title"]},
            "items": [_line(actor, row, on, now, shift.ends_at) for row in rows],
        }
    )


def _line(
    actor: Actor, row: RosterRow, on: date, now: datetime, ends_at: datetime
) -> dict[str, Any]:
    phone = unseal(row.person_id, Datum.PHONE, row.phone_encrypted)
    birth = row.born_on_encrypted
    return {
        **row.shown,
        "name": row.shown["name"] or None,
        "phone": phone and masking.phone(phone),
        "age": None if birth is None else age(sealed.birth(row.person_id, birth), on),
        "guardian": sealed.guardian(row.person_id, row.guardian_encrypted),
        "actions": [] if row.person_id == actor.id else _organisers(row.shown, now, ends_at),
    }


def _organisers(shown: dict[str, Any], now: datetime, ends_at: datetime) -> list[str]:
    state, found = State(shown["state"]), []
    if state is State.APPLIED:
        found.append("approve")
    if state in LIVE and shown["in_at"] is None and now < ends_at:
        found.append("decline")
    if shown["to_confirm"]:
        found.append("confirm")
    if shown["hours_id"] is not None and shown["minutes"]:
        found.append("correct")
    return found


def _record_reading(
    actor: Actor, person_ids: list[UUID], fields: list[str], shift_id: UUID
) -> None:
    audit.record_readings(
        actor.id,
        sorted(person_ids),
        {"fields": fields, "for_kind": "shift", "for_id": str(shift_id)},
    )


def own_hours(
    actor: Actor, after: tuple[Any, ...] | None, limit: int
) -> tuple[str, tuple[Any, ...] | None]:
    """The items of a page of `Hours` as JSON text, and the key behind the last."""
    rows, next_key = hours.hours_of(actor.id, after, limit)
    return f"[{','.join(rows)}]", next_key


def totals(actor: Actor) -> dict[str, Any]:
    """`HoursTotals`: minutes that count, by class and in all."""
    found = hours.minutes_of(actor.id)
    by_class = {each.value: found.get(each.value, 0) for each in HoursClass}
    return {"minutes": by_class, "total": sum(by_class.values())}
