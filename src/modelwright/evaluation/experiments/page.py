"""An experiment's reading as one HTML page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from modelwright.evaluation.experiments.reading import ArmDifference, ExperimentReading
from modelwright.evaluation.experiments.uplift import Qini
from modelwright.evaluation.figures import decimals_for, p_text
from modelwright.pages import ACCENT, INK, MUTED, Page, Picture, draw_picture, percent
from modelwright.store import write_atomic

_TONES = {"better": "good", "worse": "bad"}


def write_experiment(reading: ExperimentReading, path: Path) -> Path:
    """Write what an experiment says so far as a page that is complete in itself.

    Parameters
    ----------
    reading : ExperimentReading
    path : Path
        Overwritten whole or not at all.

    Returns
    -------
    Path
        `path`.
    """
    found = reading.differences
    lead = next((each for each in found if each.answer in _TONES), found[0])
    tone = "bad" if reading.findings else _TONES.get(lead.answer, "open")
    page = _PAGE.render(
        reading=reading,
        qini=None,
        tone=tone,
        title=_title(reading),
        chart=_limits_chart(reading, [(each.treatment, each) for each in found]),
        segments_chart=_limits_chart(
            reading,
            [
                (f"{each.column} {each.value}: {each.difference.treatment}", each.difference)
                for each in reading.segments
            ],
        )
        if reading.segments
        else None,
    )
    write_atomic(path, page)
    return path


def write_uplift(found: Qini, path: Path) -> Path:
    """Write a Qini curve as a page that is complete in itself.

    Parameters
    ----------
    found : Qini
    path : Path
        Overwritten whole or not at all.

    Returns
    -------
    Path
        `path`.
    """
    page = _PAGE.render(
        reading=None,
        qini=found,
        tone="good" if found.coefficient.low > 0 else "open",
        title="Who gains can be told" if found.coefficient.low > 0 else "Who gains can't be told yet",
        chart=_curve_chart(found),
        segments_chart=None,
    )
    write_atomic(path, page)
    return path


def _title(reading: ExperimentReading) -> str:
    if reading.findings:
        return "The arms can't be compared"
    decided = [each for each in reading.differences if each.answer in _TONES]
    if not decided:
        return "Not decided yet"
    return ", ".join(f"{each.treatment} is {each.answer}" for each in decided)


def _figure(reading: ExperimentReading, value: float | None, spread: float) -> str:
    if value is None:
        return "not yet"
    scale = 100 if reading.kind == "rate" else 1
    return f"{value * scale:+,.{decimals_for(spread * scale, value * scale)}f}"


def _limits_chart(reading: ExperimentReading, rows: list[tuple[str, ArmDifference]]) -> Picture | None:
    scale, unit = (100, ", points") if reading.kind == "rate" else (1, "")
    drawn = [
        {
            "name": name,
            "value": scale * each.difference,
            "low": scale * each.low,
            "high": scale * each.high,
            "answer": each.answer,
        }
        for name, each in rows
        if each.low is not None and each.high is not None
    ]
    if not drawn:
        return None

    def draw(width: int) -> Any:
        import altair as alt

        axis = alt.Axis(tickCount=width // 90, format="+~f", title=f"difference from the control{unit}")
        labels = alt.Axis(labelLimit=round(0.55 * width))
        base = alt.Chart({"values": drawn}).encode(y=alt.Y("name:N", sort=None, title=None, axis=labels))
        zero = alt.Chart({"values": [{"at": 0}]}).mark_rule(color=INK, strokeDash=[4, 3]).encode(x="at:Q")
        colour = alt.condition("datum.answer == 'open'", alt.value(MUTED), alt.value(ACCENT))
        limits = base.mark_rule(strokeWidth=5, opacity=0.5, strokeCap="round").encode(
            x=alt.X("low:Q", axis=axis), x2="high:Q", color=colour
        )
        points = base.mark_point(filled=True, size=90, opacity=1).encode(x="value:Q", color=colour)
        return (zero + limits + points).properties(width=width, height=34 * len(drawn))

    words = "; ".join(each.words for _, each in rows)
    return draw_picture(draw, f"Differences from the control with their limits. {words}.")


def _curve_chart(found: Qini) -> Picture:
    pairs = zip(found.shares, found.gains, strict=True)
    curve = [{"share": share, "gain": gain} for share, gain in pairs]
    chance = [{"share": 0, "gain": 0}, {"share": 1, "gain": found.gains[-1]}]

    def draw(width: int) -> Any:
        import altair as alt

        x = alt.X("share:Q", axis=alt.Axis(format=".0%", title="share treated, the highest scores first"))
        y = alt.Y("gain:Q", axis=alt.Axis(title="added to the outcome, per row", grid=True))
        line = alt.Chart({"values": curve}).mark_line(color=ACCENT, strokeWidth=3).encode(x=x, y=y)
        straight = alt.Chart({"values": chance}).mark_line(color=MUTED, strokeDash=[5, 4]).encode(x=x, y=y)
        return (straight + line).properties(width=width, height=240)

    half = found.gains[len(found.gains) // 2]
    words = f"Treating half of the rows adds {half:.4g} a row, treating all adds {found.gains[-1]:.4g}."
    return draw_picture(draw, f"Qini curve, with the dashed line of treating by chance. {words}")


_PAGE = Page(
    Path(__file__).parent,
    template="experiment.html.j2",
    filters={"p_text": p_text, "share": percent, "figure": _figure},
)
