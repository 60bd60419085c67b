"""What an evaluation says beyond figures: uncertainty, behaviour and explanations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.evaluation.abstention import measure_abstention
from modelwright.evaluation.behaviour import BehaviourResult
from modelwright.evaluation.checks import run_checks
from modelwright.evaluation.contributions import Contributions
from modelwright.evaluation.coverage import check_coverage
from modelwright.evaluation.drawing import block_length
from modelwright.evaluation.evaluation import Evaluation
from modelwright.explanation import Effect
from modelwright.problem import Brief, decision_threshold
from modelwright.uncertainty import Uncertainty


def with_trust(
    evaluation: Evaluation,
    brief: Brief,
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
    *,
    uncertainty: Uncertainty | None = None,
    behaviour: Sequence[BehaviourResult] = (),
    effects: Sequence[Effect] = (),
    contributions: Contributions | None = None,
    protected: pl.DataFrame | None = None,
    groups: NDArray[np.generic] | None = None,
    times: NDArray[np.generic] | None = None,
    thresholds: NDArray[np.floating] | None = None,
) -> Evaluation:
    """Add to an evaluation how far single answers can be relied on.

    Parameters
    ----------
    evaluation : Evaluation
        Of the same rows.
    brief : Brief
        What is asked.
    y : ndarray of shape (n,)
        Class codes, or values.
    prediction : ndarray of shape (n, n_classes) or (n, 1)
        The candidate's predictions.
    uncertainty : Uncertainty, optional
        Its coverage is checked.
    behaviour : sequence of BehaviourResult, optional
        What the behaviour tests showed.
    effects : sequence of Effect, optional
        How the answer moves with single columns.
    contributions : Contributions, optional
        How much each column adds to answers.
    protected : polars.DataFrame of n rows, optional
        The protected columns.
    groups : ndarray of shape (n,), optional
        The brief's group of each row.
    times : ndarray of shape (n,), optional
        When each row was known; blocks of neighbours then count as groups, where there are none.
    thresholds : ndarray of shape (n,), optional
        The decision threshold of each row, where groups have their own.
    """
    if groups is None and times is not None:
        groups = _blocks(times)
    drawing = {"groups": groups, "looks": evaluation.looks, "level": evaluation.level}
    classes = evaluation.classes
    added = evaluation.model_copy(
        update={
            "coverage": None
            if uncertainty is None
            else check_coverage(
                uncertainty,
                classes,
                y,
                prediction,
                target=brief.problem.target,
                protected=protected,
                **drawing,  # type: ignore[arg-type]
            ),
            "abstention": measure_abstention(
                y,
                prediction,
                threshold=decision_threshold(brief.costs) if thresholds is None else thresholds,
                below=brief.serving.abstain_below,
                **drawing,  # type: ignore[arg-type]
            )
            if classes
            else None,
            "behaviour": tuple(behaviour),
            "effects": tuple(effects),
            "contributions": contributions,
        }
    )
    return added.model_copy(update={"checks": run_checks(added, brief)})


def _blocks(times: NDArray[np.generic]) -> NDArray[np.int64]:
    """Return the block of neighbours in time that each row is in."""
    blocks = np.empty(len(times), dtype=np.int64)
    blocks[np.argsort(times, kind="stable")] = np.arange(len(times)) // block_length(len(times))
    return blocks
