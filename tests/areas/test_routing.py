"""Who takes the lead: the most specific row wins."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.areas import county, queries, service
from backend.areas.catalogue import Category, Visibility
from backend.areas.county import County
from backend.areas.routing import EVERYTHING, Route, unit_codes
from backend.kernel.errors import NotFound
from tests.areas.conftest import CONFIG

HAIBIAN = "520526001"
DAWATANG = "520526001001"
GRID = "520526001001001"
CAOHAI_VILLAGE = "520526100034"

AREAS = [None, "520526", HAIBIAN, "520526002", DAWATANG, "520526001002", GRID]


def category(code: str = "lamp", group: str = "roads") -> Category:
    text = {"zh-CN": code, "en": code}
    return Category(code, group, text, text, (), (), "general", Visibility.PUBLIC)


routes = st.lists(
    st.builds(
        lambda selector, area, number: Route(f"unit_{number}", *selector, area),
        st.sampled_from(
            [("lamp", None), ("pothole", None), (None, "roads"), (None, "water"), ("*", None)]
        ),
        st.sampled_from(AREAS),
        st.integers(0, 9),
    ),
    max_size=12,
    unique_by=lambda route: (route.category, route.group, route.area or "520526"),
)
places = st.sampled_from([area for area in AREAS if area])


@given(routes, places)
def test_a_deeper_area_beats_a_shallower_one_then_exact_beats_group_beats_everything(
    table: list[Route], place: str
) -> None:
    best: str | None = None
    for digits in (15, 12, 9, 6):  # said once more, in words: area by area, selector by selector
        for wanted in (("lamp", None), (None, "roads"), (EVERYTHING, None)):
            for route in table:
                area = route.area or "520526"
                here = len(area) == digits and place[:digits] == area
                if best is None and here and (route.category, route.group) == wanted:
                    best = route.unit
    found = unit_codes(table, category(), place)
    assert (found[0] if found else None) == best


@given(routes, places, st.data())
def test_the_order_of_rows_does_not_matter(
    table: list[Route], place: str, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(table))
    assert unit_codes(shuffled, category(), place) == unit_codes(table, category(), place)


@given(routes, places)
def test_rows_of_other_places_and_categories_never_count(table: list[Route], place: str) -> None:
    allowed = {
        route.unit
        for route in table
        if (route.area is None or place.startswith(route.area))
        and (route.category in ("lamp", "*") or route.group == "roads")
    }
    assert set(unit_codes(table, category(), place)) == allowed


def test_a_rule_without_a_unit_there_passes_on() -> None:
    table = [Route("village:committee", "lamp"), Route("county_unit", EVERYTHING)]
    assert unit_codes(table, category(), GRID) == ["520526001001:committee", "county_unit"]
    assert unit_codes(table, category(), HAIBIAN) == ["county_unit"]


@pytest.mark.parametrize(
    ("code", "place", "first"),
    [
        ("street_lamp", DAWATANG, "520526001:law_enforcement"),
        ("street_lamp", GRID, "520526001:law_enforcement"),
        ("street_lamp", CAOHAI_VILLAGE, "urban_management"),
        ("water_outage", DAWATANG, "water_company"),
        ("neighbour_dispute", DAWATANG, "520526001001:committee"),
        ("crop_disease", CAOHAI_VILLAGE, "520526100:agriculture"),
        ("cadre_conduct", DAWATANG, "discipline_inspection"),
    ],
)
def test_the_shipped_table_routes_as_people_expect(
    shipped: County, code: str, place: str, first: str
) -> None:
    assert shipped.unit_codes(shipped.catalogue.category(code), place)[0] == first


def test_complaints_about_cadres_stay_independent_everywhere(shipped: County) -> None:
    """No row of a smaller area may take them from the independent unit."""
    places = {route.area for route in shipped.routes if route.area} | {GRID, CAOHAI_VILLAGE}
    for code in ("cadre_conduct", "benefit_money_misuse"):
        for place in places:
            reached = shipped.unit_codes(shipped.catalogue.category(code), place)
            assert reached == ["discipline_inspection"]


@pytest.mark.usefixtures("whole_county")
def test_the_lead_unit_is_one_of_the_table_and_active(shipped: County) -> None:
    county.use(CONFIG)
    ids = queries.unit_ids(["520526001:law_enforcement", "urban_management"])
    assert service.lead_unit("street_lamp", DAWATANG) == ids["520526001:law_enforcement"]
    assert service.lead_unit("street_lamp", CAOHAI_VILLAGE) == ids["urban_management"]
    assert service.lead_unit("something_else", DAWATANG) is None
    with pytest.raises(NotFound):
        service.lead_unit("no_such_category", DAWATANG)


@pytest.mark.usefixtures("whole_county")
def test_every_category_has_a_lead_unit_in_every_village_or_is_dispatched_by_hand(
    shipped: County,
) -> None:
    codes: dict[str, list[str]] = {
        code: shipped.unit_codes(category, DAWATANG)
        for code, category in shipped.catalogue.categories.items()
    }
    ids: dict[str, UUID] = queries.unit_ids([code for found in codes.values() for code in found])
    unrouted = {code for code, found in codes.items() if not any(unit in ids for unit in found)}
    assert unrouted == {"something_else", "passed_around", "relocation_estate"}
