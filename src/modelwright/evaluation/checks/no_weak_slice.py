"""MW-E033: the model is not worse on some slice of rows than elsewhere."""

from __future__ import annotations

from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.evaluation import Evaluation
from modelwright.problem import Brief, Finding

_LARGE = 1.5


class NoWeakSlice(Check):
    """No slice of rows, by one or two conditions on columns, is predicted much worse than the rest.

    **How**: slices are searched on training rows by out-of-fold predictions, with the false discovery rate
    held at 5 %, then tested again on the vault. Found where the second test is beyond chance (the lower limit
    of the excess loss, which allows for all re-tested slices, above 0), the loss is at least half as large
    again as on the other rows, and, for labels, it is also above what the model's own probabilities let
    expect, beyond chance. Rows that are hard by nature, which an honest model is unsure of, are in the report
    but are no finding.

    **Why**: a good figure over all rows can hide rows on which the model hardly helps, and those who act on
    it there do not know.

    **What to do**: look at the slice's rows: they may be too few, or lack a column that matters there. More
    rows of it or a feature help; else say where the model is not to be used.
    """

    code: ClassVar[str] = "MW-E033"
    name: ClassVar[str] = "no weak slice of rows"

    def not_applicable(self, evaluation: Evaluation, brief: Brief) -> str:  # noqa: ARG002
        """Say so where no slice was looked at."""
        if evaluation.outcomes is None:
            return "weak slices were not searched"
        return "" if evaluation.outcomes.slices.tested else "no condition is met by enough rows"

    def find(self, evaluation: Evaluation, brief: Brief) -> Finding | None:  # noqa: ARG002
        """Look at the confirmed slices."""
        if evaluation.outcomes is None:
            return None
        large = [
            each
            for each in evaluation.outcomes.slices.confirmed
            if each.loss is not None
            and each.rest is not None
            and each.loss >= _LARGE * each.rest
            and (each.surprise is None or each.overconfident)
        ]
        if not large:
            return None
        worst = max(large, key=lambda each: (each.loss or 0.0) * each.rows)
        more = f" (and {len(large) - 1} more slices)" if len(large) > 1 else ""
        return self.finding(
            "warning",
            f"where {worst.words}, the loss is {worst.loss:.3g} against {worst.rest:.3g} elsewhere{more}",
            "Look at these rows with `modelwright errors`; more of them, or a feature that tells them apart, "
            "help.",
            count=worst.rows,
        )
