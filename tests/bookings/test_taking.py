"""Holding, booking, moving, cancelling."""

from datetime import timedelta
from uuid import UUID

import peewee
import pytest

from backend.bookings import errors, queries, service
from backend.bookings.models import Booking
from backend.bookings.ports import Happening
from backend.bookings.rules import Mode, What
from backend.kernel.actor import Actor, Scope
from backend.kernel.db import db, fetch_one, transaction
from backend.kernel.errors import MandateNotInForce, NotFound
from backend.kernel.ids import new_id
from backend.people import service as people
from tests.bookings.conftest import (
    NOW,
    TUESDAY,
    at,
    book,
    free,
    fresh,
    hours,
    open_room,
    person,
    run_outbox,
    state,
)

NINE, HALF_PAST, TEN = at(TUESDAY, 9), at(TUESDAY, 9, 30), at(TUESDAY, 10)
LATER = timedelta(minutes=11)


def test_a_held_time_is_nobody_elses_until_it_runs_out(room: UUID, li: Actor, wang: Actor):
    held = service.hold(li, room, NINE, Mode.PHONE, NOW)
    with pytest.raises(errors.SlotTaken):
        service.hold(wang, room, NINE, Mode.PHONE, NOW)
    service.hold(wang, room, NINE, Mode.PHONE, NOW + LATER)
    assert state(held) == "expired"
    with pytest.raises(errors.HoldExpired):
        service.confirm(li, held, NOW + LATER)


def test_a_hold_that_ran_out_cannot_be_booked_though_nobody_swept_it(room: UUID, li: Actor):
    held = service.hold(li, room, NINE, Mode.PHONE, NOW)
    with pytest.raises(errors.HoldExpired):
        service.confirm(li, held, NOW + timedelta(minutes=10))


def test_booked_it_stays(room: UUID, li: Actor, told: list[Happening]):
    booking_id = book(li, room, NINE)
    run_outbox(NOW)
    service.sweep(NOW + LATER)
    assert state(booking_id) == "booked"
    assert [h.what for h in told] == [What.BOOKED]
    with pytest.raises(errors.BookingChanged):
        service.confirm(li, booking_id, NOW)


def test_holding_another_time_gives_up_the_first(room: UUID, li: Actor, wang: Actor):
    first = service.hold(li, room, NINE, Mode.PHONE, NOW)
    service.hold(li, room, TEN, Mode.PHONE, NOW)
    assert state(first) == "expired"
    service.hold(wang, room, NINE, Mode.PHONE, NOW)


@pytest.mark.parametrize(
    ("starts_at", "mode", "refusal"),
    [
        (at(TUESDAY, 9, 10), Mode.PHONE, errors.SlotNotOffered),
        (at(TUESDAY, 12), Mode.PHONE, errors.SlotNotOffered),
        (NINE, Mode.VIDEO, errors.SlotNotOffered),
        (at(TUESDAY + timedelta(days=35), 9), Mode.PHONE, errors.SlotNotOffered),
        (at(TUESDAY - timedelta(days=7), 9), Mode.PHONE, errors.SlotPast),
        (NINE.replace(year=9999), Mode.PHONE, errors.SlotNotOffered),
    ],
)
def test_what_is_not_offered_cannot_be_held(room: UUID, li: Actor, starts_at, mode, refusal):
    with pytest.raises(refusal):
        service.hold(li, room, starts_at, mode, NOW)


def test_a_resident_needs_lead_time_and_the_provider_does_not(room: UUID, li: Actor, keeper: Actor):
    soon = NINE - timedelta(minutes=30)
    with pytest.raises(errors.SlotPast):
        service.hold(li, room, NINE, Mode.PHONE, soon)
    booking_id = service.hold(keeper, room, NINE, Mode.PHONE, soon, person_id=li.id)
    service.confirm(keeper, booking_id, soon)
    assert state(booking_id) == "booked"


def test_only_the_provider_books_for_others_without_consent(room: UUID, li: Actor, wang: Actor):
    with pytest.raises(errors.NotProvider):
        service.hold(wang, room, NINE, Mode.PHONE, NOW, person_id=li.id)
    with pytest.raises(MandateNotInForce):
        service.hold(wang, room, NINE, Mode.PHONE, NOW, mandate_id=new_id())


