"""Codes that are worth nothing within a minute, and the hours they prove."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from backend.kernel.actor import Actor, Role
from backend.kernel.db import execute, fetch_all
from backend.kernel.errors import DomainError, Forbidden, NotFound
from backend.volunteering.errors import (
    ActivityChanged,
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
    SignupChanged,
)
from backend.volunteering.jobs import ask_who_was_there
from backend.volunteering.service import hours, presence, signing_up, viewing, volunteers
from backend.volunteering.service.volunteers import Profile
from tests.volunteering.scene import (
    END,
    NOW,
    START,
    VILLAGE,
    deliver,
    enrol,
    organiser,
    qr,
    roster,
    shift_of,
    shown,
    signed_up,
    told,
)

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
LATER = START + HOUR


def refused(refusal: type[DomainError], act: Any, *args: Any) -> None:
    with pytest.raises(refusal):
        act(*args)


def there(ma: Actor, who: Actor, shift_id: Any, signup_id: Any, first: datetime, last: datetime):
    presence.check_in(who, signup_id, qr(ma, shift_id, first), False, first)
    presence.check_out(who, signup_id, qr(ma, shift_id, last), False, last)


def minutes(who: Actor) -> dict[str, int]:
    found: dict[str, int] = viewing.totals(who)["minutes"]
    return found


def test_time_within_the_shift_counts_at_once(ma: Actor, li: Actor):
    shift_id = shift_of(ma)
    signup_id = signed_up(li, shift_id)
    there(ma, li, shift_id, signup_id, START - 10 * MINUTE, END + 5 * MINUTE)
    found = shown(li, signup_id, END + 6 * MINUTE)
    assert (found["minutes"], found["class"], found["to_confirm"]) == (180, "verified", False)
    assert minutes(li) == {"verified": 180, "confirmed": 0}


def test_a_code_is_good_for_less_than_a_minute(ma: Actor, li: Actor):
    shift_id = shift_of(ma)
    signup_id = signed_up(li, shift_id)
    shot = qr(ma, shift_id, LATER)
    refused(ShiftCodeOld, presence.check_in, li, signup_id, shot, False, LATER + MINUTE)
    presence.check_in(li, signup_id, shot, False, LATER + 59 * SECOND)
    presence.check_in(li, signup_id, shot, False, LATER + HOUR)  # once in is in
    refused(ShiftCodeOld, presence.check_out, li, signup_id, shot, False, LATER + HOUR)


def test_digits_are_taken_while_the_screen_shows_them(ma: Actor, li: Actor):
    shift_id = shift_of(ma)
    signup_id = signed_up(li, shift_id)
    digits = presence.code(ma, shift_id, LATER)["digits"]
    refused(ShiftCodeOld, presence.check_in, li, signup_id, digits, False, LATER + MINUTE)
    refused(ShiftCodeOld, presence.check_in, li, signup_id, digits, True, LATER + 5 * MINUTE)
    wrong = f"{(int(digits) + 1) % 10**6:06}"
    refused(ShiftCodeWrong, presence.check_in, li, signup_id, wrong, False, LATER)
    presence.check_in(li, signup_id, digits, False, LATER + 29 * SECOND)


@pytest.mark.parametrize("wrong", ["", "1", "LST1.x.1.y", "LST1..", "LST1.{}.9.abc", "LST2.{}.1.a",
                                   "LST1.{}.99999999999999.a", "💥"])  # fmt: skip
def test_what_is_no_code_of_ours(ma: Actor, li: Actor, wrong: str):
    shift_id = shift_of(ma)
    signup_id = signed_up(li, shift_id)
    code = wrong.format(shift_id.hex)
    refused(ShiftCodeWrong, presence.check_in, li, signup_id, code, True, LATER)


def test_a_forged_or_altered_code_is_wrong(ma: Actor, li: Actor):
    shift_id = shift_of(ma)
    signup_id = signed_up(li, shift_id)
    mark, shift, step, signature = qr(ma, shift_id, LATER).split(".")
    altered = f"{mark}.{shift}.{int(step) + 20}.{signature}"
    refused(ShiftCodeWrong, presence.check_in, li, signup_id, altered, False, LATER + 10 * MINUTE)


def test_the_code_of_another_shift(ma: Actor, li: Actor):
    shift_id, other_id = shift_of(ma), shift_of(ma, title="植树")
    signup_id = signed_up(li, shift_id)
    code = qr(ma, other_id, LATER)
    refused(ShiftCodeOfAnother, presence.check_in, li, signup_id, code, False, LATER)


def test_a_code_from_a_clock_that_runs_ahead_by_one_step_counts_and_no_further(
    ma: Actor, li: Actor
):
    shift_id = shift_of(ma)
    signup_id = signed_up(li, shift_id)
    ahead = qr(ma, shift_id, LATER + MINUTE)
    refused(ShiftCodeOld, presence.check_in, li, signup_id, ahead, True, LATER)
    presence.check_in(li, signup_id, qr(ma, shift_id, LATER + 30 * SECOND), False, LATER)


def test_a_scan_kept_without_network_counts_from_when_it_was_and_needs_a_word(ma: Actor, li: Actor):
    shift_id = shift_of(ma)
    signup_id = signed_up(li, shift_id)
    kept = qr(ma, shift_id, START + 10 * MINUTE)
    refused(ShiftCodeOld, presence.check_in, li, signup_id, kept, False, LATER)
    presence.check_in(li, signup_id, kept, True, LATER)
    assert shown(li, signup_id, LATER)["in_at"] == "2026-11-26T01:10:30+00:00"
    presence.check_out(li, signup_id, qr(ma, shift_id, END), False, END)
    found = shown(li, signup_id, END)
    assert found["kept"] and found["minutes"] is None and found["to_confirm"]
    presence.confirm(ma, signup_id, START + 10 * MINUTE, END, END + HOUR)
    assert minutes(li) == {"verified": 0, "confirmed": 170}


def test_a_kept_scan_comes_while_the_shift_lasts_or_not_at_all(ma: Actor, li: Actor):
    shift_id = shift_of(ma)
    signup_id = signed_up(li, shift_id)
    kept = qr(ma, shift_id, LATER)
    late = END + 31 * MINUTE
    refused(PresenceNotNow, presence.check_in, li, signup_id, kept, True, late)


def test_not_before_and_not_after(ma: Actor, li: Actor):
    shift_id = shift_of(ma)
    signup_id = signed_up(li, shift_id)
    refused(PresenceNotNow, presence.code, ma, shift_id, START - 31 * MINUTE)
    refused(PresenceNotNow, presence.code, ma, shift_id, END + 31 * MINUTE)
    after = qr(ma, shift_id, END + MINUTE)
    refused(PresenceNotNow, presence.check_in, li, signup_id, after, False, END + MINUTE)
    refused(NotCheckedIn, presence.check_out, li, signup_id, after, False, END + MINUTE)


def test_only_with_a_place_and_only_oneself(ma: Actor, li: Actor, wang: Actor, zhao: Actor):
    shift_id = shift_of(ma, capacity=1)
    first, second = signed_up(li, shift_id), signed_up(wang, shift_id)
    code = qr(ma, shift_id, LATER)
    refused(SignupChanged, presence.check_in, wang, second, code, False, LATER)
    refused(NotFound, presence.check_in, zhao, first, code, False, LATER)
    refused(Forbidden, presence.check_in, ma, first, code, False, LATER)
    refused(Forbidden, presence.code, li, shift_id, LATER)


def test_nobody_vouches_for_themselves(ma: Actor, app: object):
    volunteers.join(ma, Profile(date(1990, 1, 1), (), None), NOW)
    shift_id = shift_of(ma)
    signup_id = signed_up(ma, shift_id)
    refused(OwnPresence, presence.check_in, ma, signup_id, qr(ma, shift_id, LATER), False, LATER)
    refused(OwnPresence, presence.confirm, ma, signup_id, START, END, END)
    above = organiser("镇组织", "520526001")
    presence.confirm(above, signup_id, START, END, END)
    assert minutes(ma)["confirmed"] == 180


def test_who_forgot_to_check_out_is_confirmed_within_three_days(ma: Actor, li: Actor, wang: Actor):
    shift_id = shift_of(ma)
    first, second = signed_up(li, shift_id), signed_up(wang, shift_id)
    presence.check_in(li, first, qr(ma, shift_id, START), False, START)
    refused(ConfirmTooEarly, presence.confirm, ma, first, START, END, END - SECOND)
    ask_who_was_there(END)
    ask_who_was_there(END + HOUR)
    assert told(ma) == ["hours_to_confirm"], "once for the shift"
    refused(HoursOutsideShift, presence.confirm, ma, first, START - SECOND, END, END)
    refused(HoursOutsideShift, presence.confirm, ma, first, END, START, END)
    presence.confirm(ma, first, START, END - HOUR, END + timedelta(days=3))
    refused(PresenceKnown, presence.confirm, ma, first, START, END, END)
    too_late = END + timedelta(days=3, seconds=1)
    refused(ConfirmTooLate, presence.confirm, ma, second, START, END, too_late)
    deliver(END)
    assert told(li)[-1] == "hours_recorded"
    assert minutes(li) == {"verified": 0, "confirmed": 120}


def test_a_correction_adds_and_the_old_stays_readable(ma: Actor, li: Actor):
    shift_id = shift_of(ma)
    signup_id = signed_up(li, shift_id)
    there(ma, li, shift_id, signup_id, START, END)
    ((first_id,),) = fetch_all("SELECT id FROM service_hours")
    refused(NotFound, hours.correct, enrol("路人"), first_id, (START, END), "", END)
    refused(Forbidden, hours.correct, li, first_id, (START, END), "多算点", END)
    beyond = (START, END + MINUTE)
    refused(HoursOutsideShift, hours.correct, ma, first_id, beyond, "错", END)
    refused(HoursOutsideShift, hours.correct, ma, first_id, (START, None), "错", END)
    hours.correct(ma, first_id, (START, LATER), "早走了", END)
    refused(ActivityChanged, hours.correct, ma, first_id, (START, END), "再来", END)
    assert minutes(li) == {"verified": 0, "confirmed": 60}
    second_id = roster(ma, shift_id, END)["李秀英"]["hours_id"]
    hours.correct(ma, second_id, (None, None), "没来", END)
    assert minutes(li) == {"verified": 0, "confirmed": 0}
    rows = fetch_all("SELECT minutes, reason FROM service_hours ORDER BY recorded_at, id")
    assert rows == [(180, None), (60, "早走了"), (0, "没来")]


def test_a_volunteer_takes_back_what_was_counted(ma: Actor, li: Actor, wang: Actor):
    shift_id = shift_of(ma)
    signup_id = signed_up(li, shift_id)
    there(ma, li, shift_id, signup_id, START, END)
    ((hours_id,),) = fetch_all("SELECT id FROM service_hours")
    refused(NotFound, hours.take_back, wang, hours_id, "不想留", END)
    hours.take_back(li, hours_id, "不想留", END)
    assert minutes(li)["verified"] == 0
    assert shown(li, signup_id, END)["minutes"] == 0


def test_hours_cannot_be_changed_or_deleted_in_the_table(ma: Actor, li: Actor):
    shift_id = shift_of(ma)
    signup_id = signed_up(li, shift_id)
    there(ma, li, shift_id, signup_id, START, END)
    for sql in (
        "UPDATE service_hours SET minutes = 500",
        "UPDATE service_hours SET current = false, reason = 'x'",
        "DELETE FROM service_hours",
    ):
        with pytest.raises(Exception, match="corrected by adding"):
            execute(sql)


def test_who_was_there_is_neither_declined_nor_calls_off(ma: Actor, li: Actor):
    shift_id = shift_of(ma)
    signup_id = signed_up(li, shift_id)
    early = START - 5 * MINUTE
    presence.check_in(li, signup_id, qr(ma, shift_id, early), False, early)
    refused(SignupChanged, signing_up.cancel, li, signup_id, early)
    refused(SignupChanged, signing_up.decline, ma, signup_id, "不要了", early)


def test_an_organiser_of_elsewhere_runs_nothing_here(ma: Actor, li: Actor):
    other = enrol("别处", (Role.ORGANISER, "520526002"))
    shift_id = shift_of(ma, area_code=VILLAGE)
    signup_id = signed_up(li, shift_id)
    refused(Forbidden, presence.code, other, shift_id, LATER)
    refused(Forbidden, viewing.roster, other, shift_id, LATER)
    refused(NotFound, presence.confirm, other, signup_id, START, END, END)
