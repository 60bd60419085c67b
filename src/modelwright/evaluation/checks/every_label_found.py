"""MW-E008: every label is found at least sometimes."""

from __future__ import annotations

from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.evaluation import Evaluation
from modelwright.problem import Brief, Finding


class EveryLabelFound(Check):
    """Each label that occurs is predicted rightly at least once.

    **How**: found where a label of the held-out rows has a recall of zero.

    **Why**: for whoever waits for that label, the model is no model.

    **What to do**: for two labels, look at the costs in the brief, which set the threshold; for more,
    collect rows of the label, or merge it with its nearest.
    """

    code: ClassVar[str] = "MW-E008"
    name: ClassVar[str] = "every label is found"

    def not_applicable(self, evaluation: Evaluation, brief: Brief) -> str:  # noqa: ARG002
        """Say so for regression."""
        return "" if evaluation.confusion else "there are no labels in regression"

    def find(self, evaluation: Evaluation, brief: Brief) -> Finding | None:  # noqa: ARG002
        """Look for a label that is never found."""
        if evaluation.confusion is None:
            return None
        recalls = zip(evaluation.classes, evaluation.confusion.recall, strict=True)
        lost = [label for label, recall in recalls if recall == 0]
        if not lost:
            return None
        named = ", ".join(f"'{label}'" for label in lost[:5]) + (
            f" and {len(lost) - 5} more" if len(lost) > 5 else ""
        )
        return self.finding(
            "warning",
            f"never predicted rightly: {named}",
            "Look at the costs in the brief (two labels), or collect rows of these labels.",
            count=len(lost),
        )