def test_an_agent_books_with_consent_and_loses_sight_without(room: UUID, li: Actor, wang: Actor):
    terms = people.Terms((Scope.SUBMIT, Scope.ACT), 30)
    people.claim(wang, people.offer(li, terms, NOW).code, NOW)
    agent = fresh(wang)
    (mandate,) = agent.mandates
    booking_id = service.hold(agent, room, NINE, Mode.PHONE, NOW, mandate_id=mandate.id)
    booked = service.confirm(agent, booking_id, NOW)
    assert (booked.person_id, booked.agent_id) == (li.id, wang.id)
    people.revoke_mandate(li, mandate.id, NOW)
    with pytest.raises(NotFound):
        service.cancel(fresh(wang), booking_id, 0, "改天", NOW)
    service.cancel(li, booking_id, 0, "改天", NOW)


def test_an_agent_goes_on_with_what_they_began_and_nothing_else(room: UUID, li: Actor, wang: Actor):
    own = book(li, room, NINE)
    terms = people.Terms((Scope.SUBMIT, Scope.ACT), 30)
    people.claim(wang, people.offer(li, terms, NOW).code, NOW)
    agent = fresh(wang)
    (mandate,) = agent.mandates
    with pytest.raises(NotFound):
        service.view(agent, own)
    with pytest.raises(NotFound):
        service.move(agent, own, 0, TEN, Mode.PHONE, None, NOW)
    begun = service.hold(agent, room, TEN, Mode.PHONE, NOW, mandate_id=mandate.id)
    service.confirm(agent, begun, NOW)
    service.move(agent, begun, 0, HALF_PAST, Mode.PHONE, None, NOW)
    service.cancel(li, begun, 1, "改天", NOW)


def test_nobody_is_in_two_places_at_once(room: UUID, keeper: Actor, li: Actor):
    other = open_room(keeper, hours(minutes=60), name="心理咨询室")
    book(li, room, HALF_PAST)
    with pytest.raises(errors.AlreadyBookedThen):
        service.hold(li, other, NINE, Mode.PHONE, NOW)
    service.hold(li, other, TEN, Mode.PHONE, NOW)


def test_three_times_to_come_are_enough(room: UUID, li: Actor):
    for moment in (NINE, HALF_PAST, TEN):
        book(li, room, moment)
    with pytest.raises(errors.TooManyBookings):
        service.hold(li, room, at(TUESDAY, 11), Mode.PHONE, NOW)


def test_moving_frees_the_old_time_at_once(
    room: UUID, li: Actor, wang: Actor, told: list[Happening]
):
    booking_id = book(li, room, NINE)
    service.move(li, booking_id, 0, TEN, Mode.IN_PERSON, None, NOW)
    book(wang, room, NINE)
    moved = queries.booking(booking_id)
    assert moved is not None
    assert (moved.starts_at, moved.mode, moved.sequence) == (TEN, Mode.IN_PERSON, 1)
    run_outbox(NOW)
    assert [h.what for h in told].count(What.MOVED) == 1
    with pytest.raises(errors.BookingChanged):
        service.move(li, booking_id, 0, HALF_PAST, Mode.PHONE, None, NOW)


def test_it_cannot_be_moved_onto_another(room: UUID, li: Actor, wang: Actor):
    booking_id = book(li, room, NINE)
    book(wang, room, TEN)
    with pytest.raises(errors.SlotTaken):
        service.move(li, booking_id, 0, TEN, Mode.PHONE, None, NOW)


def test_a_resident_cancels_in_good_time_and_the_provider_at_any(
    room: UUID, li: Actor, keeper: Actor, told: list[Happening]
):
    booking_id = book(li, room, NINE)
    late = NINE - timedelta(hours=3)
    with pytest.raises(errors.CancelTooLate):
        service.cancel(li, booking_id, 0, "来不了", late)
    service.cancel(keeper, booking_id, 0, "开庭", late)
    run_outbox(late)
    (cancelled,) = [h for h in told if h.what is What.CANCELLED]
    assert (cancelled.by_provider, cancelled.reason) == (True, "开庭")
    with pytest.raises(errors.BookingChanged):
        service.cancel(keeper, booking_id, 0, "开庭", late)
    with pytest.raises(errors.BookingOver):
        service.cancel(keeper, booking_id, 1, "开庭", late)


