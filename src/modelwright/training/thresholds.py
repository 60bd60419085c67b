"""Decision thresholds of their own for the groups of a protected column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data import Contract
from modelwright.errors import TrainingError

if TYPE_CHECKING:
    from spox import Var

Constraint = Literal["selection_rate", "true_positive_rate"]
"""What is evened out: demographic parity, or equal opportunity."""

FEWEST_ROWS = 50
"""Of a group, and of its positives; smaller groups keep the threshold of all."""
MARGIN = 0.75
"""Share of the promised gap that is used up on training rows, so that new rows keep the promise."""
_STEPS = 201
_PARTS = 4


@dataclass(frozen=True)
class GroupThresholds:
    """The probability from which the positive label is given, for each group of a column.

    Attributes
    ----------
    column : str
        The protected column.
    constraint : {"selection_rate", "true_positive_rate"}
        What is evened out.
    position : int
        Of the column in the matrix of texts (categories) or numbers.
    levels : tuple of str
        The groups of a category; empty for numbers and booleans.
    edges : tuple of float
        Where the groups of a number begin, but for the first.
    thresholds : tuple of float
        One for each level, or each range between edges.
    otherwise : float
        For other levels and missing values.
    """

    column: str
    constraint: Constraint
    position: int
    levels: tuple[str, ...]
    edges: tuple[float, ...]
    thresholds: tuple[float, ...]
    otherwise: float

    @classmethod
    def fit(
        cls,
        contract: Contract,
        frame: pl.DataFrame,
        y: NDArray[np.generic],
        probability: NDArray[np.floating],
        *,
        column: str,
        constraint: Constraint,
        gap: float,
        costs: tuple[float, float],
    ) -> GroupThresholds:
        """Find the cheapest thresholds under which no two groups differ by more than promised.

        For every least rate, each group takes the threshold of least cost among those whose rate is within
        the gap above it; the least rate with the lowest cost over all groups wins. Nothing is left to chance
        at prediction time, unlike in the randomised optimum (Hardt, Price and Srebro 2016, "Equality of
        opportunity in supervised learning").

        Parameters
        ----------
        contract : Contract
        frame : polars.DataFrame of n rows
            Conformed rows.
        y : ndarray of shape (n,)
            Class codes; 1 is the positive.
        probability : ndarray of shape (n,)
            Of the positive label, out of fold.
        column : str
            A feature that is protected.
        constraint : {"selection_rate", "true_positive_rate"}
        gap : float
            Largest difference between groups that is promised.
        costs : tuple of float
            Of a false positive and of a false negative.

        Raises
        ------
        TrainingError
            If the column is no feature, or fewer than two of its groups are large enough.
        """
        if column not in (*contract.texts, *contract.numbers):
            raise TrainingError(
                f"fairness.mitigate: '{column}' is not a feature of the contract, so a request does not say "
                "to which group it belongs; give it the role of a feature, or leave mitigate empty"
            )
        is_text = column in contract.texts
        levels, edges, codes = _groups(frame[column], is_text=is_text)
        truth = np.asarray(y) == 1
        members = {code: np.flatnonzero(codes == code) for code in range(int(codes.max()) + 1)}
        large = {
            code: rows
            for code, rows in members.items()
            if len(rows) >= FEWEST_ROWS and truth[rows].sum() >= FEWEST_ROWS
        }
        if len(large) < 2:
            raise TrainingError(
                f"fairness.mitigate: fewer than two groups of '{column}' have {FEWEST_ROWS} positive rows to "
                "learn a threshold from; leave mitigate empty"
            )
        overall = costs[0] / (costs[0] + costs[1])
        curves = [_Curve.of(truth[rows], probability[rows], constraint, costs) for rows in large.values()]
        chosen = dict(zip(large, _evened(curves, gap * MARGIN), strict=True))
        thresholds = tuple(chosen.get(code, overall) for code in members)
        names = contract.texts if is_text else contract.numbers
        return cls(column, constraint, names.index(column), levels, edges, thresholds, overall)

    def of(self, frame: pl.DataFrame) -> NDArray[np.float32]:
        """Return the threshold of each row of a conformed frame."""
        values = frame[self.column]
        by_code = np.append(np.asarray(self.thresholds, dtype=np.float32), np.float32(self.otherwise))
        if self.levels:
            codes = values.cast(pl.Enum(list(self.levels)), strict=False).to_physical().cast(pl.Int64)
            return np.asarray(by_code[codes.fill_null(len(self.levels)).to_numpy()], dtype=np.float32)
        numbers = values.cast(pl.Float32).fill_null(float("nan")).to_numpy()
        parts = np.searchsorted(np.asarray(self.edges, dtype=np.float32), numbers, side="right")
        return np.asarray(by_code[np.where(np.isnan(numbers), len(self.thresholds), parts)], np.float32)

    def graph(self, numbers: Var | None, texts: Var | None) -> Var:
        """Write `of` as an ONNX graph: float32 of shape (n, 1)."""
        import spox.opset.ai.onnx.ml.v5 as ml
        import spox.opset.ai.onnx.v21 as op

        place = op.const(np.array([self.position], dtype=np.int64))
        if self.levels:
            assert texts is not None  # noqa: S101 - a category is in the matrix of texts
            return ml.label_encoder(
                op.gather(texts, place, axis=1),
                keys_strings=list(self.levels),
                values_floats=list(self.thresholds),
                default_float=self.otherwise,
            )
        assert numbers is not None  # noqa: S101 - a number is in the matrix of numbers
        column = op.gather(numbers, place, axis=1)
        found = op.where(
            op.isnan(column), op.const(np.float32(self.otherwise)), op.const(np.float32(self.thresholds[0]))
        )
        for edge, threshold in zip(self.edges, self.thresholds[1:], strict=True):
            beyond = op.greater_or_equal(column, op.const(np.float32(edge)))
            found = op.where(beyond, op.const(np.float32(threshold)), found)
        return found


@dataclass(frozen=True, eq=False)
class _Curve:
    """What giving the positive label to the k highest probabilities of a group means, for every k.

    Attributes
    ----------
    rates : ndarray of shape (m,)
        The rate that is evened out, ascending.
    costs : ndarray of shape (m,)
    thresholds : ndarray of shape (m,)
    """

    rates: NDArray[np.float64]
    costs: NDArray[np.float64]
    thresholds: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        truth: NDArray[np.bool_],
        probability: NDArray[np.floating],
        constraint: Constraint,
        costs: tuple[float, float],
    ) -> _Curve:
        order = np.argsort(-probability, kind="stable")
        truth, ranked = truth[order], probability[order].astype(np.float64)
        found = np.append(0, np.cumsum(truth))
        k = np.arange(len(truth) + 1)
        cost = costs[0] * (k - found) + costs[1] * (found[-1] - found)
        rate = k / len(truth) if constraint == "selection_rate" else found / found[-1]
        between = (ranked[:-1] + ranked[1:]) / 2
        thresholds = np.concatenate([[np.nextafter(np.float32(1), np.float32(2))], between, [0.0]])
        kept = np.append(np.append(True, ranked[:-1] != ranked[1:]), True)  # ties are decided alike
        return cls(rate[kept], cost[kept], thresholds[kept])

    def cheapest(self, least: float, most: float) -> int:
        """Return the place of least cost within the rates; the nearest place where none is within."""
        inside = np.flatnonzero((self.rates >= least - 1e-12) & (self.rates <= most + 1e-12))
        if not len(inside):
            return int(np.abs(self.rates - (least + most) / 2).argmin())
        return int(inside[self.costs[inside].argmin()])


def _evened(curves: list[_Curve], gap: float) -> list[float]:
    best: tuple[float, list[int]] | None = None
    for least in np.linspace(0, 1, _STEPS):
        places = [curve.cheapest(float(least), float(least) + gap) for curve in curves]
        cost = sum(float(curve.costs[place]) for curve, place in zip(curves, places, strict=True))
        if best is None or cost < best[0]:
            best = cost, places
    assert best is not None  # noqa: S101 - there is at least one step
    return [float(curve.thresholds[place]) for curve, place in zip(curves, best[1], strict=True)]


def _groups(
    values: pl.Series, *, is_text: bool
) -> tuple[tuple[str, ...], tuple[float, ...], NDArray[np.int64]]:
    """Return levels, edges and the code of each row; rows of no group have the code -1."""
    if is_text:
        levels = values.drop_nulls().value_counts(sort=True)[values.name].to_list()
        codes = values.cast(pl.Enum(levels), strict=False).to_physical().cast(pl.Int64)
        return tuple(levels), (), codes.fill_null(-1).to_numpy()
    numbers = values.cast(pl.Float32).fill_null(float("nan")).to_numpy()
    known = numbers[np.isfinite(numbers)]
    distinct = np.unique(known)
    quantiles = np.quantile(known, np.arange(1, _PARTS) / _PARTS, method="higher") if len(known) else known
    edges = np.unique(distinct if len(distinct) <= _PARTS else quantiles)
    edges = edges[edges > distinct.min()] if len(distinct) else edges
    parts = np.where(np.isfinite(numbers), np.searchsorted(edges, numbers, side="right"), -1)
    return (), tuple(float(edge) for edge in edges), parts.astype(np.int64)
