"""MW-E020: prediction sets and intervals hold the truth as often as they say."""

from __future__ import annotations

from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.evaluation import Evaluation
from modelwright.problem import Brief, Finding


class Covers(Check):
    """Prediction sets and intervals hold the truth as often as they say.

    **How**: found where, at one of the levels checked, the whole interval of the coverage on the held-out
    rows lies below the level.

    **Why**: whoever asks for an interval at 90 % plans with one miss in ten.

    **What to do**: ask for a higher level than the one that is needed; look at what differs between the
    held-out rows and the training rows, such as time.
    """

    code: ClassVar[str] = "MW-E020"
    name: ClassVar[str] = "sets and intervals hold the truth as often as they say"

    def not_applicable(self, evaluation: Evaluation, brief: Brief) -> str:  # noqa: ARG002
        """Say so where coverage was not checked."""
        return "" if evaluation.coverage else "there were too few rows for sets or intervals"

    def find(self, evaluation: Evaluation, brief: Brief) -> Finding | None:  # noqa: ARG002
        """Look for a level that is missed beyond doubt."""
        coverage = evaluation.coverage
        missed = [each for each in coverage.levels if each.covered.high < each.level] if coverage else []
        if not missed:
            return None
        worst = min(missed, key=lambda each: each.covered.high - each.level)
        return self.finding(
            "warning",
            f"at the level {100 * worst.level:g} %, only {worst.covered} of the held-out rows are covered",
            "Ask for a higher level, and for what has changed since the training rows.",
        )
