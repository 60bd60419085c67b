"""The report's charts, as SVG whose colours follow the page's theme."""

from __future__ import annotations

from typing import Any

from modelwright.evaluation.calibration import Calibration
from modelwright.evaluation.evaluation import Evaluation
from modelwright.evaluation.figures import decimals_for
from modelwright.evaluation.importance import Importance
from modelwright.pages import ACCENT, INK, MUTED, Picture, draw_picture

_MOST_COLUMNS = 15


def score_chart(evaluation: Evaluation) -> Picture:
    """Draw the score beside the baselines, each with its interval."""
    rows = [("this model", evaluation.score, ACCENT)]
    rows += [(name, found, MUTED) for name, found in evaluation.baselines.items()]
    metric = evaluation.decides
    rows.sort(key=lambda row: -row[1].value if metric.greater_is_better else row[1].value)
    spread = evaluation.score.high - evaluation.score.low
    decimals = decimals_for(spread, evaluation.score.value)
    values = [
        {
            "name": name,
            "value": found.value,
            "low": found.low,
            "high": found.high,
            "colour": colour,
            "text": f"{found.value:.{decimals}f}",
        }
        for name, found, colour in rows
    ]
    better = "right" if metric.greater_is_better else "left"

    def draw(width: int) -> Any:
        import altair as alt

        y = alt.Y("name:N", sort=None, title=None)
        scale = alt.Scale(zero=False, nice=True, padding=14)
        axis = alt.Axis(tickCount=width // 75, title=f"{metric.title} (further {better} is better)")
        base = alt.Chart({"values": values}).encode(y=y, color=alt.Color("colour:N", scale=None, legend=None))
        limits = base.mark_rule(strokeWidth=5, opacity=0.45, strokeCap="round").encode(
            x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q"
        )
        points = base.mark_point(filled=True, size=110, opacity=1).encode(
            x="value:Q",
            shape=alt.condition("datum.name == 'this model'", alt.value("circle"), alt.value("diamond")),
        )
        figures = base.mark_text(dy=-14, fontSize=13, fontWeight=600).encode(x="value:Q", text="text:N")
        return (limits + points + figures).properties(width=width, height=46 * len(values))

    words = "; ".join(f"{name}: {found}" for name, found, _ in rows)
    return draw_picture(draw, f"{metric.title} with intervals. {words}.")


def calibration_chart(calibration: Calibration, *, shares: bool) -> Picture:
    """Draw what was predicted against what came true."""
    values = [
        {
            "predicted": b.predicted,
            "observed": b.observed,
            "low": b.low,
            "high": b.high,
            "band_low": b.band_low,
            "band_high": b.band_high,
        }
        for b in calibration.bins
    ]
    edges = [
        figure for b in calibration.bins for figure in (b.predicted, b.low, b.high, b.band_low, b.band_high)
    ]
    domain = [0, 1] if shares else [min(edges), max(edges)]
    form = ".0%" if shares else "~s"

    def draw(width: int) -> Any:
        import altair as alt

        side = min(width, 320)
        scale = alt.Scale(domain=domain, nice=not shares)
        x = alt.X("predicted:Q", scale=scale, axis=alt.Axis(format=form, tickCount=5, title="predicted"))
        y_axis = alt.Axis(format=form, tickCount=5, title="came true", grid=True)
        y = alt.Y("observed:Q", scale=scale, axis=y_axis)
        ideal = alt.Chart({"values": [{"a": edge} for edge in domain]}).mark_line(
            strokeDash=[5, 4], color=MUTED
        )
        base = alt.Chart({"values": values}).encode(x=x)
        line = base.mark_line(color=ACCENT, strokeWidth=2).encode(y=y)
        limits = base.mark_rule(color=ACCENT, strokeWidth=3, opacity=0.45).encode(
            y=alt.Y("low:Q", scale=scale, axis=y_axis), y2="high:Q"
        )
        points = base.mark_point(filled=True, size=60, color=ACCENT, opacity=1).encode(y=y)
        diagonal = ideal.encode(x=alt.X("a:Q", scale=scale), y=alt.Y("a:Q", scale=scale, axis=y_axis))
        band = base.mark_area(color=MUTED, opacity=0.22).encode(
            y=alt.Y("band_low:Q", scale=scale, axis=y_axis), y2="band_high:Q"
        )
        return (band + diagonal + limits + line + points).properties(width=side, height=side)

    return draw_picture(
        draw, f"Calibration of {calibration.about} in {len(values)} bins; the table holds the figures."
    )


def importance_chart(importance: tuple[Importance, ...], title: str) -> Picture:
    """Draw what shuffling each column costs, the most important first."""
    values = [
        {"column": item.column, "drop": item.drop.value, "low": item.drop.low, "high": item.drop.high}
        for item in importance[:_MOST_COLUMNS]
    ]

    def draw(width: int) -> Any:
        import altair as alt

        axis = alt.Axis(tickCount=width // 90, title=f"loss in {title} when shuffled")
        base = alt.Chart({"values": values}).encode(y=alt.Y("column:N", sort=None, title=None))
        bars = base.mark_bar(color=ACCENT, opacity=0.55, height={"band": 0.6}).encode(
            x=alt.X("drop:Q", axis=axis)
        )
        limits = base.mark_rule(color=INK, strokeWidth=1.5).encode(x=alt.X("low:Q", axis=axis), x2="high:Q")
        return (bars + limits).properties(width=width, height=alt.Step(24))

    first = ", ".join(item.column for item in importance[:3])
    return draw_picture(draw, f"Importance of columns; the most important are {first}.")
