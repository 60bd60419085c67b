"""The types of a CSV file's columns, decided by all of their cells, however its numbers are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import polars as pl

from modelwright.data.guess import LEADING_ZERO
from modelwright.data.sources.notes import Notes
from modelwright.problem import Finding, ReadingOptions

_POINT = r"\A[+-]?(?:\d+|[1-9]\d{0,2}(?:[,'\s]\d{3})+)(?:\.\d+)?\z"
_COMMA = r"\A[+-]?(?:\d+|[1-9]\d{0,2}(?:[.'\s]\d{3})+)(?:,\d+)?\z"

_AT_ONCE = 32
_FEW_ROWS = 1000
_MARKED = "numbers have a decimal comma or marks between thousands, and are read as numbers"
_UNSURE = "its marks in numbers may be decimal or between thousands, so it stays text"

_Test = Callable[[pl.Expr], pl.Expr]

_FAILS: dict[str, _Test] = {
    "whole": lambda text: text.is_not_null() & text.cast(pl.Int64, strict=False).is_null(),
    "float": lambda text: text.is_not_null() & text.cast(pl.Float64, strict=False).is_null(),
    "truth": lambda text: ~text.str.to_lowercase().is_in(["true", "false"]),
    "point": lambda text: ~text.str.contains(_POINT),
    "comma": lambda text: ~text.str.contains(_COMMA),
    "empty": lambda text: text.is_not_null(),
    # What a column has none of, for as long as that holds.
    "no code": lambda text: text.str.contains(LEADING_ZERO),
    "no long": lambda text: text.str.contains(r"\A[+-]?\d{19,}\z"),
    "no comma": lambda text: text.str.contains(",", literal=True),
    "no dot": lambda text: text.str.contains(".", literal=True),
    "no group": lambda text: text.str.contains(r"[,']\d{3}[,']\d{3}|['\s]\d{3}[.,]\d"),
}


class CsvTypes:
    """Learns from frames of text which type each column has, then gives it to them.

    Parameters
    ----------
    names : tuple of str
        Of the columns; in the frames they are named by their positions.
    options : ReadingOptions
        May state the marks of numbers.
    """

    def __init__(self, names: tuple[str, ...], options: ReadingOptions) -> None:
        self._names = names
        self._options = options
        self._holds = {test: {str(at) for at in range(len(names))} for test in _FAILS}

    def learn(self, frame: pl.DataFrame) -> None:
        """Look at more rows."""
        for columns in _parts(frame):
            names = [column.name for column in columns]
            asked: dict[str, list[str]] = {test: [] for test in _FAILS}
            # A test that fails may open others for the same rows.
            while any((opened := {test: self._open(test, names, asked[test]) for test in _FAILS}).values()):
                for test, wrong in _failures(columns, opened).items():
                    self._holds[test] -= wrong
                    asked[test] += opened[test]

    def _open(self, test: str, names: list[str], asked: list[str]) -> list[str]:
        """Return the columns for which a test is not decided, and not implied by another one."""
        candidates = self._holds[test].intersection(names).difference(asked)
        whole, plain = self._holds["whole"], self._holds["float"]
        if test == "no code":
            candidates &= whole
        elif test not in {"whole", "truth", "empty"}:
            candidates -= whole
        if test in {"point", "no comma", "no group"}:
            candidates -= plain
        if test.startswith("no "):
            candidates &= whole | plain | self._holds["point"] | self._holds["comma"]
        return [name for name in names if name in candidates]

    def decide(self, shown: str, notes: Notes) -> pl.Schema:
        """Return the schema, and remark on numbers that are not written plainly."""
        every = [str(at) for at in range(len(self._names))]
        marks = self._marks(every)
        self._read: dict[str, tuple[str, pl.DataType]] = {}
        marked, unsure = [], []
        for at in every:
            style = self._style(at, marks)
            if style == "unsure":
                unsure.append(self._names[int(at)])
            elif style in {"point", "comma"}:
                marked.append(self._names[int(at)])
            self._read[at] = (style, self._dtype(at, style))
        remarks = (
            ("MW-S009", marked, _MARKED, "State decimal and thousands under [data] if that is wrong."),
            ("MW-S010", unsure, _UNSURE, "State decimal or thousands under [data] in modelwright.toml."),
        )
        for code, names, words, advice in remarks:
            if names:
                notes.remark(_about(code, names, shown, words, advice))
        return pl.Schema({self._names[int(at)]: dtype for at, (_, dtype) in self._read.items()})

    def typed(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Give the columns their names and types."""
        typed: dict[str, pl.Series] = {}
        for columns in _parts(frame):
            for style in dict.fromkeys(self._read[column.name] for column in columns):
                chosen = [column for column in columns if self._read[column.name] == style]
                typed |= {each.name: each for each in _each(chosen, partial(_value, style=style))}
        return pl.DataFrame([typed[at].alias(name) for at, name in zip(self._read, self._names, strict=True)])

    def _marks(self, every: list[str]) -> set[str]:
        """Return which decimal marks the file has beyond doubt."""
        if self._options.decimal:
            return {{".": "point", ",": "comma"}[self._options.decimal]}
        if self._options.thousands in {".", ","}:
            return {{".": "comma", ",": "point"}[self._options.thousands]}
        found = set()
        for at in every:
            point, comma = at in self._holds["point"], at in self._holds["comma"]
            if at in self._holds["empty"] or at in self._holds["whole"]:
                continue
            if comma and not point and at not in self._holds["no comma"]:
                found.add("comma")
            if point and not comma and (at not in self._holds["no dot"] or at not in self._holds["no group"]):
                found.add("point")
            if at in self._holds["float"] and not comma and at not in self._holds["no dot"]:
                found.add("point")
        return found

    def _style(self, at: str, marks: set[str]) -> str:
        """Return how a column's cells are read."""
        holds = {test: at in columns for test, columns in self._holds.items()}
        if holds["empty"]:
            return "text"
        if holds["truth"]:
            return "truth"
        if holds["whole"]:
            return "whole" if holds["no code"] else "text"
        if not holds["no long"]:
            return "text"
        return self._number_style(holds, marks)

    def _number_style(self, holds: dict[str, bool], marks: set[str]) -> str:
        """Return how numbers that are not all whole are read, as the file's marks or their own have it."""
        stated = bool(self._options.decimal or self._options.thousands)
        point, comma, plain = holds["point"], holds["comma"], holds["float"]
        has_comma, has_dot = not holds["no comma"], not holds["no dot"]
        own_comma, own_point = not point and has_comma, not comma and (has_dot or not holds["no group"])
        tried = (
            ("comma", comma and marks == {"comma"} and (stated or has_comma or has_dot)),
            ("float", plain and not (stated and marks == {"comma"} and has_dot)),
            ("point", point and (marks == {"point"} or own_point or bool(self._options.thousands))),
            ("comma", comma and (own_comma or bool(self._options.thousands))),
            ("unsure", point or comma),
        )
        return next((style for style, chosen in tried if chosen), "text")

    def _dtype(self, at: str, style: str) -> pl.DataType:
        if style == "point":
            return pl.Int64() if at in self._holds["no dot"] else pl.Float64()
        if style == "comma":
            return pl.Int64() if at in self._holds["no comma"] else pl.Float64()
        return {"truth": pl.Boolean(), "whole": pl.Int64(), "float": pl.Float64()}.get(style, pl.String())


