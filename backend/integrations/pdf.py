"""One printed page as PDF: A4, Chinese and Latin letters, QR codes, text that can be read back.

What is on the page is for its user to say; this knows fonts, line breaks and ink. Lengths are in
millimetres from the upper left corner, sizes of type in points. The same calls give the same bytes.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pylopdf_fonts_zh_cn
import segno

WIDTH = 210.0
HEIGHT = 297.0

Colour = tuple[int, int, int]
INK: Colour = (24, 28, 34)

MISSING = "〓"
"""Printed for a character the font has not: the sign printers put where a type is missing."""

_ELLIPSIS = "…"
_FAMILY = "Noto Sans SC"
_MM_PER_POINT = 25.4 / 72
_LINE_HEIGHT = 1.5
_BASELINE = 1.08
"""In heights of the type, like the line's."""
_BOLD_STROKE = 0.026
"""The contour drawn around a letter of bold type, in heights of the type."""

_UNSEEN = frozenset({"Cc", "Cf", "Mn", "Me"})
"""Categories of controls, joiners, variation selectors and accents without a letter."""

_NOT_FIRST = frozenset({"Pe", "Pf", "Po", "Pd"})
"""Categories of what does not begin a line: closing brackets and quotes, stops, dashes."""
_NOT_LAST = frozenset({"Ps", "Pi"})
"""And of what does not end one: opening brackets and quotes."""
_WORD = re.compile(r"\s+|[!-~\u00a1-\u024f]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Type:
    """How a text is set."""

    size: float
    bold: bool = False
    colour: Colour = INK

    @property
    def line_height(self) -> float:
        """In millimetres."""
        return self.size * _MM_PER_POINT * _LINE_HEIGHT

    @property
    def baseline(self) -> float:
        """From the top of a line to where its letters stand, in millimetres."""
        return self.size * _MM_PER_POINT * _BASELINE


class Page:
    """A page to write and draw on. Not to be shared between threads."""

    def __init__(self, *, title: str, language: str, made_at: datetime) -> None:
        # Imported with the first page: a process that prints none is spared 0.3 s and 20 MiB.
        from fpdf import FPDF
        from fpdf.enums import TextMode
        from fpdf.fonts import TTFFont

        self._pdf = FPDF(unit="mm", format="A4")
        self._pdf.set_auto_page_break(False)
        self._pdf.set_title(title)
        self._pdf.set_lang(language)
        self._pdf.set_creation_date(made_at)
        self._pdf.add_font(_FAMILY, fname=pylopdf_fonts_zh_cn.sans_path())
        self._pdf.set_font(_FAMILY)
        self._pdf.add_page()
        font = self._pdf.current_font
        if not isinstance(font, TTFFont):  # fpdf2 promises less than it does
            raise TypeError("the font is not embedded")
        self._font = font
        self._plain, self._bold = TextMode.FILL, TextMode.FILL_STROKE
        self.lacking = False
        """Whether anything written so far had a character the font has not."""

    def lines(self, text: str, style: Type, width: float, most: int) -> list[str]:
        """The text broken to the width; where it needs more lines, it ends with an ellipsis."""
        room = width / (style.size * _MM_PER_POINT)
        broken = [
            line
            for part in self._printable(text).splitlines()
            if part.strip()
            for line in self._broken(part, room)
        ]
        if len(broken) <= most:
            return broken
        last = broken[most - 1]
        while last and self._width(last + _ELLIPSIS) > room:
            last = last[:-1]
        return [*broken[: most - 1], last.rstrip() + _ELLIPSIS]

    def width(self, text: str, style: Type) -> float:
        """Of the text on one line."""
        return self._width(self._printable(text)) * style.size * _MM_PER_POINT

    def write(self, lines: list[str], style: Type, x: float, y: float) -> float:
        """Write lines as `lines` gave them, the first one's top at ``y``; where the next begins."""
        pdf = self._pdf
        pdf.set_font_size(style.size)
        stroke = style.size * _BOLD_STROKE
        with pdf.local_context(
            text_color=style.colour,
            draw_color=style.colour,
            line_width=stroke,
            text_mode=self._bold if style.bold else self._plain,
        ):
            for line in lines:
                pdf.text(x, y + style.baseline, line)
                y += style.line_height
        return y

    def paragraph(
        self, text: str, style: Type, x: float, y: float, width: float, most: int = 1
    ) -> float:
        """Break and write in one go; where the next line begins."""
        return self.write(self.lines(text, style, width, most), style, x, y)

    def panel(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """A filled rectangle."""
        with self._pdf.local_context(fill_color=colour):
            self._pdf.rect(x, y, width, height, style="F")

    def frame(
        self, x: float, y: float, width: float, height: float, colour: Colour, thickness: float
    ) -> None:
        """An empty rectangle."""
        with self._pdf.local_context(draw_color=colour, line_width=thickness):
            self._pdf.rect(x, y, width, height, style="D")

    def rule(self, x: float, y: float, width: float, colour: Colour, thickness: float) -> None:
        """A horizontal line."""
        with self._pdf.local_context(draw_color=colour, line_width=thickness):
            self._pdf.line(x, y, x + width, y)

    def qr(self, content: str, x: float, y: float, side: float) -> None:
        """A QR code that survives a crease (a quarter of it may be unreadable), without margin."""
        matrix = segno.make_qr(content, error="q").matrix
        module = side / len(matrix)
        with self._pdf.local_context(fill_color=(0, 0, 0)):
            for row, modules in enumerate(matrix):
                for dark in re.finditer(rb"\x01+", bytes(modules)):
                    left, right = dark.span()
                    self._pdf.rect(
                        x + left * module,
                        y + row * module,
                        (right - left) * module,
                        module,
                        style="F",
                    )

    def pdf(self) -> bytes:
        """The finished file; only the letters that are used are in it."""
        return bytes(self._pdf.output())

    def _printable(self, text: str) -> str:
        return "".join(self._characters(unicodedata.normalize("NFC", text)))

    def _characters(self, text: str) -> Iterator[str]:
        """What the font has; what is not seen by itself is left out."""
        for character in text:
            if character == "\n":
                yield character
            elif character.isspace():
                yield " "
            elif unicodedata.category(character) in _UNSEEN:
                continue
            elif ord(character) in self._font.cmap:
                yield character
            elif unicodedata.category(character) != "Sk":  # the skin tones of emoji
                self.lacking = True
                yield MISSING

    def _width(self, text: str) -> float:
        """In heights of the type."""
        return sum(self._font.cw[ord(character)] for character in text) / 1000

    def _broken(self, text: str, room: float) -> Iterator[str]:
        """Lines no wider than ``room``, broken where Chinese and Latin text may be."""
        line = ""
        for piece in _pieces(text):
            if self._width(line + piece.rstrip()) <= room:
                line += piece
                continue
            if line.strip():
                yield line.strip()
            line = piece.lstrip()
            while self._width(line.rstrip()) > room:
                fitting = self._fitting(line, room)
                yield line[:fitting]
                line = line[fitting:]
        if line.strip():
            yield line.strip()

    def _fitting(self, text: str, room: float) -> int:
        """How many of the first characters fit; one at least."""
        count, width = 0, 0.0
        while count < len(text) and (width := width + self._width(text[count])) <= room:
            count += 1
        return max(count, 1)


def _pieces(text: str) -> tuple[str, ...]:
    """What must stay on one line: a Latin word, a Chinese character with its punctuation."""
    pieces: list[str] = []
    for part in _WORD.findall(text):
        glued = pieces and (
            part.isspace()
            or unicodedata.category(part[0]) in _NOT_FIRST
            or unicodedata.category(pieces[-1][-1]) in _NOT_LAST
        )
        if glued and len(pieces[-1]) < 60:
            pieces[-1] += part
        else:
            pieces.append(part)
    return tuple(pieces)
