"""A complaint never reaches whom it is about, and goes to somebody who is independent of them."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from backend.kernel.actor import Actor, Role, Scope
from backend.kernel.crypto import keyring
from backend.kernel.db import fetch_all, fetch_one
from backend.kernel.errors import NotFound, ValidationFailed
from backend.kernel.settings import Settings
from backend.notices import queries as notice_queries
from backend.notices import service as notices
from backend.people import queries as people_queries
from backend.people import service as people
from backend.service_requests import errors, names, queries, service
from backend.service_requests.rules import Outcome, Visibility
from backend.service_requests.service import About, Answer
from tests.service_requests.conftest import (
    COUNTY,
    LAMPS,
    NOW,
    VILLAGE,
    Cast,
    enrol,
    lamp,
    unit_id,
    version,
    view,
)
from tests.service_requests.telling import tell_all

COMMITTEE = f"{VILLAGE}:committee"
INDEPENDENT = "discipline_inspection"


def about(*units: str, people: tuple[str, ...] = ()) -> About:
    return About([unit_id(code) for code in units], people)


def cadre(**changes: Any) -> service.Draft:
    """About 大洼塘's committee, by its category alone."""
    answers = {"whom": "村主任", "kind": "favouritism"}
    return lamp(
        category="cadre_conduct",
        answers=answers,
        visibility=Visibility.ANONYMOUS,
        **changes,
    )


@pytest.fixture
def wardens(cast: Cast) -> dict[str, Actor]:
    """Of the committee, of the independent unit, and of both of them."""
    return {
        "village": enrol("village", (Role.HANDLER, COMMITTEE)),
        "village_lead": enrol("village_lead", (Role.UNIT_LEAD, COMMITTEE)),
        "inspection": enrol("inspection", (Role.UNIT_LEAD, INDEPENDENT)),
    }


def again(actor: Actor) -> Actor:
    """The same person, with what they hold by now."""
    found = people_queries.actor_of(actor.id, NOW)
    assert found is not None
    return found


def sees(actor: Actor, request_id: UUID) -> bool:
    return queries.may_see(again(actor), request_id)


def fields_of(refused: pytest.ExceptionInfo[ValidationFailed]) -> dict[str, str]:
    return {error.field: error.code for error in refused.value.fields}


def test_a_category_that_complains_goes_past_the_village(cast: Cast, wardens: dict[str, Actor]):
    request_id = service.submit(cast["lixiuying"], cadre(), NOW)
    found = view(wardens["inspection"], request_id)

    assert found["lead_unit"]["id"] == str(unit_id(INDEPENDENT))
    assert found["about"] == [{"unit_name": "海边街道大洼塘社区居民委员会", "person_name": None}]
    assert view(cast["lixiuying"], request_id)["about"] == found["about"]
    assert not sees(wardens["village"], request_id)
    assert not sees(wardens["village_lead"], request_id)


def test_any_request_is_a_complaint_once_it_names_a_unit(cast: Cast):
    request_id = service.submit(cast["lixiuying"], lamp(about=about(LAMPS)), NOW)
    found = view(cast["lixiuying"], request_id)

    assert found["lead_unit"]["name"] == "县综合行政执法局"
    assert not sees(cast["chenwei"], request_id) and not sees(cast["liufang"], request_id)
    assert sees(cast["yangguang"], request_id) and sees(cast["majing"], request_id)


def test_a_person_is_found_by_name_in_any_role_and_spelling(cast: Cast):
    twins = [
        enrol("Zhang San", (Role.DISPATCHER, COUNTY)),
        enrol("zhangsan", (Role.SUPERVISOR, COUNTY)),
    ]
    request_id = service.submit(cast["lixiuying"], lamp(about=about(people=("Zhang  SAN",))), NOW)
    assert [sees(twin, request_id) for twin in twins] == [False, False]
    assert sees(cast["yangguang"], request_id)
    assert view(cast["yangguang"], request_id)["about"] == [
        {"unit_name": None, "person_name": "Zhang  SAN"}
    ]


def test_the_unit_of_a_person_complained_about_does_not_lead(cast: Cast):
    request_id = service.submit(cast["lixiuying"], lamp(about=about(people=("chenwei",))), NOW)
    assert view(cast["lixiuying"], request_id)["lead_unit"]["name"] == "县综合行政执法局"


def test_about_somebody_unknown_an_independent_unit_leads(cast: Cast, wardens: dict[str, Actor]):
    request_id = service.submit(cast["lixiuying"], lamp(about=about(people=("王二",))), NOW)
    assert sees(wardens["inspection"], request_id)
    assert view(cast["lixiuying"], request_id)["lead_unit"]["id"] == str(unit_id(INDEPENDENT))


