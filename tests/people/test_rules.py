"""Terms, scopes, who may appoint whom, and invitation codes: no database."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.kernel.actor import UNIT_ROLES, Actor, Grant, Role
from backend.people import rules
from backend.people.errors import RoleScopeInvalid, RoleTermInvalid

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
UNIT = UUID(int=1)
OTHER_UNIT = UUID(int=2)
COUNTY = "520526"


def test_a_session_is_lengthened_but_not_for_ever() -> None:
    assert rules.session_expiry(NOW, NOW, 30) == NOW + timedelta(days=30)
    later = NOW + timedelta(days=170)
    assert rules.session_expiry(NOW, later, 30) == NOW + rules.SESSION_MAXIMUM


@pytest.mark.parametrize("role", Role)
def test_each_role_has_exactly_one_kind_of_scope(role: Role) -> None:
    unit, area = (UNIT, None) if role in UNIT_ROLES else (None, COUNTY)
    rules.check_scope(role, unit, area)
    for wrong in ((None, None), (UNIT, COUNTY), (OTHER_UNIT, None) if area else (None, COUNTY)):
        with pytest.raises(RoleScopeInvalid):
            rules.check_scope(role, *wrong)


def test_a_term_ends_in_the_future_or_never() -> None:
    rules.check_term(None, NOW)
    rules.check_term(NOW + timedelta(seconds=1), NOW)
    with pytest.raises(RoleTermInvalid):
        rules.check_term(NOW, NOW)


@pytest.mark.parametrize("role", Role)
def test_an_admin_appoints_anyone(role: Role) -> None:
    assert rules.may_appoint((Grant(Role.ADMIN, area_code=COUNTY),), role, None, COUNTY)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("unit", [UNIT, OTHER_UNIT, None])
def test_a_lead_appoints_handlers_of_the_own_unit_only(role: Role, unit: UUID | None) -> None:
    lead = (Grant(Role.UNIT_LEAD, unit_id=UNIT),)
    assert rules.may_appoint(lead, role, unit, None) == (role == Role.HANDLER and unit == UNIT)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("area", ["520526001", "520526001002", "520526002", COUNTY])
def test_a_justice_officer_appoints_the_advisers_of_the_own_area_only(
    role: Role, area: str
) -> None:
    officer = (Grant(Role.JUSTICE, area_code="520526001"),)
    expected = role == Role.ADVISER and area.startswith("520526001")
    assert rules.may_appoint(officer, role, None, area) == expected


@pytest.mark.parametrize(
    "role",
    [
        Role.HANDLER,
        Role.DISPATCHER,
        Role.SUPERVISOR,
        Role.GRID_WORKER,
        Role.ADVISER,
        Role.JUSTICE,
    ],
)
def test_others_appoint_nobody(role: Role) -> None:
    scope = {"unit_id": UNIT} if role in UNIT_ROLES else {"area_code": COUNTY}
    assert not rules.may_appoint((Grant(role, **scope),), Role.HANDLER, UNIT, None)


def _actor(*grants: Grant) -> Actor:
    return Actor(id=UUID(int=9), name="", grants=grants)


def test_the_people_of_a_unit_are_for_itself_and_for_who_dispatches_and_oversees() -> None:
    assert rules.may_see_members(_actor(Grant(Role.HANDLER, unit_id=UNIT)), UNIT)
    assert not rules.may_see_members(_actor(Grant(Role.HANDLER, unit_id=OTHER_UNIT)), UNIT)
    assert rules.may_see_members(_actor(Grant(Role.DISPATCHER, area_code=COUNTY)), UNIT)
    assert not rules.may_see_members(_actor(Grant(Role.GRID_WORKER, area_code=COUNTY)), UNIT)
    assert not rules.may_see_members(_actor(), UNIT)


@given(st.integers())
def test_a_code_is_read_however_it_is_typed(_: int) -> None:
    code = rules.new_code()
    assert len(code) == 9 and code[4] == "-"
    assert not set(code) & set("01OIL")
    for typed in (code.lower(), code.replace("-", ""), f" {code[:4]} {code[5:]} "):
        assert rules.canonical_code(typed) == code
