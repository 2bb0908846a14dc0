"""The ledger as clients meet it: read, narrowed, added to, refused."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from backend.advisers import service
from backend.advisers.schemas.ledger import LedgerEntry
from backend.kernel.actor import Actor, Role
from backend.kernel.clock import LOCAL, now
from backend.web.pages import page_of
from tests.advisers.conftest import Device
from tests.advisers.deeds import served
from tests.advisers.register import (
    COUNTY,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    enrolled,
    registered,
)

SignedIn = Callable[[Actor], Device]


def today() -> date:
    return now().astimezone(LOCAL).date()


def told(kind: str = "lecture", **changes: Any) -> dict[str, Any]:
    """What an adviser did today in their village."""
    body = {
        "kind": kind,
        "village": VILLAGE,
        "served_on": today().isoformat(),
        "minutes": 90,
        "title": "民法典进院坝",
        "summary": "讲了借条怎么写",
        "attendees": 35,
    }
    return body | changes


@pytest.fixture
def other(database: str) -> UUID:
    """陆军, of the village beside it, who has joined."""
    return registered("陆军", enrolled("陆律师", now()).id, now(), OTHER_VILLAGE)


@pytest.fixture
def other_lawyer(other: UUID) -> Actor:
    return enrolled("陆律师", now())


@pytest.mark.parametrize("kind", ["lecture", "contract_review", "visit"])
def test_what_was_done_today_and_what_is_told_later(
    kind: str, device: SignedIn, adviser: Actor, adviser_id: UUID
) -> None:
    lawyer = device(adviser)
    made = lawyer.post("/ledger", told(kind))
    assert made.status_code == 201, made.text
    assert not LedgerEntry().validate(made.json)
    assert (made.json["kind"], made.json["source"], made.json["entered_later"]) == (
        kind, "entered", False,
    )  # fmt: skip
    assert made.json["adviser"] == {"id": str(adviser_id), "name": "何敏"}
    assert (made.json["client"], made.json["attendees"], made.json["minutes"]) == (None, 35, 90)
    past = (today() - timedelta(days=1)).isoformat()
    later = lawyer.post("/ledger", told(kind, served_on=past, attendees=None)).json
    assert (later["entered_later"], later["served_on"], later["attendees"]) == (True, past, None)
    claimed = lawyer.post("/ledger", told(kind, served_on=past, entered_later=False))
    assert (claimed.status_code, claimed.json["code"]) == (422, "validation_failed")
    shown = lawyer.get("/ledger").json["items"]
    assert [entry["entered_later"] for entry in shown] == [False, True]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"kind": "consultation"}, "/kind", "not_a_choice"),
        ({"served_on": "2099-01-01"}, "/served_on", "day_ahead"),
        ({"served_on": "2020-01-01"}, "/served_on", "day_too_long_ago"),
        ({"served_on": "昨天"}, "/served_on", "not_a_date"),
        ({"village": f"{OTHER_TOWNSHIP}001"}, "/village", "village_not_served"),
        ({"village": TOWNSHIP}, "/village", "village_not_served"),
        ({"minutes": 0}, "/minutes", "too_small"),
        ({"minutes": 601}, "/minutes", "too_large"),
        ({"attendees": -1}, "/attendees", "too_small"),
        ({"title": " "}, "/title", "required"),
        ({"summary": "长" * 2001}, "/summary", "too_long"),
    ],
)
def test_what_does_not_fit_is_named(
    change: dict[str, Any], field: str, code: str, device: SignedIn, adviser: Actor
) -> None:
    refused = device(adviser).post("/ledger", told(**change))
    assert refused.status_code == 422, refused.text
    assert (field, code) in [(e["field"], e["code"]) for e in refused.json["errors"]]


def test_who_sees_what(
    device: SignedIn,
    adviser: Actor,
    adviser_id: UUID,
    other: UUID,
    other_lawyer: Actor,
    justice_officer: Actor,
    far_officer: Actor,
    admin: Actor,
    resident: Actor,
) -> None:
    served(adviser_id, resident.id, VILLAGE)
    served(other, resident.id, OTHER_VILLAGE)

    def sees(actor: Actor) -> set[str]:
        answer = device(actor).get("/ledger")
        assert answer.status_code == 200 and not page_of(LedgerEntry)().validate(answer.json)
        return {entry["adviser"]["name"] for entry in answer.json["items"]}

    assert sees(adviser) == {"何敏"}
    assert sees(other_lawyer) == {"陆军"}
    assert sees(justice_officer) == sees(admin) == {"何敏", "陆军"}
    assert sees(far_officer) == set()
    (own,) = device(adviser).get("/ledger").json["items"]
    assert (own["client"], own["summary"], own["opinion"]) == ("李**", "邻居借钱不还", "先催款")


@pytest.mark.parametrize("role", [None, Role.GRID_WORKER, Role.DISPATCHER, Role.INSPECTOR])
def test_others_are_refused(role: Role | None, device: SignedIn, database: str) -> None:
    who = device(enrolled("外人", now(), *([] if role is None else [(role, COUNTY)])))
    for answer in (who.get("/ledger"), who.get("/ledger.xlsx"), who.post("/ledger", told())):
        assert (answer.status_code, answer.json["code"]) == (403, "ledger_not_yours")


def test_overseers_enter_nothing(device: SignedIn, justice_officer: Actor, admin: Actor) -> None:
    for actor in (justice_officer, admin):
        refused = device(actor).post("/ledger", told())
        assert (refused.status_code, refused.json["code"]) == (403, "ledger_not_yours")


def test_it_is_narrowed_by_adviser_village_and_days(
    device: SignedIn, adviser_id: UUID, other: UUID, justice_officer: Actor, resident: Actor
) -> None:
    for days in (0, 1, 5):
        served(adviser_id, resident.id, VILLAGE, days)
    served(other, resident.id, OTHER_VILLAGE, 1)
    officer = device(justice_officer)

    def count(query: str) -> int:
        answer = officer.get(f"/ledger?{query}")
        assert answer.status_code == 200, answer.text
        return len(answer.json["items"])

    yesterday = today() - timedelta(days=1)
    assert count("") == 4
    assert count(f"adviser={other}") == 1
    assert count(f"village={VILLAGE}") == 3
    assert count(f"village={TOWNSHIP}") == 4
    assert count(f"village={OTHER_TOWNSHIP}") == 0
    assert count(f"from={yesterday}") == 3
    assert count(f"to={yesterday}") == 3
    assert count(f"from={yesterday}&to={yesterday}") == 2
    assert count(f"from={yesterday}&to={yesterday}&adviser={adviser_id}&village={VILLAGE}") == 1
    assert count(f"from={today()}&to={yesterday}") == 0


@pytest.mark.parametrize(
    "query", ["adviser=1", "village=abc", "from=soon", "to=2026-13-01", "cursor=x", "limit=0"]
)
def test_strange_questions_are_refused(query: str, device: SignedIn, adviser: Actor) -> None:
    refused = device(adviser).get(f"/ledger?{query}")
    code = "bad_cursor" if query.startswith("cursor") else "validation_failed"
    assert (refused.status_code, refused.json["code"]) == (422, code)


def test_pages_go_on_and_keep_their_filter(
    device: SignedIn, adviser_id: UUID, other: UUID, justice_officer: Actor, resident: Actor
) -> None:
    for days in (0, 0, 1, 1, 2):
        served(adviser_id, resident.id, VILLAGE, days)
        served(other, resident.id, OTHER_VILLAGE, days)
    officer, seen, cursor = device(justice_officer), list[tuple[str, str]](), ""
    while cursor is not None:
        page = officer.get(f"/ledger?adviser={adviser_id}&limit=2{cursor}").json
        assert len(page["items"]) <= 2
        seen += [(entry["served_on"], entry["id"]) for entry in page["items"]]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
    assert len(seen) == 5 and seen == sorted(seen, reverse=True)


def test_what_was_told_wrongly_is_voided_with_its_reason(
    device: SignedIn, adviser: Actor, adviser_id: UUID, resident: Actor, other_lawyer: Actor
) -> None:
    lawyer = device(adviser)
    entry = lawyer.post("/ledger", told()).json["id"]
    stranger = device(other_lawyer).post(f"/ledger/{entry}/void", {"reason": "不对"})
    assert (stranger.status_code, stranger.json["code"]) == (404, "not_found")
    outsider = device(resident).post(f"/ledger/{entry}/void", {"reason": "不对"})
    assert (outsider.status_code, outsider.json["code"]) == (403, "ledger_not_yours")
    voided = lawyer.post(f"/ledger/{entry}/void", {"reason": "写错了日子"})
    assert voided.json["voided"]["reason"] == "写错了日子" and not voided.json["can_void"]
    again = lawyer.post(f"/ledger/{entry}/void", {"reason": "再来"})
    assert (again.status_code, again.json["code"]) == (409, "ledger_entry_voided")
    served(adviser_id, resident.id, VILLAGE)
    happened = next(
        e["id"] for e in lawyer.get("/ledger").json["items"] if e["source"] == "service"
    )
    kept = lawyer.post(f"/ledger/{happened}/void", {"reason": "不算"})
    assert (kept.status_code, kept.json["code"]) == (422, "ledger_entry_by_service")


def test_a_topic_that_is_no_more_is_shown_by_its_code(
    device: SignedIn, adviser: Actor, adviser_id: UUID, resident: Actor
) -> None:
    served(adviser_id, resident.id, VILLAGE, topic="gone_topic")
    assert device(adviser).get("/ledger").json["items"][0]["topic"] == "gone_topic"
    assert service.ledger_about(resident.id, now())[0]["topic"] == "gone_topic"
