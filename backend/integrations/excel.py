"""One table as an Excel workbook, made to be printed: A4 across, its heading on every page.

What is in the table is for its user to say; this knows cells. Rows are written as they come and
kept in a file meanwhile, so a long table takes no more memory than a short one until it is closed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from io import BytesIO
from typing import Any

Value = str | int | float | date | time | None

_LONGEST_TEXT = 32_767
"""Characters of a cell, by Excel's own limit."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a text must not begin with, or a program it is opened in later takes it for a formula."""
_A4 = 9
_TITLE_ROW, _NOTE_ROW, _HEADING_ROW = range(3)


class Cell(StrEnum):
    """How the values of a column are kept and shown."""

    TEXT = "text"
    CENTRED = "centred"
    COUNT = "count"
    TENTHS = "tenths"
    DAY = "day"
    TIME = "time"


_FORMATS: dict[Cell, dict[str, Any]] = {
    Cell.TEXT: {"text_wrap": True},
    Cell.CENTRED: {"text_wrap": True, "align": "center"},
    Cell.COUNT: {"num_format": "0", "align": "center"},
    Cell.TENTHS: {"num_format": "0.0", "align": "center"},
    Cell.DAY: {"num_format": "yyyy-mm-dd", "align": "center"},
    Cell.TIME: {"num_format": "hh:mm", "align": "center"},
}


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` is in characters of the usual size; a Chinese one is two."""

    heading: str
    width: float
    cell: Cell = Cell.TEXT


class Table:
    """A workbook of one sheet. Not to be shared between threads at the same time."""

    def __init__(
        self, *, name: str, title: str, note: str, footer: str, columns: Sequence[Column],
        made_at: datetime,
    ) -> None:  # fmt: skip
        """``name`` is the sheet's; ``footer`` may say &P for the page and &N for all of them."""
        # Imported with the first workbook: most processes never make one.
        from xlsxwriter import Workbook

        self._columns = columns
        self._file = BytesIO()
        self._book = Workbook(
            self._file,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._book.set_properties({"title": title, "created": made_at.replace(tzinfo=None)})
        self._sheet = self._book.add_worksheet(name)
        base = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "border": 1}
        self._formats = [
            self._book.add_format({**base, **_FORMATS[column.cell]}) for column in columns
        ]
        self._quoted = [
            self._book.add_format({**base, **_FORMATS[column.cell], "quote_prefix": True})
            for column in columns
        ]
        self._totals = self._book.add_format({**base, "bold": True, "align": "center"})
        self._row = _HEADING_ROW + 1
        self._set_up_page(footer)
        self._write_head(title, note, base)

    def _set_up_page(self, footer: str) -> None:
        sheet = self._sheet
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEADING_ROW)
        sheet.freeze_panes(_HEADING_ROW + 1, 0)
        sheet.set_footer(f"&C{footer}")
        for index, column in enumerate(self._columns):
            sheet.set_column(index, index, column.width)

    def _write_head(self, title: str, note: str, base: dict[str, Any]) -> None:
        last = len(self._columns) - 1
        plain = {"font_name": base["font_name"], "valign": "vcenter"}
        big = self._book.add_format({**plain, "font_size": 16, "bold": True, "align": "center"})
        small = self._book.add_format({**plain, "font_size": 10})
        heading = self._book.add_format(
            {**base, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#E7EDF3"}
        )
        self._sheet.set_row(_TITLE_ROW, 30)
        self._sheet.merge_range(_TITLE_ROW, 0, _TITLE_ROW, last, title, big)
        self._sheet.merge_range(_NOTE_ROW, 0, _NOTE_ROW, last, note, small)
        for index, column in enumerate(self._columns):
            self._sheet.write_string(_HEADING_ROW, index, column.heading, heading)

    def add(self, rows: Iterable[Sequence[Value]]) -> None:
        """Write rows below those before them, a value for each column."""
        for row in rows:
            for index, value in enumerate(row):
                self._write(index, value)
            self._row += 1

    def _write(self, index: int, value: Value) -> None:
        row, style = self._row, self._formats[index]
        if value is None:
            self._sheet.write_blank(row, index, None, style)
        elif isinstance(value, str):
            if value.startswith(_FORMULA):
                style = self._quoted[index]
            self._sheet.write_string(row, index, value[:_LONGEST_TEXT], style)
        elif isinstance(value, date | time):
            self._sheet.write_datetime(row, index, value, style)
        else:
            self._sheet.write_number(row, index, value, style)

    def close(self, totals: Sequence[Value]) -> bytes:
        """Write the last row and give the finished file; nothing can be added afterwards."""
        for index, value in enumerate(totals):
            if isinstance(value, int | float):
                self._sheet.write_number(self._row, index, value, self._totals)
            else:
                self._sheet.write_string(self._row, index, str(value or ""), self._totals)
        self._sheet.autofilter(_HEADING_ROW, 0, self._row - 1, len(self._columns) - 1)
        self._book.close()
        return self._file.getvalue()
