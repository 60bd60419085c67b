"""The profile as a page."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from modelwright.data.profiling.results import Change, ColumnProfile, Numbers, Profile
from modelwright.pages import Page, percent, small_bars, small_line
from modelwright.problem import Finding
from modelwright.store import write_atomic

MOST_CARDS = 1_000
MOST_OF_A_KIND = 6
MOST_RELATIONS = 25
_SEVERITIES = ("error", "warning", "info")


@dataclass(frozen=True)
class Card:
    """What the page shows of one column.

    Attributes
    ----------
    id : str
        Of its place on the page.
    column : ColumnProfile
    small, large : str
        The distribution as SVG, for the overview and, of numbers, for its own place; else empty.
    present : int
        Rows in which a value is there.
    low, high : str
        What is at the ends of the distribution.
    figures : tuple of (str, str)
        Words and figures.
    typical, missing : str
        Lines over time as SVG.
    typical_words : str
        What the line of the typical value is.
    """

    id: str
    column: ColumnProfile
    small: str
    large: str
    present: int
    low: str
    high: str
    figures: tuple[tuple[str, str], ...]
    typical: str
    typical_words: str
    missing: str


def write_profile(profile: Profile, path: Path) -> Path:
    """Write a profile as one self-contained HTML page.

    Parameters
    ----------
    profile : Profile
    path : Path
        Where to write; replaced atomically.

    Returns
    -------
    Path
        `path`.
    """
    write_atomic(path, render_profile(profile))
    return path


def render_profile(profile: Profile) -> str:
    """Return a profile as the text of one self-contained HTML page.

    Parameters
    ----------
    profile : Profile
    """
    cards = [_card(at, column, profile) for at, column in enumerate(profile.columns[:MOST_CARDS])]
    cells = max(profile.rows * len(profile.columns), 1)
    return _PAGE.render(
        profile=profile,
        name=Path(profile.source).name or profile.source,
        cards=cards,
        places={card.column.name: card.id for card in cards},
        left_out=len(profile.columns) - len(cards),
        missing=sum(column.missing for column in profile.columns) / cells,
        meanings=Counter(column.meaning for column in profile.columns).most_common(),
        findings=_by_code(profile.findings),
        most_of_a_kind=MOST_OF_A_KIND,
        by_target=sorted(
            (column for column in profile.columns if column.target is not None),
            key=lambda one: -(one.target or 0),
        ),
        by_change=sorted(
            (column for column in profile.columns if column.change and column.change.strength >= 0.1),
            key=lambda one: -(one.change.strength if one.change else 0),
        ),
        most=MOST_RELATIONS,
        at=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    )


def _by_code(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Put findings of one code together, the worst first."""
    groups: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda one: _SEVERITIES.index(one.severity)):
        groups.setdefault(finding.code, []).append(finding)
    return list(groups.values())


def _card(at: int, column: ColumnProfile, profile: Profile) -> Card:
    is_time = column.meaning == "time"
    shares, low, high, words = _bars(column, profile)
    typical, typical_words, missing = _lines(column, is_time=is_time)
    return Card(
        id=f"c{at + 1}",
        column=column,
        small=small_bars(shares, words, width=110, height=24) if shares else "",
        large=small_bars(shares, words, width=420, height=90) if column.numbers else "",
        present=max(profile.rows - column.missing, 1),
        low=low,
        high=high,
        figures=tuple(_figures(column, profile, is_time=is_time)),
        typical=typical,
        typical_words=typical_words,
        missing=missing,
    )


def _bars(column: ColumnProfile, profile: Profile) -> tuple[list[float], str, str, str]:
    numbers = column.numbers
    if numbers is not None:
        write = moment if column.meaning == "time" else figure
        low, high = write(numbers.minimum), write(numbers.maximum)
        middle = write(dict(numbers.quantiles)[0.5])
        words = f"Distribution of {column.name}: from {low} to {high}, half of it below {middle}."
        return [bar.share for bar in numbers.histogram], low, high, words
    if not column.top:
        return [], "", "", ""
    present = max(profile.rows - column.missing, 1)
    shares = [each.count / present for each in column.top]
    listed = ", ".join(
        f"{each.value} {percent(share)}" for each, share in zip(column.top, shares, strict=True)
    )
    return shares, column.top[0].value, "", f"Most frequent values of {column.name}: {listed}."


