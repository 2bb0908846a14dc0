"""The printed receipt: always one page, readable by eye and machine, recorded when others print."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.kernel.db import fetch_all
from backend.service_requests import service
from backend.service_requests.paper import Slip, sheet
from backend.service_requests.rules import Visibility
from tests.service_requests.conftest import NOW, Caller, Cast, lamp, unrouted, view

PUBLIC_URL = "https://lst.example"

SLIP = Slip(
    number="261123-000042-7",
    category="路灯不亮",
    area="威宁彝族回族苗族自治县海边街道大洼塘社区",
    submitted_at=NOW,
    requester="李秀英",
    agent=None,
    unit="海边街道综合行政执法队",
    unit_phone="0857-0000219",
    asked="村口到小学这段路两盏路灯一个多星期不亮了，孩子摸黑走。",
    answers={
        "who": "由海边街道综合行政执法队办理",
        "next": "单位会决定是否受理",
        "by_when": "2026年11月24日 16:00 前答复",
        "if_not": "到时没有答复，请打 12345 热线，报受理编号",
    },
    lookup_url=f"{PUBLIC_URL}/#/pages/lookup/lookup?number=261123-000042-7",
)

ANYTHING = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("，。（）“”李㛃𫖮𠮷👨‍👩‍👧שאل\u202e \n"),
    ),
    max_size=120,
)
LONG = st.builds(lambda text, times: (text * times)[:2000], ANYTHING, st.integers(1, 60))


def read(pdf: bytes) -> str:
    """What a reader finds in the one page."""
    (page,) = pypdfium2.PdfDocument(pdf)
    return page.get_textpage().get_text_range()


def letters(text: str) -> str:
    """The same without line breaks and spaces."""
    return "".join(text.split())


@settings(max_examples=25, deadline=None)
@given(
    st.builds(
        Slip,
        number=st.just(SLIP.number),
        category=LONG,
        area=LONG,
        submitted_at=st.datetimes(
            datetime(2020, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)
        ),
        requester=st.none() | LONG,
        agent=st.none() | LONG,
        unit=st.none() | LONG,
        unit_phone=st.none() | st.text("0123456789-", max_size=40),
        asked=LONG,
        answers=st.fixed_dictionaries(dict.fromkeys(("who", "next", "by_when", "if_not"), LONG)),
        lookup_url=st.just(SLIP.lookup_url),
    ),
    st.sampled_from(["zh-CN", "en"]),
)
def test_whatever_is_on_it_it_is_one_page_and_nothing_overlaps(slip: Slip, language: str) -> None:
    pdf = sheet(slip, language, NOW)
    (page,) = pypdfium2.PdfDocument(pdf)
    width, height = page.get_size()
    assert SLIP.number in page.get_textpage().get_text_range()
    boxes = [line.get_bounds() for line in page.get_objects(filter=[1])]
    for left, bottom, right, top in boxes:
        assert left >= 0 and right <= width
        assert bottom >= 0 and top <= height
    for index, (left, bottom, right, top) in enumerate(boxes):
        for other_left, other_bottom, other_right, other_top in boxes[index + 1 :]:
            beside = right <= other_left + 1 or other_right <= left + 1
            above = bottom >= other_top - 2 or other_bottom >= top - 2
            assert beside or above


def test_the_same_slip_is_the_same_file() -> None:
    assert sheet(SLIP, "zh-CN", NOW) == sheet(SLIP, "zh-CN", NOW)


def test_everything_a_person_without_a_phone_needs_is_on_it() -> None:
    text = letters(read(sheet(replace(SLIP, agent="李小梅"), "zh-CN", NOW)))
    for part in (
        SLIP.number,
        SLIP.category,
        SLIP.area,
        "2026年11月23日",
        "李秀英（李小梅代办）",
        SLIP.unit,
        SLIP.unit_phone,
        SLIP.asked,
        *SLIP.answers.values(),
        "12345",
    ):
        assert letters(str(part)) in text


def test_type_is_never_smaller_than_twelve_points() -> None:
    crowded = replace(SLIP, asked="很长的话，" * 400, area="威宁" * 60, unit="执法队" * 26)
    (page,) = pypdfium2.PdfDocument(sheet(crowded, "zh-CN", NOW))
    sizes = {line.get_font_size() for line in page.get_objects(filter=[1])}
    assert min(sizes) >= 12


def test_a_rare_character_that_cannot_be_printed_is_said() -> None:
    assert "〓 是打印时没有的字" in read(sheet(replace(SLIP, requester="שלום"), "zh-CN", NOW))
    assert "打印时没有的字" not in read(sheet(SLIP, "zh-CN", NOW))


def test_the_requester_prints_the_receipt_without_a_record(cast: Cast, submitted: UUID) -> None:
    asked = view(cast["lixiuying"], submitted)
    pdf = service.print_receipt(cast["lixiuying"], submitted, PUBLIC_URL, NOW)
    text = letters(read(pdf))
    assert asked["number"] in text
    assert "lixiuying" in text
    for answer in asked["receipt"].values():
        assert letters(answer) in text
    assert reads_of(cast["lixiuying"].id) == []


def test_the_paper_never_has_the_phone(cast: Cast, submitted: UUID) -> None:
    text = letters(read(service.print_receipt(cast["lixiuying"], submitted, PUBLIC_URL, NOW)))
    assert "13812345678" not in text
    assert "5678" not in text


def test_staff_print_what_the_requester_is_told_and_it_is_recorded(
    cast: Cast, submitted: UUID
) -> None:
    text = letters(read(service.print_receipt(cast["chenwei"], submitted, PUBLIC_URL, NOW)))
    for answer in view(cast["lixiuying"], submitted)["receipt"].values():
        assert letters(answer) in text
    (details,) = reads_of(cast["lixiuying"].id)
    assert details["fields"] == ["receipt"]
    assert details["for_id"] == str(submitted)


def test_who_may_not_know_the_requester_prints_no_name(cast: Cast) -> None:
    draft = lamp(visibility=Visibility.ANONYMOUS)
    request_id = service.submit(cast["lixiuying"], draft, NOW)
    text = read(service.print_receipt(cast["chenwei"], request_id, PUBLIC_URL, NOW))
    assert "lixiuying" not in text
    assert "不公开姓名" in text


def test_it_is_in_the_readers_language(cast: Cast, submitted: UUID) -> None:
    english = replace(cast["lixiuying"], language="en")
    assert "Receipt number" in read(service.print_receipt(english, submitted, PUBLIC_URL, NOW))


def test_over_http(caller: Callable[[str], Caller], submitted: UUID) -> None:
    answer = caller("lixiuying").get(f"/requests/{submitted}/receipt.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(pypdfium2.PdfDocument(answer.get_data())) == 1


@pytest.mark.parametrize("slug", ["wangdafu", "zhaolei", "sunhao"])
def test_a_stranger_prints_nothing(
    caller: Callable[[str], Caller], submitted: UUID, slug: str
) -> None:
    answer = caller(slug).get(f"/requests/{submitted}/receipt.pdf")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")


def test_without_a_unit_no_unit_is_named(cast: Cast) -> None:
    request_id = service.submit(cast["lixiuying"], unrouted(), NOW)
    text = read(service.print_receipt(cast["lixiuying"], request_id, PUBLIC_URL, NOW))
    assert "办理单位" not in text
    assert "综治中心" in text


def reads_of(person_id: UUID) -> list[dict[str, object]]:
    """The recorded readings of a person's data."""
    rows = fetch_all(
        "SELECT details FROM audit_log WHERE subject_id = %s AND action = 'personal_data.read'",
        (person_id,),
    )
    return [row[0] for row in rows]
