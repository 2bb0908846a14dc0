"""The ledger as counties hand it in (一村一法律顾问工作台账): one line for each service."""

from collections.abc import Iterable
from datetime import date, datetime

from backend.advisers import legal
from backend.advisers.queries.ledger import Row
from backend.advisers.rules.ledger import hours, masked_name
from backend.integrations.excel import Cell, Column, Table, Value
from backend.kernel.clock import LOCAL
from backend.kernel.greenlets import in_background
from backend.kernel.messages import text

Opened = tuple[Row, str | None, str | None]
"""An entry with its summary and its opinion in clear."""

_COLUMNS = (
    ("number", 5, Cell.COUNT),
    ("day", 11, Cell.DAY),
    ("starts", 7, Cell.TIME),
    ("township", 11, Cell.CENTRED),
    ("village", 14, Cell.CENTRED),
    ("adviser", 9, Cell.CENTRED),
    ("firm", 18, Cell.TEXT),
    ("kind", 10, Cell.CENTRED),
    ("mode", 8, Cell.CENTRED),
    ("client", 8, Cell.CENTRED),
    ("attendees", 6, Cell.COUNT),
    ("content", 34, Cell.TEXT),
    ("opinion", 42, Cell.TEXT),
    ("hours", 7, Cell.TENTHS),
    ("remarks", 16, Cell.TEXT),
)
"""The usual columns, with their widths in characters."""

_NAMES = [name for name, _, _ in _COLUMNS]


class Workbook:
    """Takes the entries in their order; knows the sums at the end. What is voided is shown in its
    place and not counted."""

    def __init__(
        self, language: str, by: str, from_on: date | None, to_on: date | None, now: datetime
    ) -> None:
        self._language = language
        self._count = 0
        self._minutes = 0
        self._table = Table(
            name=self._say("sheet"),
            title=self._say("title"),
            note=self._say(
                "note",
                start=from_on or self._say("beginning"),
                end=to_on or now.astimezone(LOCAL).date(),
                by=by,
                at=f"{now.astimezone(LOCAL):%Y-%m-%d %H:%M}",
            ),
            footer=self._say("footer"),
            columns=[
                Column(self._say(f"columns.{name}"), width, cell) for name, width, cell in _COLUMNS
            ],
            made_at=now.astimezone(LOCAL),
        )
        self._row = 0

    def add(self, entries: Iterable[Opened]) -> None:
        """Write entries below those before them."""
        in_background(self._table.add, [self._line(*entry) for entry in entries])

    def close(self) -> bytes:
        """The finished file."""
        sums: dict[str, Value] = {
            "day": self._say("sum"),
            "content": self._say("counted", count=self._count),
            "hours": hours(self._minutes),
        }
        return in_background(self._table.close, [sums.get(name) for name in _NAMES])

    def _line(self, row: Row, summary: str | None, opinion: str | None) -> list[Value]:
        self._row += 1
        if row.voided_at is None:
            self._count += 1
            self._minutes += row.minutes or 0
        about = legal.topic_name(row.topic, self._language) if row.topic else row.title
        values: dict[str, Value] = {
            "number": self._row,
            "day": row.served_on,
            "starts": row.starts_at and row.starts_at.astimezone(LOCAL).time().replace(second=0),
            "township": row.township_name,
            "village": row.village_name,
            "adviser": row.adviser_name,
            "firm": row.firm,
            "kind": self._say(f"kinds.{row.kind}"),
            "mode": self._mode(row),
            "client": masked_name(row.person_name or ""),
            "attendees": row.attendees,
            "content": "\n".join(part for part in (about, summary) if part),
            "opinion": opinion,
            "hours": hours(row.minutes),
            "remarks": "\n".join(self._remarks(row)),
        }
        return [values[name] for name in _NAMES]

    def _mode(self, row: Row) -> str | None:
        """What advisers enter by hand has none but the village itself."""
        return self._say(f"modes.{row.mode or ('written' if row.topic else 'in_person')}")

    def _remarks(self, row: Row) -> Iterable[str]:
        if row.entered_later:
            yield self._say("entered_later", at=f"{row.entered_at.astimezone(LOCAL):%Y-%m-%d}")
        if row.voided_at is not None:
            yield self._say("voided", reason=row.void_reason)

    def _say(self, key: str, **params: object) -> str:
        return text(f"ledger.workbook.{key}", self._language, **params)
