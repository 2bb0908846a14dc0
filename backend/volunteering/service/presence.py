"""Who was there: by the code of the organiser's screen, or by the organiser's word."""

from datetime import datetime
from typing import Any
from uuid import UUID

from backend.kernel import audit
from backend.kernel.actor import Actor
from backend.kernel.crypto import keyring
from backend.kernel.db import execute, transaction
from backend.kernel.errors import Forbidden
from backend.volunteering.errors import (
    ConfirmTooEarly,
    ConfirmTooLate,
    HoursOutsideShift,
    NotCheckedIn,
    OwnPresence,
    PresenceKnown,
    PresenceNotNow,
    ShiftCodeOfAnother,
    ShiftCodeOld,
    ShiftCodeWrong,
    ShiftOver,
    SignupChanged,
)
from backend.volunteering.queries.facts import SignupFacts
from backend.volunteering.rules import codes
from backend.volunteering.rules.hours import HoursClass, within
from backend.volunteering.rules.states import State
from backend.volunteering.rules.times import CONFIRM_WITHIN, IN_BEFORE, OUT_AFTER
from backend.volunteering.service import hours
from backend.volunteering.service.announcing import SUBJECT_KIND
from backend.volunteering.service.standing import own_signup, run_shift, run_signup, runs

_PURPOSE = "volunteering.presence"
_REMEMBERED = 20
"""Half minutes for which typed digits are told to be old; older ones are simply wrong."""


def code(actor: Actor, shift_id: UUID, now: datetime) -> dict[str, Any]:
    """`ShiftCode`: what the organiser's screen shows now. Raises NotFound, Forbidden, ShiftOver,
    PresenceNotNow outside the hours in which codes count."""
    shift = run_shift(actor, shift_id, held=False)
    if shift.wanted.cancelled:
        raise ShiftOver
    if not shift.starts_at - IN_BEFORE <= now <= shift.ends_at + OUT_AFTER:
        raise PresenceNotNow
    step = codes.step_of(now)
    return {
        "qr": codes.written(shift_id, step, _signature(shift_id, step)),
        "digits": _digits(shift_id, step),
        "until": codes.end_of(step),
        "now": now,
    }


def check_in(actor: Actor, signup_id: UUID, text: str, kept: bool, now: datetime) -> None:
    """The volunteer came, by the code they scanned. Once in is in.

    ``kept``: scanned without network, sent later; it counts from when the screen showed the code,
    and the organiser has to confirm it. Raises NotFound, Forbidden, OwnPresence, SignupChanged,
    PresenceNotNow, ShiftCodeWrong, ShiftCodeOld, ShiftCodeOfAnother.
    """
    with transaction():
        signup = _coming(actor, signup_id)
        if signup.in_at is not None:
            return
        at, late = _moment(signup.shift_id, text, kept, now)
        _require_now(signup, at, now)
        if at >= signup.ends_at:
            raise PresenceNotNow
        execute(
            "UPDATE signups SET in_at = %s, kept = kept OR %s WHERE id = %s",
            (at, late, signup_id),
        )
        audit.record(actor.id, f"{SUBJECT_KIND}.in", SUBJECT_KIND, signup_id, {"kept": late})


def check_out(actor: Actor, signup_id: UUID, text: str, kept: bool, now: datetime) -> None:
    """The volunteer goes; the time between counts at once, unless a scan of it was kept.

    Raises what `check_in` does, and NotCheckedIn.
    """
    with transaction():
        signup = _coming(actor, signup_id)
        if signup.in_at is None:
            raise NotCheckedIn
        if signup.out_at is not None:
            return
        at, late = _moment(signup.shift_id, text, kept, now)
        _require_now(signup, at, now)
        if at <= signup.in_at:
            raise ShiftCodeOld
        execute(
            "UPDATE signups SET out_at = %s, kept = kept OR %s WHERE id = %s",
            (at, late, signup_id),
        )
        audit.record(actor.id, f"{SUBJECT_KIND}.out", SUBJECT_KIND, signup_id, {"kept": late})
        there = within(signup.in_at, at, signup.starts_at, signup.ends_at)
        if there is not None and not (signup.kept or late):
            hours.record(signup, HoursClass.VERIFIED, there, None, now)


