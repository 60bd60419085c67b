"""MW-E035: small disturbances of rows cost little."""

from __future__ import annotations

from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.evaluation import Evaluation
from modelwright.evaluation.outcomes import Disturbance
from modelwright.problem import Brief, Finding

_SMALL = {"missing": 0.05, "noise": 0.1, "unseen": 0.05}
_SHARE_OF_LEAD = 0.25
_SHARE_OF_SCORE = 0.05


def affordable_loss(evaluation: Evaluation) -> float:
    """Return a quarter of the lead over the best baseline; without one, 5 % of the score."""
    if evaluation.gain is not None and evaluation.gain.difference > 0:
        return _SHARE_OF_LEAD * evaluation.gain.difference
    return _SHARE_OF_SCORE * abs(evaluation.score.value)


class Stable(Check):
    """Rows that are slightly worse than those of the build are still predicted well.

    **How**: held-out rows are predicted again with 5 % of values missing, with noise of a tenth of the usual
    spread on every number, and with 5 % of categories never seen before. Found where one of these costs,
    beyond chance on the same rows, more than a quarter of the lead over the best baseline (without a lead,
    more than 5 % of the metric).

    **Why**: production is never as clean as the table that a model was built from, and a model that leans on
    exact values loses there what it won here.

    **What to do**: see which column's loss costs most in the report; guard its source, and give the training
    rows the gaps that production has.
    """

    code: ClassVar[str] = "MW-E035"
    name: ClassVar[str] = "stable under small disturbances"

    def not_applicable(self, evaluation: Evaluation, brief: Brief) -> str:  # noqa: ARG002
        """Say so where nothing was disturbed."""
        return "" if evaluation.outcomes and evaluation.outcomes.stability else "stability was not measured"

    def find(self, evaluation: Evaluation, brief: Brief) -> Finding | None:  # noqa: ARG002
        """Look at the small disturbances."""
        if evaluation.outcomes is None or evaluation.outcomes.stability is None:
            return None
        tried = evaluation.outcomes.stability.disturbances
        costly = too_costly(evaluation, [each for each in tried if _SMALL.get(each.kind) == each.amount])
        if costly is None:
            return None
        return self.finding(
            "warning",
            f"{costly.words} costs {costly.loss} of {evaluation.decides.title}, more than the "
            f"{affordable_loss(evaluation):.3g} that is affordable",
            "See in the report which column's loss costs most, and guard its source.",
        )


def too_costly(evaluation: Evaluation, tried: list[Disturbance]) -> Disturbance | None:
    """Return the costliest of the disturbances that cost more than is affordable, beyond chance."""
    limit = affordable_loss(evaluation)
    costly = [each for each in tried if each.loss.low > 0 and each.loss.value > limit]
    return max(costly, key=lambda each: each.loss.value, default=None)
