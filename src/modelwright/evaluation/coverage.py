"""Whether prediction sets and intervals hold the truth as often as they say, overall and by group."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.grouping import group_rows
from modelwright.evaluation.intervals import error_at_look
from modelwright.evaluation.shares import Share, share_of
from modelwright.uncertainty import Uncertainty

LEVELS = (0.8, 0.9, 0.95)
"""The levels that are checked, where there are rows enough for them."""

_MAIN = 0.9
_FEWEST_ROWS = 30


class GroupCoverage(BaseModel):
    """How often the rows of one group are covered.

    Attributes
    ----------
    column : str
        A protected column, or the target for its labels.
    group : str
    covered : Share
    size : float
        Mean number of labels in the set, or mean width of the interval.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    column: str
    group: str
    covered: Share
    size: float


class LevelCoverage(BaseModel):
    """How often rows are covered at one level.

    Attributes
    ----------
    level : float
        How often they shall be.
    covered : Share
        How often they are.
    size : float
        Mean number of labels in the set, or mean width of the interval.
    single : float or None
        Share of sets that name one label alone; None for intervals.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    level: float
    covered: Share
    size: float
    single: float | None = None


class Coverage(BaseModel):
    """How often sets or intervals hold the truth on the vault's rows.

    Attributes
    ----------
    kind : {"sets", "intervals"}
    assumes : str
        Under what the levels are kept.
    by_label : bool
        Whether each label by itself shall be covered at the level.
    fitted_on : int
        How many out-of-fold rows the sets or intervals were fitted on.
    levels : tuple of LevelCoverage
    group_level : float
        The level at which groups were looked at.
    groups : tuple of GroupCoverage
        Groups of protected columns, and for sets the labels; those of fewer than 30 rows are left out.
    alpha : float
        The error that the interval of each share may have, at this look at the vault.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    kind: str
    assumes: str
    by_label: bool
    fitted_on: int
    levels: tuple[LevelCoverage, ...]
    group_level: float
    groups: tuple[GroupCoverage, ...]
    alpha: float


def check_coverage(
    uncertainty: Uncertainty,
    classes: tuple[str, ...],
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
    *,
    target: str = "label",
    protected: pl.DataFrame | None = None,
    groups: NDArray[np.generic] | None = None,
    looks: int = 1,
    level: float = 0.95,
) -> Coverage | None:
    """Check on held-out rows how often the truth is covered.

    Parameters
    ----------
    uncertainty : Uncertainty
        As it was fitted on out-of-fold predictions; the held-out rows had no part in it.
    classes : tuple of str
        Labels in the order of the codes; empty for regression.
    y : ndarray of shape (n,)
        Class codes, or values.
    prediction : ndarray of shape (n, n_classes) or (n, 1)
        The model's predictions.
    target : str, default "label"
        What to call the labels' groups.
    protected : polars.DataFrame of n rows, optional
        The protected columns.
    groups : ndarray of shape (n,), optional
        The brief's group of each row, for the intervals.
    looks : int, default 1
        Which look at the vault this is.
    level : float, default 0.95
        The probability with which the intervals of the shares hold.

    Returns
    -------
    Coverage or None
        None where training had too few rows for any of the levels.
    """
    checked = [each for each in LEVELS if uncertainty.levels and each <= uncertainty.levels[-1]]
    if not checked:
        return None
    alpha = error_at_look(level, looks)
    measured = {each: _hits(uncertainty, y, prediction, each) for each in checked}
    main = _MAIN if _MAIN in measured else checked[-1]
    hits, sizes = measured[main]
    return Coverage(
        kind=uncertainty.kind,
        assumes=uncertainty.assumes,
        by_label=uncertainty.by_label,
        fitted_on=uncertainty.rows,
        levels=tuple(
            LevelCoverage(
                level=each,
                covered=share_of(found, alpha, groups),
                size=float(size.mean()),
                single=float((size == 1).mean()) if classes else None,
            )
            for each, (found, size) in measured.items()
        ),
        group_level=main,
        groups=tuple(
            GroupCoverage(
                column=column,
                group=name,
                covered=share_of(hits[rows], alpha, None if groups is None else groups[rows]),
                size=float(sizes[rows].mean()),
            )
            for column, name, rows in _parts(classes, y, target, protected)
            if len(rows) >= _FEWEST_ROWS
        ),
        alpha=alpha,
    )


def _hits(
    uncertainty: Uncertainty, y: NDArray[np.generic], prediction: NDArray[np.floating], level: float
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    if uncertainty.kind == "sets":
        chosen = uncertainty.sets(prediction, level)
        return chosen[np.arange(len(y)), np.asarray(y, dtype=np.int64)], chosen.sum(axis=1).astype(np.float64)
    low, high = uncertainty.intervals(prediction[:, 0], level)
    truth = np.asarray(y, dtype=np.float64)
    return (low <= truth) & (truth <= high), high - low


def _parts(
    classes: tuple[str, ...], y: NDArray[np.generic], target: str, protected: pl.DataFrame | None
) -> list[tuple[str, str, NDArray[np.int64]]]:
    parts = [(target, label, np.flatnonzero(y == code)) for code, label in enumerate(classes)]
    for column in protected.columns if protected is not None else ():
        parts += [(column, name, rows) for name, rows in group_rows(protected[column])]  # type: ignore[index]
    return parts
