"""MW-E004: predictions can be taken at their word."""

from __future__ import annotations

from typing import ClassVar

from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.evaluation import Evaluation
from modelwright.evaluation.figures import decimals_for, percent
from modelwright.problem import Brief, Finding, Task

_SERIOUS = 0.03
_LEVEL = 0.01


class Calibrated(Check):
    """Predicted probabilities (or values) agree with what came true.

    **How**: found where the mean distance between predicted and observed over ten bins is more than chance
    explains (p < 0.01) and matters: 3 percentage points for classes, a tenth of the typical error for
    values.

    **Why**: the decision threshold and the expected cost take probabilities at their word.

    **What to do**: look at the calibration chart for where it is off; if the held-out rows are later than
    the training rows, the share of the labels may have moved.
    """

    code: ClassVar[str] = "MW-E004"
    name: ClassVar[str] = "predictions can be taken at their word"

    def find(self, evaluation: Evaluation, brief: Brief) -> Finding | None:  # noqa: ARG002
        """Compare the calibration error with chance and with what matters."""
        calibration, errors = evaluation.calibration, evaluation.errors
        serious = 0.1 * errors.half_within if errors else _SERIOUS
        if calibration.p_value >= _LEVEL or calibration.error <= serious:
            return None
        off, chance = calibration.error, calibration.expected_error
        decimals = decimals_for(off, off)
        figures = (
            f"{off:.{decimals}f} (chance alone: {chance:.{decimals}f})"
            if evaluation.task is Task.REGRESSION
            else f"{percent(off)} (chance alone: {percent(chance)})"
        )
        return self.finding(
            "warning",
            f"{calibration.about} is off by {figures} on average",
            "Look at the calibration chart for where it is off before relying on single predictions.",
        )
