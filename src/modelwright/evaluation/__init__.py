"""How good a candidate is, on rows it has never seen, and how sure that is.

In: labels and predictions of the vault's rows, of the candidate and of its baselines. Out: an `Evaluation`,
whose every figure has an interval, and a report for the stakeholder and the engineer. Nothing here fits a
model.
"""

from modelwright.evaluation.abstention import Abstention, AbstentionStep, measure_abstention
from modelwright.evaluation.across import Across, SystemPair, compare_across, read_results, write_ranks
from modelwright.evaluation.behaviour import (
    DIRECTION,
    INVARIANCE,
    MINIMUM,
    BehaviourResult,
    BrokenRow,
    run_behaviour,
)
from modelwright.evaluation.calibration import Calibration, CalibrationBin
from modelwright.evaluation.checks import CHECKS, Check
from modelwright.evaluation.comparison import Comparison, compare
from modelwright.evaluation.confusion import Confusion, Errors
from modelwright.evaluation.contrasting import Difference, OutOfFold, Rivals, contrast, holm
from modelwright.evaluation.contributions import Contribution, Contributions, ExplainedRow, sum_up
from modelwright.evaluation.cost import ExpectedCost, expected_cost
from modelwright.evaluation.coverage import Coverage, GroupCoverage, LevelCoverage, check_coverage
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
from modelwright.evaluation.outcomes import (
    Background,
    ConfusedPair,
    Disturbance,
    DoubtedLabel,
    LabelDoubts,
    Neighbour,
    Outcomes,
    SliceSearch,
    Stability,
    WeakSlice,
    WorstRow,
    measure_stability,
    search_slices,
)
from modelwright.evaluation.proxies import Proxy, find_proxies
from modelwright.evaluation.report import Dossier, render_model_card, write_report
from modelwright.evaluation.shares import Share, share_of
from modelwright.evaluation.trust import with_trust
from modelwright.evaluation.verdict import Rule, Verdict

__all__ = [
    "CHECKS",
    "DIRECTION",
    "INVARIANCE",
    "MINIMUM",
    "Abstention",
    "AbstentionStep",
    "Across",
    "Arm",
    "ArmDifference",
    "Background",
    "BehaviourResult",
    "BrokenRow",
    "Calibration",
    "CalibrationBin",
    "Check",
    "CheckResult",
    "Comparison",
    "ConfusedPair",
    "Confusion",
    "Contribution",
    "Contributions",
    "Coverage",
    "Difference",
    "Disturbance",
    "Dossier",
    "DoubtedLabel",
    "Doubts",
    "Errors",
    "Evaluation",
    "ExpectedCost",
    "ExperimentPlan",
    "ExperimentReading",
    "ExplainedRow",
    "Figure",
    "FoldComparison",
    "Gap",
    "GroupCoverage",
    "GroupFigure",
    "GroupRow",
    "GroupTable",
    "Importance",
    "Interval",
    "LabelDoubts",
    "LevelCoverage",
    "Mitigation",
    "Neighbour",
    "OutOfFold",
    "Outcomes",
    "Proxy",
    "Qini",
    "Rivals",
    "Rule",
    "SegmentDifference",
    "Share",
    "SliceSearch",
    "Stability",
    "SystemPair",
    "Verdict",
    "WeakSlice",
    "WorstRow",
    "check_coverage",
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
    "measure_abstention",
    "measure_stability",
    "metrics_of",
    "p_text",
    "permutation_importance",
    "plan_experiment",
    "qini",
    "read_experiment",
    "read_results",
    "render_model_card",
    "run_behaviour",
    "search_slices",
    "share_of",
    "sum_up",
    "with_trust",
    "write_experiment",
    "write_ranks",
    "write_report",
    "write_uplift",
]
