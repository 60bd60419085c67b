"""What is audited: the columns of a table in a form that every test takes, and the target."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.column import Column, Role
from modelwright.data.conforming import encode_target, kind_of, labelled_rows
from modelwright.data.contract import Contract
from modelwright.data.kinds import known_texts
from modelwright.data.leaks.measures import Codes, Floats, explained
from modelwright.data.leaks.strength import of_the_rest
from modelwright.data.units import groups_of, times_of

MOST_ROWS = 50_000
MOST_RARE_ROWS = 500
MOST_BINS = 100
MOST_LEVELS = 1000
EXACT_VALUES = 60
ROWS_PER_BIN = 25
SEED = 0
NOTHING_WORDS = frozenset(
    {"", "0", "0.0", "n", "no", "none", "nil", "false", "f", "unknown", "not applicable", "-", "--"}
)
FLAG_SHARE = 0.8


@dataclass(frozen=True)
class Feature:
    """One column as the tests take it.

    Attributes
    ----------
    name : str
    place : int
        In the order of the table.
    kind : {"number", "category", "time", "text"}
        Text is free or nested: only whether it is there is looked at.
    role : str
        As in the contract.
    missing : ndarray of bool
    texts : ndarray of int64 or None
        Numbers of the texts, 0 where missing.
    numbers : ndarray of float64 or None
        Of numbers and times; NaN where missing.
    codes : ndarray of int64
        Bins: each value where there are few, else ranges of about equally many rows; 0 where missing.
    distinct : int
        How many different known values there are.
    nothing : ndarray of bool or None
        Where the column says "nothing": missing, zero, false, none. None where no value means that.
    """

    name: str
    place: int
    kind: str
    role: Role
    missing: NDArray[np.bool_]
    texts: Codes | None
    numbers: Floats | None
    codes: Codes
    distinct: int
    nothing: NDArray[np.bool_] | None


class Table:
    """A raw table under audit.

    Parameters
    ----------
    frame : polars.DataFrame
        Raw rows.
    contract : Contract
    passed_over : sequence of str
        Columns that are no features by a person's decision; they are not tested.
    """

    def __init__(self, frame: pl.DataFrame, contract: Contract, passed_over: tuple[str, ...] = ()) -> None:
        self.contract = contract
        self.whole = frame[labelled_rows(contract, frame)]
        self.whole_y = encode_target(contract, self.whole[contract.target.name])
        self.n_classes = len(contract.classes)
        self.positions = _sample(self.whole_y, self.n_classes)
        self.frame = self.whole[self.positions]
        self.y: NDArray[Any] = self.whole_y[self.positions]
        self.half = np.random.default_rng(SEED).random(len(self.y)) < 0.5
        self.past: set[str] = set()
        self.copies: set[str] = set()
        self._rest: dict[frozenset[str], float] = {}
        self.accused: dict[str, float] = {}
        self.columns = tuple(
            each
            for each in contract.columns
            if each.role != "target" and each.name in frame.columns and each.name not in passed_over
        )

    @cached_property
    def features(self) -> dict[str, Feature]:
        """The columns to be tested by themselves: all that hold something and may be features."""
        prepared = [
            _feature(self.contract, column, place, self.frame[column.name])
            for place, column in enumerate(self.columns)
            if column.role not in {"time", "group", "weight"}
        ]
        return {each.name: each for each in prepared if len(np.unique(each.codes)) > 1}

    @cached_property
    def empty(self) -> tuple[str, ...]:
        """Names of columns without any value."""
        return tuple(
            column.name for column in self.columns if self.frame[column.name].null_count() == len(self.frame)
        )

    @cached_property
    def explained(self) -> dict[str, float]:
        """The share of the target's uncertainty that each column takes away by itself."""
        return {
            name: explained(each.codes, self.y, self.n_classes, self.half)
            for name, each in self.features.items()
        }

    @property
    def tested(self) -> dict[str, Feature]:
        """The features that may be accused: not those that are known to be of the past."""
        return {name: each for name, each in self.features.items() if name not in self.past}

    @cached_property
    def times(self) -> dict[str, Floats]:
        """The columns of dates and times as seconds, that of the role included; NaN where missing."""
        dated = [column for column in self.columns if column.kind == "time"]
        return {
            column.name: kind_of(self.contract, column)
            .series(self.frame[column.name])
            .values.cast(pl.Float64)
            .fill_null(np.nan)
            .to_numpy()
            for column in dated
        }

    @cached_property
    def row_times(self) -> Floats | None:
        """When each row was known; None where the contract names no time."""
        return times_of(self.frame, self.contract) if self.has_time else None

    @cached_property
    def group_codes(self) -> Codes | None:
        """The number of each row's group; None where the contract names none."""
        return groups_of(self.frame, self.contract) if self._has("group") else None

    @cached_property
    def has_time(self) -> bool:
        """Whether the contract names when rows were known."""
        return self._has("time")

    def _has(self, role: Role) -> bool:
        column = self.contract.with_role(role)
        return column is not None and column.name in self.frame.columns

    @property
    def is_regression(self) -> bool:
        """Whether the target is a number."""
        return not self.n_classes

    def of_the_rest(self, without: tuple[str, ...]) -> float:
        """Return what all other columns together explain of the target."""
        key = frozenset(without)
        if key not in self._rest:
            self._rest[key] = self._of_the_rest(key)
        return self._rest[key]

    def _of_the_rest(self, without: frozenset[str]) -> float:
        others = [each for name, each in self.features.items() if name not in without]
        return of_the_rest(
            [
                each.numbers if each.numbers is not None else each.codes
                for each in others
                if each.kind != "text"
            ],
            self.y,
            self.n_classes,
        )