def confirm(
    actor: Actor, signup_id: UUID, in_at: datetime, out_at: datetime, now: datetime
) -> UUID:
    """The organiser says from when to when somebody was there whom the codes do not prove; the
    shift's id.

    After the shift, for three days. Raises NotFound, Forbidden, OwnPresence, SignupChanged,
    PresenceKnown, ConfirmTooEarly, ConfirmTooLate, HoursOutsideShift, HoursOverlap.
    """
    with transaction():
        signup, shift = run_signup(actor, signup_id)
        if signup.state is not State.CONFIRMED or shift.wanted.cancelled:
            raise SignupChanged
        if signup.has_hours:
            raise PresenceKnown
        if now < signup.ends_at:
            raise ConfirmTooEarly
        if now > signup.ends_at + CONFIRM_WITHIN:
            raise ConfirmTooLate
        there = within(in_at, out_at, signup.starts_at, signup.ends_at)
        if there != (in_at, out_at):
            raise HoursOutsideShift
        hours.record(signup, HoursClass.CONFIRMED, there, actor.id, now)
    return signup.shift_id


def _coming(actor: Actor, signup_id: UUID) -> SignupFacts:
    """The actor's own sign-up, with a place. Nobody scans for another, nor for a shift they run."""
    signup, shift = own_signup(actor, signup_id)
    if signup.person_id != actor.id:
        raise Forbidden
    if runs(actor, signup.runs_in):
        raise OwnPresence
    if signup.state is not State.CONFIRMED or shift.wanted.cancelled:
        raise SignupChanged
    return signup


def _require_now(signup: SignupFacts, at: datetime, now: datetime) -> None:
    """Both when the code was shown and when it arrives lie around the shift."""
    first, last = signup.starts_at - IN_BEFORE, signup.ends_at + OUT_AFTER
    if not (first <= at and now <= last):
        raise PresenceNotNow


def _moment(shift_id: UUID, text: str, kept: bool, now: datetime) -> tuple[datetime, bool]:
    """When the screen showed the code (now, if it still may), and whether it arrives late.

    Only the server's clock and the code's own half minute count, never the telephone's clock.
    """
    scanned = codes.read(text)
    if scanned is None:
        return _typed(shift_id, text, now), False
    signed = codes.payload(scanned.shift_id, scanned.step)
    if not keyring.verify(signed, scanned.signature, _PURPOSE):
        raise ShiftCodeWrong
    if scanned.shift_id != shift_id:
        raise ShiftCodeOfAnother
    if codes.is_fresh(scanned.step, now):
        return now, False
    if not kept or scanned.step > codes.step_of(now):
        raise ShiftCodeOld
    return codes.end_of(scanned.step), True


def _typed(shift_id: UUID, text: str, now: datetime) -> datetime:
    """Digits are taken while the screen shows them only: they do not say when they were."""
    step = codes.step_of(now)
    if text in (_digits(shift_id, step), _digits(shift_id, step - 1)):
        return now
    if any(text == _digits(shift_id, step - back) for back in range(2, _REMEMBERED)):
        raise ShiftCodeOld
    raise ShiftCodeWrong


def _signature(shift_id: UUID, step: int) -> str:
    return keyring.sign(codes.payload(shift_id, step), _PURPOSE)


def _digits(shift_id: UUID, step: int) -> str:
    digest = keyring.keyed_hash(codes.payload(shift_id, step).decode(), _PURPOSE)
    return str(int.from_bytes(digest[:8]) % 10**codes.DIGITS).zfill(codes.DIGITS)
