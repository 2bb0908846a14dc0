"""From a closed matter to what everybody reads, and back."""

import os
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from backend.cases import jobs, queries, schemas, service
from backend.cases.errors import (
    CaseActionNotPossible,
    CaseActionNotYours,
    CaseChanged,
    CaseExists,
    CaseIncomplete,
    CheckNeeded,
    KeepPrivateAsked,
    MatterStillOpen,
    PersonalDataLeft,
)
from backend.cases.rules import TRANSITIONS, Action, State
from backend.kernel import clock, outbox
from backend.kernel.actor import Grant, Role
from backend.kernel.audit import PERSONAL_DATA_READ
from backend.kernel.crypto import keyring
from backend.kernel.db import fetch_all, fetch_one
from backend.kernel.errors import NotFound, ValidationFailed
from backend.kernel.ids import new_id
from backend.kernel.json import loads
from backend.kernel.settings import Settings
from tests.cases.conftest import (
    CONTENT,
    FACTS,
    NOW,
    OPINION,
    QUESTION,
    VILLAGE,
    Answered,
    Cast,
    Matters,
    view,
)


def stored(case_id: UUID, columns: str) -> tuple[Any, ...]:
    row = fetch_one(f"SELECT {columns} FROM cases WHERE id = %s", (case_id,))
    assert row is not None
    return row


def readings(person_id: UUID) -> int:
    row = fetch_one(
        "SELECT count(*) FROM audit_log WHERE action = %s AND subject_id = %s",
        (PERSONAL_DATA_READ, person_id),
    )
    return int(row[0]) if row else 0


def tell_all() -> list[tuple[str, str]]:
    """Do what was promised; who was told what."""
    for event in outbox.claim(clock.now() + timedelta(days=1), limit=100):
        jobs.HANDLERS[event.kind](event, NOW)
        outbox.complete(event, NOW)
    return fetch_all(
        "SELECT p.name, n.kind FROM notices n JOIN people p ON p.id = n.recipient_id ORDER BY n.id"
    )


def test_a_draft_is_anonymous_and_shows_both_sides(cast: Cast, draft: UUID):
    found = view(cast["adviser"], draft)
    assert schemas.Draft().validate(found) == {}
    assert found["story"] == (
        "我叫甲某，住某社区某组某号，电话×××。2026年3月乙某借了我两万块钱，打了欠条，说年底还。乙某现在不认账。"
    )
    assert found["answer"].startswith("甲某您好：")
    assert found["original"] == {"facts": FACTS, "opinion": OPINION}
    assert {"from": "李秀英", "to": "甲某", "kind": "name"} in found["replaced"]
    assert {"from": "13812345678", "to": "×××", "kind": "phone"} in found["replaced"]
    assert (found["state"], found["topic"], found["mine"]) == ("draft", "wages", True)
    assert found["categories"] and found["adviser_name"] == "罗明"
    assert found["actions"] == ["save", "submit", "withdraw"]


def test_the_original_is_sealed_and_every_look_at_it_recorded(cast: Cast, draft: UUID):
    (blob,) = stored(draft, "original_encrypted")
    assert "李秀英".encode() not in bytes(blob)
    whole = str(stored(draft, "cases.*"))
    assert "李秀英" not in whole and "13812345678" not in whole
    for times in (1, 2):
        view(cast["adviser"], draft)
        assert readings(cast["client"].id) == times


def test_only_what_was_answered_and_may_be_told_becomes_a_case(
    cast: Cast, answered: Answered, draft: UUID
):
    adviser = cast["adviser"]
    with pytest.raises(KeepPrivateAsked):
        service.create(adviser, QUESTION, answered(keep_private=True), NOW)
    with pytest.raises(MatterStillOpen):
        service.create(adviser, QUESTION, answered(closed=False), NOW)
    with pytest.raises(NotFound):
        service.create(adviser, QUESTION, new_id(), NOW)
    with pytest.raises(NotFound):
        service.create(cast["officer"], QUESTION, answered(), NOW)
    (source_id,) = stored(draft, "source_id")
    with pytest.raises(CaseExists) as refused:
        service.create(adviser, QUESTION, source_id, NOW)
    assert refused.value.extra == {"case_id": str(draft)}
    assert queries.case_of(QUESTION, source_id) == draft


