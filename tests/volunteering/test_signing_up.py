"""Signing up, waiting in line, moving up, calling off."""

from datetime import date, timedelta

import pytest

from backend.kernel.actor import Actor
from backend.kernel.errors import NotFound
from backend.volunteering.errors import (
    CapacityBelowTaken,
    GuardianNeeded,
    OverlappingSignup,
    OwnPresence,
    PlaceOfferExpired,
    RegistrationClosed,
    RegistrationNotOpen,
    ShiftFull,
    ShiftOver,
    SignedUpAlready,
    SignupCancelTooLate,
    SignupChanged,
    SkillsMissing,
    TooYoung,
    VolunteerNameNeeded,
    VolunteerProfileNeeded,
)
from backend.volunteering.rules.states import State
from backend.volunteering.service import activities, places, shifts, signing_up, volunteers
from backend.volunteering.service.volunteers import Profile
from tests.volunteering.scene import (
    GUARDIAN,
    NOW,
    START,
    deliver,
    enrol,
    plan,
    published,
    roster,
    shift_of,
    shifts_of,
    shown,
    signed_up,
    standing,
    station,
    times,
    told,
    volunteer,
)

NEAR_START = START - timedelta(hours=5)
HOUR = timedelta(hours=1)


def test_places_are_taken_then_waited_for_in_order(ma: Actor, li: Actor, wang: Actor, zhao: Actor):
    shift_id = shift_of(ma, capacity=1)
    first, second, third = (signed_up(who, shift_id) for who in (li, wang, zhao))
    assert [standing(s).state for s in (first, second, third)] == [
        "confirmed",
        "waiting",
        "waiting",
    ]
    assert shown(zhao, third)["position"] == 2
    signing_up.cancel(li, first, NOW)
    assert [standing(s).state for s in (first, second, third)] == [
        "cancelled", "confirmed", "waiting",
    ]  # fmt: skip
    assert shown(zhao, third)["position"] == 1
    deliver()
    assert told(wang) == ["signup_confirmed"]


def test_a_place_that_becomes_free_shortly_before_is_offered_for_a_while(
    ma: Actor, li: Actor, wang: Actor, zhao: Actor
):
    shift_id = shift_of(ma, capacity=1)
    first, second, third = (signed_up(who, shift_id) for who in (li, wang, zhao))
    signing_up.cancel(li, first, NEAR_START)
    offered = shown(wang, second, NEAR_START)
    assert offered["state"] == "offered" and "accept" in offered["actions"]
    assert standing(second).offer_until == NEAR_START + 2 * HOUR
    places.sweep(NEAR_START + 2 * HOUR)
    assert [standing(s).state for s in (second, third)] == ["lapsed", "offered"]
    with pytest.raises(SignupChanged):
        signing_up.accept(wang, second, NEAR_START + 2 * HOUR)
    signing_up.accept(zhao, third, NEAR_START + 3 * HOUR)
    assert standing(third).state is State.CONFIRMED
    deliver(START)
    assert told(wang) == ["signup_lapsed"], "an offer that is over is not told any more"


def test_an_offer_can_be_taken_until_it_ends_swept_or_not(ma: Actor, li: Actor, wang: Actor):
    shift_id = shift_of(ma, capacity=1)
    first, second = signed_up(li, shift_id), signed_up(wang, shift_id)
    signing_up.cancel(li, first, NEAR_START)
    with pytest.raises(PlaceOfferExpired):
        signing_up.accept(wang, second, NEAR_START + 2 * HOUR)


def test_who_waits_in_vain_is_told(ma: Actor, li: Actor, wang: Actor):
    shift_id = shift_of(ma, capacity=1)
    signed_up(li, shift_id)
    second = signed_up(wang, shift_id)
    places.sweep(START - timedelta(minutes=31))
    assert standing(second).state is State.WAITING
    places.sweep(START - timedelta(minutes=30))
    assert standing(second).state is State.LAPSED
    deliver(START)
    assert told(wang) == ["signup_lapsed"]


def test_nobody_joins_a_line_that_does_not_move_any_more(ma: Actor, li: Actor, wang: Actor):
    shift_id = shift_of(ma, capacity=1)
    signed_up(li, shift_id)
    with pytest.raises(ShiftFull):
        signed_up(wang, shift_id, START - timedelta(minutes=20))


