"""The critical-difference plot, in a page of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from modelwright.errors import DataError
from modelwright.evaluation.across.ranking import Across
from modelwright.evaluation.figures import p_text
from modelwright.pages import ACCENT, INK, MUTED, Page, Picture, draw_picture
from modelwright.store import write_atomic

_PAGE = Page(Path(__file__).parent, filters={"p_text": p_text})
_NARROW = 300


def write_ranks(across: Across, path: str | Path) -> Path:
    """Write the plot and its tables as one self-contained HTML page.

    Parameters
    ----------
    across : Across
    path : str or Path
        An ``.html`` file; replaced atomically.
    """
    place = Path(path)
    if place.suffix != ".html":
        raise DataError(f"{place}: the plot is written as a page; name a file that ends in .html")
    write_atomic(place, _PAGE.render(across=across, plot=rank_plot(across)))
    return place


def rank_plot(across: Across) -> Picture:
    """Draw mean ranks on a line, with a bar under those that are not told apart."""
    count = len(across.systems)
    middle = (1 + count) / 2
    stems = [
        {"name": name, "rank": rank, "depth": -1.0 * depth, "line": 0.0, "text": f"{name} ({rank:.2f})"}
        for name, rank, depth in zip(across.systems, across.mean_ranks, _depths(across, middle), strict=True)
    ]
    rank_of = dict(zip(across.systems, across.mean_ranks, strict=True))
    wide_cliques = [clique for clique in across.cliques if len(clique) > 1]
    bars = [
        {"from": rank_of[clique[0]], "to": rank_of[clique[-1]], "depth": -0.25 - 0.2 * at}
        for at, clique in enumerate(wide_cliques)
    ]

    def draw(width: int) -> Any:
        import altair as alt

        x = alt.Scale(domain=[1, count], nice=False)
        y = alt.Scale(domain=[-count - 0.6, 1.2])
        axis = alt.Axis(orient="top", tickMinStep=1, title="mean rank (1 is best)", grid=False)
        hidden = alt.Y("depth:Q", scale=y, axis=None)
        base = alt.Chart({"values": stems}).encode(x=alt.X("rank:Q", scale=x, axis=axis), y=hidden)
        line = alt.Y("line:Q", scale=y, axis=None)
        rules = base.mark_rule(color=MUTED).encode(y2="line:Q")
        points = base.mark_point(filled=True, size=70, color=ACCENT, opacity=1).encode(y=line)
        left = f"datum.rank > {middle}"
        names = base.transform_filter(f"!({left})").mark_text(align="left", dx=5, fontSize=13, color=INK)
        others = base.transform_filter(left).mark_text(align="right", dx=-5, fontSize=13, color=INK)
        spans = (
            alt.Chart({"values": bars})
            .mark_rule(strokeWidth=6, strokeCap="round", color=INK)
            .encode(x=alt.X("from:Q", scale=x, axis=axis), x2="to:Q", y=hidden)
        )
        critical = {"from": 1.0, "to": min(1 + across.critical_difference, count), "depth": 0.6}
        size = (
            alt.Chart({"values": [critical]})
            .mark_rule(strokeWidth=2, color=MUTED)
            .encode(x=alt.X("from:Q", scale=x, axis=axis), x2="to:Q", y=hidden)
        )
        label = (
            alt.Chart(
                {"values": [critical | {"text": f"critical difference {across.critical_difference:.2f}"}]}
            )
            .mark_text(align="left", dy=-9, fontSize=12, color=MUTED)
            .encode(x=alt.X("from:Q", scale=x, axis=axis), y=hidden, text="text:N")
        )
        layers = [rules, names.encode(text="text:N"), others.encode(text="text:N"), size, label]
        return alt.layer(*layers, *([spans] if bars else []), points).properties(
            width=max(width, _NARROW) - 40, height=70 + 26 * count
        )

    ranked = ", ".join(f"{name} {rank:.2f}" for name, rank in rank_of.items())
    together = "; ".join(" and ".join(clique) for clique in wide_cliques) or "none"
    return draw_picture(draw, f"Mean ranks, best first: {ranked}. Not told apart: {together}.")


def _depths(across: Across, middle: float) -> list[int]:
    """Choose how deep each stem reaches, so that no stem crosses the name beside another."""
    count = len(across.systems)
    right = sum(rank > middle for rank in across.mean_ranks)
    return [*range(count, right, -1), *range(1, right + 1)]
