"""Who may know of a request, and how much: the same answer by every way there is."""

import itertools
from typing import Any
from uuid import UUID

import pytest

from backend.kernel.actor import Actor, Grant, Role
from backend.kernel.db import execute, fetch_all
from backend.kernel.errors import NotFound
from backend.kernel.ids import new_id
from backend.kernel.json import loads
from backend.service_requests import queries, rules, service
from backend.service_requests.errors import ContactNotAvailable
from backend.service_requests.queries import Queue, Wanted
from backend.service_requests.rules import A, Visibility
from tests.service_requests.conftest import (
    LAMPS,
    NOW,
    ROLES,
    WATER,
    Cast,
    act,
    lamp,
    unit_id,
    unrouted,
    view,
)

SEES_THE_LAMP = {"lixiuying", "chenwei", "liufang", "yangguang", "majing"}
SEES_THE_UNROUTED = {"lixiuying", "yangguang", "majing"}


def listed(actor: Actor, words: str | None = None) -> set[str]:
    """Ids in every list there is, found by searching or not."""
    wanted, found = Wanted(words=words), set()
    pages = [queries.own(actor, None, words, None, 50)]
    if actor.grants:
        pages += [queries.workbench(actor, queue, wanted, None, 50, NOW) for queue in Queue]
    for page in pages:
        found |= {item["id"] for item in loads(page.items)}
    return found


def counted(actor: Actor) -> int:
    if not actor.grants:
        return 0
    return max(loads(queries.workbench_summary(actor, NOW)).values())


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize(("draft", "sees"), [(lamp, SEES_THE_LAMP), (unrouted, SEES_THE_UNROUTED)])
def test_list_search_count_detail_pictures_and_actions_agree(cast: Cast, who, draft, sees):
    request_id = service.submit(cast["lixiuying"], draft(), NOW)
    actor, may = cast[who], who in sees

    assert (str(request_id) in listed(actor)) is may
    assert (str(request_id) in listed(actor, "路灯")) is may
    assert (counted(actor) > 0) is (may and who != "lixiuying")
    assert queries.may_see(actor, request_id) is may
    assert queries.may_view(actor.id, request_id, NOW) is may
    if may:
        assert view(actor, request_id)["mine"] is (who == "lixiuying")
    else:
        with pytest.raises(NotFound):
            view(actor, request_id)
        with pytest.raises(NotFound):
            act(actor, request_id, A.WITHDRAW)


def test_a_request_that_is_not_there_is_refused_in_the_same_words(cast: Cast, submitted: UUID):
    for request_id in (submitted, new_id()):
        with pytest.raises(NotFound) as refused:
            view(cast["zhaolei"], request_id)
        assert (refused.value.params, refused.value.extra) == ({}, {})


def test_the_gate_and_the_capacities_are_one_rule(cast: Cast):
    """`visible_to` lets through exactly those to whom `capacities` gives something."""
    units = [unit_id(LAMPS), unit_id(WATER)]
    ids = [
        service.submit(cast[who], draft(area_code=area), NOW)
        for who in ("lixiuying", "wangdafu")
        for draft in (lamp, unrouted)
        for area in ("520526001001", "520526002")
    ]
    grants = [
        Grant(role, unit_id=unit)
        for role, unit in itertools.product((Role.HANDLER, Role.UNIT_LEAD), units)
    ] + [
        Grant(role, area_code=area)
        for role in (Role.DISPATCHER, Role.SUPERVISOR, Role.GRID_WORKER, Role.ADMIN)
        for area in ("520526", "520526001", "520526001001", "520526001001001", "520526002")
    ]
    everybody = [
        Actor(id=person_id, name="", grants=held)
        for person_id in (cast["lixiuying"].id, new_id())
        for held in [(), *((grant,) for grant in grants), tuple(grants)]
    ]
    facts = {
        request_id: queries.current(Actor(id=requester_id, name=""), request_id).facts
        for request_id, requester_id in fetch_all("SELECT id, requester_id FROM service_requests")
    }
    for actor, request_id in itertools.product(everybody, ids):
        held = rules.capacities(actor, facts[request_id])
        assert queries.may_see(actor, request_id) is bool(held)


@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize("who", sorted(SEES_THE_LAMP))
def test_whom_the_requester_is_shown_to(cast: Cast, who: str, visibility: Visibility):
    request_id = service.submit(cast["lixiuying"], lamp(visibility=visibility), NOW)
    found = view(cast[who], request_id)
    knows = visibility is not Visibility.ANONYMOUS or who in ("lixiuying", "yangguang")

    assert (found["requester"] is not None) is knows
    assert found["timeline"][0]["by"]["name"] == ("lixiuying" if knows else None)
    assert ("lixiuying" in service.view(cast[who], request_id, NOW).decode()) is knows
    if who != "lixiuying":
        page = queries.workbench(cast[who], Queue.ALL, Wanted(), None, 20, NOW)
        assert loads(page.items)[0]["requester_name"] == ("lixiuying" if knows else None)
    if knows:
        assert found["requester"]["phone"] == (None if who == "majing" else "138****5678")
        assert found["requester"]["contact_available"] is (who not in ("lixiuying", "majing"))
    assert "13812345678" not in str(found)


def reads() -> list[tuple[UUID, UUID, dict[str, Any]]]:
    return fetch_all(
        "SELECT actor_id, subject_id, details FROM audit_log"
        " WHERE action = 'personal_data.read' ORDER BY id"
    )


@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize("who", ROLES)
def test_the_phone_is_given_to_who_needs_it_and_recorded(
    cast: Cast, who: str, visibility: Visibility
):
    request_id = service.submit(cast["lixiuying"], lamp(visibility=visibility), NOW)
    callers = {"chenwei", "liufang", "yangguang"}
    if visibility is Visibility.ANONYMOUS:
        callers = {"yangguang"}
    if who in callers:
        found = service.contact(cast[who], request_id)
        assert (found.name, found.phone) == ("lixiuying", "13812345678")
        details = {"fields": ["phone"], "for_kind": "service_request", "for_id": str(request_id)}
        assert reads() == [(cast[who].id, cast["lixiuying"].id, details)]
    else:
        with pytest.raises(ContactNotAvailable if who in SEES_THE_LAMP else NotFound):
            service.contact(cast[who], request_id)
        assert reads() == []


def test_every_look_is_an_entry_and_a_closed_request_gives_none(cast: Cast, submitted: UUID):
    for _ in range(2):
        service.contact(cast["chenwei"], submitted)
    assert len(reads()) == 2
    act(cast["lixiuying"], submitted, A.WITHDRAW)
    assert view(cast["chenwei"], submitted)["requester"]["phone"] is None
    with pytest.raises(ContactNotAvailable):
        service.contact(cast["chenwei"], submitted)
    assert len(reads()) == 2


def test_who_gave_no_phone_cannot_be_called(cast: Cast, submitted: UUID):
    execute("UPDATE people SET phone_encrypted = NULL, phone_hash = NULL")
    found = view(cast["chenwei"], submitted)["requester"]
    assert found == {"name": "lixiuying", "phone": None, "contact_available": False}


def test_a_role_taken_back_is_gone_at_once(cast: Cast, submitted: UUID):
    assert queries.may_view(cast["chenwei"].id, submitted, NOW)
    execute(
        "UPDATE role_grants SET revoked_at = %s WHERE person_id = %s", (NOW, cast["chenwei"].id)
    )
    assert not queries.may_view(cast["chenwei"].id, submitted, NOW)
