"""The day as a page."""

from __future__ import annotations

from pathlib import Path

from modelwright.pages import Page
from modelwright.store import write_atomic
from modelwright.workday.morning import Today

SECTIONS = {"stopped": "where work stopped", "happened": "happened", "due": "due"}
_TODAY = Page(Path(__file__).parent, "today.html.j2")


def write_today(today: Today, path: Path) -> Path:
    """Write the day as one self-contained HTML page."""
    write_atomic(path, render_today(today), mode=0o666)
    return path


def render_today(today: Today) -> str:
    """Return the day as one self-contained HTML text."""
    return _TODAY.render(today=today, local=today.at.astimezone(), sections=SECTIONS)
