"""The register: who keeps it, who serves a place, who joins as whom."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from backend.advisers import queries, service
from backend.advisers.rules.register import (
    AdviserJoined,
    LicenceTaken,
    VillageTaken,
    common_area,
)
from backend.bookings import queries as bookings_read
from backend.kernel.actor import Actor, Role
from backend.kernel.clock import LOCAL
from backend.kernel.db import db, fetch_all, fetch_one
from backend.kernel.errors import Forbidden, NotFound, ValidationFailed
from backend.kernel.json import loads
from backend.people import errors as people_errors
from backend.people import service as people
from backend.people.errors import AreaUnknown
from tests.advisers.conftest import NOW
from tests.advisers.register import (
    COUNTY,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    actor,
    enrolled,
    entry,
    registered,
)

TODAY = NOW.astimezone(LOCAL).date()
FAR_VILLAGE = f"{OTHER_TOWNSHIP}001"


def one(who: Actor, adviser_id: UUID) -> dict[str, Any]:
    return loads(service.adviser(who, adviser_id, NOW))


def serving(who: Actor, area_code: str = VILLAGE, language: str = "zh-CN") -> dict[str, Any]:
    return loads(service.serving(who, area_code, language, NOW))


def search(who: Actor, **wanted: Any) -> tuple[list[dict[str, Any]], Any]:
    asked = {"words": None, "area_code": None, "language": None, "after": None, "limit": 20}
    items, next_key = service.search(who, NOW, **{**asked, **wanted})
    return loads(items), next_key


def audited(adviser_id: UUID) -> list[str]:
    rows = fetch_all(
        "SELECT action FROM audit_log WHERE subject_id = %s ORDER BY id", (adviser_id,)
    )
    return [action for (action,) in rows]


def test_a_justice_officer_enters_and_changes_an_adviser(
    justice_officer: Actor, resident: Actor
) -> None:
    made = service.create(justice_officer, entry("何敏", VILLAGE, OTHER_VILLAGE), NOW)
    seen = one(resident, made)
    assert seen["villages_count"] == 2 and seen["state"] == "active" and not seen["joined"]
    changed = entry("何敏", VILLAGE, standby=(TOWNSHIP,), languages=("mandarin", "yi"))
    service.change(justice_officer, made, changed, NOW)
    seen = one(resident, made)
    assert [place["code"] for place in seen["villages"]] == [VILLAGE]
    assert seen["standby"] == [{"code": TOWNSHIP, "name": "海边街道"}]
    assert seen["languages"] == [
        {"code": "mandarin", "name": "普通话"},
        {"code": "yi", "name": "彝语"},
    ]
    assert seen["licence_no"] == changed.licence_no
    assert audited(made) == ["adviser.created", "adviser.changed"]


@pytest.mark.parametrize(
    "areas", [(FAR_VILLAGE,), (VILLAGE, FAR_VILLAGE)], ids=["elsewhere", "partly elsewhere"]
)
def test_only_for_the_own_area(justice_officer: Actor, areas: tuple[str, ...]) -> None:
    with pytest.raises(ValidationFailed) as refused:
        service.create(justice_officer, entry("何敏", *areas), NOW)
    assert {field.code for field in refused.value.fields} == {"not_your_area"}


def test_others_keep_no_register(
    resident: Actor, adviser: Actor, adviser_id: UUID, far_officer: Actor
) -> None:
    dispatcher = enrolled("派单员", NOW, (Role.DISPATCHER, COUNTY))
    for who in (resident, adviser, dispatcher):
        with pytest.raises(Forbidden):
            service.create(who, entry("新人", FAR_VILLAGE), NOW)
    for who in (resident, adviser, dispatcher, far_officer):
        for act in (
            lambda who: service.change(who, adviser_id, entry("改名", VILLAGE), NOW),
            lambda who: service.suspend(who, adviser_id, "不来", NOW),
            lambda who: service.resume(who, adviser_id, NOW),
            lambda who: service.invite(who, adviser_id, NOW),
        ):
            with pytest.raises(Forbidden):
                act(who)


def test_there_is_no_such_adviser(admin: Actor) -> None:
    nobody = UUID(int=7)
    for act in (
        lambda: service.change(admin, nobody, entry("何敏", VILLAGE), NOW),
        lambda: service.suspend(admin, nobody, "不来", NOW),
        lambda: service.invite(admin, nobody, NOW),
        lambda: service.adviser(admin, nobody, NOW),
    ):
        with pytest.raises(NotFound):
            act()


@pytest.mark.parametrize("code", ["999999999999", TOWNSHIP, f"{VILLAGE}001"])
def test_an_own_village_is_a_village(admin: Actor, code: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        service.create(admin, entry("何敏", VILLAGE, code), NOW)
    (field,) = refused.value.fields
    assert (field.field, field.code) == ("/villages/1", "no_such_village")


def test_a_village_has_one_adviser_of_its_own(adviser_id: UUID, admin: Actor) -> None:
    with pytest.raises(VillageTaken) as refused:
        service.create(admin, entry("陆军", OTHER_VILLAGE, VILLAGE), NOW)
    assert [field.field for field in refused.value.fields] == ["/villages/1"]
    service.create(admin, entry("陆军", OTHER_VILLAGE, standby=(VILLAGE,)), NOW)


def test_a_licence_is_one_advisers(adviser_id: UUID, admin: Actor) -> None:
    taken = one(admin, adviser_id)["licence_no"]
    with pytest.raises(LicenceTaken):
        service.create(admin, entry("陆军", OTHER_VILLAGE, licence_no=taken), NOW)


def test_a_place_has_its_own_adviser(adviser_id: UUID, standby_id: UUID, resident: Actor) -> None:
    found = serving(resident, f"{VILLAGE}001")
    assert found["area"]["full_name"].startswith("海边街道 大洼塘社区")
    assert found["adviser"]["id"] == str(adviser_id) and found["meanwhile"] == []
    assert found["adviser"]["next_free"] == {
        "starts_at": "2026-11-24T01:00:00Z",
        "modes": ["in_person", "phone"],
    }
    assert found["justice_office"]["name"] == "海边街道司法所" and found["justice_office"]["phone"]
    assert serving(resident, language="en")["justice_office"]["name"].endswith("Justice Office")
    assert serving(resident, COUNTY)["justice_office"]["name"] == "县司法局"


@pytest.mark.parametrize("why", ["suspended", "expired", "upcoming"])
def test_who_serves_meanwhile_is_told(
    why: str, adviser_id: UUID, standby_id: UUID, resident: Actor, justice_officer: Actor
) -> None:
    if why == "suspended":
        service.suspend(justice_officer, adviser_id, "年度考核", NOW)
    else:
        day = TODAY - timedelta(days=1) if why == "expired" else TODAY + timedelta(days=1)
        term = {"term_until": day} if why == "expired" else {"term_from": day}
        service.change(justice_officer, adviser_id, entry("何敏", VILLAGE, **term), NOW)
    found = serving(resident)
    assert found["adviser"]["state"] == why
    assert found["adviser"]["bookable"] is (why == "upcoming")
    assert [each["id"] for each in found["meanwhile"]] == [str(standby_id)]
    if why == "suspended":
        service.resume(justice_officer, adviser_id, NOW)
        assert serving(resident)["meanwhile"] == []


def test_the_last_day_of_a_term_is_still_served(
    adviser_id: UUID, justice_officer: Actor, resident: Actor
) -> None:
    service.change(justice_officer, adviser_id, entry("何敏", VILLAGE, term_until=TODAY), NOW)
    assert serving(resident)["adviser"]["state"] == "active"


def test_a_place_without_an_adviser_has_who_stands_in(standby_id: UUID, resident: Actor) -> None:
    found = serving(resident, f"{TOWNSHIP}003")
    assert found["adviser"] is None
    assert [each["id"] for each in found["meanwhile"]] == [str(standby_id)]
    assert serving(resident, FAR_VILLAGE) | {"area": None, "justice_office": None} == {
        "area": None, "adviser": None, "meanwhile": [], "justice_office": None,
    }  # fmt: skip


def test_there_is_no_such_place(resident: Actor) -> None:
    with pytest.raises(AreaUnknown):
        serving(resident, "999999999999")


def test_advisers_are_found_by_words_place_and_language(
    adviser_id: UUID, standby_id: UUID, resident: Actor
) -> None:
    yi = service.create(None, entry("禄贵", FAR_VILLAGE, languages=("yi",)), NOW)

    def ids(**wanted: Any) -> set[str]:
        return {each["id"] for each in search(resident, **wanted)[0]}

    assert ids() == {str(adviser_id), str(standby_id), str(yi)}
    assert ids(words="何敏") == {str(adviser_id)}
    assert ids(words="草海 律师") == ids()
    assert ids(words="。") == set()
    assert ids(area_code=VILLAGE) == {str(adviser_id), str(standby_id)}
    assert ids(area_code=f"{VILLAGE}001") == {str(adviser_id), str(standby_id)}
    assert ids(area_code=OTHER_TOWNSHIP) == {str(yi)}
    assert ids(language="yi") == {str(yi)} and ids(language="苗语") == set()


def test_pages_have_everybody_once_in_three_queries(
    resident: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):
        registered(
            "同名" if number % 2 else f"顾问{number}", None, NOW, f"{TOWNSHIP}00{number + 1}"
        )
    asked: list[str] = []
    ask = db.execute_sql
    monkeypatch.setattr(
        db, "execute_sql", lambda sql, *args: (asked.append(sql), ask(sql, *args))[1]
    )
    seen: list[str] = []
    after = None
    while True:
        asked.clear()
        items, after = search(resident, after=after, limit=3)
        assert len(asked) <= 3
        seen += [item["id"] for item in items]
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 7


def test_lists_name_the_first_villages_only(resident: Actor) -> None:
    made = registered("何敏", None, NOW, *(f"{TOWNSHIP}00{number}" for number in range(1, 9)))
    (item,) = search(resident)[0]
    assert len(item["villages"]) == 6 and item["villages_count"] == 8
    assert len(one(resident, made)["villages"]) == 8


def test_an_adviser_joins_by_the_code_from_the_register(
    adviser_id: UUID, justice_officer: Actor, app: Any
) -> None:
    first = service.invite(justice_officer, adviser_id, NOW)
    second = service.invite(justice_officer, adviser_id, NOW)
    lawyer = enrolled("何律师", NOW)
    with pytest.raises(people_errors.InvitationExpired):
        people.accept_invitation(lawyer, first.code, NOW)
    people.accept_invitation(lawyer, second.code, NOW)
    lawyer = actor(lawyer.id, NOW)
    assert [(grant.role, grant.area_code) for grant in lawyer.grants] == [(Role.ADVISER, VILLAGE)]
    assert queries.adviser_of(lawyer.id) == adviser_id
    assert queries.person_of(adviser_id) == lawyer.id
    assert loads(service.own(lawyer, NOW))["id"] == str(adviser_id)
    assert fetch_one("SELECT owner_id FROM booking_resources") == (lawyer.id,)
    assert "adviser.joined" in audited(adviser_id)
    with pytest.raises(AdviserJoined):
        service.invite(justice_officer, adviser_id, NOW)


def test_a_justice_officer_invites_only_from_the_register(justice_officer: Actor) -> None:
    for role in (Role.JUSTICE, Role.GRID_WORKER, Role.DISPATCHER, Role.ADMIN):
        with pytest.raises(Forbidden):
            people.invite(justice_officer, role, NOW, area_code=TOWNSHIP)


def test_nobody_is_two_advisers(
    adviser: Actor, adviser_id: UUID, standby_id: UUID, justice_officer: Actor, app: Any
) -> None:
    code = service.invite(justice_officer, standby_id, NOW).code
    with pytest.raises(people_errors.InvitationNotForYou):
        people.accept_invitation(adviser, code, NOW)
    assert queries.person_of(standby_id) is None
    people.accept_invitation(enrolled("陆律师", NOW), code, NOW)


def test_other_invitations_are_no_business_of_the_register(admin: Actor, app: Any) -> None:
    code = people.invite(admin, Role.GRID_WORKER, NOW, area_code=VILLAGE).code
    person = enrolled("小孙", NOW)
    people.accept_invitation(person, code, NOW)
    assert queries.adviser_of(person.id) is None


def test_an_adviser_without_the_role_can_be_invited_anew(
    adviser: Actor, adviser_id: UUID, admin: Actor, justice_officer: Actor, app: Any
) -> None:
    (grant_id,) = fetch_one("SELECT id FROM role_grants WHERE person_id = %s", (adviser.id,))
    people.revoke(admin, grant_id, NOW)
    with pytest.raises(NotFound):
        service.own(actor(adviser.id, NOW), NOW)
    code = service.invite(justice_officer, adviser_id, NOW).code
    again = enrolled("何律师的新号", NOW)
    people.accept_invitation(again, code, NOW)
    assert queries.person_of(adviser_id) == again.id


def test_who_closes_the_account_is_no_adviser_any_more(
    adviser: Actor, adviser_id: UUID, app: Any, resident: Actor
) -> None:
    people.close_account(adviser, NOW)
    assert queries.person_of(adviser_id) is None and queries.adviser_of(adviser.id) is None
    assert fetch_one("SELECT owner_id FROM booking_resources") == (None,)
    assert one(resident, adviser_id)["name"] == "何敏", "the public register stays"


def test_who_acts_for_an_adviser(
    adviser: Actor,
    adviser_id: UUID,
    standby_id: UUID,
    justice_officer: Actor,
    far_officer: Actor,
    admin: Actor,
    resident: Actor,
) -> None:
    for who in (adviser, justice_officer, admin):
        assert service.runs(who, adviser_id)
    for who in (far_officer, resident):
        assert not service.runs(who, adviser_id)
    assert not service.runs(adviser, standby_id)
    assert not service.runs(admin, UUID(int=7))


def test_justice_officers_of_a_place(justice_officer: Actor, far_officer: Actor) -> None:
    bureau = enrolled("司法局", NOW, (Role.JUSTICE, COUNTY))
    assert set(queries.justice_over(VILLAGE, NOW)) == {justice_officer.id, bureau.id}
    assert queries.justice_over(COUNTY, NOW) == [bureau.id]


def test_standbys_are_those_who_can(
    adviser_id: UUID, standby_id: UUID, justice_officer: Actor
) -> None:
    assert queries.standbys(VILLAGE, NOW) == [standby_id]
    service.suspend(justice_officer, standby_id, "病假", NOW)
    assert queries.standbys(VILLAGE, NOW) == []


def test_a_suspended_adviser_has_no_free_slot(
    adviser_id: UUID, justice_officer: Actor, resident: Actor
) -> None:
    service.suspend(justice_officer, adviser_id, "年度考核", NOW)
    seen = one(resident, adviser_id)
    assert seen["next_free"] is None and seen["bookable"] is False
    assert bookings_read.next_free([adviser_id], NOW) == {}


@pytest.mark.parametrize(
    ("areas", "common"),
    [
        ([VILLAGE], VILLAGE),
        ([VILLAGE, OTHER_VILLAGE], TOWNSHIP),
        ([VILLAGE, TOWNSHIP], TOWNSHIP),
        ([VILLAGE, FAR_VILLAGE], COUNTY),
    ],
)
def test_the_role_is_over_the_smallest_area(areas: list[str], common: str) -> None:
    assert common_area(areas) == common


def test_a_term_is_of_whole_days_in_china(adviser_id: UUID, resident: Actor) -> None:
    last = date(2026, 12, 31)
    service.change(None, adviser_id, entry("何敏", VILLAGE, term_until=last), NOW)
    midnight = NOW.astimezone(LOCAL).replace(2027, 1, 1, 0, 0)
    for moment, state in ((midnight - timedelta(seconds=1), "active"), (midnight, "expired")):
        assert loads(service.adviser(resident, adviser_id, moment))["state"] == state