def test_one_is_signed_up_once_and_at_one_time_for_one_thing(ma: Actor, li: Actor):
    shift_id = shift_of(ma)
    other_id = shift_of(ma, start=START + HOUR, title="看望老人")
    later_id = shift_of(ma, start=START + 3 * HOUR, title="植树")
    signup_id = signed_up(li, shift_id)
    with pytest.raises(SignedUpAlready):
        signed_up(li, shift_id)
    with pytest.raises(OverlappingSignup):
        signed_up(li, other_id)
    signed_up(li, later_id)
    signing_up.cancel(li, signup_id, NOW)
    with pytest.raises(OverlappingSignup):
        signed_up(li, other_id)  # the later one begins within it


def test_calling_off_ends_two_hours_before(ma: Actor, li: Actor):
    signup_id = signed_up(li, shift_of(ma))
    with pytest.raises(SignupCancelTooLate):
        signing_up.cancel(li, signup_id, START - 2 * HOUR + timedelta(seconds=1))
    signing_up.cancel(li, signup_id, START - 2 * HOUR)
    with pytest.raises(SignupChanged):
        signing_up.cancel(li, signup_id, START - 2 * HOUR)


def test_others_know_nothing_of_it(ma: Actor, li: Actor, wang: Actor):
    signup_id = signed_up(li, shift_of(ma))
    for act in (signing_up.cancel, signing_up.accept, signing_up.keep, shown):
        with pytest.raises(NotFound):
            act(wang, signup_id, NOW)


def test_a_draft_is_nobodys_and_what_has_begun_is_too_late(ma: Actor, li: Actor):
    activity_id = activities.create(ma, plan(station(ma)), (times(),), NOW)
    (draft_id,) = shifts_of(activity_id)
    with pytest.raises(NotFound):
        signed_up(li, draft_id)
    with pytest.raises(ShiftOver):
        signed_up(li, shift_of(ma), START)


def test_registration_has_its_days(ma: Actor, li: Actor):
    shift_id = shift_of(ma, opens_at=NOW + HOUR, closes_at=NOW + 2 * HOUR)
    with pytest.raises(RegistrationNotOpen):
        signed_up(li, shift_id)
    with pytest.raises(RegistrationClosed):
        signed_up(li, shift_id, NOW + 2 * HOUR)
    signed_up(li, shift_id, NOW + HOUR)


def test_conditions(ma: Actor, app: object):
    shift_id = shift_of(ma, min_age=30, skills=("first_aid",))
    nobody = enrol("周周")
    with pytest.raises(VolunteerProfileNeeded):
        signed_up(nobody, shift_id)
    with pytest.raises(TooYoung):
        signed_up(volunteer("小赵", date(1996, 11, 27)), shift_id)
    with pytest.raises(SkillsMissing):
        signed_up(volunteer("老钱", date(1996, 11, 26)), shift_id)
    signed_up(volunteer("孙孙", date(1980, 1, 1), ("first_aid", "driving")), shift_id)


def test_who_has_no_name_is_asked_for_it(ma: Actor, app: object):
    nameless = enrol("")
    volunteers.join(nameless, Profile(date(1990, 1, 1), (), None), NOW)
    with pytest.raises(VolunteerNameNeeded):
        signed_up(nameless, shift_of(ma))


def test_under_18_a_guardian_consents_and_the_organiser_says_yes(ma: Actor, app: object):
    with pytest.raises(GuardianNeeded):
        volunteer("小李", date(2010, 1, 1))
    young = volunteer("小李", date(2010, 1, 1), guardian=GUARDIAN)
    shift_id = shift_of(ma)
    signup_id = signed_up(young, shift_id)
    assert standing(signup_id).state is State.APPLIED
    deliver()
    assert told(ma) == ["signup_to_approve"]
    line = roster(ma, shift_id)["小李"]
    assert line["guardian"] == GUARDIAN and line["age"] == 16 and "approve" in line["actions"]
    signing_up.approve(ma, signup_id, NOW)
    deliver()
    assert standing(signup_id).state is State.CONFIRMED and told(young) == ["signup_confirmed"]