def test_a_name_is_kept_sealed_and_hides_whoever_gets_a_role_later(cast: Cast):
    request_id = service.submit(cast["lixiuying"], lamp(about=about(people=("王 二",))), NOW)
    (kept,) = fetch_all("SELECT c::text FROM complaint_targets c")
    assert "王" not in kept[0]
    sealed, target_id = fetch_one("SELECT name_encrypted, id FROM complaint_targets")
    assert names.unseal(sealed, target_id) == "王 二"

    later = enrol("王二", (Role.UNIT_LEAD, INDEPENDENT))
    assert not sees(later, request_id)
    colleague = enrol("赵五", (Role.HANDLER, INDEPENDENT))
    assert sees(colleague, request_id)


def test_a_new_name_does_not_bring_it_back(cast: Cast):
    request_id = service.submit(cast["lixiuying"], lamp(about=about(people=("majing",))), NOW)
    people.update_profile(cast["majing"], {"name": "马静静"}, NOW)
    assert again(cast["majing"]).name == "马静静"
    assert not sees(cast["majing"], request_id)


@pytest.mark.parametrize("role", [Role.HANDLER, Role.UNIT_LEAD])
def test_whoever_joins_the_unit_later_loses_sight_of_it(cast: Cast, role: Role):
    request_id = service.submit(cast["lixiuying"], cadre(), NOW)
    assert sees(cast["yangguang"], request_id)
    people.grant(cast["yangguang"].id, role, NOW, unit_id=unit_id(COMMITTEE))
    assert not sees(cast["yangguang"], request_id)


def test_what_they_were_told_before_is_kept_from_them_too(
    app: Flask, cast: Cast, notice_templates: None
):
    dispatcher = cast["yangguang"]
    service.submit(cast["lixiuying"], cadre(description="有人触电，村里不管"), NOW)
    service.submit(cast["lixiuying"], lamp(description="灯杆漏电，有人触电"), NOW)
    tell_all()
    first = {notice["subject"]["id"] for notice in notices.inbox(dispatcher.id, "en", None, 9)}
    assert len(first) == notice_queries.unread(dispatcher.id) == 2

    people.grant(dispatcher.id, Role.HANDLER, NOW, unit_id=unit_id(COMMITTEE))
    (left,) = notices.inbox(dispatcher.id, "en", None, 9)
    assert left["subject"]["id"] in first and notice_queries.unread(dispatcher.id) == 1
    assert len(notice_queries.held_of(dispatcher.id, NOW)["notices"]) == 1
    assert notice_queries.unread(cast["lixiuying"].id) == 2


def test_a_complaint_is_never_hidden_from_who_made_it(cast: Cast, wardens: dict[str, Actor]):
    request_id = service.submit(wardens["village"], cadre(), NOW)
    assert sees(wardens["village"], request_id)
    assert not sees(wardens["village_lead"], request_id)
    assert view(wardens["village"], request_id)["actions"]


@pytest.mark.parametrize(
    ("draft", "wrong"),
    [
        ({"visibility": Visibility.PUBLIC}, {"/visibility": "complaint_not_public"}),
        ({"area_code": "520526001"}, {"/area_code": "area_too_wide"}),
        (
            {"about": About([UUID(int=7)], ()), "visibility": Visibility.PUBLIC},
            {"/about/unit_ids/0": "unknown_unit", "/visibility": "complaint_not_public"},
        ),
    ],
)
def test_what_would_let_it_out_is_refused(cast: Cast, draft: dict[str, Any], wrong: dict[str, str]):
    usual = {"answers": {"whom": "村主任", "kind": "other"}, "visibility": Visibility.PRIVATE}
    with pytest.raises(ValidationFailed) as refused:
        service.submit(cast["lixiuying"], lamp(category="cadre_conduct", **{**usual, **draft}), NOW)
    assert fields_of(refused) == wrong
    assert fetch_all("SELECT FROM service_requests") == []


def test_naming_somebody_makes_a_usual_request_unpublishable(cast: Cast):
    with pytest.raises(ValidationFailed) as refused:
        service.submit(
            cast["lixiuying"],
            lamp(visibility=Visibility.PUBLIC, about=about(people=("陈伟",))),
            NOW,
        )
    assert fields_of(refused) == {"/visibility": "complaint_not_public"}


def mandate_from(principal: Actor, agent: Actor) -> tuple[Actor, UUID]:
    """The agent, with the principal's consent."""
    terms = people.Terms((Scope.SUBMIT, Scope.ACT), 30)
    mandate_id = people.claim(agent, people.offer(principal, terms, NOW).code, NOW)
    return again(agent), mandate_id


