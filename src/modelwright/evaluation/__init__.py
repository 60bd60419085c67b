"""How good a candidate is, on rows it has never seen, and how sure that is.

In: labels and predictions of the vault's rows, of the candidate and of its baselines. Out: an `Evaluation`,
whose every figure has an interval, and a report for the stakeholder and the engineer. Nothing here fits a
model.
"""

from modelwright.evaluation.across import Across, SystemPair, compare_across, read_results, write_ranks
from modelwright.evaluation.calibration import Calibration, CalibrationBin
from modelwright.evaluation.checks import CHECKS, Check
from modelwright.evaluation.comparison import Comparison, compare
from modelwright.evaluation.confusion import Confusion, Errors
from modelwright.evaluation.contrasting import Difference, OutOfFold, Rivals, contrast, holm
from modelwright.evaluation.cost import ExpectedCost, expected_cost
from modelwright.evaluation.evaluating import evaluate
from modelwright.evaluation.evaluation import CheckResult, Evaluation
from modelwright.evaluation.experiments import (
    Arm,
    ArmDifference,
    ExperimentPlan,
    ExperimentReading,
    Qini,
    SegmentDifference,
    plan_experiment,
    qini,
    read_experiment,
    write_experiment,
    write_uplift,
)
from modelwright.evaluation.figures import p_text
from modelwright.evaluation.folds import FoldComparison, compare_folds
from modelwright.evaluation.gap import Gap
from modelwright.evaluation.group_figures import GroupFigure
from modelwright.evaluation.groups import GroupRow, GroupTable, group_gaps
from modelwright.evaluation.importance import Importance, permutation_importance
from modelwright.evaluation.intervals import Interval, error_at_look, interval
from modelwright.evaluation.label_doubts import Doubts, doubt_labels
from modelwright.evaluation.measuring import Figure, measure, metrics_of
from modelwright.evaluation.mitigation import Mitigation
from modelwright.evaluation.proxies import Proxy, find_proxies
from modelwright.evaluation.report import write_report
from modelwright.evaluation.verdict import Rule, Verdict

__all__ = [
    "CHECKS",
    "Across",
    "Arm",
    "ArmDifference",
    "Calibration",
    "CalibrationBin",
    "Check",
    "CheckResult",
    "Comparison",
    "Confusion",
    "Difference",
    "Doubts",
    "Errors",
    "Evaluation",
    "ExpectedCost",
    "ExperimentPlan",
    "ExperimentReading",
    "Figure",
    "FoldComparison",
    "Gap",
    "GroupFigure",
    "GroupRow",
    "GroupTable",
    "Importance",
    "Interval",
    "Mitigation",
    "OutOfFold",
    "Proxy",
    "Qini",
    "Rivals",
    "Rule",
    "SegmentDifference",
    "SystemPair",
    "Verdict",
    "compare",
    "compare_across",
    "compare_folds",
    "contrast",
    "doubt_labels",
    "error_at_look",
    "evaluate",
    "expected_cost",
    "find_proxies",
    "group_gaps",
    "holm",
    "interval",
    "measure",
    "metrics_of",
    "p_text",
    "permutation_importance",
    "plan_experiment",
    "qini",
    "read_experiment",
    "read_results",
    "write_experiment",
    "write_ranks",
    "write_report",
    "write_uplift",
]