def test_a_draft_is_its_authors_alone(cast: Cast, draft: UUID):
    for slug in ("officer", "officer_elsewhere", "admin", "client", "neighbour"):
        with pytest.raises(NotFound):
            view(cast[slug], draft)
        assert loads(service.drafts(cast[slug], None, None, 20).items) == []
    (item,) = loads(service.drafts(cast["adviser"], State.DRAFT, None, 20).items)
    assert schemas.DraftItem().validate(item) == {}
    assert item["mine"] is True


def test_what_leads_to_somebody_is_never_submitted(cast: Cast, draft: UUID):
    adviser = cast["adviser"]
    with pytest.raises(CaseIncomplete) as refused:
        service.submit(adviser, draft, 1, NOW, checked=True)
    assert [error.field for error in refused.value.fields] == [
        "/title", "/question", "/steps", "/articles",
    ]  # fmt: skip
    named = replace(CONTENT, answer="李秀英能要回工钱，电话13812345678。")
    service.save(adviser, draft, 1, named, NOW)
    with pytest.raises(PersonalDataLeft) as left:
        service.submit(adviser, draft, 2, NOW, checked=True)
    assert [(each["field"], each["kind"]) for each in left.value.extra["findings"]] == [
        ("/answer", "name"),
        ("/answer", "phone"),
    ]
    looked_at = replace(CONTENT, steps=("去找张支书",))
    service.save(adviser, draft, 2, looked_at, NOW)
    assert view(adviser, draft)["findings"] == [
        {"field": "/steps/0", "text": "张支书", "kind": "person"}
    ]
    with pytest.raises(CheckNeeded):
        service.submit(adviser, draft, 3, NOW, checked=False)
    service.submit(adviser, draft, 3, NOW, checked=True)
    assert view(adviser, draft)["state"] == "submitted"


def test_who_asks_later_for_it_to_stay_private_is_heard(cast: Cast, draft: UUID, matters: Matters):
    service.save(cast["adviser"], draft, 1, CONTENT, NOW)
    for source_id, matter in matters.items():
        matters[source_id] = replace(matter, keep_private=True)
    with pytest.raises(KeepPrivateAsked):
        service.submit(cast["adviser"], draft, 2, NOW, checked=True)


def test_unknown_codes_are_refused(cast: Cast, draft: UUID):
    wrong = replace(CONTENT, topic="astrology", categories=("unpaid_wages", "nothing"))
    with pytest.raises(ValidationFailed) as refused:
        service.save(cast["adviser"], draft, 1, wrong, NOW)
    assert {error.field for error in refused.value.fields} == {"/topic", "/categories/1"}


def test_nobody_acts_on_what_they_have_not_seen(cast: Cast, submitted: UUID):
    with pytest.raises(CaseChanged) as refused:
        service.approve(cast["officer"], submitted, 2, NOW)
    assert refused.value.extra == {"version": 3}
    with pytest.raises(CaseActionNotPossible):
        service.save(cast["adviser"], submitted, 3, CONTENT, NOW)


def test_the_justice_office_over_the_area_approves_and_never_the_author(
    cast: Cast, submitted: UUID
):
    author = cast["adviser"]
    also_officer = replace(author, grants=(*author.grants, Grant(Role.JUSTICE, None, VILLAGE[:6])))
    with pytest.raises(CaseActionNotYours):
        service.approve(also_officer, submitted, 3, NOW)
    for slug in ("officer_elsewhere", "client", "neighbour"):
        with pytest.raises(NotFound):
            service.approve(cast[slug], submitted, 3, NOW)
    with pytest.raises(CaseActionNotYours):
        service.save(cast["officer"], submitted, 3, CONTENT, NOW)
    with pytest.raises(CaseActionNotYours):
        service.withdraw(cast["officer"], submitted, 3, "不合适", NOW)
    seen = view(cast["officer"], submitted)
    assert seen["original"]["facts"] == FACTS
    assert seen["actions"] == ["approve", "return"]
    assert readings(cast["client"].id) == 1
    service.approve(cast["officer"], submitted, 3, NOW)
    assert stored(submitted, "state, approved_by") == ("published", cast["officer"].id)


