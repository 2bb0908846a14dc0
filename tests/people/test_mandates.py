"""Acting for somebody: consent given, recorded, run out and taken back."""

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from backend.kernel.actor import Actor, Mandate, Role, Scope
from backend.kernel.crypto import keyring
from backend.kernel.db import connection, execute, fetch_all, fetch_one, transaction
from backend.kernel.errors import DomainError, Forbidden, NotFound, ValidationFailed
from backend.kernel.ids import new_id
from backend.kernel.settings import Settings
from backend.notices import service as notices
from backend.people import errors, queries, service
from backend.people.rules import How
from tests.attachments.pictures import encoded, halves
from tests.callers import Caller, into
from tests.people.conftest import NOW, VILLAGE, actor
from tests.policy.scene import work

SignIn = Callable[[str], service.SignedIn]

BOTH = service.Terms((Scope.SUBMIT, Scope.ACT), 30)
ONLY_SUBMIT = service.Terms((Scope.SUBMIT,), 30)
GRID = f"{VILLAGE}001"
PHONE = "13812345678"
ENDS = NOW + timedelta(days=30)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def mother(signed_in: SignIn) -> service.SignedIn:
    """王桂芳, seventy-one."""
    session = signed_in("mother")
    service.update_profile(actor(session), {"name": "王桂芳", "home_area_code": VILLAGE}, NOW)
    service.set_phone(actor(session), PHONE)
    return session


@pytest.fixture
def daughter(signed_in: SignIn) -> service.SignedIn:
    session = signed_in("daughter")
    service.update_profile(actor(session), {"name": "李秀英"}, NOW)
    return session


@pytest.fixture
def worker(signed_in: SignIn) -> service.SignedIn:
    """孙浩, grid worker of one grid of the village."""
    session = signed_in("sunhao")
    service.update_profile(actor(session), {"name": "孙浩"}, NOW)
    service.grant(session.person_id, Role.GRID_WORKER, NOW, area_code=GRID)
    return session


def _claimed(
    mother: service.SignedIn, agent: service.SignedIn, terms: service.Terms = BOTH
) -> UUID:
    return service.claim(actor(agent), service.offer(actor(mother), terms, NOW).code, NOW)


def _lists(session: service.SignedIn, now: Any = NOW) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = json.loads(
        service.mandates_of(actor(session, NOW), now)
    )
    return found


def _told(session: service.SignedIn) -> list[str]:
    return [each["kind"] for each in notices.inbox(session.person_id, "zh-CN", None, 20)]


# By code


def test_a_code_lets_whoever_brings_it_act(
    mother: service.SignedIn, daughter: service.SignedIn
) -> None:
    made = service.offer(actor(mother), BOTH, NOW)
    assert made.expires_at == NOW + timedelta(minutes=10)
    typed = made.code.lower().replace("-", " ")
    mandate_id = service.claim(actor(daughter), typed, NOW)
    held = Mandate(mandate_id, mother.person_id, frozenset(Scope))
    assert actor(daughter).mandates == (held,)
    assert actor(mother).mandates == ()
    live = queries.live_mandate(daughter.person_id, mandate_id, NOW)
    assert live == (mandate_id, mother.person_id, "王桂芳", frozenset(Scope))
    assert queries.live_mandate(mother.person_id, mandate_id, NOW) is None


def test_both_sides_see_it_and_nobody_else(
    mother: service.SignedIn, daughter: service.SignedIn, worker: service.SignedIn
) -> None:
    mandate_id = _claimed(mother, daughter, ONLY_SUBMIT)
    (given,) = _lists(mother)["given"]
    assert _lists(daughter) == {"given": [], "received": [given]}
    assert given["valid_until"] == "2026-12-23T09:00:00+00:00"
    assert (given["principal"]["name"], given["agent"]["name"]) == ("王桂芳", "李秀英")
    assert (given["kind"], given["state"], given["scopes"]) == ("relative", "active", ["submit"])
    assert _lists(worker) == {"given": [], "received": []}
    for side in (mother, daughter):
        shown = json.loads(service.mandate_with_evidence(actor(side), mandate_id, NOW))
        assert shown == {**given, "how": None, "statement": None, "attachments": []}
    for function in (service.mandate, service.mandate_with_evidence, service.revoke_mandate):
        with pytest.raises(NotFound):
            function(actor(worker), mandate_id, NOW)


