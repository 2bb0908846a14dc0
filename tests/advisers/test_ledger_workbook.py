"""The ledger as an Excel file, taken over HTTP and read back."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from backend.advisers.routes.ledger import XLSX
from backend.kernel.actor import Actor
from backend.kernel.clock import LOCAL, now
from backend.kernel.db import execute, fetch_all
from tests.advisers.conftest import Device
from tests.advisers.deeds import served
from tests.advisers.register import OTHER_VILLAGE, VILLAGE, registered

SignedIn = Callable[[Actor], Device]

HEADINGS = [
    "序号", "服务日期", "开始时间", "乡镇（街道）", "村（社区）", "法律顾问", "执业机构",
    "服务事项", "服务方式", "服务对象", "参加人数", "服务内容", "法律意见（处理结果）",
    "服务时长（小时）", "备注",
]  # fmt: skip
TITLE, NOTE, HEADING, FIRST = 1, 2, 3, 4


def today() -> date:
    return now().astimezone(LOCAL).date()


class Sheet:
    """The file as it is opened."""

    def __init__(self, device: Device, query: str = "") -> None:
        answer = device.get(f"/ledger.xlsx{query}")
        assert answer.status_code == 200, answer.text
        assert answer.mimetype == XLSX
        self.disposition = answer.headers["Content-Disposition"]
        self.book = openpyxl.load_workbook(BytesIO(answer.data))
        (self.sheet,) = self.book.worksheets

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each entry by its headings, without the sums."""
        cells = self.sheet.iter_rows(min_row=FIRST, max_row=self.sheet.max_row - 1)
        return [dict(zip(self.headings, row, strict=True)) for row in cells]

    @property
    def headings(self) -> list[str]:
        return [cell.value for cell in self.sheet[HEADING]]

    @property
    def sums(self) -> dict[str, Any]:
        last = [cell.value for cell in self.sheet[self.sheet.max_row]]
        return {name: value for name, value in zip(self.headings, last, strict=True) if value}


@pytest.fixture
def other(database: str) -> UUID:
    return registered("陆军", None, now(), OTHER_VILLAGE)


def test_every_row_is_an_entry_of_the_ledger(
    device: SignedIn, adviser: Actor, adviser_id: UUID, resident: Actor
) -> None:
    lawyer = device(adviser)
    served(adviser_id, resident.id, VILLAGE)
    served(adviser_id, resident.id, VILLAGE, 2, kind="question", mode=None, minutes=None)
    past = (today() - timedelta(days=3)).isoformat()
    lecture = {
        "kind": "lecture", "village": VILLAGE, "served_on": past, "minutes": 90,
        "title": "民法典进院坝", "summary": "讲了借条怎么写", "attendees": 35,
    }  # fmt: skip
    assert lawyer.post("/ledger", lecture).status_code == 201
    entries = lawyer.get("/ledger").json["items"]
    found = Sheet(lawyer)
    assert found.disposition == f'attachment; filename="ledger-{today():%Y%m%d}.xlsx"'
    assert found.sheet.cell(TITLE, 1).value == "一村一法律顾问工作台账"
    assert found.headings == HEADINGS
    assert len(found.rows) == len(entries) == 3
    for number, (row, entry) in enumerate(zip(found.rows, entries, strict=True), 1):
        values = {name: cell.value for name, cell in row.items()}
        assert values["序号"] == number
        assert values["服务日期"] == datetime.fromisoformat(entry["served_on"])
        assert row["服务日期"].is_date and row["服务日期"].number_format == "yyyy-mm-dd"
        assert values["开始时间"] == (entry["starts_at"] and time(9, 0))
        assert (values["村（社区）"], values["法律顾问"]) == (entry["village"]["name"], "何敏")
        assert (values["乡镇（街道）"], values["执业机构"]) == ("海边街道", "贵州草海律师事务所")
        assert values["服务对象"] == entry["client"] and values["参加人数"] == entry["attendees"]
        assert (
            entry["summary"] in values["服务内容"]
            and values["法律意见（处理结果）"] == (entry["opinion"])
        )
        hours = entry["minutes"] and round(entry["minutes"] / 60, 1)
        assert values["服务时长（小时）"] == hours
        assert hours is None or row["服务时长（小时）"].data_type == "n"
    kinds = [(row["服务事项"].value, row["服务方式"].value) for row in found.rows]
    assert kinds == [("法律咨询", "电话"), ("书面答疑", "书面"), ("法治讲座", "现场")]
    assert [row["备注"].value for row in found.rows] == ["", "", f"{today()} 补录"]
    assert found.sums == {
        "服务日期": "合计",
        "服务内容": "共 3 条（不含作废）",
        "服务时长（小时）": 2.2,
    }


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_words_are_never_a_formula(
    start: str, device: SignedIn, adviser: Actor, adviser_id: UUID, resident: Actor
) -> None:
    words = f'{start}HYPERLINK("http://example.com","点我")'
    served(adviser_id, resident.id, VILLAGE, topic=words, summary=words, opinion=words)
    execute("UPDATE advisers SET name = %s, firm = %s", (words, words))
    execute("UPDATE people SET name = %s WHERE id = %s", (words, resident.id))
    (row,) = Sheet(device(adviser)).rows
    for name in ("法律顾问", "执业机构", "服务对象", "服务内容", "法律意见（处理结果）"):
        assert row[name].data_type == "s" and row[name].value.startswith(start), name
        assert row[name].quotePrefix, name
        assert row[name].hyperlink is None


