"""Signing up for a shift, and what becomes of it until the shift begins."""

from datetime import datetime
from typing import Final
from uuid import UUID

import peewee

from backend.kernel import audit
from backend.kernel.actor import Actor, Scope
from backend.kernel.clock import LOCAL
from backend.kernel.db import execute, fetch_one, transaction
from backend.kernel.errors import NotFound
from backend.kernel.ids import new_id
from backend.people import service as people
from backend.volunteering.errors import (
    OverlappingSignup,
    PlaceOfferExpired,
    ShiftFull,
    ShiftOver,
    SignedUpAlready,
    SignupCancelTooLate,
    SignupChanged,
    VolunteerNameNeeded,
)
from backend.volunteering.queries import facts
from backend.volunteering.queries.facts import ShiftFacts, SignupFacts
from backend.volunteering.rules.conditions import (
    GROWN_UP,
    age,
    require_fit,
    require_open,
)
from backend.volunteering.rules.states import LIVE, Stage, State
from backend.volunteering.rules.times import cancel_until, line_moves
from backend.volunteering.service import places
from backend.volunteering.service.announcing import (
    SUBJECT_KIND,
    What,
    announce,
    promise_reminders,
)
from backend.volunteering.service.standing import own_signup, run_shift, run_signup
from backend.volunteering.service.volunteers import offered_by

_TAKE_UP: Final = (State.WAITING, State.CONFIRMED)


def sign_up(actor: Actor, shift_id: UUID, mandate_id: UUID | None, now: datetime) -> UUID:
    """Take a place, apply for one where the organiser wants to say yes, or wait in line.

    Under 18 the organiser always says yes first: they speak with the guardian. Raises NotFound,
    MandateNotInForce, ShiftOver, RegistrationNotOpen, RegistrationClosed, VolunteerNameNeeded,
    VolunteerProfileNeeded, TooYoung, GuardianNeeded, SkillsMissing, SignedUpAlready,
    OverlappingSignup, ShiftFull where it is too late to wait.
    """
    person_id = actor.person_acted_for(mandate_id, Scope.SUBMIT)
    with transaction():
        if not facts.name_held(person_id):
            raise VolunteerNameNeeded
        shift = facts.shift(shift_id, held=True)
        if shift is None or shift.wanted.stage is Stage.DRAFT:
            raise NotFound
        require_open(shift.wanted, now)
        brought = offered_by(person_id)
        day = shift.starts_at.astimezone(LOCAL).date()
        require_fit(shift.wanted, brought, day)
        _require_new(shift, person_id)
        asks = shift.needs_approval or age(brought.born_on, day) < GROWN_UP
        state = State.APPLIED if asks else _next_state(shift, now)
        agent_id = actor.id if mandate_id else None
        signup_id = _enter(shift, person_id, state, now, agent_id=agent_id, mandate_id=mandate_id)
        audit.record(actor.id, f"{SUBJECT_KIND}.made", SUBJECT_KIND, signup_id)
        if state is State.APPLIED:
            announce(What.APPLIED, signup_id)
    return signup_id


def add(
    actor: Actor, shift_id: UUID, name: str, phone: str | None, area_code: str, now: datetime
) -> UUID:
    """The organiser gives a place to somebody without a phone; that they fit is theirs to judge.

    Raises NotFound, Forbidden, ShiftOver, ShiftFull, SignedUpAlready, OverlappingSignup,
    AreaUnknown, ValidationFailed.
    """
    with transaction():
        run_shift(actor, shift_id, held=False)
        person_id = people.person_without_account(actor, name, phone, area_code, now)
        facts.name_held(person_id)
        shift = run_shift(actor, shift_id)
        if shift.wanted.stage is not Stage.PUBLISHED or shift.wanted.cancelled:
            raise ShiftOver
        if now >= shift.ends_at:
            raise ShiftOver
        _require_new(shift, person_id)
        if shift.free <= 0:
            raise ShiftFull
        signup_id = _enter(shift, person_id, State.CONFIRMED, now, entered_by=actor.id)
        audit.record(actor.id, f"{SUBJECT_KIND}.added", SUBJECT_KIND, signup_id)
    return signup_id


def approve(actor: Actor, signup_id: UUID, now: datetime) -> UUID:
    """The organiser says yes to an application; the shift's id.

    Where every place is taken meanwhile they wait in line, by when they applied. Raises NotFound,
    Forbidden, OwnPresence, SignupChanged, ShiftFull.
    """
    with transaction():
        signup, shift = run_signup(actor, signup_id)
        if signup.state is not State.APPLIED or now >= shift.starts_at:
            raise SignupChanged
        state = _next_state(shift, now)
        execute("UPDATE signups SET state = %s WHERE id = %s", (state.value, signup_id))
        audit.record(actor.id, f"{SUBJECT_KIND}.approved", SUBJECT_KIND, signup_id)
        if state is State.CONFIRMED:
            announce(What.CONFIRMED, signup_id)
            promise_reminders(signup_id, shift.starts_at, now)
    return signup.shift_id


