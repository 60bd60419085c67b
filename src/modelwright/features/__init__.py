"""The representation: typed columns in, numbers out.

In: a conformed frame, its target and its contract. Out: a `Representation`, fitted on exactly the rows given,
that makes float32 features by numpy and by an ONNX graph, the same to the last bit. Each kind of column has a
`ColumnTransformer` in a file of its own; `combining` makes features from several of them.
"""

from modelwright.features.boolean import BooleanColumns
from modelwright.features.category import CategoryColumns
from modelwright.features.coordinates import CoordinateColumns
from modelwright.features.number import NumberColumns
from modelwright.features.representation import Representation
from modelwright.features.text import TextColumns
from modelwright.features.time import TimeColumns
from modelwright.features.transformer import ColumnTransformer, Setting, Style

__all__ = [
    "BooleanColumns",
    "CategoryColumns",
    "ColumnTransformer",
    "CoordinateColumns",
    "NumberColumns",
    "Representation",
    "Setting",
    "Style",
    "TextColumns",
    "TimeColumns",
]
