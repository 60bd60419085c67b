"""Framing a problem: from a table and a brief to an honest first answer."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.algorithms import BASELINES
from modelwright.data import (
    Audit,
    Column,
    Contract,
    Split,
    audit,
    conform,
    encode_target,
    folds,
    labelled_rows,
    propose_split,
    weights_of,
)
from modelwright.engine import cores
from modelwright.errors import DataError
from modelwright.evaluation import Comparison, Interval, compare, interval
from modelwright.framing import words
from modelwright.framing.fits import Judged, Rows, cross_validate
from modelwright.framing.growth import Curve, learning_curve
from modelwright.framing.result import Framing, LabelShare, LearningPoint
from modelwright.framing.sample import rows_to_look_at
from modelwright.framing.signal import find_signal
from modelwright.problem import Brief, metric_named

_FOLDS = 5
_MANY_CLASSES, _FOLDS_THEN = 5, 3
_RESAMPLES = 500
_FEWEST_ROWS = 20
_FEWEST_OF_TWO = 5
"""With two labels, of the rarer one; each fold must be able to have some."""


def frame(data: pl.DataFrame, contract: Contract, brief: Brief, seed: int | None = None) -> Framing:
    """Ask whether machine learning can answer the question, before anything is built.

    Parameters
    ----------
    data : polars.DataFrame
        Raw rows, as `modelwright.data.read` returns them; those without a target are passed over.
    contract : Contract
        What the columns are.
    brief : Brief
        What is asked.
    seed : int, optional
        Seed of all samples, folds and shuffles; the brief's by default.

    Returns
    -------
    Framing
        It takes a few seconds: of large tables a sample is looked at, and `Framing.how` says so.

    Raises
    ------
    DataError
        If there are fewer than 20 rows with a target, or a single label.
    """
    from threadpoolctl import threadpool_limits

    seed = brief.training.seed if seed is None else seed
    data = data[labelled_rows(contract, data)]
    y = encode_target(contract, data[contract.target.name])
    _refuse_hopeless(y, contract)
    split = propose_split(data, contract, brief.split)
    chosen = rows_to_look_at(data, contract, y, by_group=split.kind == "grouped", seed=seed)
    n_folds = _FOLDS_THEN if len(contract.classes) > _MANY_CLASSES else _FOLDS
    sample, group = data[chosen], contract.with_role("group")
    rows = Rows(
        frame=conform(contract, sample),
        y=y[chosen],
        contract=contract,
        task=brief.problem.task,
        metric=metric_named(brief.problem.metric, brief.problem.task),
        folds=folds(sample, contract, split, y[chosen], seed, n_folds),
        threads=cores(brief.training.cores),
        seed=seed,
        weight=weights_of(sample, contract),
    )
    audited = audit(data, contract, passed_over=brief.columns.ignore)
    groups = _groups(sample, group) if split.groups_apart else None
    times = _times(sample, contract) if split.kind == "forward" else None
    with threadpool_limits(1, user_api="blas"):  # on so little work, two threads mostly wait for each other
        return _framing(rows, groups, times, split, y, audited)


def _framing(
    rows: Rows,
    groups: NDArray[np.int64] | None,
    times: NDArray[np.int64] | None,
    split: Split,
    y: NDArray[np.generic],
    audited: Audit,
) -> Framing:
    judged = cross_validate(rows, BASELINES)
    baselines = {name: _score(rows, groups, found) for name, found in judged.items()}
    curve = learning_curve(rows, groups)
    unit = "groups" if groups is not None else "shifts in time" if times is not None else "rows"
    signal = words.signal(find_signal(rows.frame, rows.y, groups=groups, order=times, seed=rows.seed), unit)
    best = _best(rows, groups, judged, baselines, curve)
    return Framing(
        answer=words.answer(rows.metric, baselines["constant"], best, signal, audited.accused),
        rows=len(y),
        rows_looked_at=len(rows.y),
        metric=rows.metric.name,
        baselines=baselines,
        gain=best[2],
        signal=signal,
        learning_curve=tuple(LearningPoint(rows=size, score=score) for size, score in curve.points),
        learner=curve.algorithm,
        more_rows=words.more_rows(rows.metric, curve, len(y), len(rows.y)),
        balance=_balance(rows.contract, y),
        spread="" if rows.contract.classes else words.spread(y),
        audit=audited,
        split=split.kind,
        split_reason=split.reason,
        how=words.how(len(y), len(rows.y), len(rows.folds), split.kind),
    )


def _score(rows: Rows, groups: NDArray[np.int64] | None, found: Judged) -> Interval:
    return interval(
        rows.metric,
        rows.y[found.rows],
        found.prediction,
        looks=0,
        groups=None if groups is None else groups[found.rows],
        weight=rows.weight_of(found.rows),
        parts=found.fold,
        resamples=_RESAMPLES,
        seed=rows.seed,
    )


def _best(
    rows: Rows,
    groups: NDArray[np.int64] | None,
    judged: dict[str, Judged],
    baselines: dict[str, Interval],
    curve: Curve,
) -> tuple[str, Interval, Comparison]:
    """Return the best model that was tried, its score, and its gain over the constant."""
    losses = {
        name: abs(rows.metric.best - found.value) for name, found in baselines.items() if name != "constant"
    }
    name = min(losses, key=lambda key: losses[key])
    last = curve.points[-1][1]
    if abs(rows.metric.best - last.value) < losses[name]:
        return curve.algorithm, last, curve.over_constant
    found, constant = judged[name], judged["constant"]
    gain = compare(
        rows.metric,
        rows.y[found.rows],
        found.prediction,
        constant.prediction,
        looks=0,
        groups=None if groups is None else groups[found.rows],
        weight=rows.weight_of(found.rows),
        parts=found.fold,
        resamples=_RESAMPLES,
        seed=rows.seed,
    )
    return name, baselines[name], gain


def _groups(sample: pl.DataFrame, column: Column | None) -> NDArray[np.int64] | None:
    if column is None:
        return None
    return sample[column.name].cast(pl.String).fill_null("").rank("dense").to_numpy().astype(np.int64)


def _times(sample: pl.DataFrame, contract: Contract) -> NDArray[np.int64]:
    """Return when each row was, by conforming the time column as if it were a feature."""
    column = contract.with_role("time")
    if column is None:
        return np.arange(sample.height)
    as_feature = column.model_copy(update={"role": "feature", "missing": "accept"})
    alone = contract.with_columns([as_feature, contract.target])
    return conform(alone, sample)[column.name].fill_null(np.iinfo(np.int64).min).to_numpy()


def _balance(contract: Contract, y: NDArray[np.generic]) -> tuple[LabelShare, ...]:
    counts = [int((y == code).sum()) for code in range(len(contract.classes))]
    shares = [
        LabelShare(label=label, rows=count, share=count / len(y))
        for label, count in zip(contract.classes, counts, strict=True)
    ]
    return tuple(sorted(shares, key=lambda each: -each.rows))


def _refuse_hopeless(y: NDArray[np.generic], contract: Contract) -> None:
    if len(y) < _FEWEST_ROWS:
        raise DataError(
            f"only {len(y)} rows have a value in the target '{contract.target.name}'; at least "
            f"{_FEWEST_ROWS} are "
            "needed to say anything, and a few hundred to build"
        )
    if len(np.unique(y)) < 2:
        raise DataError(
            f"every row has the same value in the target '{contract.target.name}', so there is nothing "
            "to predict; "
            "check that the right column is named"
        )
    if len(contract.classes) == 2 and (rarest := int(np.bincount(y.astype(np.int64)).min())) < _FEWEST_OF_TWO:
        label = contract.classes[int(np.bincount(y.astype(np.int64)).argmin())]
        raise DataError(
            f"only {rarest} row{'s have' if rarest > 1 else ' has'} the label '{label}' of the target "
            f"'{contract.target.name}'; at least {_FEWEST_OF_TWO} are needed to say anything: collect more"
        )
