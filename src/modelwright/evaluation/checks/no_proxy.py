"""MW-E032: no important feature stands for a protected column."""

from __future__ import annotations

from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.evaluation import Evaluation
from modelwright.problem import Brief, Finding

_SHARE_OF_THE_LARGEST = 0.1


class NoProxy(Check):
    """No feature that the model leans on stands for a protected column.

    **How**: found where a feature is associated with a protected column by a bias-corrected Cramér's V of 0.3
    or more, and the model leans on it: it loses without it, or its mean size in the answers (Shapley values)
    is at least a tenth of the largest column's.

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
        matter = _leaned_on(evaluation)
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


def _leaned_on(evaluation: Evaluation) -> set[str]:
    """Name the columns that matter; those that say the same share what shuffling one of them costs."""
    costly = {each.column for each in evaluation.importance if each.drop.low > 0}
    added = evaluation.contributions.columns if evaluation.contributions else ()
    least = _SHARE_OF_THE_LARGEST * max((each.mean for each in added), default=0.0)
    return costly | {each.column for each in added if each.mean >= least > 0}
