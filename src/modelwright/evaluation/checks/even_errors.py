"""MW-E030: the groups of a protected column are not wrong in different ways."""

from __future__ import annotations

from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.evaluation import Evaluation
from modelwright.problem import Brief, Finding

_ERRORS = ("true_positive_rate", "false_positive_rate", "precision", "calibration", "accuracy")


class EvenErrors(Check):
    """The groups of each protected column are found, missed and scored alike.

    **How**: found where the largest gap in true or false positive rate, in precision, in calibration or in
    accuracy is beyond chance (its lower limit, which allows for all pairs of groups, above 0) and above
    ``[promises] group_gap``.

    **Why**: groups that are chosen equally often can still be chosen wrongly unequally often, and a score can
    mean one thing in one group and another in the next.

    **What to do**: look at the groups' figures; more rows of the group that is served worse help most. Not
    all of these figures can be equal at once where the groups differ in truth, so say with the stakeholder
    which one matters; ``[fairness] constraint`` then evens that one out.
    """

    code: ClassVar[str] = "MW-E030"
    name: ClassVar[str] = "protected groups err alike"

    def not_applicable(self, evaluation: Evaluation, brief: Brief) -> str:  # noqa: ARG002
        """Say so where no gap could be measured."""
        if not evaluation.groups:
            return "the brief names no protected column"
        known = any(f.gap for table in evaluation.groups for f in table.figures if f.name in _ERRORS)
        return "" if known else "no two groups are large enough"

    def find(self, evaluation: Evaluation, brief: Brief) -> Finding | None:
        """Compare the widest gap in errors with chance and with the promise."""
        gaps = [
            (figure.gap, table.column)
            for table in evaluation.groups
            for figure in table.figures
            if figure.name in _ERRORS and figure.gap and not table.crossed
        ]
        beyond = [each for each in gaps if each[0].low > 0 and each[0].value > brief.promises.group_gap]
        if not beyond:
            return None
        gap, column = max(beyond, key=lambda each: each[0].value)
        more = f" (and {len(beyond) - 1} more such gaps)" if len(beyond) > 1 else ""
        return self.finding(
            "warning",
            f"{gap.about}: '{gap.highest}' is {gap} above '{gap.lowest}', beyond chance{more}",
            "Look at the groups' figures, and say with the stakeholder which of them matters.",
            column=column,
        )
