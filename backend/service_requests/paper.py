"""The receipt on one sheet of A4: for people without a phone, in letters the old can read.

Every block has a most it may take, and what the resident said gets the room that is left, so that
there is always exactly one page. A telephone of theirs is never on it: paper gets lost.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from backend.integrations.pdf import HEIGHT, WIDTH, Colour, Page, Type
from backend.kernel.clock import LOCAL
from backend.kernel.messages import text

_SEAL: Colour = (158, 32, 28)
_DEEP: Colour = (23, 63, 95)
_GREY: Colour = (92, 99, 108)
_LINE: Colour = (196, 203, 211)
_TINT: Colour = (238, 243, 247)

_LEFT = 18.0
_TOP = 14.0
_ACROSS = WIDTH - 2 * _LEFT
_VALUE_LEFT = _LEFT + 35.0
_VALUE_WIDTH = WIDTH - _LEFT - _VALUE_LEFT
_FOOT = HEIGHT - 66.0
_QR_SIDE = 40.0

_SMALL = Type(12, colour=_GREY)
_TITLE = Type(27, bold=True, colour=_DEEP)
_NUMBER = Type(36, bold=True)
_LABEL = Type(13, colour=_GREY)
_QUESTION = Type(14, bold=True, colour=_DEEP)
_HEADING = Type(15, bold=True, colour=_DEEP)
_STEP = Type(12)

_SIZES = (16, 15, 14, 13)
_SMALLEST = 12
"""The largest size in which everything has room is taken; in the smallest, long texts are cut."""
_MOST = {"area": 3, "requester": 3, "unit": 3, "asked": 6}
_MOST_IN_SMALLEST = {"area": 2, "requester": 2, "unit": 2, "category": 1, "submitted": 1}
_MOST_OF_ANSWER, _MOST_OF_ANSWER_IN_SMALLEST = 6, 3
_WIDEST_GAP = 2.0
_RULE_ROOM = 4.0


@dataclass(frozen=True, slots=True)
class Slip:
    """What is on the paper, in the reader's words."""

    number: str
    """Grouped."""
    category: str
    area: str
    submitted_at: datetime
    requester: str | None
    """None where who prints may not learn it."""
    agent: str | None
    unit: str | None
    unit_phone: str | None
    asked: str
    answers: Mapping[str, str]
    """The four answers by `receipt`'s names, as told to the requester."""
    lookup_url: str


@dataclass(frozen=True, slots=True)
class _Row:
    """A label and, beside it, what it says."""

    label: str
    label_type: Type
    lines: list[str]
    type: Type
    ruled: bool
    """Whether there is a line above it, to set it off."""

    @property
    def height(self) -> float:
        return len(self.lines) * self.type.line_height + (_RULE_ROOM if self.ruled else 0)


def sheet(slip: Slip, language: str, printed_at: datetime) -> bytes:
    """The PDF. The same slip printed at the same moment is the same file."""
    title = text("paper.title", language)
    page = Page(title=f"{title} {slip.number}", language=language, made_at=printed_at)
    top = _head(page, slip.number, title, language, printed_at)
    rows = _rows(page, slip, language, _FOOT - top)
    gap = min(_WIDEST_GAP, (_FOOT - top - _height(rows)) / len(rows))
    for row in rows:
        top = _print(page, row, top) + gap
    _foot(page, slip.lookup_url, language)
    return page.pdf()


def _head(page: Page, number: str, title: str, language: str, printed_at: datetime) -> float:
    printed = text("paper.printed", language, printed=printed_at.astimezone(LOCAL))
    right = WIDTH - _LEFT - page.width(printed, _SMALL)
    page.paragraph(text("paper.product", language), _SMALL, _LEFT, _TOP, _ACROSS)
    page.paragraph(printed, _SMALL, right, _TOP, _ACROSS)
    top = page.paragraph(title, _TITLE, _LEFT, _TOP + 6, _ACROSS) + 1
    page.panel(_LEFT, top, _ACROSS, 24, _TINT)
    page.panel(_LEFT, top, 1.6, 24, _SEAL)
    page.paragraph(text("paper.number", language), _LABEL, _LEFT + 6, top + 2, _ACROSS - 6)
    page.paragraph(number, _NUMBER, _LEFT + 6, top + 6.5, _ACROSS - 6)
    return top + 27