def test_nobody_submits_for_somebody_else_what_is_about_themselves(
    cast: Cast, wardens: dict[str, Actor]
):
    agent, mandate_id = mandate_from(cast["lixiuying"], wardens["village"])
    for draft in (
        cadre(mandate_id=mandate_id),
        lamp(mandate_id=mandate_id, about=about(people=("Village",))),
    ):
        with pytest.raises(errors.AgentComplainedAbout):
            service.submit(agent, draft, NOW)
    assert fetch_all("SELECT FROM complaint_targets") == []

    agent, mandate_id = mandate_from(cast["lixiuying"], cast["sunhao"])
    request_id = service.submit(agent, cadre(mandate_id=mandate_id), NOW)
    assert sees(agent, request_id)


def test_nobody_gives_it_to_whom_it_is_about(cast: Cast, wardens: dict[str, Actor]):
    dispatcher, committee = cast["yangguang"], unit_id(COMMITTEE)
    request_id = service.submit(cast["lixiuying"], cadre(), NOW)

    with pytest.raises(errors.UnitComplainedAbout):
        service.assign(dispatcher, request_id, 1, NOW, unit_id=committee)
    lead = wardens["inspection"]
    with pytest.raises(errors.UnitComplainedAbout):
        service.dispute(lead, request_id, 1, "不归我们", NOW, unit_id=committee)
    service.dispute(lead, request_id, 1, "不归我们", NOW)
    with pytest.raises(errors.UnitComplainedAbout):
        service.rule(dispatcher, request_id, version(request_id), committee, "归村里", NOW)
    inspection = unit_id(INDEPENDENT)
    service.rule(dispatcher, request_id, version(request_id), inspection, "归纪委", NOW)
    with pytest.raises(errors.UnitComplainedAbout):
        service.open_task(
            lead, request_id, version(request_id), committee, "请说明情况", NOW.date(), NOW
        )
    answer = Answer(Outcome.EXPLAINED, "已核查", basis="村规民约")
    for _ in range(2):
        service.reply(lead, request_id, version(request_id), answer, NOW)
        service.contest(cast["lixiuying"], request_id, version(request_id), "没有", (), NOW)
    with pytest.raises(errors.UnitComplainedAbout):
        service.direct(
            cast["majing"], request_id, version(request_id), "由村里办", NOW, unit_id=committee
        )
    assert queries.has_event(request_id, "ruled") and not sees(wardens["village"], request_id)


def test_nor_to_a_person_it_is_about(cast: Cast, wardens: dict[str, Actor]):
    named = enrol("钱六", None)
    request_id = service.submit(cast["lixiuying"], cadre(about=about(people=("钱六",))), NOW)
    people.grant(named.id, Role.HANDLER, NOW, unit_id=unit_id(INDEPENDENT))
    lead = wardens["inspection"]
    service.accept(lead, request_id, 1, NOW)
    with pytest.raises(errors.UnitComplainedAbout):
        service.assign(lead, request_id, version(request_id), NOW, handler_id=named.id)


def test_who_must_not_know_of_it_is_refused_as_if_it_were_not_there(
    cast: Cast, wardens: dict[str, Actor]
):
    request_id = service.submit(cast["lixiuying"], cadre(), NOW)
    people.grant(cast["yangguang"].id, Role.HANDLER, NOW, unit_id=unit_id(COMMITTEE))
    for somebody in (again(cast["yangguang"]), wardens["village_lead"]):
        with pytest.raises(NotFound):
            service.assign(somebody, request_id, 1, NOW, unit_id=unit_id(COMMITTEE))


def test_over_http_the_form_says_whom(cast: Cast, caller: Any):
    body = {
        "category": "street_lamp",
        "area_code": VILLAGE,
        "description": "反映多次没有人来。",
        "answers": {"fault": "dark"},
        "visibility": "private",
        "about": {"unit_ids": [str(unit_id(LAMPS))], "person_names": ["陈伟"]},
    }
    answer = caller("lixiuying").post("/requests", body)
    assert answer.status_code == 201, answer.get_json()
    assert {"unit_name": None, "person_name": "陈伟"} in answer.get_json()["about"]
    refused = caller("lixiuying").post("/requests", {**body, "visibility": "public"})
    assert refused.status_code == 422
    assert [e["field"] for e in refused.get_json()["errors"]] == ["/visibility"]
    assert refused.get_json()["errors"][0]["message"]


def test_names_are_sealed_anew_when_the_key_changes(cast: Cast, settings: Settings):
    service.submit(cast["lixiuying"], lamp(about=about(people=("王二",))), NOW)
    keys = settings.keys()
    old = dict(keys["encryption"])
    try:
        keyring.load(**{**keys, "encryption": {"next": bytes(range(32)), **old}})
        while service.reencrypt(1):
            pass
        keyring.load(**{**keys, "encryption": {"next": bytes(range(32))}})
        sealed, target_id = fetch_one("SELECT name_encrypted, id FROM complaint_targets")
        assert names.unseal(sealed, target_id) == "王二"
    finally:
        keyring.load(**keys)
