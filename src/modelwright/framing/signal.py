"""Whether the columns say anything about the target: a permutation test that is exact.

Each column is cut into at most nine bins (eight ranges or the most frequent categories, and missing), and
the share of the target's spread that lies between its bins is measured. The target is then shuffled, and
all is measured anew. Two figures are looked at: the largest of the columns (one column says much) and their
sum (many say a little); the smaller of their two ranks is the test's figure, ranked in turn among the
shuffles. Nothing is fitted, so every shuffle is treated as the truth is, and the level is exact however few
rows there are. (To shuffle labels against the out-of-fold predictions of a model that was fitted once would
not be: those predictions share their labels, and the variance of the score is about twice what the shuffles
show.)

What only a combination of columns says is not seen here, but by the models that framing also fits.

References
----------
P. Westfall and S. Young, "Resampling-based multiple testing" (1993): the largest figure over columns.
B. Phipson and G. Smyth, "Permutation p-values should never be zero" (2010).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.framing.bins import bin_codes

Floats = NDArray[np.float64]

SHUFFLES = 999
_FEWEST_UNITS = 20
_MOST_CELLS = 5_000_000
_ROWS = 5_000
LEVEL = 0.05


@dataclass(frozen=True)
class Tested:
    """What the permutation test says.

    Attributes
    ----------
    p_value : float
        How often shuffled targets look as informative.
    columns : tuple of str
        Columns that say something by themselves (level 5 % over all columns together), the strongest first.
    rows, shuffles : int
        What the test was done with.
    """

    p_value: float
    columns: tuple[str, ...]
    rows: int
    shuffles: int


def find_signal(
    frame: pl.DataFrame,
    y: NDArray[np.generic],
    *,
    groups: NDArray[np.generic] | None = None,
    order: NDArray[np.generic] | None = None,
    seed: int = 0,
) -> Tested | None:
    """Test whether any column says anything about the target.

    Parameters
    ----------
    frame : polars.DataFrame of n rows
        Conformed features.
    y : ndarray of shape (n,)
        Class codes (integers), or values, of which only the order counts.
    groups : ndarray of shape (n,), optional
        The group of each row. Rows of one group are alike, so one row of each is tested.
    order : ndarray of shape (n,), optional
        When each row was. Neighbours in time are alike, so the target is not shuffled but shifted in time,
        end joined to start.
    seed : int, default 0
        Seed of the sample and the shuffles.

    Returns
    -------
    Tested or None
        None where fewer than 20 rows, groups or shifts, or no column that varies, are left to test with.
    """
    rng = np.random.default_rng(seed)
    rows = _tested_rows(len(y), groups, order, rng, classes=len(np.unique(y)) if y.dtype.kind != "f" else 1)
    outcome = _outcome(y[rows])
    columns = {name: bin_codes(frame[name][rows]) for name in frame.columns}
    columns = {name: codes for name, codes in columns.items() if codes.max(initial=0) > 0}
    if len(rows) < _FEWEST_UNITS or not columns or not outcome.any():
        return None
    orders = _shuffles(len(rows), rng, shifted=order is not None)
    figures = _between(columns, outcome, orders)
    standard = (figures - figures.mean(axis=0)) / np.maximum(figures.std(axis=0), 1e-12)
    largest = standard.max(axis=1)
    either = np.minimum(_ranks(largest), _ranks(standard.sum(axis=1)))
    names = np.array(list(columns))
    adjusted = (largest[:, None] >= standard[0] - 1e-9).mean(axis=0)
    strongest = np.argsort(-standard[0], kind="stable")
    return Tested(
        p_value=float((either <= either[0]).mean()),
        columns=tuple(str(name) for name in names[strongest] if adjusted[list(columns).index(name)] <= LEVEL),
        rows=len(rows),
        shuffles=len(orders) - 1,
    )


def _tested_rows(
    n: int,
    groups: NDArray[np.generic] | None,
    order: NDArray[np.generic] | None,
    rng: np.random.Generator,
    classes: int,
) -> NDArray[np.int64]:
    chosen = rng.permutation(n)
    if groups is not None:
        _, first = np.unique(groups[chosen], return_index=True)
        chosen = chosen[np.sort(first)]
    outputs = 1 if classes == 2 else classes
    chosen = chosen[: min(_ROWS, _MOST_CELLS // (SHUFFLES * outputs))]
    return chosen if order is None else chosen[np.argsort(order[chosen], kind="stable")]


def _outcome(y: NDArray[np.generic]) -> Floats:
    """Return the target as centred columns: its ranks, or an indicator of each class."""
    if y.dtype.kind == "f":
        columns = pl.Series(y).rank("average").to_numpy()[:, None]
    else:
        labels = np.unique(y)
        columns = (y[:, None] == (labels if len(labels) > 2 else labels[:1])).astype(np.float64)
    return np.asarray(columns - columns.mean(axis=0), dtype=np.float64)


def _shuffles(n: int, rng: np.random.Generator, *, shifted: bool) -> NDArray[np.int64]:
    """Return orders of the rows, the first of which is the true one."""
    if shifted:
        shifts = rng.permutation(np.arange(1, n))[:SHUFFLES]
        return (np.arange(n) + np.concatenate(([0], shifts))[:, None]) % n
    orders = np.tile(np.arange(n), (SHUFFLES + 1, 1))
    orders[1:] = rng.permuted(orders[1:], axis=1)
    return orders


def _between(columns: dict[str, NDArray[np.int64]], outcome: Floats, orders: NDArray[np.int64]) -> Floats:
    """Return the sum of squares between bins for each order and column."""
    shuffled = outcome[orders].transpose(1, 0, 2).reshape(len(outcome), -1)
    figures = np.empty((len(orders), len(columns)))
    for position, codes in enumerate(columns.values()):
        counts = np.bincount(codes)
        member = (codes[:, None] == np.flatnonzero(counts)) / np.sqrt(counts[counts > 0])
        sums = (member.T @ shuffled).reshape(member.shape[1], len(orders), -1)
        figures[:, position] = (sums**2).sum(axis=(0, 2))
    return figures


def _ranks(figures: Floats) -> Floats:
    """Return the share of figures at least as large as each."""
    ordered = np.sort(figures)
    return 1 - np.searchsorted(ordered, figures - 1e-9, side="left") / len(figures)
