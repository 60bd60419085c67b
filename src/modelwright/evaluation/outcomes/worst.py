"""The rows with the largest loss, what lies near them, and what is said for and against them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.basis import Basis
from modelwright.evaluation.confusion import decide
from modelwright.evaluation.outcomes.background import HIDDEN, Background
from modelwright.evaluation.outcomes.doubted import named
from modelwright.evaluation.outcomes.near import nearest_rows
from modelwright.evaluation.outcomes.unusual import most_unusual

MOST_ROWS = 20
NEIGHBOURS = 5
_MOST_COLUMNS = 6
_CHANCE = 0.01


class Neighbour(BaseModel):
    """A training row near a held-out one.

    Attributes
    ----------
    label : str or float
        Its true label or value.
    distance : float
        In standard deviations of the features, as a root mean square over all of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str | float
    distance: float


class WorstRow(BaseModel):
    """One of the rows with the largest loss.

    Attributes
    ----------
    row : int
        Position among the held-out rows, from 0.
    truth, predicted : str or float
    probability : float or None
        What the model gave to the true label; None for regression.
    loss : float
        Log-loss, or absolute error.
    neighbours : tuple of Neighbour
        The nearest training rows, the nearest first.
    siding : int
        How many of them have the predicted label, or a value less than half as far from the
        prediction as from the truth.
    suspected : bool
        Whether the label itself is likely to be wrong: it is doubted, most neighbours side with the
        prediction, and rows as surprising are at least twice as many as the model's own probabilities let
        expect, beyond chance.
    expected : float or None
        How many held-out rows at least as surprising the model's own probabilities let expect; as many are
        there as the row's rank says. None for regression.
    values : dict of str to str
        The row's values in the columns the model leans on most; "hidden" where they must not be shown.
    reasons : tuple of str
        In words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: int
    truth: str | float
    predicted: str | float
    probability: float | None
    loss: float
    neighbours: tuple[Neighbour, ...]
    siding: int
    suspected: bool
    expected: float | None
    values: dict[str, str]
    reasons: tuple[str, ...]


def worst_rows(
    background: Background,
    classes: tuple[str, ...],
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
    frame: pl.DataFrame,
    *,
    threshold: float | NDArray[np.floating],
    doubted: NDArray[np.int64],
    leading: Sequence[str] = (),
    seed: int = 0,
) -> tuple[WorstRow, ...]:
    """Return the 20 rows with the largest loss, the worst first.

    Parameters
    ----------
    background : Background
    classes : tuple of str
        Empty for regression.
    y, prediction, frame
        The vault's labels, predictions and features.
    threshold : float or ndarray
        From which probability the positive of two labels is predicted.
    doubted : ndarray of int
        Positions of the labels that are doubted.
    leading : sequence of str, optional
        The columns in the order of their importance.
    seed : int, default 0
        Seed of the sample of training rows in which neighbours are looked for.
    """
    losses = Basis(y, prediction).losses
    loss = losses.of_rows("log-loss" if classes else "absolute error")
    chosen = np.argsort(-loss, kind="stable")[:MOST_ROWS]
    rows = frame[chosen]
    expected = _expected(np.asarray(prediction), y, chosen) if classes else None
    at, distance = nearest_rows(background, rows, NEIGHBOURS, seed=seed)
    given = decide(np.asarray(prediction), threshold)[chosen] if classes else prediction[chosen, 0]
    siding = _siding(y[chosen], given, background.y[at], bool(classes))
    unusual = most_unusual(rows, background)
    reasons = background.explain(chosen) if background.explain is not None else [()] * len(chosen)
    shown = _values(rows, background, leading)
    found = []
    for place, row in enumerate(chosen):
        sides = int(siding[place].sum())
        chance = None if expected is None else float(expected[place])
        beyond = chance is None or _too_many(place + 1, chance)
        suspected = bool(row in doubted) and 2 * sides > siding.shape[1] and beyond
        near = _near_words(sides, siding.shape[1], bool(classes), suspected=suspected)
        found.append(
            WorstRow(
                row=int(row),
                truth=named(y[row], classes),
                predicted=named(given[place], classes),
                probability=float(prediction[row, int(y[row])]) if classes else None,
                loss=float(loss[row]),
                neighbours=tuple(
                    Neighbour(label=named(background.y[which], classes), distance=float(far))
                    for which, far in zip(at[place], distance[place], strict=True)
                ),
                siding=sides,
                suspected=suspected,
                expected=chance,
                values=shown[place],
                reasons=(*near, *unusual[place], *reasons[place]),
            )
        )
    return tuple(found)


def _expected(
    prediction: NDArray[np.floating], y: NDArray[np.generic], chosen: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Say of each chosen row how many rows at least as surprising were to be expected.

    A row is as surprising as the probability of its label is small. Where the probabilities are right, each
    row has each label as often as they say.
    """
    cells = np.sort(prediction.astype(np.float64), axis=None)
    total = np.cumsum(cells)
    place = np.searchsorted(cells, prediction[chosen, y[chosen].astype(np.int64)], side="right")
    return np.asarray(np.where(place > 0, total[place - 1], 0.0))


def _too_many(rows: int, expected: float) -> bool:
    """Whether so many surprising rows are twice as many as expected, and more than a Poisson count shows."""
    from scipy.special import pdtrc

    return rows > 2 * expected and float(pdtrc(rows - 1, expected)) < _CHANCE


def _siding(
    truth: NDArray[np.generic], given: NDArray[np.generic], near: NDArray[np.generic], is_class: bool
) -> NDArray[np.bool_]:
    """Say of each neighbour whether it speaks for the prediction and against the label."""
    if is_class:
        wrong = np.asarray(given != truth)[:, None]
        return np.asarray((near == given[:, None]) & wrong)
    to_given = np.abs(near - given[:, None])  # type: ignore[operator]
    return np.asarray(2 * to_given < np.abs(near - truth[:, None]))  # type: ignore[operator]


def _near_words(sides: int, count: int, is_class: bool, *, suspected: bool) -> list[str]:
    if not count:
        return []
    what = "have the predicted label" if is_class else "have a value much nearer to the prediction"
    end = "; the label itself is suspect" if suspected else ""
    return [f"{sides} of the {count} nearest training rows {what}{end}"]


def _values(rows: pl.DataFrame, background: Background, leading: Sequence[str]) -> list[dict[str, str]]:
    features = {column.name: column for column in background.contract.features}
    names = [name for name in leading if name in features] or list(features)
    listed: list[dict[str, str]] = [{} for _ in range(len(rows))]
    for name in names[:_MOST_COLUMNS]:
        column = features[name]
        for place, value in enumerate(rows[name]):
            listed[place][name] = HIDDEN if column.is_sensitive else write_value(value, column.kind)
    return listed


def write_value(value: float | str | None, kind: str) -> str:
    """Write a conformed value as people read it."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is the one value that differs from itself
        return "missing"
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "time":
        return str(np.datetime64(int(value), "s")).removesuffix("T00:00:00").replace("T", " ")
    return value if isinstance(value, str) else f"{value:.6g}"