@pytest.mark.parametrize(
    ("after", "refusal"),
    [(timedelta(minutes=10) - MOMENT, None), (timedelta(minutes=10), errors.MandateCodeExpired)],
)
def test_a_code_works_for_ten_minutes(
    mother: service.SignedIn,
    daughter: service.SignedIn,
    after: timedelta,
    refusal: type[DomainError] | None,
) -> None:
    code = service.offer(actor(mother), BOTH, NOW).code
    if refusal is None:
        assert service.claim(actor(daughter), code, NOW + after)
        return
    with pytest.raises(refusal):
        service.claim(actor(daughter), code, NOW + after)
    assert actor(daughter).mandates == ()


def test_a_code_works_once(
    mother: service.SignedIn, daughter: service.SignedIn, worker: service.SignedIn
) -> None:
    code = service.offer(actor(mother), BOTH, NOW).code
    service.claim(actor(daughter), code, NOW)
    with pytest.raises(errors.MandateCodeUsed):
        service.claim(actor(worker), code, NOW)


def test_nobody_acts_for_themselves(mother: service.SignedIn) -> None:
    code = service.offer(actor(mother), BOTH, NOW).code
    with pytest.raises(errors.MandateForOneself):
        service.claim(actor(mother), code, NOW)
    service.ask(actor(mother), "王桂芳", PHONE, BOTH, NOW)
    assert fetch_one("SELECT count(*) FROM mandates WHERE agent_id IS NOT NULL") == (0,)


def test_a_new_code_takes_the_place_of_the_last(
    mother: service.SignedIn, daughter: service.SignedIn
) -> None:
    first = service.offer(actor(mother), BOTH, NOW).code
    second = service.offer(actor(mother), ONLY_SUBMIT, NOW).code
    for code in (first, "ABCD-EFGH", "\u0000", "", "码"):
        with pytest.raises(errors.MandateCodeUnknown):
            service.claim(actor(daughter), code, NOW)
    service.claim(actor(daughter), second, NOW)
    assert [mandate.scopes for mandate in actor(daughter).mandates] == [frozenset({Scope.SUBMIT})]


def test_of_two_who_bring_a_code_at_once_one_wins(
    mother: service.SignedIn, daughter: service.SignedIn, worker: service.SignedIn
) -> None:
    code = service.offer(actor(mother), BOTH, NOW).code
    together = Barrier(2)

    def bring(who: Actor) -> type[DomainError] | None:
        together.wait()
        with connection():
            try:
                service.claim(who, code, NOW)
            except DomainError as refusal:
                return type(refusal)
            return None

    with ThreadPoolExecutor(2) as pool:
        outcomes = set(pool.map(bring, [actor(daughter), actor(worker)]))
    assert outcomes == {None, errors.MandateCodeUsed}
    assert len(actor(daughter).mandates + actor(worker).mandates) == 1


def test_codes_are_not_stored_and_unused_ones_are_forgotten(mother: service.SignedIn) -> None:
    code = service.offer(actor(mother), BOTH, NOW).code
    stored = str(fetch_all("SELECT m::text FROM mandates m"))
    assert code not in stored and code.encode().hex() not in stored
    service.forget_ended(NOW + timedelta(days=30))
    assert fetch_one("SELECT count(*) FROM mandates") == (1,)
    service.forget_ended(NOW + timedelta(days=31))
    assert fetch_one("SELECT count(*) FROM mandates") == (0,)


# By question and confirmation


def _ask(agent: service.SignedIn, now: Any = NOW, name: str = "王桂芳", phone: str = PHONE) -> None:
    service.ask(actor(agent, NOW), name, phone, BOTH, now)


def _asked_id() -> UUID:
    row = fetch_one("SELECT id FROM mandates ORDER BY id DESC LIMIT 1")
    assert row is not None
    return UUID(str(row[0]))


def test_who_is_asked_is_told_and_confirms(
    app: Flask, mother: service.SignedIn, daughter: service.SignedIn
) -> None:
    _ask(daughter, phone="+86 138 1234 5678")
    work(app)
    assert _told(mother) == ["mandate_asked"]
    (asked,) = _lists(mother)["given"]
    assert (asked["state"], asked["agent"]["name"]) == ("asked", "李秀英")
    assert asked["valid_until"] == "2026-12-23T09:00:00+00:00"
    assert actor(daughter).mandates == ()

    service.confirm(actor(mother), UUID(asked["id"]), NOW)
    assert [mandate.id for mandate in actor(daughter).mandates] == [UUID(asked["id"])]
    assert _lists(daughter)["received"][0]["state"] == "active"
    work(app)
    assert (_told(mother), _told(daughter)) == (["mandate_asked"], ["mandate_granted"])


