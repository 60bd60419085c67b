"""The catalogue of algorithms, and the plan of what to try.

In: a `FitJob`, a matrix of features with its target. Out: a `FittedLearner`, and from it a `Portable`: pure
arrays that score the same in NumPy, in ONNX Runtime and in every release to come.
"""

from modelwright.algorithms.algorithm import Algorithm, Card, FitJob, FittedLearner, Style
from modelwright.algorithms.catalogue import (
    BASELINES,
    CATALOGUE,
    algorithm_named,
    all_algorithms,
    chosen,
    use_algorithms,
)
from modelwright.algorithms.loading import algorithm_class
from modelwright.algorithms.planning import Candidate, Memory, Plan, plan, seconds_a_round
from modelwright.algorithms.portable import (
    LEAF,
    Forest,
    Linear,
    Link,
    Neighbours,
    Network,
    Portable,
    Splines,
    load_portable,
)
from modelwright.algorithms.shapes import AdditiveForm, Shape, additive_form

__all__ = [
    "BASELINES",
    "CATALOGUE",
    "LEAF",
    "AdditiveForm",
    "Algorithm",
    "Candidate",
    "Card",
    "FitJob",
    "FittedLearner",
    "Forest",
    "Linear",
    "Link",
    "Memory",
    "Neighbours",
    "Network",
    "Plan",
    "Portable",
    "Shape",
    "Splines",
    "Style",
    "additive_form",
    "algorithm_class",
    "algorithm_named",
    "all_algorithms",
    "chosen",
    "load_portable",
    "plan",
    "seconds_a_round",
    "use_algorithms",
]
