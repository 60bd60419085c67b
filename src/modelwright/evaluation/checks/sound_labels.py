"""MW-E034: the largest mistakes are the model's, not the labels'."""

from __future__ import annotations

from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.evaluation import Evaluation
from modelwright.problem import Brief, Finding

_SHARE = 0.25


class SoundLabels(Check):
    """The rows with the largest loss are not mislabelled.

    **How**: found where at least a quarter of the 20 worst rows have a label that is suspect: doubted by
    confident learning (for numbers, by its residual), most of the nearest training rows have the predicted
    label, or a value nearer to the prediction, and rows as surprising are at least twice as many as the
    model's own probabilities let expect, beyond chance.

    **Why**: wrong labels among the held-out rows make every figure worse than the model is, and hide its real
    mistakes.

    **What to do**: review these rows at the source, with those that ``modelwright labels`` lists. A doubted
    label is often right and its row rare, so nothing is changed by itself.
    """

    code: ClassVar[str] = "MW-E034"
    name: ClassVar[str] = "the worst rows are labelled rightly"

    def not_applicable(self, evaluation: Evaluation, brief: Brief) -> str:  # noqa: ARG002
        """Say so where labels were not looked at."""
        if evaluation.outcomes is None:
            return "the worst rows were not looked at"
        return "" if evaluation.outcomes.doubts is not None else "there are too few rows to doubt labels"

    def find(self, evaluation: Evaluation, brief: Brief) -> Finding | None:  # noqa: ARG002
        """Count the suspect labels among the worst rows."""
        if evaluation.outcomes is None:
            return None
        worst, suspected = evaluation.outcomes.worst, evaluation.outcomes.suspected
        if len(suspected) < _SHARE * len(worst) or not suspected:
            return None
        return self.finding(
            "info",
            f"{len(suspected)} of the {len(worst)} worst rows have a label that is suspect",
            "Review them at the source: `modelwright errors` lists them, `modelwright labels` those of "
            "training.",
            count=len(suspected),
        )