def test_others_learn_nothing_of_a_booking(room: UUID, li: Actor, wang: Actor):
    booking_id = book(li, room, NINE)
    for act in (
        lambda: service.view(wang, booking_id),
        lambda: service.cancel(wang, booking_id, 0, "x", NOW),
        lambda: service.release(wang, booking_id, NOW),
        lambda: service.booking_link(wang, booking_id, NOW),
        lambda: service.alternatives(wang, booking_id, NOW),
        lambda: service.no_show(wang, booking_id, NINE + timedelta(hours=1)),
    ):
        with pytest.raises(NotFound):
            act()


def test_suspended_or_out_of_term_nothing_is_booked(room: UUID, li: Actor):
    held = service.hold(li, room, NINE, Mode.PHONE, NOW)
    service.suspend(room, "换证", NOW)
    with pytest.raises(errors.ResourceNotBookable):
        service.confirm(li, held, NOW)
    with pytest.raises(errors.ResourceNotBookable):
        service.hold(li, room, TEN, Mode.PHONE, NOW)
    assert not queries.next_free([room], NOW)
    service.resume(room, NOW)
    assert queries.next_free([room], NOW + LATER)[room].starts_at == NINE


def test_a_group_fills_seat_by_seat(keeper: Actor):
    room = open_room(keeper, hours(capacity=3))
    people_ = [person(f"p{n}") for n in range(4)]
    for one in people_[:3]:
        book(one, room, NINE)
    with pytest.raises(errors.SlotTaken):
        service.hold(people_[3], room, NINE, Mode.PHONE, NOW)
    assert free(room)[0].starts_at == HALF_PAST


def test_the_database_refuses_an_overlap_whoever_writes_it(room: UUID, li: Actor, wang: Actor):
    booking_id = book(li, room, NINE)
    row = fetch_one("SELECT resource_key FROM bookings WHERE id = %s", (booking_id,))
    assert row is not None

    def insert(person: Actor, starts_at, seat: int = 1, capacity: int = 1) -> None:
        ends_at = starts_at + timedelta(minutes=30)
        with transaction():
            Booking.insert(
                resource_key=row[0], person_id=person.id, by_provider=True, state="booked",
                starts_at=starts_at, ends_at=ends_at, occupied_until=ends_at, seat=seat,
                capacity=capacity, mode="phone", created_at=NOW,
            ).execute()  # fmt: skip

    insert(wang, HALF_PAST)
    for starts_at, seat, capacity in (
        (NINE, 1, 1),
        (at(TUESDAY, 9, 15), 1, 1),
        (at(TUESDAY, 9, 15), 2, 3),
        (NINE - timedelta(minutes=1), 1, 1),
    ):
        with pytest.raises(peewee.IntegrityError, match="bookings_no_overlap"):
            insert(wang, starts_at, seat, capacity)
    with pytest.raises(peewee.IntegrityError, match="bookings_seat"):
        insert(wang, TEN, seat=4, capacity=3)


def test_released_it_is_free_again(room: UUID, li: Actor, wang: Actor):
    held = service.hold(li, room, NINE, Mode.PHONE, NOW)
    service.release(li, held, NOW)
    service.release(li, held, NOW)
    book(wang, room, NINE)


def test_four_weeks_of_slots_take_three_queries(
    room: UUID, li: Actor, monkeypatch: pytest.MonkeyPatch
):
    book(li, room, NINE)
    seen, ask = [], db.execute_sql
    monkeypatch.setattr(db, "execute_sql", lambda *args: seen.append(args) or ask(*args))
    found = queries.calendar_of(room, TUESDAY, 28, None, NOW)
    assert len(seen) == 3
    assert found is not None
    assert [len(day["slots"]) for day in found["days"]] == [
        5 if n == 0 else 6 if n % 7 == 0 else 0 for n in range(28)
    ]


def test_a_day_is_open_full_or_closed(room: UUID):
    for n in range(6):
        book(person(f"p{n}"), room, NINE + timedelta(minutes=30 * n))
    found = queries.calendar_of(room, TUESDAY - timedelta(days=1), 9, None, NOW)
    assert found is not None
    states = [day["state"] for day in found["days"]]
    assert states == ["closed", "full", *["closed"] * 6, "open"]
