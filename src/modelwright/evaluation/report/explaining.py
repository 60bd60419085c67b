"""The report's section on why the model answers as it does: additive explanations and effects."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from modelwright.evaluation.contributions import Contributions, ExplainedRow
from modelwright.evaluation.evaluation import Evaluation
from modelwright.evaluation.figures import percent
from modelwright.explanation import Curve, Effect
from modelwright.pages import ACCENT, INK, LINE, MUTED, Picture, draw_picture

_MOST_COLUMNS = 12


@dataclass(frozen=True)
class Reasons:
    """What the section shows.

    Attributes
    ----------
    contributions : Contributions or None
    words : str
    chart : Picture or None
    examples : tuple of (ExplainedRow, str)
        Rows with their answers in words.
    effects : tuple of (Effect, Picture)
    """

    contributions: Contributions | None
    words: str
    chart: Picture | None
    examples: tuple[tuple[ExplainedRow, str], ...]
    effects: tuple[tuple[Effect, Picture], ...]


def reasons(evaluation: Evaluation) -> Reasons:
    """Lay out the section."""
    found = evaluation.contributions
    return Reasons(
        contributions=found,
        words=_words(found) if found else "",
        chart=_contribution_chart(found) if found else None,
        examples=tuple((each, _answer(each)) for each in found.examples) if found else (),
        effects=tuple((effect, _effect_chart(effect)) for effect in evaluation.effects),
    )


def _words(found: Contributions) -> str:
    about = f"the log-odds of {_label(found)}" if found.scale == "log-odds" else "the value"
    return (
        f"What each column adds to {about}, for {found.rows} held-out rows: Shapley values against a "
        "background whose columns are drawn each by itself from the training rows. Base and columns add up "
        f"to the answer. Bars hold nine rows in ten; the mark is the mean size, whatever its sign. One row "
        f"takes {found.milliseconds:.0f} ms."
    )


def _answer(row: ExplainedRow) -> str:
    if not row.label:
        return f"{row.output:.4g} here, {row.base:.4g} for the background"
    here, base = (percent((1 + math.tanh(each / 2)) / 2) for each in (row.output, row.base))
    return (
        f"'{row.label}' with {here} here, {base} for the background (log-odds {row.output:.2f} and "
        f"{row.base:.2f})"
    )


def _label(found: Contributions) -> str:
    labels = {each.label for each in found.examples}
    return f"'{labels.pop()}'" if len(labels) == 1 else "the predicted label"


def _contribution_chart(found: Contributions) -> Picture:
    values = [
        {"column": each.column, "mean": each.mean, "low": each.low, "high": each.high}
        for each in found.columns[:_MOST_COLUMNS]
    ]

    def draw(width: int) -> Any:
        import altair as alt

        axis = alt.Axis(tickCount=max(3, width // 90), title=f"adds, in {_unit(found)}")
        base = alt.Chart({"values": values}).encode(y=alt.Y("column:N", sort=None, title=None))
        zero = alt.Chart({"values": [{"zero": 0}]}).mark_rule(color=LINE, strokeWidth=1.5).encode(x="zero:Q")
        bars = base.mark_bar(color=ACCENT, opacity=0.55, height={"band": 0.6}).encode(
            x=alt.X("low:Q", axis=axis), x2="high:Q"
        )
        points = base.mark_tick(color=INK, thickness=2.5).encode(x="mean:Q")
        return (zero + bars + points).properties(width=width, height=alt.Step(24))

    first = ", ".join(each.column for each in found.columns[:3])
    return draw_picture(
        draw,
        "What columns add to answers: bars hold nine rows in ten, ticks mark the mean size. The largest are "
        f"{first}.",
    )


def _unit(found: Contributions) -> str:
    return "log-odds" if found.scale == "log-odds" else "units of the value"


def _effect_chart(effect: Effect) -> Picture:
    ordered = effect.kind in {"number", "time"}
    curves = [("partial dependence", effect.dependence)]
    curves += [("accumulated local effects", effect.local)] if effect.local else []
    values = [
        {"at": _place(effect, at), "answer": answer, "curve": name}
        for name, curve in curves
        for at, answer in _points(curve)
    ]
    names = [name for name, _ in curves]

    def draw(width: int) -> Any:
        import altair as alt

        axis = alt.Axis(tickCount=4, title=effect.about, grid=True)
        if effect.about != "the value":
            axis = alt.Axis(tickCount=4, title=effect.about, grid=True, format="~%")
        scale = alt.Scale(zero=False, nice=True)
        if not ordered:
            return (
                alt.Chart({"values": values})
                .mark_point(filled=True, size=80, color=ACCENT, opacity=1)
                .encode(
                    y=alt.Y("at:N", sort=None, title=None),
                    x=alt.X("answer:Q", axis=axis, scale=scale),
                )
                .properties(width=width - 30, height=alt.Step(24))
            )
        kind = "T" if effect.kind == "time" else "Q"
        place = alt.X(
            f"at:{kind}",
            axis=alt.Axis(
                tickCount=max(3, width // 90), title=effect.column, labelOverlap="greedy", labelSeparation=12
            ),
            scale=scale,
        )
        lines = (
            alt.Chart({"values": values})
            .mark_line(strokeWidth=2.2)
            .encode(
                x=place,
                y=alt.Y("answer:Q", axis=axis, scale=scale),
                color=alt.Color("curve:N", scale=alt.Scale(domain=names, range=[ACCENT, MUTED]), legend=None),
                strokeDash=alt.StrokeDash(
                    "curve:N", scale=alt.Scale(domain=names, range=[[1, 0], [6, 4]]), legend=None
                ),
            )
        )
        return lines.properties(width=width - 30, height=190)

    low, high = min(effect.dependence.answer), max(effect.dependence.answer)
    return draw_picture(
        draw, f"How {effect.about} moves with {effect.column}: between {low:.4g} and {high:.4g}."
    )


def _points(curve: Curve) -> list[tuple[float | str, float]]:
    return list(zip(curve.at, curve.answer, strict=True))


def _place(effect: Effect, at: float | str) -> float | str:
    if effect.kind == "time" and not isinstance(at, str):
        return datetime.fromtimestamp(at, UTC).isoformat()
    return at