def test_whether_there_is_somebody_is_never_told(
    app: Flask, mother: service.SignedIn, daughter: service.SignedIn
) -> None:
    """The right name and number, a wrong one of either, and somebody who declined: all alike."""
    before = _lists(daughter), _told(daughter), json.loads(service.export(actor(daughter), NOW))
    _ask(daughter)
    asked_id = _asked_id()
    _ask(daughter, name="王桂花")
    _ask(daughter, phone="13812345679")
    service.revoke_mandate(actor(mother), asked_id, NOW)
    work(app)
    after = _lists(daughter), _told(daughter), json.loads(service.export(actor(daughter), NOW))
    for document in (before[2], after[2]):
        document["sections"].pop("changes")
    assert before == after
    for function in (service.mandate, service.revoke_mandate):
        with pytest.raises(NotFound):
            function(actor(daughter), asked_id, NOW)
    assert fetch_one("SELECT count(*) FROM mandates") == (1,)
    with pytest.raises(ValidationFailed):
        _ask(daughter, phone="12")


def test_nobody_is_pestered(
    app: Flask, mother: service.SignedIn, daughter: service.SignedIn
) -> None:
    _ask(daughter)
    work(app)
    service.revoke_mandate(actor(mother), _asked_id(), NOW)
    _ask(daughter, NOW + timedelta(days=7) - MOMENT)
    work(app)
    assert _told(mother) == ["mandate_asked"]
    assert fetch_one("SELECT count(*) FROM mandates") == (1,)
    _ask(daughter, NOW + timedelta(days=7))
    assert fetch_one("SELECT count(*) FROM mandates") == (2,)


def test_only_who_was_asked_confirms_once_and_in_time(
    mother: service.SignedIn, daughter: service.SignedIn
) -> None:
    _ask(daughter)
    asked_id = _asked_id()
    with pytest.raises(NotFound):
        service.confirm(actor(daughter), asked_id, NOW)
    with pytest.raises(NotFound):
        service.confirm(actor(mother), new_id(), NOW)
    late = NOW + timedelta(days=7)
    with pytest.raises(errors.MandateNotOpen):
        service.confirm(actor(mother), asked_id, late)
    assert _lists(mother, late)["given"] == []
    service.confirm(actor(mother), asked_id, late - MOMENT)
    with pytest.raises(errors.MandateNotOpen):
        service.confirm(actor(mother), asked_id, late - MOMENT)


def test_declined_is_declined(mother: service.SignedIn, daughter: service.SignedIn) -> None:
    _ask(daughter)
    service.revoke_mandate(actor(mother), _asked_id(), NOW)
    with pytest.raises(errors.MandateNotOpen):
        service.confirm(actor(mother), _asked_id(), NOW)
    assert _lists(mother)["given"] == []


def test_a_question_nobody_waits_for_any_more_is_not_told(
    app: Flask, mother: service.SignedIn, daughter: service.SignedIn
) -> None:
    """The worker was down while it was declined."""
    _ask(daughter)
    service.revoke_mandate(actor(mother), _asked_id(), NOW)
    work(app)
    assert _told(mother) == []


def test_of_a_family_on_one_telephone_the_one_of_that_name_is_asked(
    signed_in: SignIn, mother: service.SignedIn, daughter: service.SignedIn
) -> None:
    father = signed_in("father")
    service.update_profile(actor(father), {"name": "李大山"}, NOW)
    service.set_phone(actor(father), PHONE)
    _ask(daughter, name="李大山")
    assert [len(_lists(each)["given"]) for each in (mother, father)] == [0, 1]


# Recorded by a grid worker


def _consent(**changes: Any) -> service.Consent:
    said: dict[str, Any] = {
        "name": "赵有田",
        "phone": None,
        "area_code": GRID,
        "how": How.SPOKEN,
        "statement": "我眼睛不好，低保的事请小孙替我办",
        "attachment_ids": [],
    }
    return service.Consent(**(said | changes))


