"""What an experienced reader would notice in an evaluation: one file and one stable code for each check.

In: an `Evaluation` and the brief. Out: for each check a `CheckResult`: a finding, nothing, or why it does
not apply.
"""

from modelwright.evaluation.checks.catalogue import CHECKS, run_checks
from modelwright.evaluation.checks.check import Check

__all__ = ["CHECKS", "Check", "run_checks"]
