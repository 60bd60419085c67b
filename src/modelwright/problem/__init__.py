"""What is asked: the brief, its task, its metric and what a mistake costs.

In: ``modelwright.toml``, the problem in the stakeholder's words. Out: a `Brief`, checked and frozen, and the
`Metric` by which every later stage judges. Nothing here has seen data.
"""

from modelwright.problem.brief import (
    Brief,
    ColumnRoles,
    Costs,
    DataSection,
    EvaluationSection,
    Problem,
    Promises,
    SplitSection,
    StoreSection,
    TrainingSection,
    decision_threshold,
)
from modelwright.problem.cleaning import ROW_STEPS, VALUE_STEPS, CleaningStep, StepName
from modelwright.problem.finding import Finding, Severity, stated_reason
from modelwright.problem.gap import Gap
from modelwright.problem.metrics import METRICS, Metric, Score, default_metric, metric_named, names_for
from modelwright.problem.mistakes import explain
from modelwright.problem.task import Task

__all__ = [
    "METRICS",
    "ROW_STEPS",
    "VALUE_STEPS",
    "Brief",
    "CleaningStep",
    "ColumnRoles",
    "Costs",
    "DataSection",
    "EvaluationSection",
    "Finding",
    "Gap",
    "Metric",
    "Problem",
    "Promises",
    "Score",
    "Severity",
    "SplitSection",
    "StepName",
    "StoreSection",
    "Task",
    "TrainingSection",
    "decision_threshold",
    "default_metric",
    "explain",
    "metric_named",
    "names_for",
    "stated_reason",
]