def test_a_grid_worker_records_what_somebody_without_an_account_said(
    worker: service.SignedIn,
) -> None:
    mandate_id = service.record(actor(worker), _consent(phone=PHONE), BOTH, NOW)
    (mandate,) = actor(worker).mandates
    assert mandate.id == mandate_id
    shown = json.loads(service.mandate_with_evidence(actor(worker), mandate_id, NOW))
    assert (shown["kind"], shown["state"], shown["how"]) == ("grid_worker", "active", "spoken")
    assert shown["principal"] == {"id": str(mandate.principal_id), "name": "赵有田"}
    assert shown["statement"] == _consent().statement
    found = fetch_one(
        "SELECT wechat_openid, home_area_code FROM people WHERE id = %s", (mandate.principal_id,)
    )
    assert found == (None, GRID)
    assert service.find_by_phone(PHONE) == [mandate.principal_id]


def test_what_was_said_is_sealed_and_sealed_anew(
    worker: service.SignedIn, settings: Settings
) -> None:
    mandate_id = service.record(actor(worker), _consent(), BOTH, NOW)
    (stored,) = fetch_all("SELECT m::text FROM mandates m")[0]
    assert _consent().statement.encode().hex() not in stored
    keys = settings.keys()
    keyring.load(**(keys | {"encryption": {"next": os.urandom(32)} | keys["encryption"]}))
    try:
        assert [service.reencrypt(10) for _ in range(2)] == [1, 0]
        shown = json.loads(service.mandate_with_evidence(actor(worker), mandate_id, NOW))
        assert shown["statement"] == _consent().statement
        (again,) = fetch_all("SELECT m::text FROM mandates m")[0]
        assert again != stored
    finally:
        keyring.load(**keys)


@pytest.mark.parametrize("phone", [None, PHONE])
def test_the_same_person_is_not_made_twice(worker: service.SignedIn, phone: str | None) -> None:
    for _ in range(2):
        service.record(actor(worker), _consent(phone=phone), BOTH, NOW)
    first, second = actor(worker).mandates
    assert first.principal_id == second.principal_id
    service.record(actor(worker), _consent(phone=phone, name="赵有粮"), BOTH, NOW)
    assert len({mandate.principal_id for mandate in actor(worker).mandates}) == 2


def test_of_two_of_one_name_without_a_telephone_each_is_somebody(
    signed_in: SignIn, worker: service.SignedIn
) -> None:
    other = signed_in("other")
    service.grant(other.person_id, Role.GRID_WORKER, NOW, area_code=VILLAGE)
    service.record(actor(worker), _consent(), BOTH, NOW)
    service.record(actor(other), _consent(), BOTH, NOW)
    (one,), (another,) = actor(worker).mandates, actor(other).mandates
    assert one.principal_id != another.principal_id


def test_nobody_with_an_account_is_spoken_for(
    mother: service.SignedIn, worker: service.SignedIn
) -> None:
    """She can confirm it herself; what others say she said gives nobody her requests."""
    consent = _consent(name="王桂芳", phone=PHONE)
    service.record(actor(worker), consent, BOTH, NOW)
    (mandate,) = actor(worker).mandates
    assert mandate.principal_id != mother.person_id


