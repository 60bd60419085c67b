"""MW-E031: no group of two protected columns at once is treated otherwise than promised."""

from __future__ import annotations

from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.evaluation import Evaluation
from modelwright.problem import Brief, Finding


class EvenCrosses(Check):
    """The groups of two protected columns at once are within the promised gap.

    **How**: found where the lower limit of the largest gap between such groups is above
    ``[promises] group_gap``. The limit decides, not the gap as measured, because such groups are many and
    small.

    **Why**: what is even for women and even for the old can still be uneven for old women.

    **What to do**: look at the groups' table; collect more rows of the smallest groups.
    """

    code: ClassVar[str] = "MW-E031"
    name: ClassVar[str] = "groups of two protected columns within the promised gap"

    def not_applicable(self, evaluation: Evaluation, brief: Brief) -> str:  # noqa: ARG002
        """Say so where there are no such groups."""
        pairs = [table for table in evaluation.groups if table.crossed]
        if not pairs:
            return "the brief names fewer than two protected columns"
        return "" if any(table.promised for table in pairs) else "no two such groups have 30 rows or more"

    def find(self, evaluation: Evaluation, brief: Brief) -> Finding | None:
        """Compare the surest gap with the promise."""
        gaps = [(table.promised, table.column) for table in evaluation.groups if table.crossed]
        known = [(gap, column) for gap, column in gaps if gap is not None]
        gap, column = max(known, key=lambda each: each[0].low)
        if gap.low <= brief.promises.group_gap:
            return None
        return self.finding(
            "warning",
            f"{gap.about}: '{gap.highest}' is {gap} above '{gap.lowest}', "
            f"but at most {brief.promises.group_gap:g} is promised",
            "Look at the groups' table; collect more rows of the smallest groups.",
            column=column,
        )