def _rows(page: Page, slip: Slip, language: str, room: float) -> list[_Row]:
    """Everything between head and foot, in the largest type in which it has room."""
    for size in _SIZES:
        rows = _set(page, slip, language, Type(size), _MOST, _MOST_OF_ANSWER)
        if _height(rows) <= room:
            return rows
    smallest = Type(_SMALLEST)
    most = {**_MOST_IN_SMALLEST, "asked": 1}
    rows = _set(page, slip, language, smallest, most, _MOST_OF_ANSWER_IN_SMALLEST)
    most["asked"] += int((room - _height(rows)) / smallest.line_height)
    return _set(page, slip, language, smallest, most, _MOST_OF_ANSWER_IN_SMALLEST)


def _set(
    page: Page,
    slip: Slip,
    language: str,
    style: Type,
    most: Mapping[str, int],
    most_of_answer: int,
) -> list[_Row]:
    """The rows, each with no more lines than said."""

    def broken(value: str, lines: int) -> list[str]:
        return page.lines(value, style, _VALUE_WIDTH, lines) or [""]

    facts = [
        _Row(
            text(f"paper.labels.{name}", language),
            _LABEL,
            broken(value, most.get(name, 1)),
            style,
            ruled=name == "asked",
        )
        for name, value in _facts(slip, language)
    ]
    answers = [
        _Row(
            text(f"paper.questions.{name}", language),
            _QUESTION,
            broken(answer, most_of_answer),
            style,
            ruled=True,
        )
        for name, answer in slip.answers.items()
    ]
    return [*facts, *answers]


def _facts(slip: Slip, language: str) -> Iterator[tuple[str, str]]:
    yield "category", slip.category
    yield "area", slip.area
    submitted = slip.submitted_at.astimezone(LOCAL)
    yield "submitted", text("paper.submitted_on", language, submitted=submitted)
    requester = slip.requester
    if not requester:
        requester = text(f"paper.{'anonymous' if requester is None else 'nameless'}", language)
    if slip.agent:
        requester = text("paper.by_agent", language, requester=requester, agent=slip.agent)
    yield "requester", requester
    if slip.unit and slip.unit_phone:
        yield "unit", text("paper.unit_phone", language, unit=slip.unit, phone=slip.unit_phone)
    elif slip.unit:
        yield "unit", slip.unit
    yield "asked", slip.asked


def _height(rows: list[_Row]) -> float:
    return sum(row.height for row in rows)


def _print(page: Page, row: _Row, top: float) -> float:
    if row.ruled:
        page.rule(_LEFT, top, _ACROSS, _LINE, 0.25)
        top += _RULE_ROOM / 2
    # Both stand on one line, whatever their sizes.
    drop = row.type.baseline - row.label_type.baseline
    width = _VALUE_LEFT - _LEFT - 2
    page.paragraph(row.label, row.label_type, _LEFT, top + drop, width)
    bottom = page.write(row.lines, row.type, _VALUE_LEFT, top)
    return bottom + _RULE_ROOM / 2 if row.ruled else bottom


def _foot(page: Page, url: str, language: str) -> None:
    """How to ask again, with and without a phone."""
    width = _ACROSS - _QR_SIDE - 8
    page.rule(_LEFT, _FOOT, _ACROSS, _DEEP, 0.6)
    top = page.paragraph(text("paper.later.title", language), _HEADING, _LEFT, _FOOT + 3, width)
    for way in ("scan", "call", "visit"):
        sentence = text(f"paper.later.{way}", language)
        top = page.paragraph(sentence, _STEP, _LEFT, top + 0.6, width, 2)
    page.qr(url, WIDTH - _LEFT - _QR_SIDE, _FOOT + 6, _QR_SIDE)
    keep = text("paper.lacking" if page.lacking else "paper.later.keep", language)
    page.paragraph(keep, _SMALL, _LEFT, HEIGHT - 13, _ACROSS)
