"""The report's section on incorrect outcomes: what it says and draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from modelwright.evaluation.evaluation import Evaluation
from modelwright.evaluation.figures import percent, span_text
from modelwright.evaluation.outcomes import Disturbance, Outcomes, Stability
from modelwright.pages import ACCENT, INK, Picture, draw_picture

_MOST_DRAWN = 15


@dataclass(frozen=True)
class Wrong:
    """What the section shows.

    Attributes
    ----------
    found : Outcomes or None
    doubts, slices, stability : str
        Paragraphs.
    chart : Picture or None
        What disturbances cost; None where none was tried.
    months : Picture or None
        What shifted months cost; None where no feature is a time.
    """

    found: Outcomes | None
    doubts: str
    slices: str
    stability: str
    chart: Picture | None
    months: Picture | None


def wrong(evaluation: Evaluation) -> Wrong:
    """Lay out the section."""
    found = evaluation.outcomes
    if found is None:
        return Wrong(None, "", "", "", None, None)
    title = evaluation.decides.title
    stability = found.stability
    costliest = sorted(_within(stability, months=False), key=lambda each: -each.loss.value)[:_MOST_DRAWN]
    months = _within(stability, months=True)
    return Wrong(
        found=found,
        doubts=_doubts(found),
        slices=_slices(found),
        stability=_stability(stability, title),
        chart=_chart(costliest, title) if costliest else None,
        months=_months(months, title) if months else None,
    )


def _within(stability: Stability | None, *, months: bool) -> list[Disturbance]:
    tried = () if stability is None else stability.disturbances
    return [each for each in tried if (each.kind == "months") == months]


def _doubts(found: Outcomes) -> str:
    if found.doubts is None:
        return "Not applicable: there are too few rows to tell wrong labels from wrong predictions."
    doubts = found.doubts
    share = percent(doubts.found / doubts.rows)
    words = f"{doubts.found:,} of {doubts.rows:,} held-out labels are doubted ({share}): {doubts.how}."
    if doubts.training_rows:
        share = percent(doubts.training_found / doubts.training_rows)
        words += (
            f" Of the training labels, {doubts.training_found:,} of {doubts.training_rows:,} are ({share}); "
            "modelwright labels lists them."
        )
    return f"{words} A doubted label is often right, and its row rare: nothing was changed."


def _slices(found: Outcomes) -> str:
    search = found.slices
    if not search.tested:
        return "Not applicable: no condition on a column is met by enough rows."
    hidden = (
        f" Columns whose values must not be shown were left out ({', '.join(search.hidden)}); the groups of "
        "protected ones are above."
        if search.hidden
        else ""
    )
    return (
        f"{search.tested:,} slices by one or two conditions on {search.columns} columns were searched on "
        f"{search.searched_rows:,} {search.searched_in}. {len(search.slices)} were found at a false "
        f"discovery rate of {percent(search.false_discovery_rate)}, and tested again on {search.kept_rows:,} "
        f"other rows: {len(search.confirmed)} are worse there too, beyond chance for all of them together. "
        f"The loss is the {search.loss}.{hidden}"
    )


def _stability(stability: Stability | None, title: str) -> str:
    if stability is None:
        return "Not applicable: the metric is not defined on the rows that were sampled."
    words = (
        f"What {title} loses when {stability.rows:,} held-out rows are disturbed and predicted again, paired "
        "on the same rows; nothing was fitted again."
    )
    worst = stability.worst
    if worst is not None and worst.loss.low > 0:
        lost = span_text(worst.loss.value, worst.loss.low, worst.loss.high)
        words += f" The costliest is {worst.words}: {lost}."
    if stability.not_applicable:
        words += f" Not applicable: {'; '.join(stability.not_applicable)}."
    return words


def _chart(tried: list[Disturbance], title: str) -> Picture:
    values = [
        {"what": each.short, "loss": each.loss.value, "low": each.loss.low, "high": each.loss.high}
        for each in tried
    ]

    def draw(width: int) -> Any:
        import altair as alt

        axis = alt.Axis(tickCount=width // 90, title=f"loss in {title}")
        y = alt.Y("what:N", sort=None, title=None, axis=alt.Axis(labelLimit=width // 2))
        base = alt.Chart({"values": values}).encode(y=y)
        bars = base.mark_bar(color=ACCENT, opacity=0.55, height={"band": 0.6}).encode(
            x=alt.X("loss:Q", axis=axis)
        )
        limits = base.mark_rule(color=INK, strokeWidth=1.5).encode(x=alt.X("low:Q", axis=axis), x2="high:Q")
        return (bars + limits).properties(width=width, height=alt.Step(24))

    return draw_picture(draw, f"What disturbances cost; the costliest is {tried[0].words}.")


def _months(tried: list[Disturbance], title: str) -> Picture:
    values = [
        {"months": each.amount, "loss": each.loss.value, "low": each.loss.low, "high": each.loss.high}
        for each in tried
    ]

    def draw(width: int) -> Any:
        import altair as alt

        x = alt.X("months:Q", axis=alt.Axis(tickCount=12, title="months later"))
        y_axis = alt.Axis(tickCount=5, title=f"loss in {title}", grid=True)
        base = alt.Chart({"values": values}).encode(x=x)
        limits = base.mark_rule(color=ACCENT, strokeWidth=3, opacity=0.45).encode(
            y=alt.Y("low:Q", axis=y_axis), y2="high:Q"
        )
        points = base.mark_point(filled=True, size=60, color=ACCENT, opacity=1).encode(
            y=alt.Y("loss:Q", axis=y_axis)
        )
        return (limits + points).properties(width=width, height=180)

    return draw_picture(draw, f"What {title} loses where every time is up to twelve months later.")
