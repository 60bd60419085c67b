"""MW-E005: no protected group is treated otherwise than promised."""

from __future__ import annotations

from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.evaluation import Evaluation
from modelwright.problem import Brief, Finding


class EvenGroups(Check):
    """The gap between the groups of each protected column is within the promise.

    **How**: found where the largest difference in selection rate (classes), or in mean error relative to
    the overall one (regression), is above ``[promises] group_gap``. The limits of the gap allow for its
    being the largest of many.

    **Why**: a gap may be unlawful, and is asked about. It may also mirror a difference that is really
    there, which is a question for people.

    **What to do**: look at the groups' table; take away columns that stand for the protected one; talk to the
    stakeholder about what is acceptable.
    """

    code: ClassVar[str] = "MW-E005"
    name: ClassVar[str] = "protected groups within the promised gap"

    def not_applicable(self, evaluation: Evaluation, brief: Brief) -> str:  # noqa: ARG002
        """Say so where no gap could be measured."""
        if not evaluation.groups:
            return "the brief names no protected column"
        return "" if evaluation.widest_group else "no protected column has two groups of 30 rows or more"

    def find(self, evaluation: Evaluation, brief: Brief) -> Finding | None:
        """Compare the widest gap with the promise."""
        table = evaluation.widest_group
        if table is None or table.promised is None or table.promised.value <= brief.promises.group_gap:
            return None
        gap = table.promised
        return self.finding(
            "warning",
            f"{gap.about}: '{gap.highest}' is {gap} above '{gap.lowest}', "
            f"but at most {brief.promises.group_gap:g} is promised",
            "Look at the groups' table, and at columns that stand for the protected one.",
            column=table.column,
        )