def test_names_are_masked_and_taking_it_is_on_record(
    device: SignedIn, justice_officer: Actor, adviser_id: UUID, resident: Actor
) -> None:
    served(adviser_id, resident.id, VILLAGE)
    found = Sheet(device(justice_officer))
    words = [cell.value for row in found.sheet.iter_rows() for cell in row]
    assert "李**" in words and not any("李秀英" in str(word) for word in words)
    assert fetch_all(
        "SELECT action, details FROM audit_log WHERE actor_id = %s AND action LIKE 'ledger.%%'",
        (justice_officer.id,),
    ) == [("ledger.exported", {"entries": 1})]
    assert fetch_all(
        "SELECT subject_id FROM audit_log WHERE actor_id = %s AND action = 'personal_data.read'",
        (justice_officer.id,),
    ) == [(resident.id,)]


def test_what_is_asked_for_is_in_it_and_nothing_else(
    device: SignedIn,
    adviser: Actor,
    adviser_id: UUID,
    other: UUID,
    justice_officer: Actor,
    far_officer: Actor,
    resident: Actor,
) -> None:
    for days in (0, 1, 5):
        served(adviser_id, resident.id, VILLAGE, days)
    served(other, resident.id, OTHER_VILLAGE, 1)
    officer, yesterday = device(justice_officer), today() - timedelta(days=1)
    assert len(Sheet(officer).rows) == 4
    assert len(Sheet(device(adviser)).rows) == 3
    assert Sheet(device(far_officer)).rows == []
    assert {row["法律顾问"].value for row in Sheet(officer, f"?adviser={other}").rows} == {"陆军"}
    found = Sheet(officer, f"?village={VILLAGE}&from={yesterday}&to={yesterday}")
    assert [row["服务日期"].value.date() for row in found.rows] == [yesterday]
    assert f"{yesterday} 至 {yesterday}" in found.sheet.cell(NOTE, 1).value


def test_days_without_any_are_a_file_all_the_same(device: SignedIn, adviser: Actor) -> None:
    found = Sheet(device(adviser), "?from=2020-01-01&to=2020-01-31")
    assert found.headings == HEADINGS and found.rows == []
    assert found.sums["服务内容"] == "共 0 条（不含作废）"


def test_what_was_voided_is_seen_and_not_counted(device: SignedIn, adviser: Actor) -> None:
    lawyer = device(adviser)
    visit = {
        "kind": "visit", "village": VILLAGE, "served_on": today().isoformat(), "minutes": 60,
        "title": "走访", "summary": "上门看了界桩",
    }  # fmt: skip
    entry = lawyer.post("/ledger", visit).json["id"]
    lawyer.post(f"/ledger/{entry}/void", {"reason": "写重了"})
    found = Sheet(lawyer)
    assert [row["备注"].value for row in found.rows] == ["已作废：写重了"]
    assert found.sums["服务内容"] == "共 0 条（不含作废）"


def test_a_topic_that_is_no_more_is_said_by_its_code(
    device: SignedIn, adviser: Actor, adviser_id: UUID, resident: Actor
) -> None:
    served(adviser_id, resident.id, VILLAGE, topic="gone_topic")
    served(adviser_id, resident.id, VILLAGE, 1)
    content = [row["服务内容"].value for row in Sheet(device(adviser)).rows]
    assert content[0] == "gone_topic\n邻居借钱不还"
    assert not content[1].startswith("loan")


def test_an_english_reader_gets_english_columns(
    device: SignedIn, adviser: Actor, adviser_id: UUID, resident: Actor
) -> None:
    served(adviser_id, resident.id, VILLAGE)
    execute("UPDATE people SET language = 'en' WHERE id = %s", (adviser.id,))
    found = Sheet(device(adviser))
    assert found.headings != HEADINGS and all(name.isascii() for name in found.headings)


@pytest.mark.parametrize("query", ["?village=abc", "?adviser=1", "?from=soon"])
def test_strange_questions_are_refused(query: str, device: SignedIn, adviser: Actor) -> None:
    refused = device(adviser).get(f"/ledger.xlsx{query}")
    assert (refused.status_code, refused.json["code"]) == (422, "validation_failed")
