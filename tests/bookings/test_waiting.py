"""Waiting lists."""

from datetime import timedelta
from uuid import UUID

import pytest

from backend.bookings import errors, queries, service
from backend.bookings.ports import Happening
from backend.bookings.rules import Mode, What
from backend.kernel.actor import Actor
from backend.kernel.db import fetch_all
from backend.kernel.errors import NotFound, ValidationFailed
from tests.bookings.conftest import (
    NOW,
    TUESDAY,
    at,
    book,
    hours,
    open_room,
    person,
    run_outbox,
    state,
    waits,
)

NINE = at(TUESDAY, 9)
WEEK = timedelta(days=7)


@pytest.fixture
def full(keeper: Actor, li: Actor) -> tuple[UUID, UUID]:
    """A room with one time a week in its one week of validity, taken by Li; with the booking."""
    room = open_room(keeper, hours(span=(540, 570), valid_until=TUESDAY))
    return room, book(li, room, NINE)


def wait(actor: Actor, room: UUID, mode: Mode | None = None) -> UUID:
    return service.join(actor, room, TUESDAY, TUESDAY + WEEK, mode, NOW)


def offers() -> list[tuple[UUID, UUID]]:
    """Booking and wait of each offer that is open."""
    return fetch_all("SELECT id, wait_id FROM bookings WHERE state = 'held' ORDER BY created_at")


def test_what_is_cancelled_is_offered_to_who_waits_longest(
    full: tuple[UUID, UUID], li: Actor, wang: Actor, told: list[Happening]
):
    room, booking_id = full
    first, second = wait(wang, room), wait(person("zhao"), room)
    service.cancel(li, booking_id, 0, "不去了", NOW)
    ((offer, waited),) = offers()
    assert waited == first
    assert waits() == [(first, "offered"), (second, "waiting")]
    with pytest.raises(errors.SlotTaken):
        service.hold(person("qian"), room, NINE, Mode.PHONE, NOW)
    run_outbox(NOW)
    assert What.OFFERED in [h.what for h in told]
    service.confirm(wang, offer, NOW)
    assert waits()[0] == (first, "booked")


def test_an_offer_that_lapses_goes_to_the_next(
    full: tuple[UUID, UUID], li: Actor, wang: Actor, told: list[Happening]
):
    room, booking_id = full
    first, second = wait(wang, room), wait(person("zhao"), room)
    service.cancel(li, booking_id, 0, "不去了", NOW)
    later = NOW + timedelta(hours=2, minutes=1)
    service.sweep(later)
    assert waits() == [(first, "lapsed"), (second, "offered")]
    run_outbox(later)
    assert [h.what for h in told].count(What.OFFER_LAPSED) == 1


def test_an_offer_that_is_declined_goes_to_the_next(
    full: tuple[UUID, UUID], li: Actor, wang: Actor
):
    room, booking_id = full
    first, second = wait(wang, room), wait(person("zhao"), room)
    service.cancel(li, booking_id, 0, "不去了", NOW)
    service.leave(wang, first, NOW)
    assert waits() == [(first, "left"), (second, "offered")]
    ((offer, _),) = offers()
    service.release(person("zhao"), offer, NOW)
    assert waits()[1] == (second, "left")


def test_who_wants_another_way_is_passed_over_and_keeps_their_place(
    keeper: Actor, li: Actor, wang: Actor
):
    room = open_room(keeper, hours(span=(540, 570), modes=(Mode.PHONE,), valid_until=TUESDAY))
    booking_id = book(li, room, NINE)
    video = wait(wang, room, Mode.VIDEO)
    phone = wait(person("zhao"), room, Mode.PHONE)
    service.cancel(li, booking_id, 0, "不去了", NOW)
    assert waits() == [(video, "waiting"), (phone, "offered")]


def test_a_hold_left_to_run_out_is_offered_too(keeper: Actor, li: Actor, wang: Actor):
    room = open_room(keeper, hours(span=(540, 570), valid_until=TUESDAY))
    held = service.hold(li, room, NINE, Mode.PHONE, NOW)
    waited = wait(wang, room)
    service.sweep(NOW + timedelta(minutes=10))
    assert state(held) == "expired"
    assert waits() == [(waited, "offered")]


def test_new_hours_are_offered_before_others_can_take_them(
    full: tuple[UUID, UUID], keeper: Actor, wang: Actor
):
    room, _ = full
    waited = wait(wang, room)
    plan = queries.snapshot(room, NOW)
    assert plan is not None
    service.change_plan(keeper, room, plan.version, [hours(span=(540, 600))], [], NOW)
    assert waits() == [(waited, "offered")]


def test_there_is_no_waiting_for_what_is_free(room: UUID, wang: Actor):
    with pytest.raises(errors.WaitNotNeeded):
        wait(wang, room)


def test_one_waits_once(full: tuple[UUID, UUID], wang: Actor):
    room, _ = full
    wait(wang, room)
    with pytest.raises(errors.AlreadyWaiting):
        wait(wang, room)


@pytest.mark.parametrize(("first", "last"), [(3, 1), (-9, -2), (0, 91)])
def test_days_that_make_no_sense_are_refused(
    full: tuple[UUID, UUID], wang: Actor, first: int, last: int
):
    room, _ = full
    days = (NOW.date() + timedelta(days=first), NOW.date() + timedelta(days=last))
    with pytest.raises(ValidationFailed):
        service.join(wang, room, *days, None, NOW)


def test_who_waited_in_vain_waits_no_more(full: tuple[UUID, UUID], wang: Actor):
    room, _ = full
    waited = wait(wang, room)
    service.sweep(NOW + timedelta(days=9))
    assert waits() == [(waited, "lapsed")]


def test_a_place_in_the_line_is_ones_own(full: tuple[UUID, UUID], wang: Actor):
    room, _ = full
    waited = wait(wang, room)
    with pytest.raises(NotFound):
        service.leave(person("zhao"), waited, NOW)
    with pytest.raises(NotFound):
        service.wait_view(person("zhao"), waited)
    assert '"position" : 1' in service.wait_view(wang, waited)
