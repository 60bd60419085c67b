"""A/B experiments: planned, read at any time, and read by who gains most."""

from modelwright.evaluation.experiments.page import write_experiment, write_uplift
from modelwright.evaluation.experiments.planning import ExperimentPlan, plan_experiment
from modelwright.evaluation.experiments.reading import (
    Arm,
    ArmDifference,
    ExperimentReading,
    SegmentDifference,
    read_experiment,
)
from modelwright.evaluation.experiments.uplift import Qini, qini

__all__ = [
    "Arm",
    "ArmDifference",
    "ExperimentPlan",
    "ExperimentReading",
    "Qini",
    "SegmentDifference",
    "plan_experiment",
    "qini",
    "read_experiment",
    "write_experiment",
    "write_uplift",
]
