"""What a prototype's code does, found without running it: a walk that follows rows, columns and models.

In: a notebook or a script. Out: `Code`, its cells, and `Seen`, what happens to the data in their order.
"""

from modelwright.adoption.reading.code import Cell, Code, read_code
from modelwright.adoption.reading.events import Choice, Fit, Looked, Read, Score, Seen, Split
from modelwright.adoption.reading.naming import name_of, qualified_names
from modelwright.adoption.reading.values import Learned, Model, Value
from modelwright.adoption.reading.walking import walk

__all__ = [
    "Cell",
    "Choice",
    "Code",
    "Fit",
    "Learned",
    "Looked",
    "Model",
    "Read",
    "Score",
    "Seen",
    "Split",
    "Value",
    "name_of",
    "qualified_names",
    "read_code",
    "walk",
]
