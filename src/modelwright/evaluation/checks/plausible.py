"""MW-E006: the figure is not too good to be true."""

from __future__ import annotations

from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.evaluation import Evaluation
from modelwright.problem import Brief, Finding

_LEAST = 0.999
_SUSPICIOUS = ("roc_auc", "roc_auc_ovr", "accuracy", "balanced_accuracy", "f1", "f1_macro", "mcc", "r2")


class Plausible(Check):
    """The model is not perfect.

    **How**: found where ROC-AUC, accuracy (balanced or not), F1, Matthews' correlation or R² is 0.999 or
    more.

    **Why**: real questions are seldom answered perfectly. Most often a column holds the answer, or was
    written after it was known.

    **What to do**: look at the most important column, and ask when and by whom it is filled in; name it under
    ``[columns] ignore`` if it is not known at prediction time.
    """

    code: ClassVar[str] = "MW-E006"
    name: ClassVar[str] = "not too good to be true"

    def find(self, evaluation: Evaluation, brief: Brief) -> Finding | None:  # noqa: ARG002
        """Look for a figure next to perfect."""
        figures = evaluation.intervals
        perfect = [name for name in _SUSPICIOUS if name in figures and figures[name].value >= _LEAST]
        if not perfect:
            return None
        first = evaluation.importance[0].column if evaluation.importance else None
        return self.finding(
            "warning",
            f"{perfect[0]} is {figures[perfect[0]].value:.4f} on held-out rows, which is seldom true",
            "Ask whether every column is known at prediction time, the most important one first.",
            column=first,
        )
