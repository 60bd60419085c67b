"""The profile: what a table holds, from one pass over it.

In: any source. Out: a `Profile`, also as a page.
"""

from modelwright.data.profiling.making import profile
from modelwright.data.profiling.page import render_profile, write_profile
from modelwright.data.profiling.results import (
    Bar,
    Change,
    ColumnProfile,
    Duplicates,
    Frequent,
    Matrix,
    Numbers,
    Outliers,
    Part,
    Profile,
    Relation,
)

__all__ = [
    "Bar",
    "Change",
    "ColumnProfile",
    "Duplicates",
    "Frequent",
    "Matrix",
    "Numbers",
    "Outliers",
    "Part",
    "Profile",
    "Relation",
    "profile",
    "render_profile",
    "write_profile",
]
