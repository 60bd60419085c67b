"""Find weak slices on some rows, and test them again on rows that had no part in finding them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.evaluation.arrays import Floats
from modelwright.evaluation.drawing import Units
from modelwright.evaluation.intervals import Interval, error_at_look
from modelwright.evaluation.outcomes.background import Background, expected_losses, slice_losses
from modelwright.evaluation.outcomes.searching import (
    FALSE_DISCOVERY_RATE,
    Candidate,
    Found,
    MeanDifference,
    clustered_difference,
    clustered_mean,
    search_slices,
)
from modelwright.evaluation.outcomes.slices import SliceSearch, WeakSlice

_LEAST_SEARCHED = 300
_LEAST_RETESTED = 20


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows with what was said of them.

    Attributes
    ----------
    frame : polars.DataFrame of n rows
    losses : ndarray of shape (n,)
    surprise : ndarray of shape (n,) or None
        Losses less what the rows' own probabilities let expect; None for regression.
    wrong : ndarray of shape (n,) or None
        Whether the most probable label is wrong; None for regression.
    clusters : ndarray of shape (n,) or None
        Rows that go together.
    """

    frame: pl.DataFrame
    losses: Floats
    surprise: Floats | None
    wrong: NDArray[np.bool_] | None
    clusters: NDArray[np.int64] | None

    def of(self, chosen: NDArray[np.bool_]) -> Rows:
        """Return some of the rows."""
        clusters = self.clusters
        return Rows(
            self.frame.filter(chosen),
            self.losses[chosen],
            None if self.surprise is None else self.surprise[chosen],
            None if self.wrong is None else self.wrong[chosen],
            None if clusters is None else np.unique(clusters[chosen], return_inverse=True)[1],
        )


def find_weak_slices(
    background: Background,
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
    frame: pl.DataFrame,
    *,
    units: Units,
    looks: int,
    level: float,
    seed: int,
) -> SliceSearch:
    """Search training rows, by what was said of them out of fold, and test again on the vault.

    Where no predictions out of fold are known, one half of the vault is searched and the other kept back.

    Parameters
    ----------
    background : Background
    y, prediction, frame
        The vault's labels, predictions and features.
    units : Units
        Which of its rows go together.
    looks, level : int, float
        As for `modelwright.evaluation.interval`.
    seed : int
    """
    vault = _rows(frame, background.sealed_moments, y, prediction, _clusters(units))
    searched, kept, where = _divided(background, vault, seed)
    columns = [each for each in background.shown if each.name in frame.columns]
    timed = background.contract.with_role("time")
    if timed is not None and timed.name in vault.frame.columns and not timed.is_sensitive:
        columns.append(timed)
    found = search_slices(searched.frame, searched.losses, columns, clusters=searched.clusters, seed=seed)
    alpha = error_at_look(level, looks) / max(len(found.candidates), 1)
    slices = [_retested(each, kept, alpha, level, looks) for each in found.candidates]
    return _summed_up(background, found, kept, where, slices, len(columns), prediction.shape[1] > 1)


def _summed_up(
    background: Background,
    found: Found,
    kept: Rows,
    where: str,
    slices: list[WeakSlice],
    columns: int,
    is_class: bool,
) -> SliceSearch:
    return SliceSearch(
        loss="squared distance of the probabilities from the truth" if is_class else "absolute error",
        searched_in=where,
        searched_rows=found.rows,
        kept_rows=len(kept.losses),
        columns=columns,
        tested=found.tested,
        false_discovery_rate=FALSE_DISCOVERY_RATE,
        hidden=tuple(each.name for each in background.contract.features if each.is_sensitive),
        slices=tuple(sorted(slices, key=lambda each: not each.confirmed)),
    )


def _divided(background: Background, vault: Rows, seed: int) -> tuple[Rows, Rows, str]:
    """Return the rows to search, those kept back, and in words where the first come from."""
    judged, said = background.judged, background.out_of_fold
    if judged is not None and said is not None and len(judged) >= _LEAST_SEARCHED:
        groups = background.groups
        searched = _rows(
            background.frame[judged],
            None if background.moments is None else background.moments[judged],
            background.y[judged],
            said,
            None if groups is None else Units.of(len(judged), groups[judged]).codes,
        )
        return searched, vault, "training rows, by what learners that had not seen them said"
    clusters = np.arange(len(vault.losses)) if vault.clusters is None else vault.clusters
    first = np.random.default_rng(seed).permutation(int(clusters.max(initial=0)) + 1) % 2 == 0
    half = first[clusters]
    return vault.of(half), vault.of(~half), "one half of the held-out rows"


def _rows(
    frame: pl.DataFrame,
    moments: pl.Series | None,
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
    clusters: NDArray[np.int64] | None,
) -> Rows:
    if moments is not None and moments.name not in frame.columns:
        frame = frame.with_columns(moments)
    losses, expected = slice_losses(y, np.asarray(prediction)), expected_losses(prediction)
    return Rows(
        frame,
        losses,
        None if expected is None else losses - expected,
        None if expected is None else prediction.argmax(axis=1) != y.astype(np.int64),
        clusters,
    )


def _clusters(units: Units) -> NDArray[np.int64] | None:
    """Return what is drawn together: clusters, or blocks of neighbours in time."""
    if units.codes is None:
        return None
    return units.codes if units.length == 1 else units.codes // units.length


def _retested(candidate: Candidate, kept: Rows, alpha: float, level: float, looks: int) -> WeakSlice:
    inside = candidate.holds(kept.frame)
    rows = int(inside.sum())
    known = WeakSlice(
        conditions=tuple(map(str, candidate.conditions)),
        rows_searched=candidate.rows,
        excess_searched=candidate.excess,
        q_value=candidate.q_value,
        rows=rows,
        share=rows / max(len(inside), 1),
    )
    if min(rows, len(inside) - rows) < _LEAST_RETESTED:
        return known
    found = clustered_difference(kept.losses, inside, kept.clusters)
    if found.error == 0:
        return known
    excess = _limits(found, alpha, level, looks)
    surprise, wrong = None, kept.wrong
    if kept.surprise is not None:
        clusters = None if kept.clusters is None else kept.clusters[inside]
        surprise = _limits(clustered_mean(kept.surprise[inside], clusters), alpha, level, looks)
    return known.model_copy(
        update={
            "loss": float(kept.losses[inside].mean()),
            "rest": float(kept.losses[~inside].mean()),
            "excess": excess,
            "surprise": surprise,
            "wrong": None if wrong is None else float(wrong[inside].mean()),
            "rest_wrong": None if wrong is None else float(wrong[~inside].mean()),
            "confirmed": excess.low > 0,
        }
    )


def _limits(found: MeanDifference, alpha: float, level: float, looks: int) -> Interval:
    from scipy.special import stdtrit

    reach = float(stdtrit(found.freedom, 1 - alpha / 2)) * found.error
    return Interval(
        value=found.value, low=found.value - reach, high=found.value + reach, level=level, looks=looks
    )
