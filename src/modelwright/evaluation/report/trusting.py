"""The report's section on how far single answers can be relied on: coverage and abstaining."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from modelwright.evaluation.abstention import Abstention
from modelwright.evaluation.coverage import Coverage
from modelwright.evaluation.evaluation import Evaluation
from modelwright.evaluation.figures import decimals_for, percent
from modelwright.pages import ACCENT, INK, LINE, MUTED, Picture, draw_picture


@dataclass(frozen=True)
class Reliance:
    """What the section shows.

    Attributes
    ----------
    words : tuple of str
        Paragraphs.
    coverage : Coverage or None
    group_chart : Picture or None
        Coverage of groups; None where there are none.
    abstention : Abstention or None
    abstention_words : str
    abstention_chart : Picture or None
    decimals : int
        Of mean sizes.
    """

    words: tuple[str, ...]
    coverage: Coverage | None
    group_chart: Picture | None
    abstention: Abstention | None
    abstention_words: str
    abstention_chart: Picture | None
    decimals: int


def reliance(evaluation: Evaluation) -> Reliance:
    """Lay out the section."""
    coverage, abstention = evaluation.coverage, evaluation.abstention
    sizes = [each.size for each in coverage.levels] if coverage else [1.0]
    return Reliance(
        words=_coverage_words(coverage),
        coverage=coverage,
        group_chart=_group_chart(coverage) if coverage and coverage.groups else None,
        abstention=abstention,
        abstention_words=_abstention_words(abstention) if abstention else "",
        abstention_chart=_abstention_chart(abstention) if abstention else None,
        decimals=2 if coverage and coverage.kind == "sets" else decimals_for(0, min(sizes)),
    )


def _coverage_words(coverage: Coverage | None) -> tuple[str, ...]:
    if coverage is None:
        return ()
    what = "sets of labels" if coverage.kind == "sets" else "intervals of values"
    each = ", for each label by itself" if coverage.by_label else ""
    fitted = (
        f"Beside its answer the model can give {what} that hold the truth as often as one asks for{each} "
        f"(conformal prediction). They were fitted on {coverage.fitted_on:,} out-of-fold predictions of "
        "training; the held-out rows below had no part in that."
    )
    return fitted, f"What is assumed: {coverage.assumes}"


def _group_chart(coverage: Coverage) -> Picture:
    values = [
        {
            "name": f"{each.column}: {each.group}",
            "value": each.covered.value,
            "low": each.covered.low,
            "high": each.covered.high,
        }
        for each in coverage.groups
    ]

    def draw(width: int) -> Any:
        import altair as alt

        scale = alt.Scale(zero=False, nice=True)
        axis = alt.Axis(format=".0%", tickCount=max(3, width // 110), title="rows covered")
        base = alt.Chart({"values": values}).encode(y=alt.Y("name:N", sort=None, title=None))
        asked = (
            alt.Chart({"values": [{"level": coverage.group_level}]})
            .mark_rule(color=MUTED, strokeDash=[5, 4], strokeWidth=1.5)
            .encode(x=alt.X("level:Q", scale=scale))
        )
        limits = base.mark_rule(color=ACCENT, strokeWidth=4, opacity=0.45, strokeCap="round").encode(
            x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q"
        )
        points = base.mark_point(filled=True, size=70, color=ACCENT, opacity=1).encode(x="value:Q")
        return (asked + limits + points).properties(width=width, height=alt.Step(26))

    lowest = min(coverage.groups, key=lambda each: each.covered.value)
    return draw_picture(
        draw,
        f"Coverage of groups at the level {percent(coverage.group_level)}, drawn as a dashed line; the "
        f"lowest is {lowest.covered} for '{lowest.group}' of {lowest.column}.",
    )


def _abstention_words(abstention: Abstention) -> str:
    chosen = abstention.chosen
    if chosen is None:
        return (
            f"No answer abstains: {abstention.accuracy} of all are right. The table says what the brief's "
            "serving.abstain_below would change."
        )
    rest = "none is left" if chosen.accuracy is None else f"of the others, {chosen.accuracy} are right"
    return (
        f"Below a confidence of {chosen.below:g}, {chosen.abstained} of the answers abstain; {rest}. Of all "
        f"answers, {abstention.accuracy} would be."
    )


def _abstention_chart(abstention: Abstention) -> Picture:
    points = [(0.0, abstention.accuracy)]
    points += [(step.abstained.value, step.accuracy) for step in abstention.steps if step.accuracy]
    values = [
        {"share": share, "accuracy": found.value, "low": found.low, "high": found.high}
        for share, found in points
    ]

    def draw(width: int) -> Any:
        import altair as alt

        scale = alt.Scale(zero=False, nice=True)
        x = alt.X("share:Q", axis=alt.Axis(format=".0%", tickCount=5, title="answers that abstain"))
        axis = alt.Axis(format=".0%", tickCount=5, title="the rest that are right", grid=True, gridColor=LINE)
        base = alt.Chart({"values": values}).encode(x=x)
        band = base.mark_area(color=ACCENT, opacity=0.2).encode(
            y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q"
        )
        line = base.mark_line(color=ACCENT, strokeWidth=2, point={"color": INK, "size": 35}).encode(
            y=alt.Y("accuracy:Q", scale=scale, axis=axis)
        )
        return (band + line).properties(width=min(width, 380), height=220)

    return draw_picture(draw, "Accuracy of the answers that are left, by the share that abstains.")
