"""Finding areas and units."""

import json
from typing import Any

import pytest

from backend.areas import queries

pytestmark = pytest.mark.usefixtures("whole_county")


def items(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["items"]
    return found


def names(text: str) -> list[str]:
    return [item.get("full_name") or item["name"] for item in items(text)]


def test_two_characters_find_the_village_before_its_grids() -> None:
    assert names(queries.areas_named("洼塘"))[0] == "海边街道 大洼塘社区"
    found = names(queries.areas_named("大洼塘"))
    assert found[0] == "海边街道 大洼塘社区"
    assert "海边街道 大洼塘社区第一网格" in found


def test_the_township_tells_villages_of_one_name_apart() -> None:
    everywhere = names(queries.areas_named("么站社区"))
    assert {"么站镇 么站社区", "盐仓镇 么站社区"} <= set(everywhere)
    assert names(queries.areas_named("盐仓镇么站社区")) == ["盐仓镇 么站社区"]
    assert names(queries.areas_named("盐仓么站")) == ["盐仓镇 么站社区"]
    assert names(queries.areas_named("么站社区", within="520526115")) == ["盐仓镇 么站社区"]


@pytest.mark.parametrize("q", ["没有这里", "!!!", "'", "\\", "' | '", "%", "🙂"])
def test_what_is_not_there_is_not_found(q: str) -> None:
    assert items(queries.areas_named(q)) == []
    assert items(queries.units("zh-CN", q)) == []


def test_one_goes_down_from_the_county_to_a_grid() -> None:
    (county,) = items(queries.areas_below(None))
    assert (county["code"], county["has_children"]) == ("520526", True)
    townships = items(queries.areas_below("520526"))
    assert len(townships) == 41
    assert townships[0] == {
        "code": "520526001",
        "name": "海边街道",
        "level": "township",
        "full_name": "海边街道",
        "parent_code": "520526",
        "has_children": True,
    }
    grids = items(queries.areas_below("520526001001"))
    assert grids and not any(grid["has_children"] for grid in grids)
    assert items(queries.areas_below("999999")) == []


def test_an_area_knows_its_path() -> None:
    found = json.loads(queries.area("520526001001001") or "null")
    assert [area["name"] for area in found["path"]] == [
        "威宁彝族回族苗族自治县",
        "海边街道",
        "大洼塘社区",
        "大洼塘社区第一网格",
    ]
    assert queries.area("520526999") is None


def test_units_that_serve_an_area_come_nearest_first() -> None:
    found = items(queries.units("zh-CN", area_code="520526001001"))
    assert found[0]["name"] == "海边街道大洼塘社区居民委员会"
    assert found[0]["area"] == {"code": "520526001001", "name": "大洼塘社区"}
    assert found[1]["name"] == "海边街道党政综合办公室"
    assert found[-1]["area"]["code"] == "520526"
    assert all(unit["code"].startswith(("520526001:", "520526001001:")) or ":" not in unit["code"]
               for unit in found)  # fmt: skip


def test_units_are_found_by_part_of_their_name_in_either_language() -> None:
    (found,) = items(queries.units("zh-CN", "供水公司"))
    assert found["name"] == "县供水公司"
    (same,) = items(queries.units("en", "water supply"))
    assert same["id"] == found["id"]
    assert same["name"] == "County Water Supply Company"
    assert len(items(queries.units("zh-CN", "执法", "520526001"))) == 2


def test_the_list_without_a_search_begins_with_the_county_in_its_own_order() -> None:
    found = items(queries.units("zh-CN"))
    assert len(found) == 100
    assert found[0]["name"].startswith("县社会治理综合服务中心")
