"""Meetings: booked without a conflict of interest, known to those concerned, served and rated."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from backend.advisers import service as advisers
from backend.bookings import service as bookings
from backend.bookings.errors import HoldExpired, ResourceNotBookable
from backend.bookings.rules import Mode
from backend.consultations import service
from backend.consultations.errors.meetings import (
    AdviserCannotTakeIt,
    AdviserOnly,
    BookingForOthersNotYours,
    ConsultationExists,
    ConsultationRatingClosed,
    NameNeeded,
    NoOffice,
    NotBegun,
    PersonOnly,
)
from backend.consultations.queries.meetings import When, own
from backend.consultations.rules.meetings import Reason
from backend.consultations.service import Other, my_data
from backend.kernel.actor import Actor, Role, Scope
from backend.kernel.crypto import keyring
from backend.kernel.db import execute, fetch_all, fetch_one, transaction
from backend.kernel.errors import NotFound, ValidationFailed
from backend.kernel.json import loads
from backend.kernel.messages import LANGUAGES
from backend.kernel.settings import Settings
from backend.notices import service as notices
from backend.people import queries as people_queries
from backend.people import service as people
from backend.people.service import Terms
from tests.consultations.meeting import (
    COUNTY,
    ELSEWHERE,
    FACTS,
    NOW,
    OPINION,
    OPPONENT,
    SOON,
    VILLAGE,
    about,
    adviser_named,
    at,
    booked,
    count,
    days,
    enrol,
    fresh,
    held,
    run_outbox,
    seen,
    told,
)


@pytest.fixture
def li(app: Flask) -> Actor:
    return enrol("李秀英")


@pytest.fixture
def wang(app: Flask) -> Actor:
    return enrol("邻居老周")


@pytest.fixture
def zheng(app: Flask) -> Actor:
    return enrol("郑明")


@pytest.fixture
def sun(app: Flask) -> Actor:
    return enrol("孙立")


@pytest.fixture
def officer(app: Flask) -> Actor:
    return enrol("韩所长", (Role.JUSTICE, COUNTY))


@pytest.fixture
def adviser(zheng: Actor) -> UUID:
    return adviser_named("郑明", zheng, VILLAGE)


@pytest.fixture
def standby(sun: Actor) -> UUID:
    return adviser_named("孙立", sun, standby=(VILLAGE,))


def lawyer(person: Actor) -> Actor:
    """With the role that came with the register."""
    return fresh(person.id)


def mandate(principal: Actor, agent: Actor) -> UUID:
    code = people.offer(principal, Terms({Scope.SUBMIT, Scope.ACT}, 30), NOW).code
    return people.claim(agent, code, NOW)


def test_a_meeting_is_known_to_both_sides_and_to_nobody_else(
    li: Actor, wang: Actor, zheng: Actor, sun: Actor, adviser: UUID, standby: UUID
):
    meeting = booked(li, adviser, at(9), since_on=date(2024, 1, 2))
    mine, theirs = seen(li, meeting), seen(lawyer(zheng), meeting)
    for view in (mine, theirs):
        assert (view["facts"], view["opposing"], view["informed"]) == (FACTS, [OPPONENT], True)
        assert view["booking"]["state"] == "booked" and view["person_name"] == "李秀英"
        assert view["limitation"]["until_on"] == "2027-01-02"
    assert (mine["mine"], theirs["mine"]) == (True, False)
    assert mine["area"]["code"] == VILLAGE
    assert mine["actions"] == ["move", "cancel"]
    for stranger in (wang, lawyer(sun), zheng):
        with pytest.raises(NotFound):
            seen(stranger, meeting)


def test_what_is_confided_is_in_no_table_in_clear_and_keys_can_be_changed(
    li: Actor, zheng: Actor, adviser: UUID, settings: Settings
):
    meeting = booked(li, adviser, at(9))
    service.serve(lawyer(zheng), meeting, OPINION, 40, at(9, 30))
    for table in ("consultations", "ledger_entries", "audit_log", "outbox", "matter_parties"):
        for (row,) in fetch_all(f"SELECT to_jsonb(t)::text FROM {table} t"):
            assert not any(secret in row for secret in (FACTS, OPPONENT, OPINION)), table
    keys = settings.keys()
    try:
        keyring.load(**{**keys, "encryption": {"next": bytes(32), **keys["encryption"]}})
        assert service.reencrypt(100) == 3
        assert service.reencrypt(100) == 0
        assert seen(li, meeting)["opinion"] == OPINION
    finally:
        keyring.load(**keys)


def test_a_conflict_names_others_and_leaves_nothing_for_the_adviser(
    li: Actor, zheng: Actor, adviser: UUID, standby: UUID
):
    advisers.remember_parties(adviser, "practice", uuid4(), ["王 大富"], [], NOW)
    before = count("matter_parties")
    booking_id = held(li, adviser, at(9))
    with pytest.raises(AdviserCannotTakeIt) as refused:
        service.book(li, booking_id, about(), NOW)
    (other,) = refused.value.extra["others"]
    assert (other["id"], other["name"]) == (standby, "孙立")
    assert other["next_free"]["starts_at"] > NOW
    assert refused.value.params == {}
    assert fetch_one("SELECT state FROM bookings WHERE id = %s", (booking_id,)) == ("expired",)
    assert (count("consultations"), count("matter_parties")) == (0, before)
    agenda = days(lawyer(zheng))
    assert (agenda["items"], agenda["urgent"], agenda["to_record"]) == ([], [], [])
    run_outbox(NOW + SOON)
    assert told(zheng) == []
    assert booked(li, standby, at(9))


def test_nobody_finds_out_clients_by_trying_names(li: Actor, adviser: UUID, standby: UUID):
    advisers.remember_parties(adviser, "practice", uuid4(), ["王大富"], [], NOW)
    for _ in range(3):
        with pytest.raises(AdviserCannotTakeIt):
            booked(li, adviser, at(9))
    with pytest.raises(AdviserCannotTakeIt):
        booked(li, adviser, at(9), opposing=["赵六"])


def test_advisers_do_not_advise_themselves(zheng: Actor, adviser: UUID):
    with pytest.raises(AdviserCannotTakeIt) as refused:
        booked(lawyer(zheng), adviser, at(9))
    assert refused.value.extra["others"] == []


def test_a_hold_that_ran_out_is_not_booked_and_one_time_is_one_matter(li: Actor, adviser: UUID):
    late = held(li, adviser, at(9))
    with pytest.raises(HoldExpired):
        service.book(li, late, about(), NOW + timedelta(minutes=11))
    assert count("consultations") == 0
    again = held(li, adviser, at(10))
    service.book(li, again, about(), NOW)
    with pytest.raises(ConsultationExists):
        service.book(li, again, about(), NOW)


def test_what_is_asked_about_is_known_and_who_asks_has_a_name(li: Actor, adviser: UUID):
    booking_id = held(li, adviser, at(9))
    with pytest.raises(ValidationFailed) as refused:
        service.book(li, booking_id, about(topic="stars", since_on=date(2027, 1, 1)), NOW)
    assert {error.code for error in refused.value.fields} == {"unknown_topic", "since_ahead"}
    people.update_profile(li, {"name": ""}, NOW)
    with pytest.raises(NameNeeded):
        service.book(li, booking_id, about(), NOW)


def test_an_agent_books_and_sees_it_while_the_consent_holds(
    li: Actor, wang: Actor, zheng: Actor, adviser: UUID
):
    with pytest.raises(NotFound):
        service.book(wang, held(li, adviser, at(9)), about(), NOW)
    mandate_id = mandate(li, wang)
    agent = fresh(wang.id)
    meeting = service.book(agent, held(agent, adviser, at(10), mandate_id), about(), NOW)
    assert seen(agent, meeting)["actions"] == ["move", "cancel"]
    assert seen(lawyer(zheng), meeting)["on_behalf"] == {"agent_name": "邻居老周"}
    (listed,) = loads(own(agent, When.COMING, None, 20, NOW).items)
    assert (listed["id"], listed["for_name"]) == (str(meeting), "李秀英")
    people.revoke_mandate(li, mandate_id, NOW)
    after = fresh(wang.id)
    with pytest.raises(NotFound):
        seen(after, meeting)
    assert loads(own(after, When.COMING, None, 20, NOW).items) == []
    run_outbox(NOW + SOON)
    assert told(wang) == [] and "booking_made" in told(li)


def test_a_consent_taken_back_between_hold_and_form_books_nothing(
    li: Actor, wang: Actor, adviser: UUID
):
    mandate_id = mandate(li, wang)
    booking_id = held(fresh(wang.id), adviser, at(10), mandate_id)
    people.revoke_mandate(li, mandate_id, NOW)
    with pytest.raises(NotFound):
        service.book(fresh(wang.id), booking_id, about(), NOW)


def test_the_adviser_says_what_came_of_it_and_the_ledger_has_it(
    li: Actor, zheng: Actor, officer: Actor, adviser: UUID
):
    meeting = booked(li, adviser, at(9))
    with pytest.raises(NotBegun):
        service.serve(lawyer(zheng), meeting, OPINION, 40, at(8, 59))
    for nobody in (officer, li):
        with pytest.raises(AdviserOnly):
            service.serve(nobody, meeting, OPINION, 40, at(9, 30))
    service.serve(lawyer(zheng), meeting, OPINION, 40, at(9, 40))
    assert fetch_all("SELECT kind, source, minutes, subject_id FROM ledger_entries") == [
        ("consultation", "service", 40, meeting)
    ]
    view = seen(li, meeting, at(10))
    assert (view["opinion"], view["booking"]["state"], view["actions"]) == (
        OPINION,
        "served",
        ["rate"],
    )
    with pytest.raises(NotBegun):
        service.serve(lawyer(zheng), meeting, "又改", 10, at(10))
    found = service.matter(lawyer(zheng), "consultation", meeting)
    assert (found.facts, found.opinion, found.closed) == (FACTS, OPINION, True)
    assert found.names == ("李秀英", OPPONENT)
    with pytest.raises(NotFound):
        service.matter(officer, "consultation", meeting)


def test_only_the_person_rates_for_thirty_days_and_the_adviser_never_sees_it(
    li: Actor, wang: Actor, zheng: Actor, officer: Actor, adviser: UUID
):
    meeting = booked(li, adviser, at(9))
    with pytest.raises(ConsultationRatingClosed):
        service.rate(li, meeting, 5, None, at(9))
    service.serve(lawyer(zheng), meeting, OPINION, 40, at(9, 40))
    with pytest.raises(PersonOnly):
        service.rate(lawyer(zheng), meeting, 5, None, at(10))
    with pytest.raises(NotFound):
        service.rate(wang, meeting, 1, None, at(10))
    service.rate(li, meeting, 4, "讲得明白", at(10))
    assert seen(li, meeting)["rating"]["score"] == 4
    assert seen(officer, meeting)["rating"]["score"] == 4
    assert seen(lawyer(zheng), meeting)["rating"] is None
    with pytest.raises(ConsultationRatingClosed):
        service.rate(li, meeting, 1, None, at(9, 41) + timedelta(days=30))


def test_the_office_reads_what_is_confided_only_on_record(li: Actor, officer: Actor, adviser: UUID):
    meeting = booked(li, adviser, at(9))
    view = seen(officer, meeting)
    assert (view["facts"], view["opposing"], view["person_name"]) == (None, [], "李**")
    assert people_queries.accesses(li.id, "zh-CN") == []
    assert not service.may_view(officer.id, meeting, NOW)
    whole = loads(service.look_into(officer, meeting, Reason.COMPLAINT, NOW))
    assert whole["facts"] == FACTS and service.may_view(officer.id, meeting, NOW)
    (access,) = people_queries.accesses(li.id, "zh-CN")
    assert (access.by_name, access.fields) == ("韩所长", ["facts", "opposing"])
    with pytest.raises(NoOffice):
        service.look_into(li, meeting, Reason.COMPLAINT, NOW)
    elsewhere = enrol("外乡所长", (Role.JUSTICE, ELSEWHERE))
    with pytest.raises(NotFound):
        seen(elsewhere, meeting)


def test_the_advisers_reading_is_on_record(li: Actor, zheng: Actor, adviser: UUID):
    meeting = booked(li, adviser, at(9))
    seen(li, meeting)
    assert people_queries.accesses(li.id, "zh-CN") == []
    seen(lawyer(zheng), meeting)
    (access,) = people_queries.accesses(li.id, "zh-CN")
    assert access.by_name == "郑明" and access.matter is not None
    assert access.matter.id == meeting


def test_staff_book_for_somebody_without_a_telephone(
    wang: Actor, zheng: Actor, officer: Actor, adviser: UUID
):
    grid = enrol("孙浩", (Role.GRID_WORKER, VILLAGE))
    far = enrol("远处", (Role.GRID_WORKER, ELSEWHERE))
    other = Other("陈大爷", None, VILLAGE)
    for nobody in (wang, far):
        with pytest.raises(BookingForOthersNotYours):
            service.book_for_other(nobody, adviser, other, at(9), Mode.IN_PERSON, about(), NOW)
    for staff, hour in ((grid, 9), (officer, 10), (lawyer(zheng), 11)):
        meeting = service.book_for_other(
            staff, adviser, other, at(hour), Mode.IN_PERSON, about(), NOW
        )
        assert seen(staff, meeting)["person_name"] == ("陈大爷")
    run_outbox(NOW + SOON)
    assert told(grid) == ["booking_made"]
    assert told(zheng).count("booking_made_provider") == 2
    assert len(days(lawyer(zheng))["items"]) == 3


def test_who_wrote_it_down_goes_on_with_it_while_they_work_there(wang: Actor, adviser: UUID):
    grid = enrol("孙浩", (Role.GRID_WORKER, VILLAGE))
    colleague = enrol("同事", (Role.GRID_WORKER, VILLAGE))
    other = Other("陈大爷", None, VILLAGE)
    meeting = service.book_for_other(grid, adviser, other, at(9), Mode.PHONE, about(), NOW)
    view = seen(grid, meeting)
    assert {"move", "cancel"} <= set(view["actions"])
    booking_id = UUID(view["booking"]["id"])
    for nobody in (wang, colleague):
        with pytest.raises(NotFound):
            bookings.cancel(nobody, booking_id, 0, "他有事", NOW)
    bookings.move(grid, booking_id, 0, at(10), Mode.PHONE, None, NOW)
    moved = enrol("调走了")
    execute("UPDATE role_grants SET person_id = %s WHERE person_id = %s", (moved.id, grid.id))
    with pytest.raises(NotFound):
        bookings.cancel(fresh(grid.id), booking_id, 1, "他有事", NOW)


def test_a_conflict_keeps_staff_from_booking_too(zheng: Actor, adviser: UUID, standby: UUID):
    advisers.remember_parties(adviser, "practice", uuid4(), [OPPONENT], [], NOW)
    grid = enrol("孙浩", (Role.GRID_WORKER, VILLAGE))
    people_before = count("people")
    with pytest.raises(AdviserCannotTakeIt):
        service.book_for_other(
            grid, adviser, Other("陈大爷", None, VILLAGE), at(9), Mode.PHONE, about(), NOW
        )
    assert (count("people"), count("bookings"), count("consultations")) == (people_before, 0, 0)


def test_who_is_suspended_or_whose_term_is_over_cannot_be_booked(
    li: Actor, officer: Actor, adviser: UUID
):
    booking_id = held(li, adviser, at(9))
    advisers.suspend(officer, adviser, "执业证年检", NOW)
    with pytest.raises(ResourceNotBookable):
        service.book(li, booking_id, about(), NOW)
    over = adviser_named("任期已满", None, "520526001002", term_until=date(2026, 11, 22))
    with pytest.raises(ResourceNotBookable):
        held(li, over, at(9))


def test_the_agenda_puts_what_presses_first(li: Actor, wang: Actor, zheng: Actor, adviser: UUID):
    calm = booked(li, adviser, at(9))
    pressing = booked(wang, adviser, at(10), since_on=date(2023, 12, 1))
    agenda = days(lawyer(zheng))
    assert [item["id"] for item in agenda["items"]] == [str(calm), str(pressing)]
    assert [(item["id"], item["days_left"]) for item in agenda["urgent"]] == [(str(pressing), 8)]
    later = days(lawyer(zheng), at(9, 45))
    assert [item["id"] for item in later["to_record"]] == [str(calm)]
    with pytest.raises(AdviserOnly):
        days(li)


def test_both_sides_are_told_and_no_lock_screen_says_what_about(
    li: Actor, zheng: Actor, adviser: UUID
):
    meeting = booked(li, adviser, at(9, day=date(2026, 11, 26)))
    start = at(9, day=date(2026, 11, 26))
    run_outbox(NOW + SOON)
    run_outbox(start - timedelta(hours=24))
    run_outbox(start - timedelta(hours=1))
    run_outbox(start - timedelta(hours=1))
    assert told(li) == ["booking_made", "booking_reminder", "booking_reminder"]
    assert told(zheng) == ["booking_made_provider", "booking_reminder_provider"]
    service.serve(lawyer(zheng), meeting, OPINION, 40, start + timedelta(minutes=40))
    run_outbox(start + timedelta(minutes=41))
    assert told(li)[-1] == "consultation_served"
    for person in (li, zheng):
        for language in LANGUAGES:
            for notice in notices.inbox(person.id, language, None, 20):
                words = notice["title"] + notice["body"]
                assert not any(word in words for word in ("律", "法", "law", "legal", "loan"))
                assert notice["subject"]["id"] == meeting


def test_a_reminder_after_the_start_is_dropped(li: Actor, adviser: UUID):
    booked(li, adviser, at(9, day=date(2026, 11, 26)))
    run_outbox(at(9, 5, day=date(2026, 11, 26)))
    assert "booking_reminder" not in told(li)


def test_who_calls_off_tells_the_other_side(li: Actor, zheng: Actor, adviser: UUID):
    meeting = booked(li, adviser, at(9, day=date(2026, 11, 26)))
    booking = UUID(seen(li, meeting)["booking"]["id"])
    bookings.cancel(lawyer(zheng), booking, 0, "要开庭", NOW)
    run_outbox(NOW + SOON)
    assert "booking_cancelled" in told(li)
    assert "booking_cancelled_provider" not in told(zheng)
    (past,) = loads(own(li, When.PAST, None, 20, NOW).items)
    assert (past["id"], past["state"]) == (str(meeting), "cancelled")


def test_a_closed_account_leaves_nothing_to_read(li: Actor, zheng: Actor, adviser: UUID):
    meeting = booked(li, adviser, at(9))
    (held_about,) = my_data.export(li.id, NOW)
    assert (held_about["facts"], held_about["opposing"]) == (FACTS, [OPPONENT])
    people.close_account(li, NOW)
    view = seen(lawyer(zheng), meeting)
    assert (view["facts"], view["opposing"], view["person_name"]) == (None, [], None)
    assert view["booking"]["state"] == "cancelled"
    with transaction():
        my_data.detach(li.id, NOW)