def _value(at: str, style: tuple[str, pl.DataType]) -> pl.Expr:
    """Return how a column's cells are read."""
    kind, dtype = style
    if kind in {"text", "unsure"}:
        return pl.col(at)
    text = _known(at)
    if kind == "truth":
        return text.str.to_lowercase() == "true"
    if kind == "point":
        text = text.str.replace_all(r"[,'\s]", "")
    elif kind == "comma":
        text = text.str.replace_all(r"[.'\s]", "").str.replace(",", ".", literal=True)
    return text.cast(dtype, strict=False)


def _parts(frame: pl.DataFrame) -> Iterator[list[pl.Series]]:
    """Yield some columns at a time: what a query costs grows with the square of a frame's width."""
    columns = frame.get_columns()
    at_once = len(columns) if frame.height <= _FEW_ROWS else _AT_ONCE
    for start in range(0, len(columns), max(at_once, 1)):
        yield columns[start : start + at_once]


def _failures(columns: list[pl.Series], asked: dict[str, list[str]]) -> dict[str, set[str]]:
    """Return for each test the columns of which some cell fails it."""
    if len(columns[0]) > _FEW_ROWS:
        pairs = [(test, name) for test, names in asked.items() for name in names]
        tests = (_FAILS[test](_known(name)).any().alias(f"{test} {name}") for test, name in pairs)
        said = pl.DataFrame(columns).select(tests).row(0) if pairs else ()
        found: dict[str, set[str]] = {test: set() for test in asked}
        for (test, name), failed in zip(pairs, said, strict=True):
            found[test] |= {name} if failed else set()
        return found
    # Very wide tables have few rows in a block: all columns below each other are one query.
    cells = pl.DataFrame({"text": _stacked(columns), "name": _names_of(columns)})
    tests = (
        pl.col("name").filter(fails(_known("text"))).unique().implode().alias(test)
        for test, fails in _FAILS.items()
    )
    row = cells.select(tests).row(0, named=True)
    return {test: set(row[test]) & set(names) for test, names in asked.items()}


def _each(columns: list[pl.Series], value: Callable[[str], pl.Expr]) -> list[pl.Series]:
    """Return what an expression makes of each column."""
    if len(columns[0]) > _FEW_ROWS:
        return pl.DataFrame(columns).select(value(column.name) for column in columns).get_columns()
    height = len(columns[0])
    made = _stacked(columns).alias("text").to_frame().select(value("text").alias("made")).to_series()
    return [made.slice(at * height, height).alias(column.name) for at, column in enumerate(columns)]


def _stacked(columns: list[pl.Series]) -> pl.Series:
    return pl.concat([column.alias("text") for column in columns])


def _names_of(columns: list[pl.Series]) -> pl.Series:
    positions = np.repeat(np.arange(len(columns)), len(columns[0]))
    return pl.Series([column.name for column in columns])[positions]


def _known(name: str) -> pl.Expr:
    """Return a column's cells without the blanks around them; null where nothing is there."""
    text = pl.col(name).str.strip_chars()
    return pl.when(text != "").then(text)


def _about(code: str, names: list[str], shown: str, words: str, advice: str) -> Finding:
    listed = ", ".join(f"'{name}'" for name in names[:5]) + (", …" if len(names) > 5 else "")
    which = f"column {listed}" if len(names) == 1 else f"{len(names)} columns ({listed})"
    return Finding(
        code=code,
        severity="info" if code == "MW-S009" else "warning",
        message=f"{shown}, {which}: {words}",
        column=names[0] if len(names) == 1 else None,
        count=len(names),
        advice=advice,
    )
