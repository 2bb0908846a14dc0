"""Things that happen to one shift at the same moment."""

import threading
import time
from datetime import timedelta

from backend.kernel.actor import Actor
from backend.kernel.db import fetch_one, transaction
from backend.volunteering.errors import ActivityChanged, OverlappingSignup
from backend.volunteering.rules.states import State
from backend.volunteering.service import shifts, signing_up
from tests.at_once import at_once
from tests.volunteering.scene import NOW, START, shift_of, signed_up, standing, times, volunteer

LONGEST_SECONDS = 10


def until_somebody_waits() -> None:
    """For a lock that this transaction holds."""
    ends = time.monotonic() + LONGEST_SECONDS
    while fetch_one("SELECT FROM pg_locks WHERE NOT granted LIMIT 1") is None:
        assert time.monotonic() < ends, "nobody waits"


def test_who_signs_up_elsewhere_while_a_shift_is_moved_there(ma: Actor, li: Actor):
    """The move finds out when it is made, and nobody is in two places."""
    shift_id = shift_of(ma)
    other_id = shift_of(ma, start=START + timedelta(hours=6), title="植树")
    signup_id = signed_up(li, shift_id)
    signed = threading.Event()

    def sign_up() -> None:
        with transaction():
            signed_up(li, other_id)
            signed.set()
            until_somebody_waits()

    def move() -> None:
        assert signed.wait(LONGEST_SECONDS)
        shifts.change(ma, shift_id, 1, times(START + timedelta(hours=6)), NOW)

    signed_came_to, moved_came_to = at_once(sign_up, move)
    assert signed_came_to is None and isinstance(moved_came_to, ActivityChanged)
    assert standing(signup_id).starts_at == START
    shifts.change(ma, shift_id, 1, times(START + timedelta(hours=6)), NOW)
    assert standing(signup_id).state is State.CANCELLED


def test_one_person_at_two_phones_gets_one_of_two_shifts_at_one_time(ma: Actor, li: Actor):
    shift_ids = [shift_of(ma), shift_of(ma, title="植树")]
    came_to = at_once(
        *(lambda shift_id=shift_id: signed_up(li, shift_id) and None for shift_id in shift_ids)
    )
    assert came_to.count(None) == 1
    assert any(isinstance(error, OverlappingSignup) for error in came_to)


def test_the_last_place_goes_to_one_and_the_other_waits(ma: Actor, li: Actor, wang: Actor):
    shift_id = shift_of(ma, capacity=1)
    came_to = at_once(*(lambda who=who: signed_up(who, shift_id) and None for who in (li, wang)))
    assert came_to == [None, None]
    row = fetch_one("SELECT array_agg(state ORDER BY state) FROM signups")
    assert row == (["confirmed", "waiting"],)


def test_who_calls_off_and_who_joins_leave_no_place_empty(ma: Actor, li: Actor, wang: Actor):
    shift_id = shift_of(ma, capacity=1)
    leaving = signed_up(li, shift_id)
    zhao = volunteer("赵敏")
    signed_up(wang, shift_id)
    came_to = at_once(
        lambda: signing_up.cancel(li, leaving, NOW),
        lambda: signed_up(zhao, shift_id) and None,
    )
    assert came_to == [None, None]
    row = fetch_one("SELECT taken FROM shifts WHERE id = %s", (shift_id,))
    assert row == (1,)
