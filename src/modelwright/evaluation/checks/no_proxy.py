"""MW-E032: no important feature stands for a protected column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.evaluation import Evaluation
from modelwright.evaluation.proxies import Proxy
from modelwright.problem import Brief, Finding

_SHARE_OF_THE_LARGEST = 0.1
_MOST_NAMED = 5


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
        columns = dict.fromkeys([worst.column, *(each.column for each in strong)])
        said = (_words(column, [each for each in strong if each.column == column]) for column in columns)
        return self.finding(
            "info",
            "; ".join(said),
            "Ask whether it is needed and lawful; compare with a build that ignores it.",
            column=worst.column,
        )


def _words(column: str, proxies: Sequence[Proxy]) -> str:
    ranked = sorted(proxies, key=lambda each: -each.strength)
    names = ", ".join(f"'{each.feature}'" for each in ranked[:_MOST_NAMED])
    more = f" and {len(ranked) - _MOST_NAMED} more" if len(ranked) > _MOST_NAMED else ""
    verb, most = ("stands", "") if len(ranked) == 1 else ("stand", "up to ")
    return f"{names}{more} {verb} for '{column}' (Cramér's V {most}{ranked[0].strength:.2f})"


def _leaned_on(evaluation: Evaluation) -> set[str]:
    """Name the columns that matter; those that say the same share what shuffling one of them costs."""
    costly = {each.column for each in evaluation.importance if each.drop.low > 0}
    added = evaluation.contributions.columns if evaluation.contributions else ()
    least = _SHARE_OF_THE_LARGEST * max((each.mean for each in added), default=0.0)
    return costly | {each.column for each in added if each.mean >= least > 0}
