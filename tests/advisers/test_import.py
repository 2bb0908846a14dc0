"""The register from a file: as a county's spreadsheet writes it, and every way to be wrong."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.advisers import queries, service
from backend.advisers.rules.register import Counts, ImportInvalid
from backend.advisers.rules.register_file import MOST_LINES, Places, read
from backend.kernel.actor import Actor
from backend.kernel.db import fetch_all, fetch_one
from backend.kernel.errors import Forbidden
from backend.kernel.messages import LANGUAGES, catalogue, text
from tests.advisers.conftest import NOW
from tests.advisers.register import OTHER_TOWNSHIP, OTHER_VILLAGE, TOWNSHIP, VILLAGE

HEADER = "licence_no,name,firm,phone,languages,intro,term_from,term_until,villages,standby"
HE = (
    "15205201310000001,何敏,草海律师事务所,0857-0000301,普通话、彝语,常办婚姻家庭,"
    f"2026-01-01,2027-12-31,{VILLAGE},"
)
LU = f"15205201310000002,陆军,草海律师事务所,,普通话,,2026/1/1,,{OTHER_VILLAGE},海边街道"


def file(*lines: str, header: str = HEADER) -> str:
    return "\r\n".join((header, *lines)) + "\r\n"


def wrong(content: str, actor: Actor | None = None, language: str = "en") -> list[tuple[int, str]]:
    """Line and message of every mistake, in their order."""
    with pytest.raises(ImportInvalid) as refused:
        service.import_csv(actor, content, NOW, language=language)
    return [(line["line"], line["message"]) for line in refused.value.extra["lines"]]


def villages() -> dict[str, list[str]]:
    """Whose own each village is, by name."""
    rows = fetch_all(
        "SELECT d.name, s.area_code FROM booking_resource_areas s"
        " JOIN advisers d ON d.id = s.resource_id WHERE NOT s.standby ORDER BY s.area_code"
    )
    found: dict[str, list[str]] = {}
    for name, code in rows:
        found.setdefault(name, []).append(code)
    return found


def test_a_file_fills_the_register(database: str) -> None:
    assert service.import_csv(None, file(HE, "", LU), NOW) == Counts(2, 2, 0)
    assert villages() == {"何敏": [VILLAGE], "陆军": [OTHER_VILLAGE]}
    kept = queries.entries(["15205201310000001", "15205201310000002"])
    he, lu = (kept[number][1] for number in sorted(kept))
    assert he.languages == ("mandarin", "yi") and he.term_until == date(2027, 12, 31)
    assert lu.standby == (TOWNSHIP,) and lu.term_until is None and lu.phone is None


def test_imported_again_nothing_changes(database: str) -> None:
    service.import_csv(None, file(HE, LU), NOW)
    before = fetch_one("SELECT count(*) FROM audit_log")
    assert service.import_csv(None, file(HE, LU), NOW) == Counts(2, 0, 0)
    assert fetch_one("SELECT count(*) FROM audit_log") == before


def test_a_known_licence_is_changed_and_others_stay(database: str) -> None:
    service.import_csv(None, file(HE, LU), NOW)
    changed = file(HE.replace("草海律师事务所", "乌蒙律师事务所"))
    assert service.import_csv(None, changed, NOW) == Counts(1, 0, 1)
    assert villages() == {"何敏": [VILLAGE], "陆军": [OTHER_VILLAGE]}
    assert fetch_one("SELECT firm FROM advisers WHERE name = '何敏'") == ("乌蒙律师事务所",)


def test_villages_change_hands_within_a_file(database: str) -> None:
    service.import_csv(None, file(HE, LU), NOW)
    swapped = file(HE.replace(VILLAGE, OTHER_VILLAGE), LU.replace(OTHER_VILLAGE, VILLAGE))
    assert service.import_csv(None, swapped, NOW) == Counts(2, 0, 2)
    assert villages() == {"何敏": [OTHER_VILLAGE], "陆军": [VILLAGE]}
    both = file(HE.replace(VILLAGE, f"{VILLAGE} {OTHER_VILLAGE}"), LU.replace(OTHER_VILLAGE, ""))
    assert service.import_csv(None, both, NOW) == Counts(2, 0, 2)
    assert villages() == {"何敏": [VILLAGE, OTHER_VILLAGE]}


def test_areas_may_be_named_as_people_do(database: str) -> None:
    for name in ("大洼塘社区", "海边街道大洼塘社区", VILLAGE):
        service.import_csv(None, file(HE.replace(VILLAGE, name)), NOW)
        assert villages() == {"何敏": [VILLAGE]}


def test_a_spreadsheets_own_ways_are_understood(database: str) -> None:
    chinese = ",".join(text(f"advisers.columns.{name}", "zh-CN") for name in HEADER.split(","))
    ways = file(
        HE.replace("2026-01-01", "2026年1月1日").replace("2027-12-31", "2027.12.31"),
        header="\ufeff" + chinese,
    )
    service.import_csv(None, ways, NOW)
    ((_, kept),) = queries.entries(["15205201310000001"]).values()
    assert (kept.term_from, kept.term_until) == (date(2026, 1, 1), date(2027, 12, 31))


LINES: dict[str, tuple[Callable[[str], str], str]] = {
    "no name": (lambda line: line.replace("何敏", ""), "“name” is missing"),
    "a long name": (lambda line: line.replace("何敏", "何" * 41), "more than 40"),
    "no licence": (lambda line: line.replace("15205201310000001", " "), "“licence_no” is missing"),
    "a licence in words": (lambda line: line.replace("15205201310000001", "暂无"), "licence"),
    "a licence as spreadsheets spoil it": (
        lambda line: line.replace("15205201310000001", "1.52052E+16"), "licence"),
    "no telephone": (lambda line: line.replace("0857-0000301", "没有"), "telephone"),
    "no date": (lambda line: line.replace("2026-01-01", "2026-02-30"), "“term_from” is no date"),
    "a date in words": (lambda line: line.replace("2027-12-31", "长期"), "“term_until” is no date"),
    "no beginning": (lambda line: line.replace("2026-01-01", ""), "“term_from” is missing"),
    "a term the wrong way round": (
        lambda line: line.replace("2027-12-31", "2025-12-31"), "ends before"),
    "no village": (lambda line: line.replace(VILLAGE, ""), "“villages” is missing"),
    "an unknown village": (lambda line: line.replace(VILLAGE, "桃花源村"), "no village “桃花源村”"),
    "a township as a village": (lambda line: line.replace(VILLAGE, TOWNSHIP), "no village"),
    "an unknown area on standby": (lambda line: line + "桃花源", "no area “桃花源”"),
    "a village twice": (lambda line: line.replace(VILLAGE, f"{VILLAGE} 大洼塘社区"), "twice"),
    "own and standby": (lambda line: line + VILLAGE, "twice"),
    "a value too many": (lambda line: line + ",x", "11 values where 10"),
    "a language the county does not know": (
        lambda line: line.replace("普通话", "普通话 火星话"), "no language “火星话”"),
    "NUL": (lambda line: line.replace("何敏", "何\x00敏"), "cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", LINES)
def test_a_bad_line_is_named_and_nothing_is_imported(mistake: str, database: str) -> None:
    spoil, message = LINES[mistake]
    found = wrong(file(LU, "", spoil(HE)))
    assert found and all(line == 4 for line, _ in found), found
    assert any(message in said for _, said in found), found
    assert fetch_one("SELECT count(*) FROM advisers") == (0,)


def test_every_bad_line_is_named(database: str) -> None:
    bad = file(HE.replace("何敏", ""), LU, HE.replace(VILLAGE, "桃花源村"), LU)
    lines = [line for line, _ in wrong(bad)]
    assert lines == [2, 4, 5, 5], "nameless, nowhere, and a licence and a village twice"


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("", "must name these columns"),
        ("licence_no,name", "must name these columns"),
        (HEADER + ",salary", "no column “salary”"),
        (HEADER + ",name", "“name” is there twice"),
    ],
)
def test_a_file_of_another_kind(header: str, message: str, database: str) -> None:
    (line, said), *_ = wrong(file(HE, header=header))
    assert line == 1 and message in said


def test_an_empty_file(database: str) -> None:
    assert wrong("") and wrong(file()) == [(1, "There is no adviser in the file")]


def test_nobody_takes_anothers_village(database: str) -> None:
    service.import_csv(None, file(HE), NOW)
    taking = file(LU.replace(OTHER_VILLAGE, VILLAGE))
    assert wrong(taking) == [(2, "“海边街道 大洼塘社区” has another adviser already")]
    assert wrong(taking, language="zh-CN") == [(2, "“海边街道 大洼塘社区”已经有别的顾问")]


def test_a_justice_officer_imports_for_the_own_area(
    justice_officer: Actor, far_officer: Actor
) -> None:
    assert service.import_csv(justice_officer, file(HE, LU), NOW) == Counts(2, 2, 0)
    far = f"{OTHER_TOWNSHIP}001"
    found = wrong(file(HE.replace(VILLAGE, f"{VILLAGE} {far}")), justice_officer)
    assert len(found) == 1 and "not in your area" in found[0][1]
    found = wrong(file(HE.replace(VILLAGE, far)), far_officer)
    assert found == [(2, "This adviser is not in your area; ask the justice office above")]


def test_others_import_nothing(resident: Actor, adviser: Actor) -> None:
    for who in (resident, adviser):
        with pytest.raises(Forbidden):
            service.import_csv(who, file(HE), NOW)


def test_a_very_long_file_is_refused() -> None:
    lines = [HE.replace("15205201310000001", f"licence-{n}") for n in range(MOST_LINES + 1)]
    found = read(
        file(*lines),
        Places([(VILLAGE, "大洼塘社区", "海边街道 大洼塘社区")]),
        {"普通话": "mandarin", "彝语": "yi"},
    )[1]
    assert "too_many_lines" in {mistake.code for mistake in found}


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(words: str) -> None:
    for content in (words, f"{HEADER}\n{words}", f'{HEADER}\n"{words}\n{HE}'):
        lines, mistakes = read(content, Places([]), {})
        assert mistakes or lines
        for mistake in mistakes:
            assert f"advisers.import.{mistake.code}" in catalogue(LANGUAGES[0])