def test_what_is_returned_says_why_and_can_come_again(cast: Cast, submitted: UUID):
    service.return_(cast["officer"], submitted, 3, "第二步里还能认出李秀英", NOW)
    assert "李秀英" not in str(stored(submitted, "cases.*"))
    returned = view(cast["adviser"], submitted)
    assert (returned["state"], returned["reason"]) == ("returned", "第二步里还能认出李秀英")
    service.submit(cast["adviser"], submitted, 4, NOW, checked=True)
    assert view(cast["officer"], submitted)["reason"] is None
    service.approve(cast["officer"], submitted, 5, NOW)
    assert queries.one_published(submitted, "zh-CN") is not None


def test_both_sides_are_told_once(cast: Cast, published: UUID):
    tell_all()
    service.withdraw(cast["officer"], published, 4, "当事人认出来了", NOW)
    assert tell_all() == [
        ("officer", "case_submitted"),
        ("罗律师", "case_published"),
        ("罗律师", "case_withdrawn"),
    ]
    for event in fetch_all("SELECT payload::text FROM outbox"):
        assert "李秀英" not in event[0]


def test_nobody_is_told_of_what_they_did_themselves(cast: Cast, draft: UUID):
    service.withdraw(cast["adviser"], draft, 1, "不写了", NOW)
    assert tell_all() == []


def test_what_is_withdrawn_is_gone_original_and_all(cast: Cast, published: UUID):
    service.withdraw(cast["adviser"], published, 4, "当事人要求", NOW)
    assert queries.one_published(published, "zh-CN") is None
    assert stored(published, "original_encrypted, person_id") == (None, None)
    (source_id,) = stored(published, "source_id")
    assert queries.case_of(QUESTION, source_id) is None
    again = service.create(cast["adviser"], QUESTION, source_id, NOW)
    assert again != published
    assert loads(service.drafts(cast["adviser"], State.WITHDRAWN, None, 20).items)[0]["id"] == str(
        published
    )
    with pytest.raises(CaseActionNotPossible):
        service.withdraw(cast["adviser"], published, 5, "再来", NOW)


def test_the_original_is_kept_thirty_days(cast: Cast, published: UUID, answered: Answered):
    left = service.create(cast["adviser"], QUESTION, answered(), NOW)
    service.forget_originals(NOW + timedelta(days=30))
    assert stored(published, "original_encrypted")[0] is not None
    service.forget_originals(NOW + timedelta(days=30, seconds=1))
    assert stored(published, "original_encrypted, person_id, state") == (None, None, "published")
    before = readings(cast["client"].id)
    assert view(cast["officer"], published)["original"] is None
    assert readings(cast["client"].id) == before
    service.forget_originals(NOW + timedelta(days=180, seconds=1))
    assert stored(left, "original_encrypted, state") == (None, "withdrawn")


def test_a_closed_account_leaves_nothing_to_compare(
    cast: Cast, published: UUID, answered: Answered
):
    unfinished = service.create(cast["adviser"], QUESTION, answered(), NOW)
    held = service.export(cast["client"].id, NOW)
    assert [(each["as"], each["state"]) for each in held] == [
        ("person", "draft"),
        ("person", "published"),
    ]
    assert held[0]["texts"] is None and held[1]["texts"]["zh-CN"]["title"] == CONTENT.title
    service.detach(cast["client"].id, NOW)
    assert stored(published, "state, original_encrypted, person_id") == ("published", None, None)
    assert stored(unfinished, "state, original_encrypted") == ("withdrawn", None)
    assert service.export(cast["client"].id, NOW) == []


def test_keys_can_be_changed_while_a_case_is_in_the_making(
    cast: Cast, submitted: UUID, settings: Settings
):
    service.return_(cast["officer"], submitted, 3, "请改标题", NOW)
    keys = settings.keys()
    fresh = {"fresh": os.urandom(32)}
    try:
        keyring.load(**{**keys, "encryption": fresh | keys["encryption"]})
        assert service.reencrypt(100) == 2
        assert service.reencrypt(100) == 0
        keyring.load(**{**keys, "encryption": fresh})
        found = view(cast["adviser"], submitted)
        assert (found["original"]["facts"], found["reason"]) == (FACTS, "请改标题")
    finally:
        keyring.load(**keys)


def test_every_action_leads_somewhere():
    assert {action for _, action in TRANSITIONS} == set(Action)
