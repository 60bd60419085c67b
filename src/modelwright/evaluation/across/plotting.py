"""The critical-difference plot, in a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from modelwright.errors import DataError
from modelwright.evaluation.across.ranking import Across
from modelwright.evaluation.figures import p_text
from modelwright.pages import ACCENT, INK, MUTED, Page, Picture, draw_picture
from modelwright.store import write_atomic

_PAGE = Page(Path(__file__).parent, filters={"p_text": p_text})
_NARROW, _NARROWEST = 300, 150
_MOST_FOR_NAMES = 0.6
_LETTER = 7  # pixels, on average, of a name's letter


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
    """Draw mean ranks on a line, with a bar under those that are not told apart.

    All names stand on the left, the best on top: what leads to a name passes under the stems of those that
    rank better, and crosses none.
    """
    rank_of = dict(zip(across.systems, across.mean_ranks, strict=True))
    stems = [
        {"rank": rank, "depth": -1.0 - at, "line": 0.0, "edge": 1.0, "text": f"{rank:.2f}  {name}"}
        for at, (name, rank) in enumerate(rank_of.items())
    ]
    wide_cliques = [clique for clique in across.cliques if len(clique) > 1]
    lowest = -len(stems) - 0.5
    bars = [
        {"from": rank_of[clique[0]], "to": rank_of[clique[-1]], "depth": -0.25 - 0.2 * at}
        for at, clique in enumerate(wide_cliques)
    ]

    def draw(width: int) -> Any:
        import altair as alt

        longest = max(len(str(stem["text"])) for stem in stems)
        names_width = min(longest * _LETTER, round(_MOST_FOR_NAMES * max(width, _NARROW)))
        axis = alt.Axis(orient="top", tickMinStep=1, title="mean rank (1 is best)", grid=False)
        scale = alt.Scale(domain=[1, len(stems)], nice=False)
        hidden = alt.Y("depth:Q", scale=alt.Scale(domain=[lowest, 1.2]), axis=None)

        def along(field: str) -> alt.X:
            return alt.X(f"{field}:Q", scale=scale, axis=axis)

        base = alt.Chart({"values": stems}).encode(y=hidden)
        thin = base.mark_rule(color=MUTED, strokeWidth=1)
        layers = [
            thin.encode(x=along("rank"), y2="line:Q"),
            thin.encode(x=along("edge"), x2="rank:Q"),
            base.mark_text(align="right", dx=-8, fontSize=13, color=INK, limit=names_width).encode(
                x=along("edge"), text="text:N"
            ),
            *_critical(across, along, hidden),
        ]
        if bars:
            thick = alt.Chart({"values": bars}).mark_rule(strokeWidth=6, strokeCap="round", color=INK)
            layers.append(thick.encode(x=along("from"), x2="to:Q", y=hidden))
        points = base.mark_point(filled=True, size=70, color=ACCENT, opacity=1)
        layers.append(points.encode(x=along("rank"), y=alt.Y("line:Q", axis=None)))
        return alt.layer(*layers).properties(
            width=max(width - names_width, _NARROWEST), height=60 + 24 * len(stems)
        )

    ranked = ", ".join(f"{name} {rank:.2f}" for name, rank in rank_of.items())
    together = "; ".join(" and ".join(clique) for clique in wide_cliques) or "none"
    return draw_picture(draw, f"Mean ranks, best first: {ranked}. Not told apart: {together}.")


def _critical(across: Across, along: Callable[[str], Any], depth: Any) -> tuple[Any, Any]:
    """Draw how far apart mean ranks must be by Nemenyi's test."""
    import altair as alt

    length = across.critical_difference
    text = f"critical difference {length:.2f}"
    ends = {"from": 1.0, "to": min(1 + length, len(across.systems)), "depth": 0.6, "text": text}
    base = alt.Chart({"values": [ends]}).encode(x=along("from"), y=depth)
    return (
        base.mark_rule(strokeWidth=2, color=MUTED).encode(x2="to:Q"),
        base.mark_text(align="left", dy=-9, fontSize=12, color=MUTED).encode(text="text:N"),
    )
