"""Changing plans under bookings."""

from datetime import timedelta
from uuid import UUID

import peewee
import pytest

from backend.bookings import errors, queries, service
from backend.bookings.models import PlanRow
from backend.bookings.ports import Happening
from backend.bookings.rules import Cut, Mode, What
from backend.bookings.service import NewException
from backend.kernel.actor import Actor
from backend.kernel.db import fetch_one, transaction
from backend.kernel.errors import NotFound
from backend.kernel.ids import new_id
from tests.bookings.conftest import (
    MONDAY,
    NOW,
    TUESDAY,
    at,
    book,
    free,
    hours,
    run_outbox,
)

NINE = at(TUESDAY, 9)


def version(room: UUID) -> int:
    found = queries.snapshot(room, NOW)
    assert found is not None
    return found.version


def displaced(booking_id: UUID) -> bool:
    found = queries.booking(booking_id)
    assert found is not None
    return found.displaced


def test_a_change_that_displaces_must_be_accepted_and_breaks_nothing(
    room: UUID, keeper: Actor, li: Actor, told: list[Happening]
):
    booking_id = book(li, room, NINE)
    afternoons = [hours(span=(14 * 60, 17 * 60))]
    with pytest.raises(errors.PlanConflicts) as refused:
        service.change_plan(keeper, room, version(room), afternoons, [], NOW)
    assert [c["booking_id"] for c in refused.value.extra["conflicts"]] == [booking_id]
    service.change_plan(keeper, room, version(room), afternoons, [booking_id], NOW)
    assert displaced(booking_id)
    run_outbox(NOW)
    assert [h.what for h in told if h.what is What.DISPLACED] == [What.DISPLACED]
    assert [slot.starts_at for slot in service.alternatives(li, booking_id, NOW)] == [
        at(TUESDAY, 14), at(TUESDAY, 14, 30), at(TUESDAY, 15),
    ]  # fmt: skip
    # The provider moved it, so no limit of theirs keeps the resident from moving on.
    service.move(li, booking_id, 0, at(TUESDAY, 14), Mode.PHONE, None, NINE - timedelta(hours=1))
    assert not displaced(booking_id)


def test_a_plan_put_back_takes_its_bookings_back(room: UUID, keeper: Actor, li: Actor):
    booking_id = book(li, room, NINE)
    service.change_plan(keeper, room, version(room), [], [booking_id], NOW)
    assert displaced(booking_id)
    service.change_plan(keeper, room, version(room), [hours()], [], NOW)
    assert not displaced(booking_id)


def test_an_older_plan_is_not_changed(room: UUID, keeper: Actor):
    seen = version(room)
    service.change_plan(keeper, room, seen, [hours()], [], NOW)
    with pytest.raises(errors.PlanChanged):
        service.change_plan(keeper, room, seen, [hours()], [], NOW)


def test_only_the_provider_changes_and_sees_it(room: UUID, li: Actor):
    for act in (
        lambda: service.change_plan(li, room, 1, [], [], NOW),
        lambda: service.plan(li, room, NOW),
        lambda: service.new_feed(li, room, NOW),
        lambda: service.check_in_code(li, room, NOW),
    ):
        with pytest.raises(errors.NotProvider):
            act()
    with pytest.raises(NotFound):
        service.plan(li, new_id(), NOW)


def test_a_plan_that_overlaps_itself_is_refused_by_us_and_by_the_database(
    room: UUID, keeper: Actor
):
    twice = [hours(), hours(span=(11 * 60, 13 * 60))]
    with pytest.raises(errors.PlanOverlaps) as refused:
        service.change_plan(keeper, room, version(room), twice, [], NOW)
    assert [f.field for f in refused.value.fields] == ["/rules/0", "/rules/1"]
    row = fetch_one("SELECT key FROM booking_resources WHERE id = %s", (room,))
    assert row is not None
    with pytest.raises(peewee.IntegrityError, match="no_overlap"), transaction():
        PlanRow.insert(
            resource_key=row[0], weekday=2, starts_minute=690, ends_minute=800, slot_minutes=10,
            buffer_minutes=0, capacity=1, modes=["phone"], valid_from=MONDAY, on_holidays=False,
        ).execute()  # fmt: skip


def test_closing_a_time_is_such_a_change_and_can_be_taken_back(
    room: UUID, keeper: Actor, li: Actor
):
    booking_id = book(li, room, NINE)
    closed = NewException(NINE, at(TUESDAY, 10), "开庭", None)
    with pytest.raises(errors.PlanConflicts):
        service.add_exception(keeper, room, closed, [], NOW)
    exception_id = service.add_exception(keeper, room, closed, [booking_id], NOW)
    assert displaced(booking_id)
    assert free(room)[0].starts_at == at(TUESDAY, 10)
    service.remove_exception(keeper, room, exception_id, [], NOW)
    assert not displaced(booking_id)
    with pytest.raises(NotFound):
        service.remove_exception(keeper, room, exception_id, [], NOW)


def test_extra_time_is_offered_and_cannot_meet_itself(room: UUID, keeper: Actor):
    cut = Cut(30, (Mode.VIDEO,))
    extra = NewException(at(MONDAY, 19), at(MONDAY, 20), None, cut)
    service.add_exception(keeper, room, extra, [], NOW)
    assert [slot.starts_at for slot in free(room)][:2] == [at(MONDAY, 19), at(MONDAY, 19, 30)]
    with pytest.raises(errors.PlanOverlaps):
        service.add_exception(keeper, room, extra, [], NOW)


def test_a_shorter_term_and_suspension_displace(room: UUID, li: Actor, told: list[Happening]):
    booking_id = book(li, room, NINE)
    term = {"name": "调解室", "areas": [], "term_from": MONDAY - timedelta(days=9)}
    service.update_resource(room, NOW, **term, term_until=MONDAY)
    assert displaced(booking_id)
    service.update_resource(room, NOW, **term, term_until=None)
    assert not displaced(booking_id)
    service.suspend(room, "换证", NOW)
    assert displaced(booking_id)
    assert service.alternatives(li, booking_id, NOW) == []
