"""What happens in a prototype, in the order of its code."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from modelwright.adoption.reading.values import Model, Value


@dataclass(frozen=True)
class Place:
    """Where something happens.

    Attributes
    ----------
    cell, line : int
        Number of the cell, and line in it (in the script, for scripts).
    """

    cell: int
    line: int


@dataclass(frozen=True)
class Read:
    """Data is read: by which function, from where (empty where that is not a constant), into which name."""

    place: Place
    function: str
    source: str
    name: str = ""


@dataclass(frozen=True)
class Split:
    """Rows are put apart.

    Attributes
    ----------
    place : Place
    how : str
        Qualified name of what splits.
    shuffled : bool
        Whether later rows may be learned from to predict earlier ones.
    grouped : bool
        Whether it keeps groups together.
    data : Value
        What is split.
    share : float or None
        Of the rows that are held out, where it is a constant.
    seeded : bool
    """

    place: Place
    how: str
    shuffled: bool
    grouped: bool
    data: Value
    share: float | None = None
    seeded: bool = True


@dataclass(frozen=True)
class Fit:
    """A model learns; `chosen_on` is what it watches to stop or to keep its best."""

    place: Place
    model: Model
    X: Value
    y: Value
    chosen_on: Value | None = None


@dataclass(frozen=True)
class Score:
    """A figure is computed.

    Attributes
    ----------
    place : Place
    metric : str
    parts : frozenset of str
        Rows that it is computed on; ``folds`` for a cross-validation.
    model : Model or None
    X : Value
        What the model scored.
    y : Value
    in_loop : bool
        Whether a loop goes through several models.
    learnt : Value or None
        The features that the model was last fitted on before.
    """

    place: Place
    metric: str
    parts: frozenset[str]
    model: Model | None
    X: Value
    y: Value
    in_loop: bool = False
    learnt: Value | None = None


@dataclass(frozen=True)
class Choice:
    """The best is taken by a figure that was computed on some rows."""

    place: Place
    parts: frozenset[str]
    how: str


@dataclass(frozen=True)
class Looked:
    """Something else worth telling: by its kind, with the words and the value concerned."""

    place: Place
    kind: str
    what: str
    value: Value = field(default_factory=Value)


@dataclass
class Seen:
    """All that the walk saw.

    Attributes
    ----------
    reads, splits, fits, scores, choices, looked : lists
    models : list of Model
        Every estimator and transformer that was made.
    seeds : set of str
        Which generators were seeded: ``numpy``, ``python``, ``torch``, ``keras``.
    functions : dict of str to ast.FunctionDef
    called : set of str
        Functions and classes of the prototype that are used.
    names : dict of str to Value
        What every name means in the end.
    """

    reads: list[Read] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    fits: list[Fit] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    looked: list[Looked] = field(default_factory=list)
    models: list[Model] = field(default_factory=list)
    seeds: set[str] = field(default_factory=set)
    functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    names: dict[str, Value] = field(default_factory=dict)
