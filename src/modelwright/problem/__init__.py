"""What is asked: the brief, its task, its metric and what a mistake costs.

In: ``modelwright.toml``, the problem in the stakeholder's words. Out: a `Brief`, checked and frozen, and the
`Metric` by which every later stage judges. Nothing here has seen data.
"""

from modelwright.problem.alerts import AlertsSection
from modelwright.problem.asked import Costs, Problem, Promises, decision_threshold
from modelwright.problem.behaviour import BehaviourTest, Case
from modelwright.problem.brief import Brief
from modelwright.problem.cleaning import ROW_STEPS, VALUE_STEPS, CleaningStep, StepName
from modelwright.problem.data_section import DataSection, ReadingOptions
from modelwright.problem.editing import brief_text, edit_brief, stated_keys
from modelwright.problem.fairness import FairnessSection
from modelwright.problem.finding import Finding, Severity, stated_reason
from modelwright.problem.gap import Gap
from modelwright.problem.location import anchored, expanded, is_url, literal_secrets, masked, variables
from modelwright.problem.memory import memory_bytes
from modelwright.problem.method import (
    ColumnRoles,
    EvaluationSection,
    SplitSection,
    StoreSection,
    TrainingSection,
)
from modelwright.problem.metric_lookup import all_metrics, default_metric, metric_named, names_for
from modelwright.problem.metrics import METRICS, Metric, Score
from modelwright.problem.mistakes import explain
from modelwright.problem.retraining import RetrainingSection
from modelwright.problem.rollout import RolloutSection
from modelwright.problem.serving import ServingSection
from modelwright.problem.task import Task

__all__ = [
    "METRICS",
    "ROW_STEPS",
    "VALUE_STEPS",
    "AlertsSection",
    "BehaviourTest",
    "Brief",
    "Case",
    "CleaningStep",
    "ColumnRoles",
    "Costs",
    "DataSection",
    "EvaluationSection",
    "FairnessSection",
    "Finding",
    "Gap",
    "Metric",
    "Problem",
    "Promises",
    "ReadingOptions",
    "RetrainingSection",
    "RolloutSection",
    "Score",
    "ServingSection",
    "Severity",
    "SplitSection",
    "StepName",
    "StoreSection",
    "Task",
    "TrainingSection",
    "all_metrics",
    "anchored",
    "brief_text",
    "decision_threshold",
    "default_metric",
    "edit_brief",
    "expanded",
    "explain",
    "is_url",
    "literal_secrets",
    "masked",
    "memory_bytes",
    "metric_named",
    "names_for",
    "stated_keys",
    "stated_reason",
    "variables",
]
