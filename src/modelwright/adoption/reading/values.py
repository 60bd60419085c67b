"""What the walk knows of a value: which rows it holds, what was learned from them, from which columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Kind = Literal[
    "unknown", "table", "column", "statistic", "grouped", "model", "prediction", "score", "constant", "items",
    "function", "class", "object", "split", "index", "module",
    "window",
]  # fmt: skip
How = Literal["scale", "impute", "encode", "select", "reduce", "resample", "mean", "rows", "quantile"]


@dataclass(frozen=True)
class Learned:
    """Something that was worked out from many rows, and now is in a value.

    Attributes
    ----------
    what : str
        In words, such as ``StandardScaler``.
    how : str
        What it does to the values.
    parts : frozenset of str
        Which rows it was learned from: ``all``, ``train``, ``valid``, ``test``.
    cell, line : int
        Where.
    about : frozenset of str
        Columns that it was worked out from; empty where they are not known.
    by_target : bool
        Whether it read the target.
    """

    what: str
    how: How
    parts: frozenset[str]
    cell: int
    line: int
    about: frozenset[str] = frozenset()
    by_target: bool = False


@dataclass(eq=False)
class Model:
    """An estimator or transformer: one object, however many names it has.

    Attributes
    ----------
    name : str
        Qualified name of its class, such as ``sklearn.svm.SVC``.
    cell, line : int
        Where it was made.
    parameters : dict of str to Value
    steps : list of Model
        Of a pipeline, a column transformer or a search: what is inside.
    fitted : list of Value
        The features that it was fitted on.
    in_loop : bool
        Whether each turn of a loop makes a new one.
    """

    name: str
    cell: int
    line: int
    parameters: dict[str, Value] = field(default_factory=dict)
    steps: list[Model] = field(default_factory=list)
    fitted: list[Value] = field(default_factory=list)
    in_loop: bool = False

    @property
    def short(self) -> str:
        """The class without its module."""
        return self.name.rpartition(".")[2]

    def all_steps(self) -> list[Model]:
        """Return this model and everything inside."""
        return [self, *(inner for step in self.steps for inner in step.all_steps())]


@dataclass(frozen=True)
class Trace:
    """Where a column comes from.

    Attributes
    ----------
    sources : frozenset of str
        Columns of the same row that it is worked out from.
    past, future : frozenset of str
        Columns of earlier and of later rows that it is worked out from.
    learned : frozenset of Learned
        What was worked out from many rows and is in it.
    """

    sources: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()
    future: frozenset[str] = frozenset()
    learned: frozenset[Learned] = frozenset()

    def __or__(self, other: Trace) -> Trace:
        """Return what comes from both."""
        return Trace(
            self.sources | other.sources,
            self.past | other.past,
            self.future | other.future,
            self.learned | other.learned,
        )


@dataclass(frozen=True)
class Value:
    """What is known of a value.

    Attributes
    ----------
    kind : str
    name : str
        A class or function in full, or the column.
    origin : str
        The source that the rows are from; empty where it holds no rows.
    parts : frozenset of str
        Which rows: ``all``, ``train``, ``valid``, ``test``.
    learned : frozenset of Learned
    trace : Trace
        Of a column, or of everything in a table that is not in `columns`.
    columns : mapping of str to Trace
        Columns of a table that are known by name.
    is_open : bool
        Whether a table has further columns, those of its source.
    without : frozenset of str
        Columns that were dropped; ``#-1`` is the last one.
    items : tuple of Value
        Of a list or tuple, and the values of a dict.
    keys : tuple of str
        Of a dict.
    constant : object
    model : Model or None
    ordered : bool
        Whether the rows were put into the order of a time.
    split : int
        Which split made the part; 0 for none.
    """

    kind: Kind = "unknown"
    name: str = ""
    origin: str = ""
    parts: frozenset[str] = frozenset()
    learned: frozenset[Learned] = frozenset()
    trace: Trace = Trace()
    columns: Mapping[str, Trace] = field(default_factory=dict)
    is_open: bool = False
    without: frozenset[str] = frozenset()
    items: tuple[Value, ...] = ()
    keys: tuple[str, ...] = ()
    constant: Any = None
    model: Model | None = None
    ordered: bool = False
    split: int = 0

    @property
    def holds_rows(self) -> bool:
        """Whether it has a value for each row."""
        return self.kind in {"table", "column", "prediction", "grouped", "window"}

    def but(self, **changed: Any) -> Value:
        """Return the value with other attributes."""
        return replace(self, **changed)

    def whole_trace(self) -> Trace:
        """Return where all its columns come from."""
        found = self.trace
        for each in self.columns.values():
            found |= each
        return replace(found, learned=found.learned | self.learned)

    @property
    def all_learned(self) -> frozenset[Learned]:
        """What was worked out from many rows and is in it or in one of its columns."""
        return self.whole_trace().learned

    def column(self, name: str) -> Value:
        """Return one column of a table."""
        trace = self.columns.get(name, Trace(frozenset({name})))
        learned = self.learned | trace.learned
        return Value(
            "column", name, self.origin, self.parts, learned, trace, ordered=self.ordered, split=self.split
        )

    def has(self, name: str) -> bool:
        """Say whether a table surely has a column."""
        return name in self.columns or (self.is_open and name not in self.without)


def joined(values: Iterable[Value], kind: Kind = "unknown") -> Value:
    """Return what may be said of a value that was worked out from others."""
    flat = [inner for value in values for inner in _flat(value)]
    rows = [each for each in flat if each.holds_rows]
    return Value(
        kind,
        origin=next((each.origin for each in flat if each.origin), ""),
        parts=frozenset().union(*(each.parts for each in flat)) if flat else frozenset(),
        learned=frozenset().union(*(each.learned for each in flat)) if flat else frozenset(),
        trace=_traces(flat),
        columns={name: trace for each in rows for name, trace in each.columns.items()},
        is_open=any(each.is_open for each in rows),
        without=frozenset.intersection(*(each.without for each in rows if each.kind == "table"))
        if any(each.kind == "table" for each in rows)
        else frozenset(),
        model=next((each.model for each in flat if each.model is not None), None),
        ordered=any(each.ordered for each in flat),
        split=max((each.split for each in flat), default=0),
    )


def _flat(value: Value) -> list[Value]:
    if value.kind == "items":
        return [inner for each in value.items for inner in _flat(each)]
    return [value]


def _traces(values: list[Value]) -> Trace:
    found = Trace()
    for each in values:
        if each.kind != "statistic":  # a figure of many rows; `learned` says of which columns
            found |= each.trace
    return found
