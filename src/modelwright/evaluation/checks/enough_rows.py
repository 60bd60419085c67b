"""MW-E002: there are enough held-out rows to say anything."""

from __future__ import annotations

from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.evaluation import Evaluation
from modelwright.problem import Brief, Finding

_FEWEST_ROWS = 200
_FEWEST_PER_CLASS = 30


class EnoughRows(Check):
    """The evaluated rows are many enough for the figures to be sharp.

    **How**: found below 200 rows, or where a label has fewer than 30.

    **Why**: with few rows the intervals are wide, and a difference that matters cannot be told from chance.

    **What to do**: collect more labelled rows, above all of the rare label, before deciding on small
    differences.
    """

    code: ClassVar[str] = "MW-E002"
    name: ClassVar[str] = "enough held-out rows"

    def find(self, evaluation: Evaluation, brief: Brief) -> Finding | None:  # noqa: ARG002
        """Count rows, and rows of each label."""
        advice = "Collect more labelled rows before deciding on small differences."
        rare = [
            (label, rows)
            for label, rows in zip(evaluation.classes, evaluation.class_rows, strict=True)
            if rows < _FEWEST_PER_CLASS
        ]
        if rare:
            label, rows = min(rare, key=lambda pair: pair[1])
            message = f"only {rows} held-out rows have the label '{label}', so its figures are rough"
            return self.finding("warning", message, advice, count=rows)
        if evaluation.rows < _FEWEST_ROWS:
            message = f"only {evaluation.rows} rows were held out, so every interval is wide"
            return self.finding("warning", message, advice, count=evaluation.rows)
        return None
