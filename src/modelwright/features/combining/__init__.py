"""Features made from several others, for learners that split.

In: the features of single columns, and the target. Out: `Combinations`, fitted on exactly the rows given: the
few combinations of two features that a screening by gain has kept, made by numpy and by an ONNX graph alike.
"""

from modelwright.features.combining.base import Base
from modelwright.features.combining.combinations import Combinations

__all__ = ["Base", "Combinations"]
