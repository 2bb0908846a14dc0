"""Acting for somebody: under their consent, on record under both names, over the moment it ends."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from backend.kernel.actor import Actor, Role, Scope
from backend.kernel.db import fetch_all
from backend.kernel.errors import MandateNotInForce, NotFound
from backend.kernel.json import loads
from backend.people import queries as people_queries
from backend.people import service as people
from backend.service_requests import errors, queries, service
from backend.service_requests.queries import Queue, Wanted
from backend.service_requests.rules import A, Capacity, MaterialKind
from backend.service_requests.service import Item, Supply
from tests.service_requests.conftest import (
    LAMPS,
    NOW,
    Cast,
    act,
    enrol,
    lamp,
    missing,
    pictures,
    state,
    version,
    view,
)
from tests.service_requests.telling import inboxes, tell_all

BOTH = (Scope.SUBMIT, Scope.ACT)


def consent(cast: Cast, *scopes: Scope, agent: str = "wangdafu") -> UUID:
    """李秀英 lets somebody act for her for 30 days; from now on the cast knows."""
    code = people.offer(cast["lixiuying"], people.Terms(scopes or BOTH, 30), NOW).code
    mandate_id = people.claim(cast[agent], code, NOW)
    cast[agent] = at(cast[agent], NOW)
    return mandate_id


def at(actor: Actor, now: datetime) -> Actor:
    """The person as the next request they make finds them."""
    found = people_queries.actor_of(actor.id, now)
    assert found is not None
    return found


def asked_for(cast: Cast, mandate_id: UUID, agent: str = "wangdafu") -> UUID:
    return service.submit(cast[agent], lamp(mandate_id=mandate_id), NOW)


def own(actor: Actor) -> list[tuple[str, str | None]]:
    items = loads(queries.own(actor, None, None, None, 20).items)
    return [(item["id"], item["for_name"]) for item in items]


def test_an_agent_does_what_the_requester_could_and_both_names_are_on_record(cast: Cast):
    mandate_id = consent(cast)
    request_id, agent = asked_for(cast, mandate_id), cast["wangdafu"]
    mine = view(cast["lixiuying"], request_id)
    assert mine["mine"] and mine["on_behalf"] == {"agent_name": "wangdafu", "mine": False}
    theirs = view(agent, request_id)
    assert not theirs["mine"] and theirs["on_behalf"] == {"agent_name": "wangdafu", "mine": True}
    assert (own(cast["lixiuying"]), own(agent)) == (
        [(str(request_id), None)],
        [(str(request_id), "lixiuying")],
    )

    act(agent, request_id, A.REMIND)
    act(cast["chenwei"], request_id, A.ACCEPT, A.ASK)
    act(agent, request_id, A.SUPPLY)
    act(cast["chenwei"], request_id, A.REPLY)
    act(agent, request_id, A.CONTEST)
    timeline = view(cast["chenwei"], request_id)["timeline"]
    acted = [event["kind"] for event in timeline if event["by"]["role"] == "agent"]
    assert acted == ["submitted", "reminded", "supplied", "contested"]
    assert {event["by"]["name"] for event in timeline if event["by"]["role"] == "agent"} == {
        "wangdafu"
    }
    audited = fetch_all("SELECT details FROM audit_log WHERE actor_id = %s", (agent.id,))
    spoken_for = [details["for"] for (details,) in audited if "for" in details]
    assert spoken_for.count(str(cast["lixiuying"].id)) >= len(acted)


def test_only_the_requester_rates(cast: Cast):
    request_id = asked_for(cast, consent(cast))
    act(cast["chenwei"], request_id, A.ACCEPT, A.REPLY)
    assert "rate" not in view(cast["wangdafu"], request_id)["actions"]
    with pytest.raises(errors.ActionNotYours):
        service.rate(cast["wangdafu"], request_id, 5, None, NOW)
    service.rate(cast["lixiuying"], request_id, 2, None, NOW)


def test_who_may_only_submit_reads_on_and_does_nothing(cast: Cast):
    request_id = asked_for(cast, consent(cast, Scope.SUBMIT))
    agent = cast["wangdafu"]
    assert view(agent, request_id)["actions"] == []
    for action in (A.REMIND, A.WITHDRAW):
        with pytest.raises(errors.ActionNotYours):
            act(agent, request_id, action)
    act(cast["lixiuying"], request_id, A.REMIND)


def test_a_consent_is_needed_and_the_right_one(cast: Cast):
    only_act = consent(cast, Scope.ACT)
    with pytest.raises(MandateNotInForce):
        asked_for(cast, only_act)
    with pytest.raises(MandateNotInForce):
        asked_for(cast, only_act, agent="sunhao")
    with pytest.raises(MandateNotInForce):
        asked_for(cast, UUID(int=7))


def test_what_the_requester_did_alone_is_not_the_agents_to_see(cast: Cast, submitted: UUID):
    consent(cast)
    with pytest.raises(NotFound):
        view(cast["wangdafu"], submitted)
    assert own(cast["wangdafu"]) == []


def test_an_agent_is_nothing_else_to_it(cast: Cast):
    """Not even the leader of the unit that handles it."""
    cast["cousin"] = enrol("cousin", (Role.UNIT_LEAD, LAMPS))
    request_id = asked_for(cast, consent(cast, agent="cousin"), agent="cousin")
    cousin = cast["cousin"]
    assert view(cousin, request_id)["actions"] == ["remind", "withdraw"]
    with pytest.raises(errors.ActionNotYours):
        act(cousin, request_id, A.ACCEPT)
    bench = queries.workbench(cousin, Queue.ALL, Wanted(), None, 9, NOW).items
    assert str(request_id) not in bench
    tell_all()
    assert "arrived" not in inboxes().get("cousin", [])


@pytest.mark.parametrize("how", ["revoked", "run out"])
def test_when_consent_ends_half_way_it_ends_at_once(cast: Cast, how: str):
    mandate_id = consent(cast)
    request_id, agent = asked_for(cast, mandate_id), cast["wangdafu"]
    act(cast["chenwei"], request_id, A.ACCEPT, A.ASK)
    now = NOW + timedelta(hours=1)
    if how == "revoked":
        people.revoke_mandate(cast["lixiuying"], mandate_id, now)
    else:
        now = NOW + timedelta(days=31)
    agent = at(agent, now)

    with pytest.raises(NotFound):
        view(agent, request_id, now)
    with pytest.raises(NotFound):
        act(agent, request_id, A.SUPPLY, now=now)
    with pytest.raises(MandateNotInForce):
        service.submit(agent, lamp(mandate_id=mandate_id), now)
    assert own(agent) == []
    assert not queries.may_view(agent.id, request_id, now)
    act(cast["lixiuying"], request_id, A.SUPPLY, now=now)
    assert state(request_id) == "in_progress"


def test_what_the_requester_is_told_the_agent_is_told_while_it_lasts(
    cast: Cast, notice_templates: None
):
    mandate_id = consent(cast)
    request_id = asked_for(cast, mandate_id)
    act(cast["chenwei"], request_id, A.ACCEPT)
    tell_all()
    before = inboxes()
    assert "accepted" in before["wangdafu"] and "accepted" in before["lixiuying"]
    people.revoke_mandate(cast["lixiuying"], mandate_id, NOW)
    act(cast["chenwei"], request_id, A.REPLY)
    tell_all()
    after = inboxes()
    assert "replied" in after["lixiuying"] and "replied" not in after["wangdafu"]


def test_an_agent_does_not_use_again_what_the_requester_once_gave(cast: Cast):
    """Nor look through it."""
    li, items = cast["lixiuying"], [Item("身份证号", MaterialKind.TEXT)]
    earlier = service.submit(li, lamp(), NOW)
    act(cast["chenwei"], earlier, A.ACCEPT)
    service.ask(cast["chenwei"], earlier, version(earlier), items, None, NOW)
    source = missing(earlier)
    service.supply(li, earlier, version(earlier), Supply(source, "522401"), NOW)

    request_id = asked_for(cast, consent(cast))
    act(cast["chenwei"], request_id, A.ACCEPT, A.ASK)
    again = Supply(missing(request_id), reuse_of=source)
    with pytest.raises(errors.MaterialNotReusable):
        service.supply(cast["wangdafu"], request_id, version(request_id), again, NOW)
    assert service.given_before(cast["wangdafu"], None, NOW) == []
    service.supply(li, request_id, version(request_id), again, NOW)


def test_pictures_go_with_the_consent(cast: Cast):
    """A link is asked at each use whether its person may still see the request."""
    mandate_id = consent(cast)
    draft = lamp(mandate_id=mandate_id, attachment_ids=pictures(cast["wangdafu"]))
    request_id = service.submit(cast["wangdafu"], draft, NOW)
    assert len(view(cast["lixiuying"], request_id)["attachments"]) == 1
    assert queries.may_view(cast["wangdafu"].id, request_id, NOW)
    people.revoke_mandate(at(cast["wangdafu"], NOW), mandate_id, NOW)
    assert not queries.may_view(cast["wangdafu"].id, request_id, NOW)


def test_an_agent_without_consent_is_refused_by_code(caller, cast: Cast):
    mandate_id = consent(cast)
    people.revoke_mandate(cast["lixiuying"], mandate_id, NOW)
    cast["wangdafu"] = at(cast["wangdafu"], NOW)
    body = {
        "category": "street_lamp",
        "area_code": "520526001001",
        "description": "路灯不亮",
        "answers": {"fault": "dark"},
        "visibility": "private",
        "mandate_id": str(mandate_id),
    }
    answer = caller("wangdafu").post("/requests", body)
    assert (answer.status_code, answer.json["code"]) == (403, "mandate_not_in_force")


def test_the_capacity_is_kept_with_the_event(cast: Cast):
    request_id = asked_for(cast, consent(cast))
    rows = fetch_all("SELECT capacity FROM timeline_events WHERE request_id = %s", (request_id,))
    assert rows == [(Capacity.AGENT,)]
    anonymous = replace(lamp(mandate_id=cast["wangdafu"].mandates[0].id), visibility="anonymous")
    hidden = service.submit(cast["wangdafu"], anonymous, NOW)
    seen = view(cast["chenwei"], hidden)
    assert seen["on_behalf"] is None and seen["requester"] is None
    assert seen["timeline"][0]["by"]["name"] is None
