"""Who takes a complaint: nobody it is about, nor anybody near them."""

from uuid import UUID

import pytest

from backend.areas import county, queries, service
from backend.areas.county import County
from backend.kernel.db import execute
from backend.kernel.errors import NotFound
from tests.areas.conftest import CONFIG

HAIBIAN = "520526001"
DAWATANG = "520526001001"
GRID = "520526001001001"
OTHER_VILLAGE = "520526100034"

COMMITTEE = f"{DAWATANG}:committee"
LAMPS = f"{HAIBIAN}:law_enforcement"
GENERAL_OFFICE = f"{HAIBIAN}:general_office"


@pytest.fixture(autouse=True)
def in_the_whole_county(whole_county: None) -> None:
    county.use(CONFIG)


def unit(code: str) -> UUID:
    return queries.unit_ids([code])[code]


def lead(category: str, *about: str, area: str = DAWATANG, unknown: bool = False) -> UUID | None:
    return service.complaint_unit(category, area, {unit(code) for code in about}, unknown=unknown)


@pytest.mark.parametrize("place", [DAWATANG, GRID])
def test_a_category_complains_about_the_committee_of_the_places_village(place: str) -> None:
    assert service.units_complained_about("cadre_conduct", place) == {unit(COMMITTEE)}
    assert service.units_complained_about("street_lamp", place) == frozenset()
    with pytest.raises(NotFound):
        service.units_complained_about("no_such_category", place)


def test_above_a_village_nobody_knows_which_committee_is_meant(shipped: County) -> None:
    cadres, lamps = (shipped.catalogue.category(c) for c in ("cadre_conduct", "street_lamp"))
    assert shipped.is_too_wide(cadres, HAIBIAN)
    assert service.units_complained_about("cadre_conduct", HAIBIAN) == frozenset()
    assert not shipped.is_too_wide(cadres, GRID)
    assert not shipped.is_too_wide(lamps, HAIBIAN)


def test_the_usual_unit_leads_while_it_is_independent() -> None:
    assert lead("road_damage", COMMITTEE) == unit("housing_construction")
    assert lead("village_disclosure", COMMITTEE) == unit(GENERAL_OFFICE)
    assert lead("street_lamp", COMMITTEE) == unit(LAMPS)


def test_another_office_of_the_same_township_is_not_independent() -> None:
    assert lead("village_disclosure", f"{HAIBIAN}:justice") == unit("discipline_inspection")
    assert lead("street_lamp", LAMPS) == unit("urban_management")
    assert lead("street_lamp", "520526100:law_enforcement") == unit(LAMPS)


def test_the_villages_own_matter_goes_up_when_it_is_about_the_village() -> None:
    assert service.lead_unit("neighbour_dispute", DAWATANG) == unit(COMMITTEE)
    assert lead("neighbour_dispute", COMMITTEE) == unit("discipline_inspection")


def test_independent_units_are_asked_in_their_order_and_never_about_themselves() -> None:
    assert lead("cadre_conduct", COMMITTEE) == unit("discipline_inspection")
    assert lead("cadre_conduct", "discipline_inspection") == unit("petitions")
    both = ("discipline_inspection", "petitions")
    assert lead("cadre_conduct", *both) == unit("governance_centre")
    assert lead("cadre_conduct", *both, "governance_centre") is None
    execute("UPDATE units SET active = false WHERE code = 'discipline_inspection'")
    assert lead("cadre_conduct", COMMITTEE) == unit("petitions")


def test_about_somebody_unknown_only_the_independent_units_are_safe() -> None:
    assert lead("street_lamp", unknown=True) == unit("discipline_inspection")
    assert lead("street_lamp") == unit(LAMPS)


def test_what_a_person_dispatches_otherwise_goes_to_an_independent_unit_as_a_complaint() -> None:
    assert service.lead_unit("something_else", OTHER_VILLAGE) is None
    assert lead("something_else", COMMITTEE, area=OTHER_VILLAGE) == unit("discipline_inspection")
