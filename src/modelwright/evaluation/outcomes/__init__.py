"""Incorrect outcomes: which rows are wrong, why, where they are many, and what makes more of them.

In: the vault's labels and predictions, and what is known of the training rows. Out: `Outcomes`.
"""

from modelwright.evaluation.outcomes.background import Background
from modelwright.evaluation.outcomes.confused import ConfusedPair
from modelwright.evaluation.outcomes.doubted import DoubtedLabel, LabelDoubts
from modelwright.evaluation.outcomes.finding import Outcomes, find_outcomes
from modelwright.evaluation.outcomes.searching import search_slices
from modelwright.evaluation.outcomes.slices import SliceSearch, WeakSlice
from modelwright.evaluation.outcomes.stability import Disturbance, Stability, measure_stability
from modelwright.evaluation.outcomes.worst import Neighbour, WorstRow

__all__ = [
    "Background",
    "ConfusedPair",
    "Disturbance",
    "DoubtedLabel",
    "LabelDoubts",
    "Neighbour",
    "Outcomes",
    "SliceSearch",
    "Stability",
    "WeakSlice",
    "WorstRow",
    "find_outcomes",
    "measure_stability",
    "search_slices",
]
