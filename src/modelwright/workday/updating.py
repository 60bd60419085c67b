"""The page for the next meeting, as HTML, Markdown and PDF."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelwright.errors import WorkdayError
from modelwright.pages import ACCENT, MUTED, Page, Picture, Text, draw_picture, write_paper
from modelwright.store import write_atomic
from modelwright.workday.meeting import WRITTEN, Figures, Meeting, plain, prepare
from modelwright.workday.opened import Opened, root_of

_UPDATE = Page(Path(__file__).parent, "update.html.j2")
NOTHING = {
    "asked": "Nothing new since the question above; tell us.",
    "changed": "Nothing changed.",
    "figures": "No figures of a model are here yet.",
    "decisions": "None today.",
}


@dataclass(frozen=True)
class Updated:
    """The page that was written.

    Attributes
    ----------
    meeting : Meeting
    paths : tuple of str
    """

    meeting: Meeting
    paths: tuple[str, ...]


def write_update(project: str | Path, audience: str, outputs: Sequence[str] = ()) -> Updated:
    """Write the page for the next meeting; the next one says what changed since this one.

    Parameters
    ----------
    project : str or Path
        The project's folder.
    audience : str
        Who meets.
    outputs : sequence of str
        Files ending in ``.html``, ``.md`` or ``.pdf``; by default one of each in ``updates/``.

    Raises
    ------
    WorkdayError
        If a file has another ending.
    """
    root = root_of(str(project))
    meeting = prepare(root, audience)
    named = f"{meeting.at:%Y-%m-%d}-{re.sub(r'[^a-z0-9]+', '-', audience.casefold()).strip('-') or 'all'}"
    paths = [Path(each) for each in outputs] or [root / "updates" / f"{named}{ending}" for ending in _FORMS]
    if wrong := [each for each in paths if each.suffix not in _FORMS]:
        raise WorkdayError(f"{wrong[0]}: a page is written as .html, .md or .pdf; name such a file")
    for path in paths:
        write_atomic(path, _FORMS[path.suffix](meeting), mode=0o666)
    with Opened(str(root)) as operations:
        operations.add_event(WRITTEN, {"audience": audience, "paths": [str(path) for path in paths]})
    return Updated(meeting, tuple(map(str, paths)))


def _html(meeting: Meeting) -> str:
    return _UPDATE.render(meeting=meeting, picture_of=_picture(meeting.figures), nothing=NOTHING)


def _markdown(meeting: Meeting) -> str:
    lines = [f"# {_title(meeting)}", "", _head(meeting), ""]
    for heading, points, nothing in _parts(meeting):
        lines += [f"## {heading}", "", *([f"- {each}" for each in points] or [nothing]), ""]
        if points and meeting.figures is not None and points == meeting.figures.words:
            lines += _table(meeting.figures)
    return "\n".join(lines).rstrip() + "\n"


def _table(figures: Figures) -> list[str]:
    rows = [
        f"| {each.name} | {plain(each.value)} | {plain(each.low)} to {plain(each.high)} |"
        for each in figures.earned
    ]
    return [f"| | {figures.metric} | between |", "| --- | ---: | --- |", *rows, ""]


def _pdf(meeting: Meeting) -> bytes:
    content: list[Text | Picture] = [Text(_title(meeting), "title"), Text(_head(meeting), "quiet")]
    for heading, points, nothing in _parts(meeting):
        content.append(Text(heading, "heading"))
        content += [Text(each, "point") for each in points] or [Text(nothing, "quiet")]
        if meeting.figures is not None and points == meeting.figures.words:
            picture = _picture(meeting.figures)
            content += [picture] if picture else []
    return write_paper(content, _title(meeting))


_FORMS: dict[str, Callable[[Meeting], str | bytes]] = {".html": _html, ".md": _markdown, ".pdf": _pdf}


def _title(meeting: Meeting) -> str:
    return f"{meeting.project}: update for {meeting.audience}"


def _head(meeting: Meeting) -> str:
    since = f", since the last one on {meeting.since:%d %B %Y}" if meeting.since else ", the first one"
    purpose = f" Asked: “{meeting.purpose}”" if meeting.purpose else ""
    return f"{meeting.at:%d %B %Y}{since}.{purpose}"


def _parts(meeting: Meeting) -> list[tuple[str, tuple[str, ...], str]]:
    figures = meeting.figures
    how_good = "How good the model in production is"
    if figures is not None and not figures.in_production:
        how_good = "How good the newest model is, which is not in production"
    return [
        ("What you asked", meeting.asked, NOTHING["asked"]),
        (
            "What changed" + (" since the last time" if meeting.since else ""),
            meeting.changed,
            NOTHING["changed"],
        ),
        (how_good, figures.words if figures else (), NOTHING["figures"]),
        ("What we need you to decide", meeting.decisions, NOTHING["decisions"]),
    ]


def _picture(figures: Figures | None) -> Picture | None:
    """Draw what the model earns beside the simple rules, each with its interval."""
    if figures is None:
        return None
    values = [{**vars(each), "model": each.name == "the model"} for each in figures.earned]

    def draw(width: int) -> Any:
        import altair as alt

        order = [each.name for each in figures.earned]
        y = alt.Y("name:N", sort=order, title=None)
        scale, axis = alt.Scale(zero=False), alt.Axis(tickCount=4)
        x = alt.X("value:Q", title=figures.metric, scale=scale, axis=axis)
        colour = alt.condition("datum.model", alt.value(ACCENT), alt.value(MUTED))
        base = alt.Chart({"values": values}).encode(y=y, color=colour)
        limits = base.mark_rule(strokeWidth=3, opacity=0.5).encode(
            x=alt.X("low:Q", title=figures.metric, scale=scale, axis=axis), x2="high:Q"
        )
        points = base.mark_point(filled=True, size=90, opacity=1).encode(x=x)
        return (limits + points).properties(width=width - 130, height=34 * len(values))

    words = ", ".join(f"{each.name} {plain(each.value)}" for each in figures.earned)
    return draw_picture(draw, f"{figures.metric}: {words}")
