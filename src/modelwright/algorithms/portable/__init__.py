"""Fitted learners as pure arrays.

In: what a library learnt. Out: a `Portable` that scores in NumPy or ONNX Runtime, writes itself as ONNX
operators, and is kept in one ``.npz`` file without pickle.
"""

from modelwright.algorithms.portable.forest import LEAF, Forest, at_most, just_below
from modelwright.algorithms.portable.form import IMPOSSIBLE, Link, Portable
from modelwright.algorithms.portable.growing import Tree, grown, joined
from modelwright.algorithms.portable.kept import load_portable
from modelwright.algorithms.portable.linear import Linear
from modelwright.algorithms.portable.neighbours import Neighbours
from modelwright.algorithms.portable.network import Encoding, Network, Weights, mean_raw
from modelwright.algorithms.portable.splines import Splines, stretches

__all__ = [
    "IMPOSSIBLE",
    "LEAF",
    "Encoding",
    "Forest",
    "Linear",
    "Link",
    "Neighbours",
    "Network",
    "Portable",
    "Splines",
    "Tree",
    "Weights",
    "at_most",
    "grown",
    "joined",
    "just_below",
    "load_portable",
    "mean_raw",
    "stretches",
]
