"""MW-E007: the model does not hang on one column."""

from __future__ import annotations

from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.evaluation import Evaluation
from modelwright.problem import Brief, Finding

_SHARE = 0.8


class NotOneColumn(Check):
    """No single column carries the model.

    **How**: found where one of three or more columns has more than 80 % of the total importance, and
    shuffling it costs something beyond doubt.

    **Why**: such a column is often a leak, and if it fails in production the model fails with it.

    **What to do**: ask where the column comes from and when it is known; watch it in production.
    """

    code: ClassVar[str] = "MW-E007"
    name: ClassVar[str] = "does not hang on one column"

    def not_applicable(self, evaluation: Evaluation, brief: Brief) -> str:  # noqa: ARG002
        """Say so where importance was not measured, or hardly any columns are there."""
        if not evaluation.importance:
            return "importance was not measured"
        return "" if len(evaluation.importance) > 2 else "the model has fewer than three columns"

    def find(self, evaluation: Evaluation, brief: Brief) -> Finding | None:  # noqa: ARG002
        """Look at the most important column's share."""
        first = evaluation.importance[0]
        total = sum(max(0.0, item.drop.value) for item in evaluation.importance)
        if first.drop.low <= 0 or first.drop.value <= _SHARE * total:
            return None
        return self.finding(
            "warning",
            f"'{first.column}' has {first.drop.value / total:.0%} of the importance of all columns",
            "Ask where it comes from and whether it is known at prediction time.",
            column=first.column,
        )
