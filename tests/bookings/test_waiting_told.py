"""Who waits for a time of an adviser is told of it, and for whom it is."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from marshmallow import Schema

from backend.bookings import queries, schemas, service
from backend.bookings.rules import Cut, Mode, PlanRule
from backend.consultations import service as consultations
from backend.kernel.actor import Actor, Scope
from backend.kernel.clock import LOCAL
from backend.kernel.json import loads
from backend.notices import service as notices
from backend.people import service as people
from backend.people.service import Terms
from tests.advisers.register import registered
from tests.consultations.meeting import (
    NOW,
    TUESDAY,
    VILLAGE,
    about,
    at,
    booked,
    enrol,
    fresh,
    run_outbox,
    seen,
    told,
)

ONLY = PlanRule(2, 540, 570, Cut(30, (Mode.PHONE,)), TUESDAY, TUESDAY, True)
"""One half hour on one day."""

LATER = NOW + timedelta(hours=2, minutes=1)


@pytest.fixture
def zheng(app: Flask) -> Actor:
    return enrol("郑明")


@pytest.fixture
def adviser(zheng: Actor) -> UUID:
    adviser_id = registered("郑明", zheng.id, NOW, VILLAGE)
    service.set_plan_rules(adviser_id, [ONLY], NOW)
    return adviser_id


@pytest.fixture
def taken(adviser: UUID) -> UUID:
    """Li has the only time; the booking."""
    li = enrol("李秀英")
    return UUID(seen(li, booked(li, adviser, at(9)))["booking"]["id"])


def join(actor: Actor, adviser: UUID, mandate_id: UUID | None = None) -> UUID:
    return service.join(actor, adviser, TUESDAY, TUESDAY, None, NOW, mandate_id=mandate_id)


def call_off(booking_id: UUID) -> None:
    service.cancel(enrol("李秀英"), booking_id, 0, "不去了", NOW)
    run_outbox(NOW)


def bodies(actor: Actor, kind: str) -> list[str]:
    return [n["body"] for n in notices.inbox(actor.id, "zh-CN", None, 50) if n["kind"] == kind]


def waiting(actor: Actor) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = loads(service.waits(fresh(actor.id)))
    return found


def shaped(schema: type[Schema], answer: dict[str, Any]) -> bool:
    return not schema().validate(answer)


def test_an_offer_is_told_with_its_end_and_goes_on_to_the_next_who_is_told_too(
    adviser: UUID, taken: UUID
):
    first, second = enrol("周大姐"), enrol("赵大哥")
    join(first, adviser)
    join(second, adviser)
    call_off(taken)
    (offered,) = waiting(first)
    until = queries.booking(UUID(offered["offer"]["id"]))
    assert until is not None and until.held_until == NOW + timedelta(hours=2)
    assert told(first) == ["booking_offered"] and told(second) == []
    (body,) = bodies(first, "booking_offered")
    for moment in (at(9), NOW + timedelta(hours=2)):
        assert f"{moment.astimezone(LOCAL):%H:%M}" in body, body

    service.sweep(LATER)
    run_outbox(LATER)
    assert told(first) == ["booking_offered", "booking_offer_lapsed"]
    assert told(second) == ["booking_offered"]
    assert waiting(first) == []
    (offered,) = waiting(second)
    assert offered["state"] == "offered" and offered["offer"]["offered"] is True
    run_outbox(LATER)
    assert told(second) == ["booking_offered"]


def test_an_offer_that_was_taken_is_told_of_once(adviser: UUID, taken: UUID):
    wang = enrol("周大姐")
    join(wang, adviser)
    call_off(taken)
    (offered,) = waiting(wang)
    consultations.book(wang, UUID(offered["offer"]["id"]), about(), NOW)
    service.sweep(LATER)
    run_outbox(LATER)
    assert told(wang) == ["booking_offered", "booking_made"]


def test_for_whom_one_waits_is_said_to_who_acts_for_them(adviser: UUID, taken: UUID):
    grandmother, son = enrol("周奶奶"), enrol("周小军")
    code = people.offer(grandmother, Terms({Scope.SUBMIT, Scope.ACT}, 30), NOW).code
    consent = people.claim(son, code, NOW)
    join(fresh(son.id), adviser, consent)
    call_off(taken)
    (hers,), (his,) = waiting(grandmother), waiting(son)
    assert (hers["for_name"], hers["mine"]) == (None, True)
    assert (his["for_name"], his["mine"]) == ("周奶奶", False)
    assert shaped(schemas.WaitView, hers) and shaped(schemas.WaitView, his)
    assert told(son) == told(grandmother) == ["booking_offered"]

    offer = UUID(his["offer"]["id"])
    views = {who.id: loads(service.view(fresh(who.id), offer)) for who in (grandmother, son)}
    assert {id_: view["for_name"] for id_, view in views.items()} == {
        grandmother.id: None,
        son.id: "周奶奶",
    }
    assert all(view["mine"] and shaped(schemas.OwnBookingView, view) for view in views.values())


def test_the_provider_is_told_no_name_with_a_booking(zheng: Actor, adviser: UUID, taken: UUID):
    view = loads(service.view(fresh(zheng.id), taken))
    assert (view["mine"], view["for_name"]) == (False, None)


def test_each_time_the_plan_moves_away_its_person_is_told_again(
    zheng: Actor, adviser: UUID, taken: UUID
):
    li, keeper = enrol("李秀英"), fresh(zheng.id)
    afternoon = PlanRule(2, 840, 960, Cut(30, (Mode.PHONE,)), TUESDAY, TUESDAY, True)

    def change(*rules: PlanRule, accepted: tuple[UUID, ...] = ()) -> None:
        plan = queries.snapshot(adviser, NOW)
        assert plan is not None
        service.change_plan(keeper, adviser, plan.version, rules, accepted, NOW)
        run_outbox(NOW)

    change(afternoon, accepted=(taken,))
    assert told(li) == ["booking_made", "booking_displaced"]
    (body,) = bodies(li, "booking_displaced")
    for free in ("14:00", "14:30", "15:00"):
        assert free in body, body
    change(ONLY)
    change(afternoon, accepted=(taken,))
    assert told(li) == ["booking_made", "booking_displaced", "booking_displaced"]


def test_what_was_put_back_before_anybody_was_told_is_told_to_nobody(
    zheng: Actor, adviser: UUID, taken: UUID
):
    run_outbox(NOW)
    service.suspend(adviser, "换证", NOW)
    service.resume(adviser, NOW)
    run_outbox(NOW)
    assert told(enrol("李秀英")) == ["booking_made"]
