"""Every event is told to whom it concerns, in words that are for them."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from backend.kernel.actor import Scope
from backend.kernel.db import execute
from backend.notices.rules import TO_RESIDENT, TO_STAFF
from backend.people import queries as people_queries
from backend.people import service as people
from backend.service_requests import errors, service
from backend.service_requests.rules import EVENT_OF, A, Kind, MaterialKind, State
from backend.service_requests.service import sweeps
from backend.service_requests.tellings import EARLY, LED_TO, TELLINGS, Group, telling
from tests.service_requests.conftest import NOW, WATER, Cast, act, lamp, unit_id, version
from tests.service_requests.telling import inboxes, tell_all

pytestmark = pytest.mark.usefixtures("notice_templates")

ALL = [*TELLINGS.values(), *EARLY.values(), *LED_TO.values()]


def test_what_is_told_to_each_side_is_worded_for_it() -> None:
    assert {each.requester for each in ALL} - {None} <= set(TO_RESIDENT)
    assert {each.staff for each in ALL} - {None} <= set(TO_STAFF)
    assert all(each.groups for each in ALL)


def test_every_action_has_a_telling_in_every_state_it_leads_to() -> None:
    assert set(EVENT_OF.values()) <= set(TELLINGS)
    told = {telling(kind, state).staff for kind in TELLINGS for state in State}
    assert told <= {each.staff for each in ALL}


def test_more_are_told_the_more_of_the_time_is_used_up() -> None:
    told = [telling(Kind.ESCALATED, State.IN_PROGRESS, share) for share in (50, 80, 100)]
    assert [set(each.groups) for each in told] == [
        {Group.HOLDER},
        {Group.HOLDER, Group.LEADERS},
        {Group.HOLDER, Group.LEADERS, Group.SUPERVISORS},
    ]
    assert [each.requester for each in told] == [None, None, "request_overdue"]


@pytest.fixture
def told(cast: Cast, submitted: UUID):
    """What one person's action makes others read, each time with empty inboxes before."""

    def by(who: str, *actions: A, now=NOW) -> dict[str, list[str]]:
        tell_all(now)
        execute("TRUNCATE notices CASCADE")
        act(cast[who], submitted, *actions, now=now)
        tell_all(now)
        return inboxes()

    return by


def test_an_objection_goes_to_who_rules_and_the_ruling_to_both_sides(told) -> None:
    assert told("chenwei", A.DISPUTE) == {"yangguang": ["disputed"]}
    ruled = told("yangguang", A.RULE)
    assert ruled["lixiuying"] == ["assigned"]
    assert ruled["chenwei"] == ruled["liufang"] == ["ruled"]


def test_more_time_is_asked_of_others_and_told_to_the_resident_if_granted(told) -> None:
    told("chenwei", A.ACCEPT)
    asked = {"liufang": ["extension_asked"], "majing": ["extension_asked"]}
    assert told("chenwei", A.REQUEST_EXTENSION) == asked
    granted = {"lixiuying": ["extended"], "chenwei": ["extension_granted"]}
    assert told("liufang", A.DECIDE_EXTENSION) == granted


def test_help_is_told_to_the_unit_asked_and_its_answer_to_the_lead(
    cast: Cast, submitted: UUID, told
) -> None:
    def ask_for_help() -> None:
        seen, today = version(submitted), date(2026, 11, 23)
        water = unit_id(WATER)
        service.open_task(cast["chenwei"], submitted, seen, water, "看看井盖", today, NOW)

    told("chenwei", A.ACCEPT)
    execute("TRUNCATE notices CASCADE")
    ask_for_help()
    tell_all()
    assert inboxes() == {"zhaolei": ["task"]}
    assert told("zhaolei", A.ANSWER_TASK) == {"chenwei": ["task_answered"]}
    ask_for_help()
    assert told("chenwei", A.CANCEL_TASK) == {}


def test_a_second_list_is_told_to_the_supervisor_alone(cast: Cast, submitted: UUID, told) -> None:
    told("chenwei", A.ACCEPT, A.ASK)
    told("lixiuying", A.SUPPLY)
    execute("TRUNCATE notices CASCADE")
    with pytest.raises(errors.AlreadyAsked):
        act(cast["chenwei"], submitted, A.ASK)
    tell_all()
    assert inboxes() == {"majing": ["second_list"]}


def test_putting_off_and_reminding(told) -> None:
    told("chenwei", A.ACCEPT)
    assert told("lixiuying", A.REMIND) == {"chenwei": ["reminded"]}
    assert told("chenwei", A.DEFER) == {"lixiuying": ["deferred"]}


def test_the_second_contest_goes_to_the_supervisor_and_what_is_directed_to_the_unit(told) -> None:
    told("chenwei", A.ACCEPT, A.REPLY)
    assert told("lixiuying", A.CONTEST) == {"chenwei": ["contested"]}
    told("chenwei", A.REPLY)
    assert told("lixiuying", A.CONTEST) == {"majing": ["to_supervise"]}
    directed = {"lixiuying": ["rework"], "chenwei": ["directed"]}
    assert told("majing", A.DIRECT) == directed


def test_who_has_the_next_step_is_pressed(told, submitted: UUID) -> None:
    told("chenwei", A.DISPUTE)
    assert told("lixiuying", A.REMIND) == {"yangguang": ["reminded"]}
    execute("TRUNCATE notices CASCADE")
    sweeps.escalate(NOW + timedelta(hours=12))
    tell_all()
    assert inboxes() == {"yangguang": ["half_time"]}


def test_what_came_back_is_told_to_who_handled_it(told) -> None:
    told("chenwei", A.ACCEPT, A.REPLY)
    told("lixiuying", A.CONFIRM)
    later = NOW + timedelta(days=20)
    assert told("lixiuying", A.CAME_BACK, now=later) == {"chenwei": ["came_back"]}


def test_one_item_of_several_is_no_news_yet(cast: Cast, submitted: UUID, told) -> None:
    told("chenwei", A.ACCEPT)
    items = [service.Item(label, MaterialKind.TEXT) for label in ("灯杆编号", "几号杆")]
    service.ask(cast["chenwei"], submitted, version(submitted), items, None, NOW)
    assert told("lixiuying", A.SUPPLY) == {}
    assert told("lixiuying", A.SUPPLY) == {"chenwei": ["supplied"]}


def test_who_acts_for_somebody_is_told_with_them_while_the_consent_lasts(cast: Cast) -> None:
    mother, daughter = cast["lixiuying"], cast["wangdafu"]
    terms = people.Terms(tuple(Scope), 30)
    mandate_id = people.claim(daughter, people.offer(mother, terms, NOW).code, NOW)
    acting = people_queries.actor_of(daughter.id, NOW)
    assert acting is not None
    request_id = service.submit(acting, lamp(mandate_id=mandate_id), NOW)
    tell_all()
    told = inboxes()
    assert "submitted" in told["lixiuying"] and "submitted" in told["wangdafu"]
    people.revoke_mandate(mother, mandate_id, NOW)
    execute("TRUNCATE outbox, notices CASCADE")
    act(cast["chenwei"], request_id, A.ACCEPT)
    tell_all()
    assert inboxes() == {"lixiuying": ["accepted"]}
