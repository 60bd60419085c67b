"""Run the behaviour tests that a brief declares."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from modelwright.data import Contract
from modelwright.evaluation.behaviour.minimum import try_minimum
from modelwright.evaluation.behaviour.moving import try_direction, try_invariance
from modelwright.evaluation.behaviour.result import BehaviourResult
from modelwright.evaluation.behaviour.scene import Predict, Scene, Thresholds, typical_row
from modelwright.problem import BehaviourTest

_KINDS: dict[str, Callable[[BehaviourTest, Scene], BehaviourResult]] = {
    "invariance": try_invariance,
    "direction": try_direction,
    "minimum": try_minimum,
}


def run_behaviour(
    tests: Sequence[BehaviourTest],
    predict: Predict,
    frame: pl.DataFrame,
    contract: Contract,
    learnt: pl.DataFrame,
    *,
    threshold: float | Thresholds = 0.5,
    seed: int = 0,
) -> tuple[BehaviourResult, ...]:
    """Run behaviour tests on held-out rows; no label is looked at, so this is no look at the vault.

    Parameters
    ----------
    tests : sequence of BehaviourTest
        As the brief declares them, their files read.
    predict : callable
        From a conformed frame to predictions.
    frame : polars.DataFrame
        Conformed features of held-out rows; at most 1,000 are drawn.
    contract : Contract
        What the columns are.
    learnt : polars.DataFrame
        Conformed training rows; what a named case does not say is as in their typical row.
    threshold : float or callable, default 0.5
        Probability from which the positive label of two is predicted; from a conformed frame to one for each
        row, where groups have their own.
    seed : int, default 0
        Seed of the draw.
    """
    if not tests:
        return ()
    scene = Scene(predict, frame, contract, typical_row(learnt), threshold, seed)
    return tuple(_KINDS[test.kind](test, scene) for test in tests)
