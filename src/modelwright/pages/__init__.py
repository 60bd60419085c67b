"""What every HTML page shares: one shell and one style for every screen and for paper.

In: a page's own template, which extends ``base.html.j2``, and what it shows. Out: one self-contained HTML
text that loads nothing, and pictures as SVG whose colours follow the page's theme.
"""

from modelwright.pages.charts import ACCENT, INK, LINE, MUTED, Picture, draw_picture
from modelwright.pages.paper import Text, write_paper
from modelwright.pages.shell import Page
from modelwright.pages.small import small_bars, small_line
from modelwright.pages.writing_figures import percent, whole

__all__ = [
    "ACCENT",
    "INK",
    "LINE",
    "MUTED",
    "Page",
    "Picture",
    "Text",
    "draw_picture",
    "percent",
    "small_bars",
    "small_line",
    "whole",
    "write_paper",
]
