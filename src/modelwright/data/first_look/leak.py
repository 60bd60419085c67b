"""A look for columns that give the answer away."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.first_look.scene import Scene
from modelwright.problem import Finding

FEWEST_ROWS = 50
MOST_ROWS = 20_000
MOST_BINS = 200
ROWS_PER_BIN = 10
COPY_OF_CLASSES = 0.9
COPY_OF_VALUES = 0.95


def near_copies(scene: Scene) -> Iterator[Finding]:
    """MW-D008: a single column all but says the target.

    **How**: each column is cut into bins (categories as they are); each half of the rows is predicted by the
    most frequent class, or the mean, of the other half's bin. Found where that avoids 90 percent of the
    mistakes of always answering the most frequent class (Goodman and Kruskal's lambda, 1954), or explains 95
    percent of a number's variance.

    **Why**: such a column is often known only after the target, so it will not be there in use.

    **What to do**: if so, add it to ``columns.ignore`` in the brief.
    """
    rows = np.flatnonzero(scene.target.is_not_null().to_numpy())
    if len(rows) < FEWEST_ROWS:
        return
    rows = np.sort(np.random.default_rng(0).permutation(rows)[:MOST_ROWS])
    half = np.random.default_rng(1).random(len(rows)) < 0.5
    target = scene.target[rows]
    for column in scene.contract.features:
        bins = _bins(scene.features[column.name][rows])
        if scene.contract.classes:
            score, least = _lambda(bins, _codes(target), half), COPY_OF_CLASSES
            words = "avoids {:.0%} of the mistakes"
        else:
            score, least = _explained(bins, target.to_numpy(), half), COPY_OF_VALUES
            words = "explains {:.0%} of the variance"
        if score >= least:
            yield Finding(
                code="MW-D008",
                severity="warning",
                column=column.name,
                message=f"alone it all but says the target: it {words.format(score)}",
                advice="If it is known only after the target, add it to columns.ignore in modelwright.toml.",
            )


def _codes(values: pl.Series) -> NDArray[np.int64]:
    """Give distinct values numbers; missing is one of them."""
    return values.rank("dense").fill_null(0).cast(pl.Int64).to_numpy()


def _bins(values: pl.Series) -> NDArray[np.int64]:
    if values.dtype == pl.String:
        return _codes(values)
    numbers = values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    known = numbers[~np.isnan(numbers)]
    if not len(known):
        return np.zeros(len(numbers), dtype=np.int64)
    n_bins = min(MOST_BINS, max(len(numbers) // ROWS_PER_BIN, 2))
    edges = np.unique(np.quantile(known, np.linspace(0, 1, n_bins + 1)[1:-1], method="lower"))
    return np.where(np.isnan(numbers), 0, np.searchsorted(edges, numbers, side="left") + 1)


def _lambda(bins: NDArray[np.int64], y: NDArray[np.int64], half: NDArray[np.bool_]) -> float:
    wrong = base = 0
    for learn in (half, ~half):
        counts = np.zeros((bins.max() + 1, y.max() + 1), dtype=np.int64)
        np.add.at(counts, (bins[learn], y[learn]), 1)
        usual = int(counts.sum(axis=0).argmax())
        answer = np.where(counts.sum(axis=1) > 0, counts.argmax(axis=1), usual)
        wrong += int((answer[bins[~learn]] != y[~learn]).sum())
        base += int(np.count_nonzero(y[~learn] != usual))
    return 1 - wrong / base if base else 0.0


def _explained(bins: NDArray[np.int64], y: NDArray[np.float64], half: NDArray[np.bool_]) -> float:
    left = total = 0.0
    for learn in (half, ~half):
        n = np.bincount(bins[learn], minlength=bins.max() + 1)
        sums = np.bincount(bins[learn], weights=y[learn], minlength=bins.max() + 1)
        mean = float(y[learn].mean())
        answer = np.where(n > 0, sums / np.maximum(n, 1), mean)
        left += float(((answer[bins[~learn]] - y[~learn]) ** 2).sum())
        total += float(((mean - y[~learn]) ** 2).sum())
    return 1 - left / total if total else 0.0
