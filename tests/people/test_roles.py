"""Roles: granted, offered, taken up once, taken back at once."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import peewee
import pytest

from backend.kernel.actor import Actor, Grant, Role
from backend.kernel.db import connection, execute, fetch_all, fetch_one
from backend.kernel.errors import DomainError, Forbidden, NotFound
from backend.kernel.ids import new_id
from backend.people import errors, queries, rules, service
from tests.people.conftest import COUNTY, NOW, TOWNSHIP, VILLAGE, actor

SignIn = Callable[[str], service.SignedIn]


@pytest.fixture
def admin(signed_in: SignIn) -> Actor:
    session = signed_in("admin")
    service.grant(session.person_id, Role.ADMIN, NOW, area_code=COUNTY)
    return actor(session)


@pytest.fixture
def lead(signed_in: SignIn, units: list[UUID]) -> Actor:
    session = signed_in("liufang")
    service.grant(session.person_id, Role.UNIT_LEAD, NOW, unit_id=units[0])
    return actor(session)


def _grant_id(person_id: UUID, role: Role) -> UUID:
    row = fetch_one(
        "SELECT id FROM role_grants WHERE person_id = %s AND role = %s", (person_id, role.value)
    )
    assert row is not None
    return UUID(str(row[0]))


def test_an_invitation_gives_the_role_to_whoever_brings_it(
    lead: Actor, signed_in: SignIn, units: list[UUID]
) -> None:
    invitation = service.invite(lead, Role.HANDLER, NOW, unit_id=units[0])
    assert invitation.expires_at == NOW + timedelta(days=7)
    session = signed_in("chenwei")
    service.accept_invitation(actor(session), invitation.code.lower().replace("-", " "), NOW)
    assert actor(session).grants == (Grant(Role.HANDLER, unit_id=units[0]),)


def test_an_invitation_works_once(admin: Actor, signed_in: SignIn) -> None:
    code = service.invite(admin, Role.DISPATCHER, NOW, area_code=COUNTY).code
    first, second = signed_in("yangguang"), signed_in("majing")
    service.accept_invitation(actor(first), code, NOW)
    with pytest.raises(errors.InvitationUsed):
        service.accept_invitation(actor(second), code, NOW)
    assert actor(second).grants == ()


def test_of_many_at_once_one_takes_it(admin: Actor, signed_in: SignIn) -> None:
    code = service.invite(admin, Role.DISPATCHER, NOW, area_code=COUNTY).code
    people = [actor(signed_in(f"person{number}")) for number in range(6)]
    together = Barrier(len(people))

    def accept(person: Actor) -> bool:
        together.wait()
        with connection():
            try:
                service.accept_invitation(person, code, NOW)
            except errors.InvitationUsed:
                return False
            return True

    with ThreadPoolExecutor(len(people)) as pool:
        assert sorted(pool.map(accept, people)) == [False] * 5 + [True]
    assert len(queries.members_with_role(Role.DISPATCHER, NOW, area_code=COUNTY)) == 1


def test_a_late_or_unknown_code_is_refused(admin: Actor, signed_in: SignIn) -> None:
    invitation = service.invite(admin, Role.DISPATCHER, NOW, area_code=COUNTY)
    person = actor(signed_in("yangguang"))
    with pytest.raises(errors.InvitationExpired):
        service.accept_invitation(person, invitation.code, invitation.expires_at)
    for unknown in ("AAAA-AAAA", "x", "邀请码", "\U0001f600" * 40):
        with pytest.raises(errors.InvitationUnknown):
            service.accept_invitation(person, unknown, NOW)


def test_an_invitation_is_worth_what_its_author_may_still_give(
    admin: Actor, lead: Actor, signed_in: SignIn, units: list[UUID]
) -> None:
    code = service.invite(lead, Role.HANDLER, NOW, unit_id=units[0]).code
    service.revoke(admin, _grant_id(lead.id, Role.UNIT_LEAD), NOW)
    session = signed_in("chenwei")
    with pytest.raises(errors.InvitationExpired):
        service.accept_invitation(actor(session), code, NOW)
    assert actor(session).grants == ()


def test_an_invitation_to_a_term_that_is_over_is_expired(admin: Actor, signed_in: SignIn) -> None:
    ends_at = NOW + timedelta(days=2)
    code = service.invite(admin, Role.SUPERVISOR, NOW, area_code=COUNTY, valid_until=ends_at).code
    with pytest.raises(errors.InvitationExpired):
        service.accept_invitation(actor(signed_in("majing")), code, ends_at)


def test_an_invitation_of_a_closed_account_is_expired(admin: Actor, signed_in: SignIn) -> None:
    code = service.invite(admin, Role.SUPERVISOR, NOW, area_code=COUNTY).code
    service.grant(signed_in("second").person_id, Role.ADMIN, NOW, area_code=COUNTY)
    service.close_account(admin, NOW)
    assert queries.actor_of(admin.id, NOW) is None
    with pytest.raises(errors.InvitationExpired):
        service.accept_invitation(actor(signed_in("majing")), code, NOW)


def test_codes_are_not_stored(admin: Actor) -> None:
    code = service.invite(admin, Role.DISPATCHER, NOW, area_code=COUNTY).code
    everything = str(fetch_all("SELECT i::text FROM invitations i"))
    everything += str(fetch_all("SELECT a::text FROM audit_log a"))
    for form in (code, code.replace("-", "")):
        assert form not in everything
        assert form.encode().hex() not in everything


def test_the_operator_invites_the_first_administrator(signed_in: SignIn, units: list[UUID]) -> None:
    invitation = service.invite(None, Role.ADMIN, NOW, area_code=COUNTY)
    session = signed_in("admin")
    service.accept_invitation(actor(session), invitation.code, NOW)
    assert actor(session).grants == (Grant(Role.ADMIN, area_code=COUNTY),)


def test_a_lead_invites_handlers_of_the_own_unit_only(lead: Actor, units: list[UUID]) -> None:
    with pytest.raises(Forbidden):
        service.invite(lead, Role.HANDLER, NOW, unit_id=units[1])
    with pytest.raises(Forbidden):
        service.invite(lead, Role.UNIT_LEAD, NOW, unit_id=units[0])
    with pytest.raises(Forbidden):
        service.invite(lead, Role.ADMIN, NOW, area_code=COUNTY)


def test_a_resident_invites_nobody(signed_in: SignIn, units: list[UUID]) -> None:
    with pytest.raises(Forbidden):
        service.invite(actor(signed_in("lixiuying")), Role.HANDLER, NOW, unit_id=units[0])


def test_places_have_to_exist(admin: Actor) -> None:
    with pytest.raises(errors.UnitUnknown):
        service.invite(admin, Role.HANDLER, NOW, unit_id=new_id())
    with pytest.raises(errors.AreaUnknown):
        service.invite(admin, Role.DISPATCHER, NOW, area_code="000000")
    with pytest.raises(errors.AreaUnknown):
        service.grant(admin.id, Role.DISPATCHER, NOW, area_code="000000")


def test_the_table_itself_refuses_a_role_without_its_place(admin: Actor) -> None:
    for role, area in (("handler", COUNTY), ("dispatcher", None), ("mayor", COUNTY)):
        with pytest.raises(peewee.IntegrityError):
            execute(
                "INSERT INTO role_grants (id, person_id, role, area_code, valid_from)"
                " VALUES (%s, %s, %s, %s, %s)",
                (new_id(), admin.id, role, area, NOW),
            )


def test_a_role_lasts_for_its_term(signed_in: SignIn) -> None:
    session = signed_in("yangguang")
    ends_at = NOW + timedelta(days=10)
    service.grant(session.person_id, Role.DISPATCHER, NOW, area_code=COUNTY, valid_until=ends_at)
    assert actor(session, NOW - timedelta(seconds=1)).grants == ()
    assert actor(session, ends_at - timedelta(seconds=1)).has(Role.DISPATCHER)
    assert actor(session, ends_at).grants == ()
    assert queries.members_with_role(Role.DISPATCHER, ends_at, area_code=COUNTY) == []
    assert queries.actor_of(session.person_id, ends_at) == Actor(session.person_id, "")


def test_granting_again_lengthens_the_term_and_never_shortens_it(signed_in: SignIn) -> None:
    person_id = signed_in("yangguang").person_id

    def grant(days: int | None, now_days: int = 0) -> UUID:
        now = NOW + timedelta(days=now_days)
        until = None if days is None else NOW + timedelta(days=days)
        return service.grant(person_id, Role.DISPATCHER, now, area_code=COUNTY, valid_until=until)

    def term() -> list[int | None]:
        rows = fetch_all("SELECT valid_from, valid_until FROM role_grants")
        assert len(rows) == 1
        return [moment and (moment - NOW).days for moment in rows[0]]

    first = grant(10)
    assert grant(5) == first and term() == [0, 10]
    assert grant(20) == first and term() == [0, 20]
    assert grant(40, now_days=30) == first and term() == [30, 40]
    assert grant(None) == first and term() == [30, None]
    assert grant(50) == first and term() == [30, None]
    assert fetch_one("SELECT count(*) FROM audit_log WHERE action = 'role.granted'") == (4,)


def test_a_role_taken_back_is_gone_with_the_next_request(
    admin: Actor, lead: Actor, signed_in: SignIn, units: list[UUID]
) -> None:
    session = signed_in("chenwei")
    grant_id = service.grant(session.person_id, Role.HANDLER, NOW, unit_id=units[0])
    assert actor(session).has(Role.HANDLER)
    service.revoke(lead, grant_id, NOW)
    assert actor(session).grants == ()
    service.revoke(lead, grant_id, NOW)
    assert fetch_all(
        "SELECT actor_id, subject_id FROM audit_log WHERE action = 'role.revoked'"
    ) == [(lead.id, session.person_id)]
    again = service.grant(session.person_id, Role.HANDLER, NOW, unit_id=units[0])
    assert again != grant_id
    assert actor(session).has(Role.HANDLER)


def test_who_may_not_appoint_may_not_take_back(
    lead: Actor, signed_in: SignIn, units: list[UUID]
) -> None:
    session = signed_in("zhaolei")
    grant_id = service.grant(session.person_id, Role.HANDLER, NOW, unit_id=units[1])
    for person in (lead, actor(session)):
        with pytest.raises(Forbidden):
            service.revoke(person, grant_id, NOW)
    with pytest.raises(NotFound):
        service.revoke(lead, new_id(), NOW)


def test_the_last_admin_stays(admin: Actor, signed_in: SignIn) -> None:
    own = _grant_id(admin.id, Role.ADMIN)
    with pytest.raises(errors.LastAdmin):
        service.revoke(admin, own, NOW)
    service.grant(signed_in("second").person_id, Role.ADMIN, NOW, area_code=COUNTY)
    service.revoke(admin, own, NOW)


def test_an_admin_whose_account_is_closed_does_not_count(admin: Actor, signed_in: SignIn) -> None:
    second = signed_in("second")
    service.grant(second.person_id, Role.ADMIN, NOW, area_code=COUNTY)
    service.close_account(actor(second), NOW)
    with pytest.raises(errors.LastAdmin):
        service.revoke(admin, _grant_id(admin.id, Role.ADMIN), NOW)


def test_two_admins_who_revoke_each_other_leave_one(admin: Actor, signed_in: SignIn) -> None:
    session = signed_in("second")
    service.grant(session.person_id, Role.ADMIN, NOW, area_code=COUNTY)
    second = actor(session)
    targets = [
        (admin, _grant_id(second.id, Role.ADMIN)),
        (second, _grant_id(admin.id, Role.ADMIN)),
    ]
    together = Barrier(2)

    def revoke(who: Actor, grant_id: UUID) -> type[DomainError] | None:
        together.wait()
        with connection():
            try:
                service.revoke(who, grant_id, NOW)
            except DomainError as refusal:
                return type(refusal)
            return None

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda target: revoke(*target), targets))
    assert set(outcomes) == {None, errors.LastAdmin}
    assert len(queries.members_with_role(Role.ADMIN, NOW, area_code=COUNTY)) == 1


def test_a_grant_over_an_area_counts_for_everything_below(signed_in: SignIn) -> None:
    county, township, village = (signed_in(slug).person_id for slug in ("a", "b", "c"))
    service.grant(county, Role.GRID_WORKER, NOW, area_code=COUNTY)
    service.grant(township, Role.GRID_WORKER, NOW, area_code=TOWNSHIP)
    service.grant(village, Role.GRID_WORKER, NOW, area_code=VILLAGE)

    def over(area_code: str) -> set[UUID]:
        return set(queries.members_with_role(Role.GRID_WORKER, NOW, area_code=area_code))

    assert over(VILLAGE) == {county, township, village}
    assert over(TOWNSHIP) == {county, township}
    assert over(COUNTY) == {county}
    assert over("000000") == set()


def test_the_people_of_a_unit(lead: Actor, signed_in: SignIn, units: list[UUID]) -> None:
    handler = signed_in("chenwei").person_id
    service.grant(handler, Role.HANDLER, NOW, unit_id=units[0])
    service.grant(signed_in("zhaolei").person_id, Role.HANDLER, NOW, unit_id=units[1])
    listed = service.members(lead, units[0], NOW)
    assert listed.index(str(lead.id)) < listed.index(str(handler))
    assert queries.members_with_role(Role.HANDLER, NOW, unit_id=units[0]) == [handler]
    assert queries.members_with_role(Role.HANDLER, NOW, unit_id=None) == []
    with pytest.raises(Forbidden):
        service.members(lead, units[1], NOW)


def test_unused_invitations_are_forgotten(admin: Actor) -> None:
    service.invite(admin, Role.DISPATCHER, NOW, area_code=COUNTY)
    service.forget_ended(
        NOW + rules.INVITATION_LIFETIME + rules.KEPT_AFTER_END + timedelta(seconds=1)
    )
    assert fetch_one("SELECT count(*) FROM invitations") == (0,)


def test_a_role_names_its_unit_in_the_readers_language(
    signed_in: SignIn, units: list[UUID]
) -> None:
    session = signed_in("chenwei")
    service.grant(session.person_id, Role.HANDLER, NOW, unit_id=units[0])
    names = fetch_one("SELECT name, name_en FROM units WHERE id = %s", (units[0],))
    assert names is not None and names[0] != names[1]
    for language, name in zip(("zh-CN", "en"), names, strict=True):
        service.update_profile(actor(session), {"language": language}, NOW)
        (role,) = json.loads(service.me(session.person_id, NOW))["roles"]
        assert role["unit"]["name"] == name
