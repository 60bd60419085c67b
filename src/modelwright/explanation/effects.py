"""How the answer moves with one column: partial dependence and accumulated local effects."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.data import Column, Contract

Predict = Callable[[pl.DataFrame], NDArray[np.floating]]
_Floats = NDArray[np.float64]

_DEPENDENCE_ROWS = 100
_LOCAL_ROWS = 400
_POINTS = 12
_INTERVALS = 12
_MOST_LEVELS = 10
_FEWEST_ROWS = 30


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Curve(_Part):
    """The answer at some places of a column.

    Attributes
    ----------
    at : tuple of float or str
        Numbers, seconds since 1970, or categories.
    answer : tuple of float
    """

    at: tuple[float, ...] | tuple[str, ...]
    answer: tuple[float, ...]


class Effect(_Part):
    """How the answer moves with one column.

    Attributes
    ----------
    column : str
    kind : str
        Of the column: number, boolean, category or time.
    about : str
        What moves, in words.
    dependence : Curve
        The mean answer where all rows have the same value in the column (Friedman 2001).
    local : Curve or None
        The summed effects of small steps, each seen on the rows that are there (Apley and Zhu 2020), raised
        to the mean answer. Where columns go together, this is the one to read: it asks for no row that cannot
        be.
        None for a column without an order.
    rows : int
        How many rows the dependence was computed on.
    """

    column: str
    kind: str
    about: str
    dependence: Curve
    local: Curve | None
    rows: int


def column_effects(
    predict: Predict, frame: pl.DataFrame, contract: Contract, columns: list[str], *, seed: int = 0
) -> tuple[Effect, ...]:
    """Compute how the answer moves with some columns.

    For two labels the answer is the probability of the positive one; for more, that of the label whose
    probability moves most.

    Parameters
    ----------
    predict : callable
        From a frame with the columns of `frame` to predictions.
    frame : polars.DataFrame
        Conformed rows; at most 100 for the dependence and 400 for the local effects are drawn.
    contract : Contract
        What the columns are.
    columns : list of str
        Which to look at.
    seed : int, default 0
        Seed of the draw.

    References
    ----------
    J. Friedman, "Greedy function approximation", Annals of Statistics 29 (2001); D. Apley and J. Zhu,
    "Visualizing the effects of predictor variables in black box supervised learning models", Journal of the
    Royal Statistical Society B 82 (2020).
    """
    order = np.random.default_rng(seed).permutation(frame.height)
    few, many = frame[np.sort(order[:_DEPENDENCE_ROWS])], frame[np.sort(order[:_LOCAL_ROWS])]
    effects = (_effect(predict, few, many, contract, contract.column(name), frame[name]) for name in columns)
    return tuple(effect for effect in effects if effect is not None)


def _effect(
    predict: Predict,
    few: pl.DataFrame,
    many: pl.DataFrame,
    contract: Contract,
    column: Column,
    whole: pl.Series,
) -> Effect | None:
    places = pl.Series() if column.kind == "text" else _places(column, whole)
    if len(places) < 2:
        return None
    each = [few.with_columns(places[at : at + 1].new_from_index(0, few.height)) for at in range(len(places))]
    moved = pl.concat(each)
    answers = np.asarray(predict(moved), dtype=np.float64).reshape(len(places), few.height, -1).mean(axis=1)
    label = _label(contract, answers)
    ordered = column.kind in {"number", "time"}
    edges = _edges(whole) if ordered else places
    return Effect(
        column=column.name,
        kind=column.kind,
        about=f"the probability of '{contract.classes[label]}'" if contract.classes else "the value",
        dependence=Curve(at=_texts(column, places), answer=tuple(answers[:, label].tolist())),
        local=_local(predict, many, column, edges, label) if ordered and len(edges) > 1 else None,
        rows=few.height,
    )


def _label(contract: Contract, answers: _Floats) -> int:
    if len(contract.classes) <= 2:
        return len(contract.classes) // 2
    return int(np.ptp(answers, axis=0).argmax())


def _places(column: Column, whole: pl.Series) -> pl.Series:
    """Return values of a column to look at: its usual categories, or numbers at even steps of its rows."""
    known = whole.drop_nulls()
    if column.kind == "category":
        counts = known.value_counts(sort=True).head(_MOST_LEVELS)
        return counts.filter(pl.col("count") >= min(_FEWEST_ROWS, len(known) // 2))[whole.name]
    return _quantiles(known, _POINTS)


def _edges(whole: pl.Series) -> pl.Series:
    return _quantiles(whole.drop_nulls(), _INTERVALS + 1)


def _quantiles(known: pl.Series, count: int) -> pl.Series:
    if not len(known):
        return known
    steps = np.linspace(0.01, 0.99, count) * (len(known) - 1)
    return known.sort().gather(np.round(steps).astype(np.int64)).unique(maintain_order=True)


def _texts(column: Column, places: pl.Series) -> tuple[float, ...] | tuple[str, ...]:
    if column.kind == "category":
        return tuple(str(place) for place in places.to_list())
    if column.kind == "boolean":
        return tuple(("false", "true")[int(place)] for place in places.to_list())
    return tuple(float(place) for place in places.to_list())


def _local(
    predict: Predict, rows: pl.DataFrame, column: Column, edges: pl.Series, label: int
) -> Curve | None:
    known = rows.filter(pl.col(column.name).is_not_null())
    if not known.height:
        return None
    steps = edges.to_numpy()
    interval = np.clip(np.searchsorted(steps, known[column.name].to_numpy(), side="left"), 1, len(steps) - 1)
    both = pl.concat(
        [known.with_columns(edges.gather(interval - back).alias(column.name)) for back in (1, 0)]
    )
    low, high = np.split(np.asarray(predict(both), dtype=np.float64)[:, label], 2)
    count = np.bincount(interval, minlength=len(steps))
    step = np.bincount(interval, weights=high - low, minlength=len(steps)) / np.maximum(count, 1)
    summed = np.cumsum(step)
    middle = (summed[1:] + summed[:-1]) / 2
    centre = np.average(middle, weights=count[1:])
    mean = np.asarray(predict(known), dtype=np.float64)[:, label].mean()
    return Curve(at=tuple(map(float, steps)), answer=tuple((summed - centre + mean).tolist()))
