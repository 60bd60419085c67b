"""MW-E010: the vault has not been looked at too often."""

from __future__ import annotations

from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.evaluation import Evaluation
from modelwright.evaluation.intervals import error_at_look
from modelwright.problem import Brief, Finding

_MANY = 10


class FewLooks(Check):
    """The held-out rows have been looked at fewer than ten times.

    **How**: found from the tenth look on.

    **Why**: each look lets choices lean on these rows. The intervals are widened so that they stay honest,
    and with many looks they say little.

    **What to do**: collect fresh labelled rows and seal them in a new vault.
    """

    code: ClassVar[str] = "MW-E010"
    name: ClassVar[str] = "few looks at the held-out rows"

    def not_applicable(self, evaluation: Evaluation, brief: Brief) -> str:  # noqa: ARG002
        """Say so where the rows are no vault."""
        return "" if evaluation.looks else "the rows are not from a vault"

    def find(self, evaluation: Evaluation, brief: Brief) -> Finding | None:  # noqa: ARG002
        """Count the looks."""
        if evaluation.looks < _MANY:
            return None
        alone = 1 - error_at_look(evaluation.level, evaluation.looks)
        return self.finding(
            "warning",
            f"this is look {evaluation.looks} at the same held-out rows; each interval is now at {alone:.2%}",
            "Collect fresh labelled rows and seal them in a new vault.",
            count=evaluation.looks,
        )
