"""All checks, in the order of their codes."""

from __future__ import annotations

from modelwright.evaluation.checks.answers import Answers
from modelwright.evaluation.checks.beats_baseline import BeatsBaseline
from modelwright.evaluation.checks.calibrated import Calibrated
from modelwright.evaluation.checks.check import Check
from modelwright.evaluation.checks.covers import Covers
from modelwright.evaluation.checks.covers_groups import CoversGroups
from modelwright.evaluation.checks.enough_rows import EnoughRows
from modelwright.evaluation.checks.even_crosses import EvenCrosses
from modelwright.evaluation.checks.even_errors import EvenErrors
from modelwright.evaluation.checks.even_groups import EvenGroups
from modelwright.evaluation.checks.every_label_found import EveryLabelFound
from modelwright.evaluation.checks.few_looks import FewLooks
from modelwright.evaluation.checks.no_overfit import NoOverfit
from modelwright.evaluation.checks.no_proxy import NoProxy
from modelwright.evaluation.checks.no_weak_slice import NoWeakSlice
from modelwright.evaluation.checks.not_one_column import NotOneColumn
from modelwright.evaluation.checks.plausible import Plausible
from modelwright.evaluation.checks.saves_money import SavesMoney
from modelwright.evaluation.checks.sound_labels import SoundLabels
from modelwright.evaluation.checks.stable import Stable
from modelwright.evaluation.checks.stable_in_time import StableInTime
from modelwright.evaluation.evaluation import CheckResult, Evaluation
from modelwright.problem import Brief

CHECKS: tuple[Check, ...] = (
    BeatsBaseline(),
    EnoughRows(),
    NoOverfit(),
    Calibrated(),
    EvenGroups(),
    Plausible(),
    NotOneColumn(),
    EveryLabelFound(),
    SavesMoney(),
    FewLooks(),
    Covers(),
    CoversGroups(),
    Answers(),
    EvenErrors(),
    EvenCrosses(),
    NoProxy(),
    NoWeakSlice(),
    SoundLabels(),
    Stable(),
    StableInTime(),
)


def run_checks(evaluation: Evaluation, brief: Brief) -> tuple[CheckResult, ...]:
    """Run every check.

    Parameters
    ----------
    evaluation : Evaluation
        What to look at.
    brief : Brief
        What was promised.

    Returns
    -------
    tuple of CheckResult
        One for each check, also for those that do not apply.
    """
    return tuple(check.run(evaluation, brief) for check in CHECKS)
