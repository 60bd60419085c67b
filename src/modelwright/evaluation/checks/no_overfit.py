"""MW-E003: the figure of training holds on rows never seen."""

from __future__ import annotations

from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.evaluation import Evaluation
from modelwright.problem import Brief, Finding


class NoOverfit(Check):
    """The cross-validated figure lies within the interval of the held-out one, or is worse.

    **How**: found where the figure on the folds is better than the better limit on the held-out rows.

    **Why**: then training has fitted its own folds (too many candidates on too few rows), rows leak between
    folds, or the held-out rows are of another kind, such as later in time.

    **What to do**: trust the held-out figure; look for duplicates, groups or time that straddle the folds.
    """

    code: ClassVar[str] = "MW-E003"
    name: ClassVar[str] = "cross-validated figure holds on held-out rows"

    def not_applicable(self, evaluation: Evaluation, brief: Brief) -> str:  # noqa: ARG002
        """Say so where training gave no figure of its own."""
        return "" if evaluation.cross_validated is not None else "no cross-validated figure was given"

    def find(self, evaluation: Evaluation, brief: Brief) -> Finding | None:  # noqa: ARG002
        """Compare the two figures."""
        metric, score, folds = evaluation.decides, evaluation.score, evaluation.cross_validated
        best_limit = score.high if metric.greater_is_better else score.low
        if folds is None or metric.improvement(folds, best_limit) <= 0:
            return None
        return self.finding(
            "warning",
            f"{metric.title} was {folds:.4g} in cross-validation but is {score} on held-out rows",
            "Trust the held-out figure; look for duplicates, groups or time that straddle the folds.",
        )
