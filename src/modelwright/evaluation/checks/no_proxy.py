"""MW-E032: no important feature stands for a protected column."""

from __future__ import annotations

from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.evaluation import Evaluation
from modelwright.problem import Brief, Finding


class NoProxy(Check):
    """No feature that the model leans on stands for a protected column.

    **How**: found where a feature is associated with a protected column by a bias-corrected Cramér's V of 0.3
    or more, and the model loses without it.

    **Why**: leaving the protected column out changes nothing where another feature gives it away.

    **What to do**: ask whether the feature is needed and lawful; try the build without it
    (``[columns] ignore``) and compare the two.
    """

    code: ClassVar[str] = "MW-E032"
    name: ClassVar[str] = "no proxy of a protected column"

    def not_applicable(self, evaluation: Evaluation, brief: Brief) -> str:  # noqa: ARG002
        """Say so where nothing could stand for anything."""
        return "" if evaluation.proxies else "there is no protected column beside other features"

    def find(self, evaluation: Evaluation, brief: Brief) -> Finding | None:  # noqa: ARG002
        """Look for strong proxies among the features that matter."""
        matter = {each.column for each in evaluation.importance if each.drop.low > 0}
        strong = [each for each in evaluation.proxies if each.strong and each.feature in matter]
        if not strong:
            return None
        worst = max(strong, key=lambda each: each.strength)
        others = sorted({each.feature for each in strong} - {worst.feature})
        more = "; so do " + ", ".join(f"'{name}'" for name in others[:5]) if others else ""
        return self.finding(
            "info",
            f"'{worst.feature}' stands for '{worst.column}' (Cramér's V {worst.strength:.2f}){more}",
            "Ask whether it is needed and lawful; compare with a build that ignores it.",
            column=worst.column,
        )
