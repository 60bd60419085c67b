"""Streams of rows with and without a change, made from a seed by numpy alone.

Both sides of the comparison read them: Modelwright in its own environment, the rivals in theirs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = dict[str, NDArray[np.generic]]

DAY = 1440  # rows; one comes each minute
REFERENCE = 7 * DAY
BEFORE = 3 * DAY  # rows before the change
AFTER = 5 * DAY
LEVELS = np.array(["red", "green", "blue", "grey"])
STATIONARY = ("i.i.d.", "seasonal", "heavy tails", "100 columns")
CHANGES = ("sudden", "gradual", "recurring", "one category", "one group only", "missing sensor", "unit")
LOSS_CHANGES = ("sudden", "gradual", "recurring", "one group only")


@dataclass(frozen=True)
class Scene:
    """One life of a stream: what was normal, then what came."""

    reference: Rows
    stream: Rows


def rows(kind: str, rng: np.random.Generator, n_rows: int) -> Rows:
    """Make rows without a change, from minute 0 of a Monday on."""
    n_numbers = 50 if kind == "100 columns" else 10
    day = np.sin(2 * np.pi * np.arange(n_rows) / DAY) if kind == "seasonal" else np.zeros(n_rows)
    weekend = (np.arange(n_rows) // DAY % 7 >= 5) if kind == "seasonal" else np.zeros(n_rows, bool)
    table: Rows = {"group": np.where(rng.random(n_rows) < 0.2, "minor", "major")}
    for index in range(n_numbers):
        table[f"n{index}"] = _numbers(kind, index, rng, n_rows) + (index % 3 == 0) * (day + weekend)
    for index in range(n_numbers):
        shares = np.array([0.5, 0.3, 0.15, 0.05]) if index % 2 else np.full(4, 0.25)
        level = rng.choice(4, n_rows, p=shares)
        moved = rng.random(n_rows) < 0.3 * (day > 0) * (index % 3 == 0)
        table[f"c{index}"] = LEVELS[np.where(moved, 0, level)]
    return table


def _numbers(kind: str, index: int, rng: np.random.Generator, n_rows: int) -> NDArray[np.float64]:
    if kind == "heavy tails":
        return (rng.standard_cauchy, lambda size: rng.pareto(1.1, size))[index % 2](size=n_rows)
    return (rng.normal, rng.standard_exponential)[index % 2](size=n_rows)


def stationary(kind: str, seed: int, days: int) -> Scene:
    """Make a life without a change."""
    rng = np.random.default_rng([STATIONARY.index(kind), seed])
    return Scene(rows(kind, rng, REFERENCE), rows(kind, rng, days * DAY))


def changed(change: str, seed: int) -> Scene:
    """Make a life that changes after three days, in one column of 21."""
    rng = np.random.default_rng([100 + CHANGES.index(change), seed])
    reference, stream = rows("i.i.d.", rng, REFERENCE), rows("i.i.d.", rng, BEFORE + AFTER)
    since = np.arange(BEFORE + AFTER) - BEFORE
    on = since >= 0
    if change == "sudden":
        stream["n0"] = stream["n0"] + 0.5 * on
    elif change == "gradual":
        stream["n0"] = stream["n0"] + np.clip(since / 2000, 0, 0.5)
    elif change == "recurring":
        stream["n0"] = stream["n0"] + 0.5 * (on & (since // 480 % 2 == 0))
    elif change == "one category":
        moved = on & (stream["c1"] == "blue") & (rng.random(len(on)) < 0.7)
        stream["c1"] = np.where(moved, "grey", stream["c1"])
    elif change == "one group only":
        stream["n0"] = stream["n0"] + 1.5 * (on & (stream["group"] == "minor"))
    elif change == "missing sensor":
        stream["n0"] = np.where(on, np.nan, stream["n0"])
    else:
        stream["n0"] = stream["n0"] * np.where(on, 2.54, 1.0)
    return Scene(reference, stream)


def losses(change: str | None, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Make losses (0 right, 1 wrong; one in five is wrong) of the reference and of a stream.

    The change raises them to 0.3 (of one group of a fifth of the rows: to 0.6).
    """
    rng = np.random.default_rng([200 + (LOSS_CHANGES.index(change) if change else 9), seed])
    since = np.arange(BEFORE + AFTER) - BEFORE
    on = since >= 0
    rates = {
        None: 0.0 * on,
        "sudden": 0.1 * on,
        "gradual": np.clip(since / 20_000, 0, 0.1),
        "recurring": 0.1 * (on & (since // 480 % 2 == 0)),
        "one group only": 0.4 * (on & (rng.random(len(on)) < 0.2)),
    }
    return (
        (rng.random(REFERENCE) < 0.2).astype(float),
        (rng.random(len(on)) < 0.2 + rates[change]).astype(float),
    )
