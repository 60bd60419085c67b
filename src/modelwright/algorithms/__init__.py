"""The catalogue of algorithms, and the plan of what to try.

In: a `FitJob`, a matrix of features with its target. Out: a `FittedLearner`, and from it a `Portable`: pure
arrays that score the same in NumPy, in ONNX Runtime and in every release to come.
"""

from modelwright.algorithms.algorithm import Algorithm, Card, FitJob, FittedLearner, Style
from modelwright.algorithms.catalogue import BASELINES, CATALOGUE, algorithm_named, all_algorithms
from modelwright.algorithms.planning import Candidate, Plan, plan, seconds_a_round
from modelwright.algorithms.portable import LEAF, Forest, Linear, Link, Portable, load_portable

__all__ = [
    "BASELINES",
    "CATALOGUE",
    "LEAF",
    "Algorithm",
    "Candidate",
    "Card",
    "FitJob",
    "FittedLearner",
    "Forest",
    "Linear",
    "Link",
    "Plan",
    "Portable",
    "Style",
    "algorithm_named",
    "all_algorithms",
    "load_portable",
    "plan",
    "seconds_a_round",
]
