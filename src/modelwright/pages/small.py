"""Small pictures drawn as text: for pages with hundreds, where a charting library would take minutes."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape


def small_bars(shares: Sequence[float], words: str, *, width: int = 120, height: int = 28) -> str:
    """Draw bars side by side as SVG.

    Parameters
    ----------
    shares : sequence of float
        Heights, each at least 0; the tallest fills the picture.
    words : str
        What it shows, for those who do not see it.
    width, height : int
        In pixels; the style sheet may stretch it.
    """
    most = max(shares, default=0.0) or 1.0
    step = width / max(len(shares), 1)
    gap = min(1.0, step / 5)
    parts = []
    for at, share in enumerate(shares):
        if share <= 0:
            continue
        tall = max(share / most * (height - 1), 1.0)
        parts.append(f"M{at * step + gap / 2:.1f} {height}v-{tall:.1f}h{step - gap:.1f}v{tall:.1f}z")
    return _svg(f'<path d="{"".join(parts)}" fill="var(--accent)"/>', words, width, height)


def small_line(
    values: Sequence[float | None], words: str, *, width: int = 240, height: int = 40, from_zero: bool = False
) -> str:
    """Draw values in order as a line of SVG; where one is not there, the line has a gap.

    Parameters
    ----------
    values : sequence of float or None
    words : str
        What it shows, for those who do not see it.
    width, height : int
        In pixels.
    from_zero : bool, default False
        Whether the lower edge is zero, rather than the smallest value.
    """
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, high = (0.0 if from_zero else min(known)), max(known)
    span = high - low or 1.0
    step = (width - 6) / max(len(values) - 1, 1)
    path, pen, dots = [], "M", []
    for at, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        x, y = 3 + at * step, height - 4 - (value - low) / span * (height - 8)
        path.append(f"{pen}{x:.1f} {y:.1f}")
        dots.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2"/>')
        pen = "L"
    line = f'<path d="{"".join(path)}" fill="none" stroke="var(--accent)" stroke-width="1.5"/>'
    return _svg(f'{line}<g fill="var(--accent)">{"".join(dots)}</g>', words, width, height)


def _svg(inside: str, words: str, width: int, height: int) -> str:
    return (
        f'<svg class="small" role="img" aria-label="{escape(words)}" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" preserveAspectRatio="none">{inside}</svg>'
    )
