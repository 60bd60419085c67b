"""Conformance suites: checks that others run on what they add.

In: an implementation of one of Modelwright's interfaces. Out: nothing, or an `AssertionError` that says what
the rest of the library relies on and does not find.
"""

from modelwright.testing.algorithms import ALGORITHM_CHECKS, adversarial_rows, check_algorithm
from modelwright.testing.features import (
    COLUMN_TRANSFORMER_CHECKS,
    check_column_transformer,
    column_transformer_settings,
    graph_features,
)
from modelwright.testing.metrics import METRIC_CHECKS, check_metric
from modelwright.testing.sources import SOURCE_CHECKS, check_source

__all__ = [
    "ALGORITHM_CHECKS",
    "COLUMN_TRANSFORMER_CHECKS",
    "METRIC_CHECKS",
    "SOURCE_CHECKS",
    "adversarial_rows",
    "check_algorithm",
    "check_column_transformer",
    "check_metric",
    "check_source",
    "column_transformer_settings",
    "graph_features",
]