def _lines(column: ColumnProfile, *, is_time: bool) -> tuple[str, str, str]:
    change: Change | None = column.change
    if change is None:
        return "", "", ""
    typical, words = "", ""
    known = [part.typical for part in change.parts if part.typical is not None]
    if known and not is_time:
        if column.numbers is not None:
            words = f"median, from {figure(min(known))} to {figure(max(known))}"
        else:
            first = f"'{column.top[0].value}'" if column.top else "the most frequent value"
            words = f"share of {first}, from {percent(min(known))} to {percent(max(known))}"
        typical = small_line([part.typical for part in change.parts], f"{column.name}: {words}.")
    missing = ""
    if any(part.missing for part in change.parts):
        highest = percent(max(part.missing for part in change.parts))
        said = f"{column.name}: share of missing values over time, at most {highest}."
        missing = small_line([part.missing for part in change.parts], said, from_zero=True)
    return typical, words, missing


def _figures(column: ColumnProfile, profile: Profile, *, is_time: bool) -> list[tuple[str, str]]:
    about = "" if column.counted else "about "
    rows = max(profile.rows, 1)
    listed = [("missing", f"{column.missing:,} ({percent(column.missing / rows)})")]
    if column.meaning != "other":
        listed.append(("distinct", f"{about}{column.distinct:,}"))
    if column.misfits:
        listed.append(("misfits", f"{column.misfits:,}"))
    if column.numbers is not None:
        listed += _of_numbers(column.numbers, is_time=is_time)
    if column.target is not None:
        listed.append((f"strength with {profile.target}", f"{column.target:.2f}"))
    if column.change is not None:
        listed.append(
            ("change over time" if profile.time else "change along the rows", f"{column.change.strength:.2f}")
        )
    return listed


def _of_numbers(numbers: Numbers, *, is_time: bool) -> list[tuple[str, str]]:
    write = moment if is_time else figure
    shares = dict(numbers.quantiles)
    listed = [
        ("lowest to highest", f"{write(numbers.minimum)} to {write(numbers.maximum)}"),
        ("median", write(shares[0.5])),
        ("middle half", f"{write(shares[0.25])} to {write(shares[0.75])}"),
        ("1 % to 99 %", f"{write(shares[0.01])} to {write(shares[0.99])}"),
    ]
    if not is_time:
        listed.append(("mean, deviation", f"{figure(numbers.mean)}, {figure(numbers.deviation)}"))
        listed += [
            (word, f"{count:,}")
            for word, count in (
                ("zeros", numbers.zeros),
                ("negative", numbers.negative),
                ("infinite", numbers.infinite),
            )
            if count
        ]
    if numbers.outliers is not None and numbers.outliers.count:
        found = numbers.outliers
        sides = [f"below {write(found.low)}"] if found.low is not None else []
        sides += [f"above {write(found.high)}"] if found.high is not None else []
        listed.append(("far from the others", f"{found.count:,} ({', '.join(sides)})"))
    return listed


def figure(value: float) -> str:
    """Write a number with four significant digits, or all of a whole number's up to a million."""
    if value == 0:
        return "0"
    if abs(value) >= 1e15 or abs(value) < 1e-4:
        return f"{value:.3g}"
    if value == math.floor(value):
        return f"{value:,.0f}"
    return f"{value:,.{max(0, 3 - math.floor(math.log10(abs(value))))}f}"


def moment(seconds: float) -> str:
    """Write seconds since 1970 as a day, with the clock where it is not midnight."""
    try:
        text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")
    except (OverflowError, ValueError):
        return figure(seconds)
    return text.removesuffix(" 00:00")


_PAGE = Page(Path(__file__).parent, filters={"figure": figure})