def test_an_application_waits_by_when_it_was_made(ma: Actor, li: Actor, wang: Actor, zhao: Actor):
    shift_id = shift_of(ma, capacity=1, needs_approval=True)
    first, second, third = (signed_up(who, shift_id) for who in (li, wang, zhao))
    signing_up.approve(ma, third, NOW)
    signing_up.approve(ma, second, NOW)
    signing_up.approve(ma, first, NOW)
    assert shown(li, first)["position"] == 1 and shown(wang, second)["position"] == 2
    signing_up.decline(ma, third, "这次人够了", NOW)
    assert standing(first).state is State.CONFIRMED
    assert shown(zhao, third)["reason"] == "这次人够了"
    with pytest.raises(SignupChanged):
        signing_up.approve(ma, first, NOW)


def test_nobody_approves_themselves(ma: Actor):
    volunteers.join(ma, Profile(date(1990, 1, 1), (), None), NOW)
    shift_id = shift_of(ma, needs_approval=True)
    signup_id = signed_up(ma, shift_id)
    with pytest.raises(OwnPresence):
        signing_up.approve(ma, signup_id, NOW)
    assert roster(ma, shift_id)["马组织"]["actions"] == []


def test_somebody_without_a_phone_is_given_a_place(ma: Actor, li: Actor):
    shift_id = shift_of(ma, capacity=1)
    signing_up.add(ma, shift_id, "吴老太", None, "520526001001", NOW)
    assert roster(ma, shift_id)["吴老太"]["state"] == "confirmed"
    with pytest.raises(ShiftFull):
        signing_up.add(ma, shift_id, "郑大爷", None, "520526001001", NOW)
    assert standing(signed_up(li, shift_id)).state is State.WAITING


def test_a_moved_shift_asks_who_comes_and_frees_who_cannot(
    ma: Actor, li: Actor, wang: Actor, zhao: Actor
):
    shift_id = shift_of(ma)
    other_id = shift_of(ma, start=START + 4 * HOUR, title="植树")
    keeps, clashes, waits = (signed_up(who, shift_id) for who in (li, wang, zhao))
    signed_up(wang, other_id)
    shifts.change(ma, shift_id, 1, times(START + 2 * HOUR), NOW)
    assert standing(clashes).state is State.CANCELLED
    assert standing(waits).state is State.CONFIRMED, "the place of who cannot come"
    assert shown(li, keeps)["asked"] and "keep" in shown(li, keeps)["actions"]
    signing_up.keep(li, keeps, NOW)
    assert not shown(li, keeps)["asked"]
    deliver()
    assert told(li) == ["signup_changed"] and told(wang) == ["signup_called_off"]


def test_places_cannot_be_fewer_than_people(ma: Actor, li: Actor, wang: Actor, zhao: Actor):
    shift_id = shift_of(ma)
    waiting = [signed_up(who, shift_id) for who in (li, wang, zhao)][-1]
    with pytest.raises(CapacityBelowTaken):
        shifts.change(ma, shift_id, 1, times(capacity=1), NOW)
    shifts.change(ma, shift_id, 1, times(capacity=3), NOW)
    assert standing(waiting).state is State.CONFIRMED


def test_what_is_called_off_is_told_to_everybody(ma: Actor, li: Actor, wang: Actor):
    activity_id = published(ma, times(capacity=1))
    (shift_id,) = shifts_of(activity_id)
    ids = [signed_up(who, shift_id) for who in (li, wang)]
    activities.cancel(ma, activity_id, 2, "下大雨", NOW)
    assert {standing(s).state for s in ids} == {State.CANCELLED}
    assert shown(li, ids[0])["shift"]["cancelled_reason"] == "下大雨"
    deliver()
    assert told(li) == told(wang) == ["signup_called_off"]


def test_reminders_come_in_time_or_not_at_all(ma: Actor, li: Actor):
    signup_id = signed_up(li, shift_of(ma))
    deliver(START - timedelta(hours=24))
    assert told(li) == ["signup_reminder"]
    deliver(START - timedelta(hours=1))
    assert told(li) == ["signup_reminder"], "the second would come an hour late"
    assert standing(signup_id).state is State.CONFIRMED
