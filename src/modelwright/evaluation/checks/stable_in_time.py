"""MW-E036: the model does not lean on the date itself."""

from __future__ import annotations

from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.checks.stable import affordable_loss, too_costly
from modelwright.evaluation.evaluation import Evaluation
from modelwright.problem import Brief, Finding


class StableInTime(Check):
    """The same rows, dated up to a year later, are predicted as well.

    **How**: every time among the features is moved by 1 to 12 months. Found where one of these costs, beyond
    chance on the same rows, more than a quarter of the lead over the best baseline (without a lead, more than
    5 % of the metric).

    **Why**: a model that leans on when a row was made, rather than on what it says, gets worse with every
    month in production. Where there are true seasons, some loss is expected: the same row means something
    else in another month.

    **What to do**: derive from the times what lasts (an age, a duration, the weekday), leave out the date
    itself, and retrain often.
    """

    code: ClassVar[str] = "MW-E036"
    name: ClassVar[str] = "stable under shifted months"

    def not_applicable(self, evaluation: Evaluation, brief: Brief) -> str:  # noqa: ARG002
        """Say so where no time was moved."""
        if evaluation.outcomes is None or evaluation.outcomes.stability is None:
            return "stability was not measured"
        return "" if evaluation.outcomes.stability.of("months") else "no feature is a time"

    def find(self, evaluation: Evaluation, brief: Brief) -> Finding | None:  # noqa: ARG002
        """Look at the shifts."""
        if evaluation.outcomes is None or evaluation.outcomes.stability is None:
            return None
        costly = too_costly(evaluation, list(evaluation.outcomes.stability.of("months")))
        if costly is None:
            return None
        return self.finding(
            "warning",
            f"with {costly.words}, the model loses {costly.loss} of {evaluation.decides.title}, more than "
            f"the {affordable_loss(evaluation):.3g} that is affordable",
            "Derive from the times what lasts, leave out the date itself, and retrain often.",
        )
