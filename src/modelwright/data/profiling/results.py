"""What a profile says: frozen, printable, and JSON by its fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from modelwright.problem import Finding

Meaning = Literal[
    "number",
    "money",
    "percent",
    "latitude",
    "longitude",
    "coordinates",
    "boolean",
    "category",
    "identifier",
    "time",
    "text",
    "empty",
    "other",
]
"""What a column is meant as, whatever it is stored as."""


@dataclass(frozen=True)
class Frequent:
    """A value and in how many rows it is.

    Attributes
    ----------
    value : str
    count : int
        Counted, or estimated from the sample where the column's `counted` is False.
    """

    value: str
    count: int


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram.

    Attributes
    ----------
    low, high : float
        Its edges; the last bar includes its upper one.
    share : float
        Of the values that are there.
    """

    low: float
    high: float
    share: float


@dataclass(frozen=True)
class Outliers:
    """Numbers far from the others.

    Attributes
    ----------
    count : int
    low, high : float or None
        The fences; None on a side where nothing is beyond, and in a hidden column.
    scale : {"as it is", "logarithm"}
        On which scale the fences were set.
    """

    count: int
    low: float | None
    high: float | None
    scale: Literal["as it is", "logarithm"]


@dataclass(frozen=True)
class Numbers:
    """How numbers are distributed; times as seconds since 1970-01-01 UTC, texts by their length.

    Attributes
    ----------
    minimum, maximum, mean, deviation : float
        The deviation is the standard deviation.
    quantiles : tuple of (share, value)
        At 1, 5, 25, 50, 75, 95 and 99 %.
    histogram : tuple of Bar
    zeros, negative, infinite : int
    outliers : Outliers or None
        None where no fences can be set, because more than half of the values are the same.
    counted : bool
        Whether all rows were used; otherwise quantiles, bars and outliers are those of the sample.
    """

    minimum: float
    maximum: float
    mean: float
    deviation: float
    quantiles: tuple[tuple[float, float], ...]
    histogram: tuple[Bar, ...]
    zeros: int
    negative: int
    infinite: int
    outliers: Outliers | None
    counted: bool


@dataclass(frozen=True)
class Part:
    """A column in one stretch of time, or of rows.

    Attributes
    ----------
    start : str
        Where the stretch begins: a time, or a row's number.
    missing : float
        Share of missing values.
    typical : float or None
        The median; for a category, the share of the value that is most frequent over all. None where nothing
        is there, and in a hidden column.
    """

    start: str
    missing: float
    typical: float | None


@dataclass(frozen=True)
class Change:
    """How a column changes over time.

    Attributes
    ----------
    strength : float
        Of the relation between the column and the stretch of time, from 0 to 1; see `Profile.measure`.
    parts : tuple of Part
        In order.
    """

    strength: float
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class ColumnProfile:
    """What one column is.

    Attributes
    ----------
    name : str
    stored : str
        The type it is stored as.
    meaning : {"number", "money", "percent", "latitude", "longitude", "coordinates", "boolean", "category", \
"identifier", "time", "text", "empty", "other"}
        What it is meant as.
    because : str
        Why it is taken to mean that.
    misfits : int
        How many values are not what the column is meant as.
    missing : int
        Rows without a value, or with one that stands for none.
    sentinels : tuple of Frequent
        Values that stand for none, such as ``?`` or -999.
    distinct : int
        Distinct values that are there.
    counted : bool
        Whether `distinct` and the counts in `top` are exact; otherwise they are estimates.
    formats : tuple of Frequent
        How times are written, with how many of the sample are written so.
    top : tuple of Frequent
        The most frequent values; empty in a hidden column.
    numbers : Numbers or None
        The distribution; None for categories and where nothing is there. Hidden columns have none.
    target : float or None
        Strength of the relation with the target.
    change : Change or None
        Over time, or along the rows.
    hidden : bool
        Whether no value of it is shown.
    """

    name: str
    stored: str
    meaning: Meaning
    because: str
    misfits: int
    missing: int
    sentinels: tuple[Frequent, ...]
    distinct: int
    counted: bool
    formats: tuple[Frequent, ...]
    top: tuple[Frequent, ...]
    numbers: Numbers | None
    target: float | None
    change: Change | None
    hidden: bool


@dataclass(frozen=True)
class Relation:
    """Two columns that go together.

    Attributes
    ----------
    first, second : str
    strength : float
        From 0 to 1; see `Profile.measure`.
    """

    first: str
    second: str
    strength: float


@dataclass(frozen=True)
class Matrix:
    """How strongly each of a few columns goes together with each other.

    Attributes
    ----------
    columns : tuple of str
        Those of the strongest relations, in the order of the table.
    strengths : tuple of tuple of float
        A row for each column, with a strength for each column; 1 on the diagonal.
    """

    columns: tuple[str, ...]
    strengths: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Duplicates:
    """Rows that say the same as an earlier row in every column.

    Attributes
    ----------
    rows : int
        How many.
    without_identifiers : int or None
        How many of the sample repeat an earlier row of the sample in every column but identifiers; None where
        there are no identifiers.
    counted : bool
        Whether `rows` is exact; otherwise it is an estimate.
    """

    rows: int
    without_identifiers: int | None
    counted: bool


@dataclass(frozen=True)
class Profile:
    """What a table holds.

    Attributes
    ----------
    source : str
    rows : int
    sample : int
        Rows, drawn by chance with a fixed seed, from which estimates come; all rows in a small table.
    rank_error : float
        By how much the rank of a quantile from the sample may be off with 95 % confidence; 0 where the sample
        is the whole table.
    target, time : str or None
    columns : tuple of ColumnProfile
    duplicates : Duplicates
    relations : tuple of Relation
        The strongest, the strongest first; at most 100, none below 0.1.
    matrix : Matrix
        All relations of the columns that go together most.
    measure : str
        How strengths are measured.
    findings : tuple of Finding
        Codes ``MW-D301`` to ``MW-D311``, and what was noticed when the source was read.
    notes : tuple of str
        What was estimated or left out.
    """

    source: str
    rows: int
    sample: int
    rank_error: float
    target: str | None
    time: str | None
    columns: tuple[ColumnProfile, ...]
    duplicates: Duplicates
    relations: tuple[Relation, ...]
    matrix: Matrix
    measure: str
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