def _sample(y: NDArray[np.generic], n_classes: int) -> Codes:
    """Choose at most 50,000 rows by chance, and of a rare class up to 500 in any case."""
    if len(y) <= MOST_ROWS:
        return np.arange(len(y))
    order = np.random.default_rng(SEED).permutation(len(y))
    chosen = np.zeros(len(y), dtype=bool)
    chosen[order[:MOST_ROWS]] = True
    if n_classes:
        shuffled = y[order]
        for code in np.flatnonzero(np.bincount(y[chosen], minlength=n_classes) < MOST_RARE_ROWS):
            chosen[order[np.flatnonzero(shuffled == code)[:MOST_RARE_ROWS]]] = True
    return np.flatnonzero(chosen)


def _feature(contract: Contract, column: Column, place: int, raw: pl.Series) -> Feature:
    """Bring a column into the form that every test takes."""
    if column.kind == "text" or raw.dtype.is_nested():
        missing = _missing(contract, raw)
        return Feature(
            column.name, place, "text", column.role, missing, None, None, (~missing).astype(np.int64),
            int((~missing).sum()), missing if missing.any() else None,
        )  # fmt: skip
    values = kind_of(contract, column).series(raw).values
    missing = values.is_null().to_numpy()
    if values.dtype == pl.String:
        texts = values.rank("dense").fill_null(0).cast(pl.Int64).to_numpy()
        return Feature(
            column.name, place, "category", column.role, missing, texts, None, _few(texts),
            int(texts.max(initial=0)), _nothing_of_texts(values, missing),
        )  # fmt: skip
    numbers = values.cast(pl.Float64).fill_null(np.nan).to_numpy()
    distinct = np.unique(numbers[~missing])
    kind = "time" if column.kind == "time" else "number"
    return Feature(
        column.name, place, kind, column.role, missing, None, numbers, _bins(numbers, missing, distinct),
        len(distinct), _nothing_of_numbers(numbers, missing, distinct),
    )  # fmt: skip


def _missing(contract: Contract, raw: pl.Series) -> NDArray[np.bool_]:
    if raw.dtype == pl.String:
        raw = known_texts(raw, frozenset(contract.missing_values))
    return raw.is_null().to_numpy()


def _few(texts: Codes) -> Codes:
    """Keep the most frequent texts apart, the others as one."""
    rows = np.bincount(texts)
    if len(rows) <= MOST_LEVELS:
        return texts
    number = np.full(len(rows), MOST_LEVELS + 1, dtype=np.int64)
    number[np.argsort(-rows, kind="stable")[:MOST_LEVELS]] = np.arange(1, MOST_LEVELS + 1)
    number[0] = 0
    return number[texts]


def _bins(numbers: Floats, missing: NDArray[np.bool_], distinct: Floats) -> Codes:
    if len(distinct) <= EXACT_VALUES:
        edges = distinct
    else:
        count = int(np.clip(len(numbers) // ROWS_PER_BIN, 2, MOST_BINS))
        edges = np.unique(np.quantile(numbers[~missing], np.linspace(0, 1, count + 1)[1:-1], method="lower"))
    return np.where(missing, 0, np.searchsorted(edges, numbers, side="left") + 1)


def _nothing_of_texts(values: pl.Series, missing: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    said = values.str.to_lowercase().is_in(sorted(NOTHING_WORDS)).fill_null(value=True).to_numpy()
    known = values.drop_nulls()
    if not said.any() and known.n_unique() == 2:
        usual = known.mode().sort()[0]
        share = (known == usual).mean()
        if share is not None and float(share) >= FLAG_SHARE:
            said = (values == usual).fill_null(value=False).to_numpy()
    return said if 0 < said.sum() < len(said) else (missing if 0 < missing.sum() < len(missing) else None)


def _nothing_of_numbers(
    numbers: Floats, missing: NDArray[np.bool_], distinct: Floats
) -> NDArray[np.bool_] | None:
    said = missing | (numbers == 0)
    if len(distinct) and not (numbers == 0).any():
        # Other marks of "nothing" are at an end of the range and by far the most frequent, such as -1 or 999.
        for end in (distinct[0], distinct[-1]):
            if (numbers == end).mean() >= FLAG_SHARE:
                said = missing | (numbers == end)
    return said if 0 < said.sum() < len(said) else None