def decline(actor: Actor, signup_id: UUID, reason: str, now: datetime) -> UUID:
    """The organiser says no, or takes a place back; the shift's id.

    Raises NotFound, Forbidden, OwnPresence, SignupChanged once it is over or they were there.
    """
    with transaction():
        signup, shift = run_signup(actor, signup_id)
        if signup.state not in LIVE or signup.in_at is not None or now >= shift.ends_at:
            raise SignupChanged
        places.end(signup_id, State.DECLINED, now, reason)
        audit.record(actor.id, f"{SUBJECT_KIND}.declined", SUBJECT_KIND, signup_id)
        announce(What.DECLINED, signup_id)
        places.fill(signup.shift_id, now)
    return signup.shift_id


def cancel(actor: Actor, signup_id: UUID, now: datetime) -> None:
    """The volunteer does not come; their place goes to who waits.

    Raises NotFound, Forbidden, SignupChanged, SignupCancelTooLate with a place and shortly before
    the start.
    """
    with transaction():
        signup, shift = own_signup(actor, signup_id)
        if signup.state not in LIVE or signup.in_at is not None:
            raise SignupChanged
        if signup.state is State.CONFIRMED and now > cancel_until(shift.starts_at):
            raise SignupCancelTooLate
        places.end(signup_id, State.CANCELLED, now)
        audit.record(actor.id, f"{SUBJECT_KIND}.cancelled", SUBJECT_KIND, signup_id)
        places.fill(signup.shift_id, now)


def accept(actor: Actor, signup_id: UUID, now: datetime) -> None:
    """Take the place that was offered. Raises NotFound, Forbidden, SignupChanged,
    PlaceOfferExpired."""
    with transaction():
        signup, shift = own_signup(actor, signup_id)
        _require(signup, State.OFFERED)
        if signup.offer_until is None or now >= signup.offer_until:
            raise PlaceOfferExpired
        execute(
            "UPDATE signups SET state = %s, offer_until = NULL WHERE id = %s",
            (State.CONFIRMED.value, signup_id),
        )
        audit.record(actor.id, f"{SUBJECT_KIND}.accepted", SUBJECT_KIND, signup_id)
        promise_reminders(signup_id, shift.starts_at, now)


def keep(actor: Actor, signup_id: UUID, now: datetime) -> None:
    """They come although the shift was changed. Said twice is said. Raises NotFound, Forbidden,
    SignupChanged."""
    with transaction():
        signup, _ = own_signup(actor, signup_id)
        if signup.state not in LIVE:
            raise SignupChanged
        execute("UPDATE signups SET asked_at = NULL WHERE id = %s", (signup_id,))
        audit.record(actor.id, f"{SUBJECT_KIND}.kept", SUBJECT_KIND, signup_id)


def _require(signup: SignupFacts, state: State) -> None:
    if signup.state is not state:
        raise SignupChanged


def _next_state(shift: ShiftFacts, now: datetime) -> State:
    """With a place, or in line. Nobody overtakes: while somebody waits nothing is free."""
    if shift.free > 0:
        return State.CONFIRMED
    if not line_moves(shift.starts_at, now):
        raise ShiftFull
    return State.WAITING


def _require_new(shift: ShiftFacts, person_id: UUID) -> None:
    found = fetch_one(
        "SELECT FROM signups WHERE shift_id = %s AND person_id = %s AND state = ANY(%s)",
        (shift.id, person_id, [state.value for state in LIVE]),
    )
    if found is not None:
        raise SignedUpAlready


def _enter(
    shift: ShiftFacts,
    person_id: UUID,
    state: State,
    now: datetime,
    *,
    agent_id: UUID | None = None,
    mandate_id: UUID | None = None,
    entered_by: UUID | None = None,
) -> UUID:
    """The line is by who came first to the shift's row, whatever their clocks said."""
    signup_id = new_id()
    try:
        execute(
            """
            INSERT INTO signups (id, shift_id, starts_at, ends_at, person_id, agent_id, mandate_id,
                entered_by, state, queued_at)
            SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, greatest(%s::timestamptz,
                (SELECT max(queued_at) + interval '1 microsecond' FROM signups WHERE shift_id = %s))
            """,
            (
                signup_id, shift.id, shift.starts_at, shift.ends_at, person_id, agent_id,
                mandate_id, entered_by, state.value, now, shift.id,
            ),
        )  # fmt: skip
    except peewee.IntegrityError as error:
        if "signups_no_overlap" in str(error):
            raise OverlappingSignup from error
        raise
    if state is State.CONFIRMED:
        promise_reminders(signup_id, shift.starts_at, now)
    return signup_id
