"""MW-E022: abstaining leaves most answers, and makes the rest better."""

from __future__ import annotations

from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.evaluation import Evaluation
from modelwright.problem import Brief, Finding

_MOST = 0.5


class Answers(Check):
    """Abstaining leaves most answers, and makes the rest better.

    **How**: found where, at the brief's ``abstain_below``, more than half of the held-out rows would get
    no firm answer, or where those that get one are not more often right.

    **Why**: a model that abstains mostly leaves the work to people; one whose confidence does not tell
    right from wrong abstains for nothing.

    **What to do**: lower ``abstain_below``, with the report's table of what each choice leaves.
    """

    code: ClassVar[str] = "MW-E022"
    name: ClassVar[str] = "abstaining pays"

    def not_applicable(self, evaluation: Evaluation, brief: Brief) -> str:  # noqa: ARG002
        """Say so where nothing abstains."""
        chosen = evaluation.abstention and evaluation.abstention.chosen
        return "" if chosen else "the brief lets no answer abstain (serving.abstain_below)"

    def find(self, evaluation: Evaluation, brief: Brief) -> Finding | None:  # noqa: ARG002
        """Look at how many abstain, and at the accuracy of the rest."""
        abstention = evaluation.abstention
        chosen = abstention.chosen if abstention else None
        if abstention is None or chosen is None:
            return None
        where = f"below a confidence of {chosen.below:g}"
        advice = "Lower serving.abstain_below; the report lists what other choices leave."
        if chosen.abstained.value > _MOST:
            return self.finding("warning", f"{where}, {chosen.abstained} of the answers abstain", advice)
        kept = chosen.accuracy
        if kept is not None and chosen.abstained.value > 0 and kept.value <= abstention.accuracy.value:
            return self.finding(
                "warning",
                f"{where}, {chosen.abstained} of the answers abstain, but the rest are right no more often: "
                f"{kept}",
                advice,
            )
        return None
