"""MW-E009: acting on the model costs less than acting blindly."""

from __future__ import annotations

from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.evaluation import Evaluation
from modelwright.problem import Brief, Finding


class SavesMoney(Check):
    """The model's decisions cost less than the cheapest decision that looks at nothing.

    **How**: found where the lower limit of the saving per row is not above zero.

    **Why**: a model can rank well and still change no decision, when one kind of mistake is far dearer than
    the other.

    **What to do**: check the costs in the brief; if they are right, act on every row (or none) and spare
    the model.
    """

    code: ClassVar[str] = "MW-E009"
    name: ClassVar[str] = "cheaper than acting blindly"

    def not_applicable(self, evaluation: Evaluation, brief: Brief) -> str:  # noqa: ARG002
        """Say so where mistakes have no two costs."""
        return "" if evaluation.cost else "only a binary task has costs of mistakes"

    def find(self, evaluation: Evaluation, brief: Brief) -> Finding | None:  # noqa: ARG002
        """Compare with the cheapest blind decision."""
        cost = evaluation.cost
        if cost is None or cost.saving.low > 0:
            return None
        return self.finding(
            "warning",
            f"against the decision to {cost.without_model_decision}, the model saves {cost.saving} "
            f"{cost.currency} a row, which may be nothing",
            "Check the costs in the brief; if they are right, the blind decision is as good.",
        )
