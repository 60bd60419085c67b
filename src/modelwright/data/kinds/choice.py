"""From a kind's name to what it does."""

from __future__ import annotations

from modelwright.data.kinds.boolean import BooleanKind
from modelwright.data.kinds.category import CategoryKind
from modelwright.data.kinds.kind import Kind
from modelwright.data.kinds.number import NumberKind
from modelwright.data.kinds.text import TextKind
from modelwright.data.kinds.time import TimeKind
from modelwright.data.time_format import ISO


def kind_named(
    name: str, markers: frozenset[str], time_format: str = ISO, *, infinite_is_missing: bool = False
) -> Kind:
    """Return what turns the values of a kind of column into what models take.

    Parameters
    ----------
    name : str
        A `ColumnKind`.
    markers : frozenset of str
        Texts that mean "missing".
    time_format : str
        How times are written.
    infinite_is_missing : bool, default False
        Whether numbers that are infinite, or too large for a model, are missing rather than wrong.
    """
    if name == "number":
        return NumberKind(markers, infinite_is_missing=infinite_is_missing)
    if name == "boolean":
        return BooleanKind(markers)
    if name == "text":
        return TextKind(markers)
    if name == "time":
        return TimeKind(markers, time_format)
    return CategoryKind(markers)
