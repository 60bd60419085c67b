"""Charts as SVG whose colours follow the page's theme."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

WIDE, NARROW = 460, 215
"""Widths of a chart in pixels, for wide and narrow windows."""
INK, MUTED, LINE, ACCENT = "var(--ink)", "var(--muted)", "var(--line)", "var(--accent)"
"""Colours of the style sheet: for text, quiet text, lines, and what a chart is about."""
_CONFIG: dict[str, Any] = {
    "background": "transparent",
    "font": "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
    "view": {"stroke": None},
    "padding": {
        "left": 16,
        "right": 20,
        "top": 5,
        "bottom": 5,
    },  # a reader's font may be wider than this machine's
    "axis": {
        "labelColor": INK,
        "titleColor": MUTED,
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "labelLimit": 150,
        "titlePadding": 8,
    },
    "axisY": {"grid": False, "domain": False, "ticks": False, "labelPadding": 8},
}


@dataclass(frozen=True)
class Picture:
    """One chart in two widths, for wide and narrow windows.

    Attributes
    ----------
    wide, narrow : str
        SVG.
    words : str
        What it shows, for those who do not see it.
    """

    wide: str
    narrow: str
    words: str


def draw_picture(draw: Callable[[int], Any], words: str) -> Picture:
    """Draw a chart for wide and for narrow windows.

    Parameters
    ----------
    draw : callable
        Takes a width in pixels and returns an Altair chart.
    words : str
        What it shows, for those who do not see it.
    """
    return Picture(wide=_svg(draw(WIDE)), narrow=_svg(draw(NARROW)), words=words)


def _svg(chart: Any) -> str:
    import vl_convert

    drawn = _plane(chart.to_dict())
    return str(vl_convert.vegalite_to_svg(drawn, config=_CONFIG, allowed_base_urls=[]))


def _plane(content: Any) -> Any:
    """Replace characters such as emoji, which Vega cuts in half where a label is too long, by a box."""
    if isinstance(content, dict):
        return {_plane(key): _plane(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_plane(each) for each in content]
    if isinstance(content, str) and not content.isascii():
        return "".join(letter if ord(letter) <= 0xFFFF else "\u25af" for letter in content)
    return content
