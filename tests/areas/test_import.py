"""Bringing the county's areas and units into the database."""

import json
from pathlib import Path

import pytest

from backend.areas import queries, service
from backend.areas.county import County, area_files
from backend.kernel.config_files import InvalidConfig
from backend.kernel.db import fetch_all, fetch_one
from tests.areas.conftest import CONFIG

HEADER = "code,name,level,parent_code\n"
COUNTY = "520526,威宁彝族回族苗族自治县,county,\n"
TOWNSHIP = "520526001,海边街道,township,520526\n"
VILLAGE = "520526001001,大洼塘社区居民委员会,village,520526001\n"


def write(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "areas.csv"
    path.write_text(header + "".join(lines), encoding="utf-8")
    return path


def full_names() -> dict[str, str]:
    return dict(fetch_all("SELECT code, full_name FROM areas WHERE active"))


def test_the_whole_county_is_imported_and_nothing_changes_the_second_time(no_county: None) -> None:
    villages, grids = area_files(CONFIG)
    seen: list[tuple[int, int]] = []

    first = service.import_areas(villages, lambda done, total: seen.append((done, total)))
    assert (first.total, first.added, first.changed) == (665, 665, 0)
    assert seen[-1] == (665, 665)
    assert service.import_areas(grids).added > 30

    for path in (villages, grids):
        again = service.import_areas(path)
        assert (again.added, again.changed, again.switched_off) == (0, 0, 0)
    assert dict(fetch_all("SELECT level, count(*) FROM areas GROUP BY level")) == {
        "county": 1,
        "township": 41,
        "village": 623,
        "grid": len(grids.read_text(encoding="utf-8").splitlines()) - 1,
    }
    assert full_names()["520526001001"] == "海边街道 大洼塘社区"
    assert full_names()["520526001001001"] == "海边街道 大洼塘社区第一网格"


def test_every_bad_line_is_named_and_nothing_is_imported(no_county: None, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        COUNTY,
        TOWNSHIP,
        "520526001001,大洼塘社区,hamlet,520526001\n",  # 4: no such level
        "52052600100,海边社区,village,520526001\n",  # 5: 11 digits
        "520526001003,,village,520526001\n",  # 6: no name
        "520526001004,西海社区,village,520526009\n",  # 7: no such parent
        "520526002005,银龙社区,village,520526001\n",  # 8: not under its parent
        "520526001,海边街道,township,520526\n",  # 9: stands on line 3 already
        "520526001006,普山社区,village\n",  # 10: a value is missing
    )
    with pytest.raises(InvalidConfig) as refused:
        service.import_areas(path)
    assert [error.line for error in refused.value.errors] == [4, 5, 6, 7, 8, 9, 10]
    assert all(error.path == path for error in refused.value.errors)
    assert full_names() == {}


def test_a_file_may_add_to_areas_that_are_there(no_county: None, tmp_path: Path) -> None:
    service.import_areas(write(tmp_path, COUNTY, TOWNSHIP))
    service.import_areas(write(tmp_path, VILLAGE))
    assert full_names()["520526001001"] == "海边街道 大洼塘社区"


def test_a_new_name_reaches_everything_below(no_county: None, tmp_path: Path) -> None:
    service.import_areas(write(tmp_path, COUNTY, TOWNSHIP, VILLAGE))
    renamed = service.import_areas(write(tmp_path, TOWNSHIP.replace("海边", "滨海")))
    assert renamed.changed == 2
    assert full_names()["520526001001"] == "滨海街道 大洼塘社区"
    assert json.loads(queries.areas_named("滨海"))["items"]
    assert not json.loads(queries.areas_named("海边"))["items"]


def test_missing_areas_stay_unless_asked_and_are_never_deleted(
    no_county: None, tmp_path: Path
) -> None:
    grid = "520526001001001,大洼塘社区第一网格,grid,520526001001\n"
    other = "520526001002,海边社区居民委员会,village,520526001\n"
    service.import_areas(write(tmp_path, COUNTY, TOWNSHIP, VILLAGE, other, grid))
    without = write(tmp_path, COUNTY, TOWNSHIP, other)

    assert service.import_areas(without).switched_off == 0
    assert "520526001001" in full_names()

    assert service.import_areas(without, switch_off_missing=True).switched_off == 2
    assert set(full_names()) == {"520526", "520526001", "520526001002"}
    assert fetch_one("SELECT count(*) FROM areas") == (5,)
    assert not queries.is_active_area("520526001001001")

    service.import_areas(write(tmp_path, VILLAGE))
    assert queries.is_active_area("520526001001")


def test_a_spreadsheets_byte_order_mark_is_fine_and_its_old_encoding_is_explained(
    no_county: None, tmp_path: Path
) -> None:
    path = tmp_path / "areas.csv"
    path.write_text(HEADER + COUNTY, encoding="utf-8-sig")
    assert service.import_areas(path).added == 1
    path.write_text(HEADER + COUNTY, encoding="gb18030")
    with pytest.raises(InvalidConfig, match="CSV UTF-8"):
        service.import_areas(path)


def test_a_second_county_is_refused(no_county: None, tmp_path: Path) -> None:
    service.import_areas(write(tmp_path, COUNTY))
    with pytest.raises(InvalidConfig, match="one county"):
        service.import_areas(write(tmp_path, "520527,赫章县,county,\n"))


def test_units_are_made_for_every_township_and_village(whole_county: None, shipped: County) -> None:
    names = dict(fetch_all("SELECT code, name FROM units WHERE active"))
    assert names["520526001:law_enforcement"] == "海边街道综合行政执法队"
    assert names["520526001001:committee"] == "海边街道大洼塘社区居民委员会"
    assert names["520526004201:committee"] == "陕桥街道阳关村村民委员会"
    assert names["urban_management"] == "县综合行政执法局"
    committees = [code for code in names if code.endswith(":committee")]
    assert len(committees) == 623
    assert fetch_one("SELECT count(DISTINCT phone) = count(*) FROM units") == (True,)
    assert fetch_one("SELECT count(*) FROM units WHERE phone !~ '^0857-0[0-9]{6}$'") == (0,)

    again = service.sync_units(shipped.units)
    assert (again.added, again.changed, again.switched_off) == (0, 0, 0)


def test_units_come_after_areas(no_county: None, shipped: County) -> None:
    with pytest.raises(service.NoAreas):
        service.sync_units(shipped.units)


def test_a_unit_keeps_its_id_and_is_switched_off_with_its_area(
    whole_county: None, shipped: County, tmp_path: Path
) -> None:
    before = queries.unit_ids(["520526001001:committee", "urban_management"])
    villages = area_files(CONFIG)[0].read_text(encoding="utf-8").splitlines(keepends=True)
    path = write(tmp_path, *(x for x in villages[1:] if not x.startswith("520526001001")))

    service.import_areas(path, switch_off_missing=True)
    assert service.sync_units(shipped.units).switched_off == 1
    assert set(queries.unit_ids(list(before))) == {"urban_management"}

    service.import_areas(write(tmp_path, VILLAGE))
    service.sync_units(shipped.units)
    assert queries.unit_ids(list(before)) == before
