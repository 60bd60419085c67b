"""MW-E001: the model is worth its trouble."""

from __future__ import annotations

from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.evaluation import Evaluation
from modelwright.problem import Brief, Finding


class BeatsBaseline(Check):
    """The model is better than the best baseline beyond doubt.

    **How**: paired bootstrap against the best of the constant, the rule and the linear model on the same
    rows; found where the lower limit of the improvement is not above zero.

    **Why**: a simpler model that does as well is cheaper to run, to explain and to keep.

    **What to do**: release the baseline instead, give training more time or more rows, or ask for columns
    that say more about the target.
    """

    code: ClassVar[str] = "MW-E001"
    name: ClassVar[str] = "better than the best baseline"

    def not_applicable(self, evaluation: Evaluation, brief: Brief) -> str:  # noqa: ARG002
        """Say so where no baseline was evaluated."""
        return "" if evaluation.gain else "no baseline was evaluated"

    def find(self, evaluation: Evaluation, brief: Brief) -> Finding | None:  # noqa: ARG002
        """Compare with the best baseline."""
        gain = evaluation.gain
        if gain is None or gain.better:
            return None
        title, rival = evaluation.decides.title, evaluation.best_baseline
        return self.finding(
            "warning",
            f"the improvement in {title} over the baseline '{rival}' is {gain}, which may be none",
            f"Consider the baseline '{rival}' itself, or give training more time, rows or columns.",
        )
