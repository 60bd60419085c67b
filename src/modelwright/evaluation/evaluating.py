"""From predictions of held-out rows to an `Evaluation`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.errors import DataError
from modelwright.evaluation.basis import Basis
from modelwright.evaluation.calibration import calibrate_against
from modelwright.evaluation.checks import run_checks
from modelwright.evaluation.confusion import confuse, measure_errors
from modelwright.evaluation.contrasting import Difference, OutOfFold, Rivals, contrast
from modelwright.evaluation.cost import expected_cost
from modelwright.evaluation.drawing import Units
from modelwright.evaluation.evaluation import Evaluation
from modelwright.evaluation.groups import group_gaps
from modelwright.evaluation.importance import Predict, permutation_importance
from modelwright.evaluation.intervals import Interval, interval
from modelwright.evaluation.measuring import measure, metrics_of
from modelwright.evaluation.mitigation import weigh_mitigation
from modelwright.evaluation.outcomes import Background, find_outcomes
from modelwright.evaluation.proxies import find_proxies
from modelwright.problem import Brief, Metric, Task, decision_threshold, metric_named

_Prediction = NDArray[np.floating]
_CANDIDATE = "candidate"


class _Drawing(TypedDict):
    looks: int
    level: float
    units: Units
    resamples: int
    seed: int


def evaluate(
    brief: Brief,
    y: NDArray[np.generic],
    prediction: _Prediction,
    *,
    classes: tuple[str, ...] | list[str] = (),
    baselines: Mapping[str, _Prediction] | None = None,
    protected: pl.DataFrame | None = None,
    thresholds: NDArray[np.floating] | None = None,
    groups: NDArray[np.generic] | None = None,
    times: NDArray[np.generic] | None = None,
    weight: NDArray[np.float64] | None = None,
    cross_validated: float | None = None,
    out_of_fold: OutOfFold | None = None,
    predict: Predict | None = None,
    frame: pl.DataFrame | None = None,
    background: Background | None = None,
    looks: int = 1,
    level: float = 0.95,
    resamples: int = 1000,
    seed: int | None = None,
) -> Evaluation:
    """Evaluate a candidate on held-out rows.

    Parameters
    ----------
    brief : Brief
        What is asked: task, metric, costs and promises.
    y : ndarray of shape (n,)
        Class codes, or values for regression.
    prediction : ndarray of shape (n, n_classes) or (n, 1)
        The candidate's predictions.
    classes : sequence of str
        Labels in the order of the codes; empty for regression.
    baselines : mapping of str to ndarray, optional
        The baselines' predictions of the same rows.
    protected : polars.DataFrame of n rows, optional
        The protected columns.
    thresholds : ndarray of shape (n,), optional
        The decision threshold of each row, where groups have their own; the costs' by default.
    groups : ndarray of shape (n,), optional
        The brief's group of each row; rows of a group are resampled together.
    times : ndarray of shape (n,), optional
        When each row was known; neighbours in time are then resampled together, in blocks as long as their
        losses are alike (see `modelwright.evaluation.drawing.block_length`).
    weight : ndarray of shape (n,), optional
        How much each row counts in the figures; tables of counts and doubtful rows are of rows as they are.
    cross_validated : float, optional
        The metric on the rows that training held out, for the check on overfitting.
    out_of_fold : OutOfFold, optional
        What the candidate (by this name) and the baselines said of the rows that their folds held out.
    predict : callable, optional
        From a frame to predictions, for the importance of columns; needs `frame`.
    frame : polars.DataFrame of n rows, optional
        The features of the rows.
    background : Background, optional
        The columns and the training rows, for incorrect outcomes; needs `predict` and `frame`.
    looks : int, default 1
        Which look at the vault this is; 0 where the rows are no vault.
    level : float, default 0.95
        The probability with which all intervals together hold.
    resamples : int, default 1000
        Bootstrap resamples of each interval.
    seed : int, optional
        Seed of all resampling; the brief's by default.

    Raises
    ------
    DataError
        If lengths differ, predictions are not finite, or the metric is not defined on these rows.
    """
    task, metric = brief.problem.task, metric_named(brief.problem.metric, brief.problem.task)
    rivals = dict(baselines or {})
    _check_lengths(y, {"the candidate": prediction, **rivals})
    seed = brief.training.seed if seed is None else seed
    classes = tuple(classes)
    units = Units.of(len(y), groups, times, Basis(y, prediction).row_losses, weight)
    drawing = _Drawing(looks=looks, level=level, units=units, resamples=resamples, seed=seed)
    figures = measure(metrics_of(brief), y, prediction, **drawing)
    if figures[0].interval is None:
        raise DataError(f"{metric.title} does not apply: {figures[0].not_applicable}; evaluate on more rows")
    scores = {name: interval(metric, y, rival, **drawing) for name, rival in rivals.items()}
    best = _best(metric, scores)
    differences = _against(
        brief,
        Rivals(y, {_CANDIDATE: prediction, **rivals}, groups, times, weight),
        best,
        protected,
        out_of_fold,
        drawing,
    )
    threshold = decision_threshold(brief.costs) if thresholds is None else thresholds
    is_class = task.is_classification
    evaluation = Evaluation(
        task=task,
        metric=metric.name,
        classes=classes,
        rows=len(y),
        class_rows=tuple(int((y == code).sum()) for code in range(len(classes))),
        looks=looks,
        level=level,
        score=figures[0].interval,
        baselines=scores,
        best_baseline=best,
        gain=differences[0].comparison if differences else None,
        differences=differences,
        figures=figures,
        cross_validated=cross_validated,
        confusion=confuse(classes, y, prediction, threshold) if is_class else None,
        errors=None if is_class else measure_errors(y, prediction),
        calibration=calibrate_against(
            task, classes, y, prediction, groups=groups, weight=weight, looks=looks, level=level, seed=seed
        ),
        **_of_groups(brief, classes, y, prediction, protected, frame, thresholds, drawing),
        cost=expected_cost(brief.costs, y, prediction, threshold=thresholds, **drawing)
        if task is Task.BINARY
        else None,
        importance=()
        if predict is None or frame is None
        else permutation_importance(predict, frame, y, metric, groups=groups, weight=weight, seed=seed),
    )
    if background is not None and predict is not None and frame is not None:
        leading = [each.column for each in evaluation.importance]
        about = (classes, y, prediction, frame, predict, background)
        found = find_outcomes(brief, *about, threshold=threshold, groups=groups, leading=leading, **drawing)
        evaluation = evaluation.model_copy(update={"outcomes": found})
    return evaluation.model_copy(update={"checks": run_checks(evaluation, brief)})


def _against(
    brief: Brief,
    rivals: Rivals,
    best: str | None,
    protected: pl.DataFrame | None,
    out_of_fold: OutOfFold | None,
    drawing: _Drawing,
) -> tuple[Difference, ...]:
    """Compare the candidate with the best baseline by everything, with the others by what decides."""
    if best is None:
        return ()
    others = [name for name in rivals.predictions if name not in {_CANDIDATE, best}]
    return contrast(
        metrics_of(brief),
        rivals,
        [(_CANDIDATE, best)],
        task=brief.problem.task,
        also=[(_CANDIDATE, name) for name in others],
        protected=protected,
        out_of_fold=out_of_fold,
        equivalence=brief.evaluation.equivalence,
        looks=drawing["looks"],
        level=drawing["level"],
        resamples=drawing["resamples"],
        seed=drawing["seed"],
    )


def _of_groups(
    brief: Brief,
    classes: tuple[str, ...],
    y: NDArray[np.generic],
    prediction: _Prediction,
    protected: pl.DataFrame | None,
    frame: pl.DataFrame | None,
    thresholds: NDArray[np.floating] | None,
    drawing: _Drawing,
) -> dict[str, Any]:
    """Say how the groups of protected columns fare, what stands for them, and what evening out does."""
    if protected is None or not protected.width:
        return {}
    task, metric = brief.problem.task, metric_named(brief.problem.metric, brief.problem.task)
    threshold = decision_threshold(brief.costs) if thresholds is None else thresholds
    tables = group_gaps(metric, task, classes, y, prediction, protected, threshold=threshold, **drawing)
    found: dict[str, Any] = {"groups": tables}
    if frame is not None:
        found["proxies"] = find_proxies(frame, protected)
    if thresholds is not None:
        evened = protected[brief.fairness.mitigate]
        found["mitigation"] = weigh_mitigation(
            brief, classes, y, np.asarray(prediction), evened, thresholds, **drawing
        )
    return found


def _best(metric: Metric, scores: Mapping[str, Interval]) -> str | None:
    if not scores:
        return None
    sign = 1 if metric.greater_is_better else -1
    return max(scores, key=lambda name: sign * scores[name].value)


def _check_lengths(y: NDArray[np.generic], predictions: Mapping[str, _Prediction]) -> None:
    for name, prediction in predictions.items():
        if len(prediction) != len(y):
            raise DataError(
                f"{name} predicts {len(prediction)} rows but there are {len(y)} labels; pass the same rows"
            )
        if not np.isfinite(prediction).all():
            raise DataError(
                f"{name} predicts values that are not finite; look at its training before evaluating it"
            )
