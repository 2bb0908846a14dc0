"""Reports of pressure: made by who asked, read by inspectors, by nobody who handles anything."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from backend.kernel.actor import Actor, Mandate, Role, Scope
from backend.kernel.db import execute, fetch_all, fetch_one
from backend.kernel.errors import NotFound
from backend.kernel.ids import new_id
from backend.people import queries as people_queries
from backend.people import service as people
from backend.service_requests import jobs, queries, service
from backend.service_requests.errors import (
    ActionNotYours,
    InspectorOnly,
    ReportClosed,
    TooManyReports,
)
from backend.service_requests.queries import Queue, Wanted
from backend.service_requests.rules import MOST_REPORTS_A_DAY, Action, PressureKind
from tests.service_requests.conftest import (
    COUNTY,
    LAMPS,
    NOW,
    Caller,
    Cast,
    act,
    enrol,
    lamp,
    unit_id,
    view,
)
from tests.service_requests.telling import events

WORDS = "陈伟打电话叫我把评价改成满意"

ROLES = {
    "handler": (Role.HANDLER, "water_company"),
    "leader": (Role.UNIT_LEAD, "water_company"),
    "dispatcher": (Role.DISPATCHER, COUNTY),
    "supervisor": (Role.SUPERVISOR, COUNTY),
}


@pytest.fixture
def inspector(cast: Cast) -> Actor:
    return enrol("heping", (Role.INSPECTOR, COUNTY))


@pytest.fixture
def reported(cast: Cast, submitted: UUID, inspector: Actor) -> UUID:
    return report(cast["lixiuying"], submitted)


def report(actor: Actor, request_id: UUID, text: str = WORDS, now=NOW) -> UUID:
    return service.report_pressure(actor, request_id, PressureKind.CHANGE_RATING, text, now).id


def waiting(actor: Actor) -> list[UUID]:
    return [item["id"] for item in service.reported_pressure(actor, True, None, 50)]


def closed(actor: Actor) -> list[UUID]:
    return [item["id"] for item in service.reported_pressure(actor, False, None, 50)]


def also(actor: Actor, role: Role, scope: str) -> Actor:
    """The same person, with one more role."""
    place = {"area_code": scope} if scope[-1].isdigit() else {"unit_id": unit_id(scope)}
    people.grant(actor.id, role, NOW, **place)
    again = people_queries.actor_of(actor.id, NOW)
    assert again is not None
    return again


def tell(kind: str) -> None:
    for event in events():
        if event.kind == kind:
            jobs.HANDLERS[kind](event, NOW)


def told() -> list[tuple[str, str, str, bool]]:
    return [
        (name, kind, subject, discreet)
        for name, kind, subject, discreet in fetch_all(
            "SELECT p.name, n.kind, n.subject_kind, n.discreet FROM notices n"
            " JOIN people p ON p.id = n.recipient_id ORDER BY n.id"
        )
    ]


def test_an_inspector_reads_it_with_what_it_is_about(
    inspector: Actor, reported: UUID, submitted: UUID, cast: Cast
) -> None:
    (item,) = service.reported_pressure(inspector, True, None, 20)
    assert item["id"] == reported
    assert (item["kind"], item["text"], item["state"]) == ("change_rating", WORDS, "open")
    assert item["number"] == view(cast["lixiuying"], submitted)["number"]
    assert item["reporter_name"] == "lixiuying"
    assert (item["finding"], item["closed_at"]) == (None, None)


def test_its_words_are_kept_sealed(reported: UUID) -> None:
    row = fetch_one("SELECT text_encrypted FROM pressure_reports WHERE id = %s", (reported,))
    assert row is not None
    assert WORDS.encode() not in row[0]


@pytest.mark.parametrize("slug", ["chenwei", "liufang", "yangguang", "majing"])
def test_who_handles_it_can_neither_report_nor_read(
    cast: Cast, reported: UUID, submitted: UUID, slug: str
) -> None:
    with pytest.raises(ActionNotYours):
        report(cast[slug], submitted)
    with pytest.raises(ActionNotYours):
        service.own_pressure_reports(cast[slug], submitted)
    for attempt in (
        lambda: service.reported_pressure(cast[slug], True, None, 20),
        lambda: service.reporter_contact(cast[slug], reported),
        lambda: service.close_report(cast[slug], reported, "查过", NOW),
    ):
        with pytest.raises(InspectorOnly):
            attempt()


@pytest.mark.parametrize("role", ROLES)
def test_an_inspector_who_handles_anything_anywhere_reads_nothing(
    inspector: Actor, reported: UUID, role: str
) -> None:
    with pytest.raises(InspectorOnly):
        waiting(also(inspector, *ROLES[role]))


def test_strangers_learn_nothing(cast: Cast, submitted: UUID, reported: UUID) -> None:
    with pytest.raises(NotFound):
        report(cast["wangdafu"], submitted)
    with pytest.raises(InspectorOnly):
        waiting(cast["wangdafu"])


def test_an_inspector_elsewhere_does_not_see_it(cast: Cast, reported: UUID) -> None:
    elsewhere = enrol("elsewhere", (Role.INSPECTOR, "520526100"))
    assert waiting(elsewhere) == []
    with pytest.raises(NotFound):
        service.close_report(elsewhere, reported, "查过", NOW)


def test_nobody_inspects_their_own_cause(cast: Cast, inspector: Actor) -> None:
    own = service.submit(inspector, lamp(), NOW)
    report_id = report(inspector, own)
    assert waiting(inspector) == []
    with pytest.raises(NotFound):
        service.close_report(inspector, report_id, "查过", NOW)


def test_nobody_inspects_for_whom_they_act(
    cast: Cast, inspector: Actor, reported: UUID, submitted: UUID
) -> None:
    mandate_id = mandate(cast["lixiuying"], inspector, submitted)
    acting = replace(
        inspector,
        mandates=(Mandate(mandate_id, cast["lixiuying"].id, frozenset(Scope)),),
    )
    assert waiting(acting) == []


def test_a_complaint_about_an_inspector_does_not_reach_them(
    inspector: Actor, reported: UUID, submitted: UUID
) -> None:
    execute("UPDATE service_requests SET complaint = true WHERE id = %s", (submitted,))
    assert waiting(inspector) == [reported]
    execute(
        "INSERT INTO complaint_targets (id, request_id, person_id, implied)"
        " VALUES (%s, %s, %s, false)",
        (new_id(), submitted, inspector.id),
    )
    assert waiting(inspector) == []


def test_who_acts_for_the_requester_reports_too_and_reads_only_their_own(
    cast: Cast, submitted: UUID, reported: UUID
) -> None:
    requester, agent = cast["lixiuying"], cast["wangdafu"]
    mandate_id = mandate(requester, agent, submitted)
    acting = replace(agent, mandates=(Mandate(mandate_id, requester.id, frozenset(Scope)),))
    theirs = report(acting, submitted, "他们叫我劝她撤诉")
    assert ids(acting, submitted) == [theirs]
    assert ids(requester, submitted) == [reported, theirs]
    only_reading = replace(
        agent, mandates=(Mandate(mandate_id, requester.id, frozenset({Scope.SUBMIT})),)
    )
    with pytest.raises(ActionNotYours):
        report(only_reading, submitted)
    with pytest.raises(NotFound):
        report(agent, submitted)


def test_it_can_be_reported_after_the_end(cast: Cast, submitted: UUID, inspector: Actor) -> None:
    act(cast["lixiuying"], submitted, Action.WITHDRAW)
    report_id = report(cast["lixiuying"], submitted)
    assert waiting(inspector) == [report_id]


def test_a_person_reports_some_times_a_day(cast: Cast, submitted: UUID, inspector: Actor) -> None:
    for _ in range(MOST_REPORTS_A_DAY):
        report(cast["lixiuying"], submitted)
    with pytest.raises(TooManyReports):
        report(cast["lixiuying"], submitted)
    midnight = NOW.replace(hour=16)  # in China
    with pytest.raises(TooManyReports):
        report(cast["lixiuying"], submitted, now=midnight - timedelta(seconds=1))
    report(cast["lixiuying"], submitted, now=midnight)


def test_nothing_of_it_is_where_others_look(cast: Cast, submitted: UUID, inspector: Actor) -> None:
    def traces() -> list[object]:
        wanted = Wanted()
        return [
            [view(cast[slug], submitted) for slug in ("lixiuying", "chenwei", "majing")],
            queries.workbench(cast["chenwei"], Queue.UNIT, wanted, None, 50, NOW).items,
            fetch_all("SELECT version, updated_at, search::text FROM service_requests"),
            fetch_all("SELECT * FROM timeline_events"),
            fetch_all("SELECT action FROM audit_log WHERE subject_id = %s", (submitted,)),
        ]

    before = traces()
    report_id = report(cast["lixiuying"], submitted)
    service.close_report(inspector, report_id, "已经批评教育", NOW)
    assert traces() == before
    payloads = str(fetch_all("SELECT payload FROM outbox")) + str(
        fetch_all("SELECT details FROM audit_log")
    )
    assert WORDS not in payloads
    assert "批评" not in payloads


def test_closing_it_moves_it_and_shows_the_finding_to_who_reported(
    cast: Cast, inspector: Actor, reported: UUID, submitted: UUID
) -> None:
    item = service.close_report(inspector, reported, "已经批评教育", NOW)
    assert (item["state"], item["finding"], item["closed_at"]) == ("closed", "已经批评教育", NOW)
    assert (waiting(inspector), closed(inspector)) == ([], [reported])
    (own,) = service.own_pressure_reports(cast["lixiuying"], submitted)
    assert (own["text"], own["finding"]) == (WORDS, "已经批评教育")


def test_what_is_closed_stays_closed(inspector: Actor, reported: UUID) -> None:
    service.close_report(inspector, reported, "已经批评教育", NOW)
    with pytest.raises(ReportClosed):
        service.close_report(inspector, reported, "没有的事", NOW)
    with pytest.raises(ReportClosed):
        service.reporter_contact(inspector, reported)


def test_calling_the_reporter_is_recorded(cast: Cast, inspector: Actor, reported: UUID) -> None:
    contact = service.reporter_contact(inspector, reported)
    assert (contact.name, contact.phone) == ("lixiuying", "13812345678")
    rows = fetch_all(
        "SELECT subject_id, details ->> 'for_kind' FROM audit_log"
        " WHERE actor_id = %s AND action = 'personal_data.read'",
        (inspector.id,),
    )
    assert rows == [(cast["lixiuying"].id, "pressure_report")]


@pytest.mark.usefixtures("notice_templates")
def test_inspectors_are_told_and_nobody_else(cast: Cast, inspector: Actor, submitted: UUID) -> None:
    enrol("elsewhere", (Role.INSPECTOR, "520526100"))
    also(enrol("both", (Role.INSPECTOR, COUNTY)), Role.HANDLER, LAMPS)
    report(cast["lixiuying"], submitted)
    tell(service.REPORT_MADE)
    tell(service.REPORT_MADE)
    assert told() == [("heping", "pressure_reported", "pressure_report", True)]


@pytest.mark.usefixtures("notice_templates")
def test_the_reporter_is_told_of_the_finding(cast: Cast, inspector: Actor, reported: UUID) -> None:
    service.close_report(inspector, reported, "已经批评教育", NOW)
    tell(service.REPORT_CLOSED)
    assert told() == [("lixiuying", "pressure_report_closed", "service_request", True)]


def test_over_http(caller: Callable[[str], Caller], cast: Cast, submitted: UUID) -> None:
    cast["heping"] = enrol("heping", (Role.INSPECTOR, COUNTY))
    resident, inspector = caller("lixiuying"), caller("heping")
    made = [
        resident.post(f"/requests/{submitted}/pressure", {"kind": "withdraw", "text": text})
        for text in ("第一次", "第二次", "第三次")
    ]
    assert [answer.status_code for answer in made] == [201, 201, 201]
    assert set(made[0].get_json()) == {"id", "at"}

    first = inspector.get("/inspection/reports?limit=2").get_json()
    rest = inspector.get(f"/inspection/reports?limit=2&cursor={first['next_cursor']}").get_json()
    texts = [item["text"] for item in (*first["items"], *rest["items"])]
    assert texts == ["第一次", "第二次", "第三次"]
    assert rest["next_cursor"] is None

    for answer in made[:2]:
        path = f"/inspection/reports/{answer.get_json()['id']}"
        assert inspector.post(f"{path}/contact", {}).get_json()["phone"] == "13812345678"
        assert inspector.post(f"{path}/close", {"finding": "查过"}).status_code == 200
    done = inspector.get("/inspection/reports?open=false&limit=1").get_json()
    assert [item["text"] for item in done["items"]] == ["第二次"]
    older = inspector.get(
        f"/inspection/reports?open=false&limit=1&cursor={done['next_cursor']}"
    ).get_json()
    assert [item["text"] for item in older["items"]] == ["第一次"]

    own = resident.get(f"/requests/{submitted}/pressure").get_json()["items"]
    assert [item["finding"] for item in own] == ["查过", "查过", None]
    refused = caller("chenwei").get("/inspection/reports")
    assert (refused.status_code, refused.get_json()["code"]) == (403, "inspector_only")


def ids(actor: Actor, request_id: UUID) -> list[UUID]:
    return [item["id"] for item in service.own_pressure_reports(actor, request_id)]


def mandate(principal: Actor, agent: Actor, request_id: UUID) -> UUID:
    """A consent under which the request stands."""
    offered = people.offer(principal, people.Terms(frozenset(Scope), 30), NOW)
    mandate_id = people.claim(agent, offered.code, NOW)
    execute(
        "UPDATE service_requests SET mandate_id = %s, agent_id = %s WHERE id = %s",
        (mandate_id, agent.id, request_id),
    )
    return mandate_id
