"""Pages of paper: headings, paragraphs, lists and pictures as PDF, with their fonts inside."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from modelwright.pages.charts import ACCENT, INK, LINE, MUTED, Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Kind = Literal["title", "heading", "words", "point", "quiet"]

_WIDTH, _HEIGHT, _MARGIN = 595.0, 842.0, 57.0  # A4 in points
_SIZES: dict[Kind, float] = {"title": 18, "heading": 12.5, "words": 10, "point": 10, "quiet": 9}
_BEFORE: dict[Kind, float] = {"title": 0, "heading": 14, "words": 4, "point": 3, "quiet": 4}
_LEADING = 1.38
_COLOURS = {INK: "#16191d", MUTED: "#59626d", LINE: "#dfe3e8", ACCENT: "#0067a8"}
_MEASURED = 100.0  # the size at which letters are measured
_SCALE = 3.0  # of a picture, in pixels for a point


@dataclass(frozen=True)
class Text:
    """One piece of text.

    Attributes
    ----------
    words : str
    kind : {"title", "heading", "words", "point", "quiet"}
        ``point`` is one of a list.
    """

    words: str
    kind: Kind = "words"


def write_paper(content: Sequence[Text | Picture], title: str) -> bytes:
    """Set text and pictures on A4 pages, as PDF.

    A letter that DejaVu Sans does not have is shown as a box; it has Latin, Greek, Cyrillic and more, but no
    Chinese.

    Parameters
    ----------
    content : sequence of Text or Picture
    title : str
        Of the document.
    """
    import warnings

    from matplotlib import rc_context
    from matplotlib.backends.backend_pdf import PdfPages

    written = io.BytesIO()
    with rc_context({"pdf.fonttype": 42, "font.family": "DejaVu Sans"}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        with PdfPages(written, metadata={"Title": title, "Creator": "Modelwright"}) as pages:
            for figure in _Sheets().set(content):
                pages.savefig(figure)
    return written.getvalue()


class _Sheets:
    """Sheets of paper that are filled from the top."""

    def __init__(self) -> None:
        self._sheet: Figure | None = None
        self._y = 0.0
        self._done: list[Figure] = []

    def set(self, content: Sequence[Text | Picture]) -> list[Figure]:
        for each in content:
            if isinstance(each, Picture):
                self._draw(each)
            else:
                self._write(each)
        return self._done

    def _write(self, text: Text) -> None:
        size, indent = _SIZES[text.kind], 14.0 if text.kind == "point" else 0.0
        bold = text.kind in {"title", "heading"}
        self._y += _BEFORE[text.kind]
        # A heading is never the last line of a sheet.
        self._room(size * _LEADING * (3 if text.kind == "heading" else 1))
        for at, line in enumerate(_lines(text.words, size, _WIDTH - 2 * _MARGIN - indent, bold=bold)):
            sheet = self._room(size * _LEADING)
            self._y += size * _LEADING
            style: dict[str, Any] = {
                "fontsize": size,
                "fontweight": "bold" if bold else "normal",
                "color": _COLOURS[MUTED if text.kind == "quiet" else INK],
                "parse_math": False,
            }
            if indent and at == 0:
                sheet.text((_MARGIN + 3) / _WIDTH, 1 - self._y / _HEIGHT, "•", **style)
            sheet.text((_MARGIN + indent) / _WIDTH, 1 - self._y / _HEIGHT, line, **style)

    def _draw(self, picture: Picture) -> None:
        from matplotlib.image import imread
        from vl_convert import svg_to_png

        svg = picture.wide
        for name, colour in _COLOURS.items():
            svg = svg.replace(name, colour)
        image = imread(io.BytesIO(svg_to_png(svg, scale=_SCALE)))
        high, wide = image.shape[0] / _SCALE, image.shape[1] / _SCALE
        self._y += 8
        sheet = self._room(high)
        bottom = 1 - (self._y + high) / _HEIGHT
        axes = sheet.add_axes((_MARGIN / _WIDTH, bottom, wide / _WIDTH, high / _HEIGHT))
        axes.imshow(image, interpolation="none")
        axes.axis("off")
        self._y += high + 4

    def _room(self, high: float) -> Figure:
        if self._sheet is None or self._y + high > _HEIGHT - _MARGIN:
            from matplotlib.figure import Figure

            self._sheet, self._y = Figure(figsize=(_WIDTH / 72, _HEIGHT / 72)), _MARGIN
            self._done.append(self._sheet)
        return self._sheet


def _lines(words: str, size: float, room: float, *, bold: bool) -> Iterator[str]:
    """Break words into lines that fit; a word that is longer than a line is broken where the line ends."""

    def wide(text: str) -> float:
        return size * _wide(text, bold=bold)

    line, used, blank = "", 0.0, wide("n n") - wide("nn")
    for word in words.split():
        if line and used + blank + wide(word) > room:
            yield line
            line, used = "", 0.0
        while not line and wide(word) > room:
            fits = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or wide(word[:n]) <= room)
            yield word[:fits]
            word = word[fits:]  # noqa: PLW2901 - what is left of it
        used += wide(word) + (blank if line else 0.0)
        line = f"{line} {word}" if line else word
    yield line


@lru_cache(maxsize=4096)
def _wide(text: str, *, bold: bool) -> float:
    """Return how wide a text is, in units of its size."""
    font = _font(bold=bold)
    # What the font lacks is as wide as any letter.
    font.set_text(re.sub(r"[^\x20-\u06ff\u2000-\u2fff]", "m", text))
    return float(font.get_width_height()[0]) / 64 / _MEASURED


@lru_cache(maxsize=2)
def _font(*, bold: bool) -> Any:
    from matplotlib.font_manager import FontProperties, findfont
    from matplotlib.ft2font import FT2Font

    # A font of our own: matplotlib shares those that it has open, and changes their size.
    font = FT2Font(findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")))
    font.set_size(_MEASURED, 72)
    return font
