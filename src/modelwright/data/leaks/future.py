"""What a row could not have known yet: later values of the target, and dates after its own time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from modelwright.data.leaks.measures import Floats, explained
from modelwright.data.leaks.names import is_beforehand
from modelwright.data.leaks.result import Leak
from modelwright.data.leaks.table import Table

FURTHEST = 48
MOST_ROWS = 20_000
FEWEST_ROWS = 60
SAME = 0.98
WINDOWS = range(2, 32)
AHEAD = range(15)
ROWS_OF_WINDOWS = 3000
IN_STEP = 0.9999
RELATED = 0.2
LATER = 0.9
LATER_AT_TIMES = 0.6
FEWEST_LATER = 30
DAY = 86_400.0
SAID_BY_GAP = 0.2

ADVICE = (
    "It is not known yet when a prediction is asked for. Leave it out (columns.ignore in "
    "modelwright.toml), or shift it back in time."
)


def later_values(table: Table) -> Iterator[Leak]:
    """MW-L010: in the order of time, a column holds later values of the target, or a sum that includes it.

    **How**: rows are put in the order of the time column, within each group (as they stand where no time is
    named). Found where the column equals the target of a later row (up to 48 ahead) in 98 % of the rows,
    where its steps are the target or the target's steps are the column (a running total), or where it moves
    as a mean over a window of the target that reaches into the row itself or beyond does. A column that
    equals an earlier value of the target is of the past, and no other test accuses it.

    **Why**: at the moment of the prediction these rows lie ahead.

    **What to do**: shift it back in time, or leave it out.
    """
    order, start = _ordered(table)
    if len(order) < FEWEST_ROWS:
        return
    y = table.y[order].astype(np.float64)
    if len(np.unique(y)) < 5 and not table.has_time:
        return
    for name, feature in list(table.features.items()):
        if feature.numbers is None:
            continue
        x = feature.numbers[order]
        shift = _shift(x, y, start)
        if shift < 0:
            table.past.add(name)
        elif shift > 0:
            words = f"it is the target of {shift} row{'s' * (shift > 1)} later"
            yield Leak("MW-L010", (name,), 0.97, "later value", words, ADVICE, {"rows_ahead": shift})
        elif table.is_regression and (words := _running(x, y, start)):
            yield Leak("MW-L010", (name,), 0.93, "running total", words, ADVICE)


def _ordered(table: Table) -> tuple[np.ndarray, np.ndarray]:
    """Return rows in the order of group and time, and whether each begins a group.

    Only consecutive rows can be compared, so they are those of a run of the table, not a sample by chance.
    """
    groups, times = table.group_codes, table.row_times
    keys = [each for each in (np.arange(len(table.y)), times, groups) if each is not None]
    order = np.lexsort(keys)[:MOST_ROWS]
    first = np.zeros(len(order), dtype=bool)
    if len(first):
        first[0] = True
    if groups is not None:
        first[1:] = np.diff(groups[order]) != 0
    return order, first


def _shift(x: Floats, y: Floats, start: np.ndarray) -> int:
    """Return by how many rows the column is ahead of the target: negative where behind, 0 where neither."""
    if not np.isin(x[~np.isnan(x)][:50], y).mean() > 0.5 if len(x[~np.isnan(x)]) else True:
        return 0
    run = np.cumsum(start)
    if (x == y).mean() >= SAME:
        return 0
    for rows in range(1, min(FURTHEST, len(y) - 20) + 1):
        together = run[rows:] == run[:-rows]
        if together.sum() < 20:
            break
        stale = np.mean(y[rows:][together] == y[:-rows][together])
        for ahead in (-rows, rows):
            mine, theirs = (x[rows:], y[:-rows]) if ahead < 0 else (x[:-rows], y[rows:])
            known = together & ~np.isnan(mine)
            if known.sum() < 20:
                continue
            same = np.mean(mine[known] == theirs[known])
            if same >= SAME and same > stale + (1 - stale) / 2:
                return ahead
    return 0


def _running(x: Floats, y: Floats, start: np.ndarray) -> str:
    """Say of which running sum or mean of the target a column is, where that reaches into its own row."""
    known = ~np.isnan(x)
    if known.mean() < 0.5 or np.unique(x[known]).size < 10:
        return ""
    x, y, start = x[:ROWS_OF_WINDOWS], y[:ROWS_OF_WINDOWS], start[:ROWS_OF_WINDOWS]
    inside = ~start[1:]
    steps, target_steps = np.diff(x), np.diff(y)
    usable = inside & ~np.isnan(steps)
    if usable.sum() < 30:
        return ""
    if _in_step(steps[usable], y[1:][usable]):
        return "its steps are the target: it is a running total that includes the row itself"
    if _in_step(target_steps[usable], x[1:][usable]):
        return "the target's steps are its values: the target is a running total of it"
    run = np.cumsum(start)
    for window in WINDOWS:
        for ahead in AHEAD:
            early, late = window - ahead, ahead
            if early < 1 or len(x) - early - late < 40:
                continue
            fits = (run[: len(x) - window] == run[window:]) & ~np.isnan(steps[early - 1 : len(x) - 1 - late])
            moved = y[window:] - y[: len(y) - window]
            if fits.sum() >= 30 and _in_step(steps[early - 1 : len(x) - 1 - late][fits], moved[fits]):
                reach = f" and {ahead} beyond it" if ahead else ""
                return f"it is a mean or sum over {window} rows of the target, up to the row itself{reach}"
    return ""


def _in_step(one: Floats, other: Floats) -> bool:
    if one.std() == 0 or other.std() == 0:
        return False
    return abs(float(np.corrcoef(one, other)[0, 1])) >= IN_STEP


def later_dates(table: Table) -> Iterator[Leak]:
    """MW-L011: a column holds dates that are later than the row's own time.

    **How**: where the brief names a time: at least 90 % of the column's dates are after it (60 % where the
    column says something of the target). Where it names none: of two columns of dates, one is after the other
    in 95 % of the rows, and the time between them says a fifth of the target. Names such as "planned" speak
    against it.

    **Why**: a date that lies ahead is not known yet, unless it is a plan.

    **What to do**: leave it out, unless it is a plan or a deadline.
    """
    own = table.row_times
    for name, values in table.times.items():
        if name not in table.tested or is_beforehand(name):
            continue
        if own is not None:
            known = ~np.isnan(values) & np.isfinite(own)
            later = values[known] > _as_coarse(own[known], values[known])
            share = float(later.mean()) if known.sum() >= FEWEST_LATER else 0.0
            says = table.explained[name] >= 0.02
            if share >= LATER or (share >= LATER_AT_TIMES and says):
                words = f"{share:.0%} of its dates are later than the row's own time"
                strength = 0.7 if share >= LATER else 0.55
                yield Leak("MW-L011", (name,), strength, "later date", words, ADVICE, {"later": share})
        else:
            yield from _later_than_others(table, name, values)


def _as_coarse(own: Floats, values: Floats) -> Floats:
    """Compare with the end of the day where dates have no time of day."""
    return (np.floor(own / DAY) * DAY) if (values % DAY == 0).all() else own


def _later_than_others(table: Table, name: str, values: Floats) -> Iterator[Leak]:
    for other, early in table.times.items():
        known = ~np.isnan(values) & ~np.isnan(early)
        if other == name or known.sum() < FEWEST_LATER:
            continue
        gap = values[known] - early[known]
        if (gap >= 0).mean() < 0.95 or (gap > 0).mean() < 0.5:
            continue
        edges = np.unique(np.quantile(gap, np.linspace(0, 1, 31)[1:-1]))
        said = explained(
            np.searchsorted(edges, gap).astype(np.int64), table.y[known], table.n_classes, table.half[known]
        )
        if said >= SAID_BY_GAP:
            words = f"it is later than '{other}', and the time between them says {said:.0%} of the target"
            yield Leak("MW-L011", (name,), 0.6, "later date", words, ADVICE, {"explained": said})
            return