@pytest.mark.parametrize(
    ("area_code", "refusal"),
    [
        (VILLAGE, Forbidden),
        (f"{VILLAGE}002", Forbidden),
        ("520526002", Forbidden),
        ("999999", errors.AreaUnknown),
        ("", errors.AreaUnknown),
    ],
)
def test_only_in_ones_own_area(
    worker: service.SignedIn, area_code: str, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        service.record(actor(worker), _consent(area_code=area_code), BOTH, NOW)


def test_only_a_grid_worker_records(daughter: service.SignedIn, worker: service.SignedIn) -> None:
    with pytest.raises(Forbidden):
        service.record(actor(daughter), _consent(), BOTH, NOW)
    service.grant(daughter.person_id, Role.ADMIN, NOW, area_code=VILLAGE)
    with pytest.raises(Forbidden):
        service.record(actor(daughter), _consent(), BOTH, NOW)
    was_worker = actor(worker)
    execute("UPDATE role_grants SET revoked_at = %s, revoked_by = person_id", (NOW,))
    with pytest.raises(Forbidden):
        service.record(was_worker, _consent(), BOTH, NOW)


def test_what_is_wrong_leaves_nothing_behind(worker: service.SignedIn) -> None:
    before = fetch_one("SELECT count(*) FROM people")
    with pytest.raises(ValidationFailed):
        service.record(actor(worker), _consent(phone="123"), BOTH, NOW)
    with pytest.raises(errors.EvidenceNotAvailable) as refused:
        service.record(actor(worker), _consent(attachment_ids=[new_id()]), BOTH, NOW)
    assert [field.field for field in refused.value.fields] == ["/attachment_ids/0"]
    assert fetch_one("SELECT count(*) FROM people") == before
    assert fetch_one("SELECT count(*) FROM mandates") == (0,)


# The end


def test_it_ends_on_its_day(mother: service.SignedIn, daughter: service.SignedIn) -> None:
    mandate_id = _claimed(mother, daughter)
    day_before = ENDS - MOMENT
    assert queries.live_mandate(daughter.person_id, mandate_id, day_before)
    assert queries.live_mandate(daughter.person_id, mandate_id, ENDS) is None
    for now, state, held in ((day_before, "active", 1), (ENDS, "expired", 0)):
        assert _lists(mother, now)["given"][0]["state"] == state
        person = queries.actor_of(daughter.person_id, now)
        assert person is not None and len(person.mandates) == held
    renewed = service.renew(daughter.token, NOW + timedelta(days=29), session_days=30)
    assert len(actor(renewed, day_before).mandates) == 1
    assert actor(renewed, ENDS).mandates == ()
    assert _lists(mother, ENDS + timedelta(days=30))["given"] == []


@pytest.mark.parametrize("by", ["mother", "daughter"])
def test_either_side_ends_it_at_once(
    app: Flask, mother: service.SignedIn, daughter: service.SignedIn, by: str
) -> None:
    mandate_id = _claimed(mother, daughter)
    work(app)
    assert _told(mother) == ["mandate_granted"]
    sides = {"mother": mother, "daughter": daughter}
    ending = sides.pop(by)
    (other,) = sides.values()
    for _ in range(2):
        service.revoke_mandate(actor(ending), mandate_id, NOW)
    assert actor(daughter).mandates == ()
    assert queries.live_mandate(daughter.person_id, mandate_id, NOW) is None
    assert _lists(mother)["given"][0]["state"] == "revoked"
    work(app)
    assert _told(other)[0] == "mandate_revoked"
    assert "mandate_revoked" not in _told(ending)


def test_what_a_grid_worker_recorded_ends_with_the_role(
    signed_in: SignIn, worker: service.SignedIn
) -> None:
    service.grant(signed_in("admin").person_id, Role.ADMIN, NOW, area_code=VILLAGE)
    mandate_id = service.record(actor(worker), _consent(), BOTH, NOW)
    row = fetch_one("SELECT id FROM role_grants WHERE role = 'grid_worker'")
    assert row is not None
    service.revoke(actor(signed_in("admin")), row[0], NOW)
    assert actor(worker).mandates == ()
    assert queries.live_mandate(worker.person_id, mandate_id, NOW) is None
    assert _lists(worker)["received"][0]["state"] == "expired"
    service.grant(worker.person_id, Role.GRID_WORKER, NOW, area_code=GRID)
    assert actor(worker).mandates == (), "another appointment, another consent"


def test_a_role_that_runs_out_takes_its_mandates_with_it(signed_in: SignIn) -> None:
    session = signed_in("sunhao")
    leaves_at = NOW + timedelta(days=3)
    service.grant(session.person_id, Role.GRID_WORKER, NOW, area_code=GRID, valid_until=leaves_at)
    service.record(actor(session), _consent(), BOTH, NOW)
    assert len(actor(session, leaves_at - MOMENT).mandates) == 1
    assert actor(session, leaves_at).mandates == ()


def test_taking_back_waits_for_what_is_being_done(
    mother: service.SignedIn, daughter: service.SignedIn
) -> None:
    """An act under the mandate that has begun is done before it ends, or does not begin."""
    mandate_id = _claimed(mother, daughter)
    principal = actor(mother)
    begun, order = Barrier(2), []

    def take_back() -> None:
        with connection():
            begun.wait()
            service.revoke_mandate(principal, mandate_id, NOW)
            order.append("ended")

    with ThreadPoolExecutor(1) as pool:
        ending = pool.submit(take_back)
        with transaction():
            assert queries.live_mandate(daughter.person_id, mandate_id, NOW)
            begun.wait()
            while fetch_one("SELECT FROM pg_locks WHERE NOT granted") is None:
                assert not ending.done()
            order.append("done")
        ending.result()
    assert order == ["done", "ended"]
    assert queries.live_mandate(daughter.person_id, mandate_id, NOW) is None


def test_every_step_is_on_record(mother: service.SignedIn, daughter: service.SignedIn) -> None:
    mandate_id = _claimed(mother, daughter)
    service.revoke_mandate(actor(mother), mandate_id, NOW)
    found = fetch_all(
        "SELECT action, actor_id, subject_id FROM audit_log WHERE subject_kind = 'mandate'"
        " ORDER BY at"
    )
    assert found == [
        ("mandate.offered", mother.person_id, mandate_id),
        ("mandate.granted", daughter.person_id, mandate_id),
        ("mandate.revoked", mother.person_id, mandate_id),
    ]


# Over HTTP


def test_over_http(app: Flask, mother: service.SignedIn) -> None:
    li = Caller(into(app)).sign_in("lixiuying")
    wang = Caller(into(app)).sign_in("mother")
    terms = {"scopes": ["submit", "act"], "valid_days": 7}

    code = wang.post("/api/me/mandates", terms).expect(201)
    mandate = li.post("/api/mandates/claim", {"code": code["code"]}).expect(201)
    assert mandate["state"] == "active"
    assert wang.get("/api/me/mandates").expect(200)["given"] == [mandate]
    assert li.get(f"/api/mandates/{mandate['id']}").expect(200)["how"] is None
    again = li.post("/api/mandates/claim", {"code": code["code"]})
    assert (again.status, again.json["code"]) == (409, "mandate_code_used")
    unknown = li.post("/api/mandates/claim", {"code": "ABCD-EFGH"})
    assert (unknown.status, unknown.json["code"]) == (404, "mandate_code_unknown")
    own = wang.post("/api/me/mandates", terms).expect(201)["code"]
    oneself = wang.post("/api/mandates/claim", {"code": own})
    assert (oneself.status, oneself.json["code"]) == (422, "mandate_for_oneself")
    execute("UPDATE mandates SET open_until = created_at WHERE agent_id IS NULL")
    late = li.post("/api/mandates/claim", {"code": own})
    assert (late.status, late.json["code"]) == (410, "mandate_code_expired")
    wang.delete(f"/api/mandates/{mandate['id']}").expect(204)
    assert li.get("/api/me/mandates").expect(200)["received"][0]["state"] == "revoked"

    answers = {
        li.post("/api/mandates/requests", {"name": name, "phone": phone, **terms}).body
        for name, phone in (("王桂芳", PHONE), ("王桂芳", "13900000000"), ("无此人", PHONE))
    }
    assert answers == {b"{}"}
    (asked, _) = wang.get("/api/me/mandates").expect(200)["given"]
    confirmed = wang.post(f"/api/mandates/{asked['id']}/confirm", {}).expect(200)
    assert (confirmed["state"], confirmed["id"]) == ("active", asked["id"])
    closed = wang.post(f"/api/mandates/{asked['id']}/confirm", {})
    assert (closed.status, closed.json["code"]) == (409, "mandate_not_open")
    assert li.delete(f"/api/mandates/{new_id()}").status == 404


def test_a_signed_paper_is_kept_with_the_mandate(app: Flask, worker: service.SignedIn) -> None:
    sun = Caller(into(app)).sign_in("sunhao")
    picture = sun.upload(encoded(halves())).expect(201)["id"]
    body = {
        "name": "赵有田",
        "area_code": GRID,
        "scopes": ["submit"],
        "valid_days": 365,
        "how": "signed",
        "statement": "委托书一份",
        "attachment_ids": [picture],
    }
    mandate = sun.post("/api/mandates/recorded", body).expect(201)
    shown = sun.get(f"/api/mandates/{mandate['id']}").expect(200)
    (paper,) = shown["attachments"]
    assert (paper["id"], shown["statement"]) == (picture, "委托书一份")
    assert sun.get(paper["url"]).status == 200
    other = Caller(into(app)).sign_in("lixiuying")
    assert other.get(f"/api/mandates/{mandate['id']}").status == 404
    again = sun.post("/api/mandates/recorded", body)
    assert (again.status, again.json["code"]) == (422, "evidence_not_available")
    assert other.post("/api/mandates/recorded", {**body, "attachment_ids": []}).status == 403
    wrong: list[dict[str, Any]] = [
        {"scopes": []},
        {"scopes": ["submit", "submit"]},
        {"scopes": ["vote"]},
        {"valid_days": 0},
        {"valid_days": 366},
        {"how": "guessed"},
        {"statement": " "},
    ]
    for change in wrong:
        assert sun.post("/api/mandates/recorded", {**body, **change}).status == 422, change
