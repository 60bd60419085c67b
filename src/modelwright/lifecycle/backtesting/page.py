"""A replay as one HTML page: what each policy would have lost, and what would have happened when."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from modelwright.lifecycle.backtesting.results import Backtested, Event, PolicyResult
from modelwright.pages import ACCENT, INK, MUTED, Page, Picture, draw_picture
from modelwright.store import write_atomic

POINTS = 60  # that a line is drawn with, at the most; more would hide what it says
_LOOKS = {
    "never": (MUTED, [2, 3]),
    "monthly": (INK, [6, 4]),
    "ours": (ACCENT, [1, 0]),
    "forest": ("var(--good)", [8, 3, 2, 3]),
}
_MARKS = {
    "alarm": ("alarm", "triangle-up", "var(--bad)"),
    "retrained": ("retrained and released", "circle", ACCENT),
    "refused": ("retrained, not released", "square", MUTED),
    "reverted": ("reverted", "cross", "var(--bad)"),
}


def write_page(result: Backtested, path: Path) -> Path:
    """Write a replay as a page that is complete in itself.

    Parameters
    ----------
    result : Backtested
    path : Path
        Overwritten whole or not at all.

    Returns
    -------
    Path
        `path`.
    """
    happened = [each for each in result.policies if each.events]
    page = _PAGE.render(
        result=result,
        tone=_tone(result),
        losses=_loss_chart(result),
        timeline=_timeline(happened) if happened else None,
        has_calendar=bool(result.time) and "24th" not in result.period,
        happened=happened,
        told=_told,
    )
    write_atomic(path, page)
    return path


def _tone(result: Backtested) -> str:
    named = {each.name: each for each in result.policies}
    if "ours" not in named or "monthly" not in named:
        return "open"
    return "good" if named["ours"].loss < named["monthly"].loss else "bad"


def _told(policy: PolicyResult) -> list[Event]:
    """Return what the page lists: decisions, and of alarms the first few."""
    alarms = [each for each in policy.events if each.kind == "alarm"][:20]
    return [each for each in policy.events if each.kind != "alarm" or each in alarms]


def _points(result: Backtested, policy: PolicyResult) -> list[dict[str, Any]]:
    """Return a line of a few points: means of neighbouring steps."""
    blocks = np.array_split(np.arange(len(result.steps)), min(POINTS, len(result.steps)))
    found = []
    for block in blocks:
        known = [policy.losses[at] for at in block if policy.losses[at] is not None]
        if known:
            middle = result.steps[int(block[len(block) // 2])]
            found.append(
                {"policy": policy.name, "at": middle.isoformat(), "loss": float(np.mean(np.array(known)))}
            )
    return found


def _loss_chart(result: Backtested) -> Picture:
    values = [point for policy in result.policies for point in _points(result, policy)]
    names = [policy.name for policy in result.policies]

    def draw(width: int) -> Any:
        import altair as alt

        colours = alt.Scale(domain=names, range=[_LOOKS[name][0] for name in names])
        dashes = alt.Scale(domain=names, range=[_LOOKS[name][1] for name in names])
        legend = alt.Legend(
            orient="top", title=None, labelFontSize=13, symbolSize=300, columns=4 if width > 300 else 2
        )
        return (
            alt.Chart({"values": values})
            .mark_line(strokeWidth=2)
            .encode(
                x=alt.X("at:T", axis=_time_axis(width)),
                y=alt.Y("loss:Q", axis=alt.Axis(title="loss", grid=True), scale=alt.Scale(zero=False)),
                color=alt.Color("policy:N", scale=colours, legend=legend),
                strokeDash=alt.StrokeDash("policy:N", scale=dashes, legend=legend),
            )
            .properties(width=width, height=260)
        )

    words = "; ".join(f"{each.name}: {each.loss:.4g} on average" for each in result.policies)
    return draw_picture(draw, f"Loss over time. {words}.")


def _timeline(happened: list[PolicyResult]) -> Picture:
    values = [
        {"lane": policy.name, "at": each.at.isoformat(), "what": _MARKS[each.kind][0]}
        for policy in happened
        for each in policy.events
    ]
    there = [mark for mark in _MARKS.values() if any(each["what"] == mark[0] for each in values)]

    def draw(width: int) -> Any:
        import altair as alt

        domain = [mark[0] for mark in there]
        shapes = alt.Scale(domain=domain, range=[mark[1] for mark in there])
        colours = alt.Scale(domain=domain, range=[mark[2] for mark in there])
        legend = alt.Legend(
            orient="top", title=None, labelFontSize=13, symbolSize=90, columns=2 if width > 300 else 1
        )
        # One lane for each policy, and in it one line for each kind of event: none hides another.
        return (
            alt.Chart({"values": values})
            .mark_point(filled=True, size=70, opacity=0.8)
            .encode(
                x=alt.X("at:T", axis=_time_axis(width)),
                y=alt.Y("lane:N", title=None, sort=[each.name for each in happened]),
                yOffset=alt.YOffset("what:N", scale=alt.Scale(domain=domain)),
                shape=alt.Shape("what:N", scale=shapes, legend=legend),
                color=alt.Color("what:N", scale=colours, legend=legend),
            )
            .properties(width=width, height=max(70, 22 * len(there)) * len(happened))
        )

    words = "; ".join(
        f"{each.name}: {each.retrains} retrainings, {each.alarms} alarms, {each.reverts} reverts"
        for each in happened
    )
    return draw_picture(draw, f"What happens when. {words}.")


def _time_axis(width: int) -> Any:
    import altair as alt

    return alt.Axis(title=None, tickCount=width // 75, grid=False)


_PAGE = Page(Path(__file__).parent)
