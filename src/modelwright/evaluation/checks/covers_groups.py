"""MW-E021: no group is covered less than the level says."""

from __future__ import annotations

from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.evaluation import Evaluation
from modelwright.problem import Brief, Finding


class CoversGroups(Check):
    """Prediction sets and intervals hold the truth in each group as often as they say.

    **How**: found where, for a group of a protected column or for a label, the whole interval of the coverage
    lies below the level by at least 5 points. The intervals are those of single groups: of twenty groups one
    may look bad by chance.

    **Why**: the level is kept over all rows together; a group can be missed more often while others make up
    for it.

    **What to do**: collect more rows of the group; do not rely on sets or intervals for it until then.
    """

    code: ClassVar[str] = "MW-E021"
    name: ClassVar[str] = "sets and intervals hold the truth in each group"

    def not_applicable(self, evaluation: Evaluation, brief: Brief) -> str:  # noqa: ARG002
        """Say so where no group was looked at."""
        return "" if evaluation.coverage and evaluation.coverage.groups else "no group's coverage was checked"

    def find(self, evaluation: Evaluation, brief: Brief) -> Finding | None:  # noqa: ARG002
        """Look for a group that is missed beyond doubt, by what matters."""
        coverage = evaluation.coverage
        if coverage is None:
            return None
        level = coverage.group_level
        missed = [
            each
            for each in coverage.groups
            if each.covered.high < level and each.covered.value <= level - 0.05
        ]
        if not missed:
            return None
        worst = min(missed, key=lambda each: each.covered.value)
        return self.finding(
            "warning",
            f"at the level {100 * level:g} %, only {worst.covered} of the rows with '{worst.group}' in "
            f"{worst.column} are covered",
            "Collect more rows of the group before relying on its sets or intervals.",
            column=worst.column,
            count=len(missed),
        )
