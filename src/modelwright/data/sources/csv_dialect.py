"""How a CSV file is written: what separates cells, what quotes them, and whether it begins with names."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from modelwright.data.sources.notes import Notes
from modelwright.errors import SourceError
from modelwright.problem import Finding, ReadingOptions

_DELIMITERS = ",;\t|"
_NOWHERE = "\x1f"
"""Separates nothing: for a file of one column whose texts have commas."""
_LOOKED_AT = 200
_STATED = re.compile(r"sep=(.)\r?\n")
_NUMBER = re.compile(r"\s*[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?\s*")
_DAY = re.compile(r"\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ]\d.*)?\s*")


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written.

    Attributes
    ----------
    delimiter, quote : str
    names : tuple of str
        Of the columns.
    skipped : int
        How many records come before the first row.
    preamble : int
        How many lines come before the first record.
    """

    delimiter: str
    quote: str
    names: tuple[str, ...]
    skipped: int
    preamble: int = 0


def dialect_of(head: str, path: Path, shown: str, options: ReadingOptions, notes: Notes) -> Dialect:
    """Find out how a file is written from its beginning, except for what the options state.

    Raises
    ------
    SourceError
        If the file is empty, or the header names a column twice.
    """
    preamble, delimiter = 0, options.delimiter
    if stated := _STATED.match(head):  # Excel's own way of saying so
        head, preamble, delimiter = head[stated.end() :], 1, delimiter or stated[1]
    if not head.strip("\r\n\t \0"):
        raise SourceError(f"{shown}: is empty; a CSV file starts with a line of column names")
    quote = options.quote or _quote(head)
    if not delimiter and path.name.lower().partition(".tsv")[1]:
        delimiter = "\t"
    delimiter = delimiter or _delimiter(head, quote)
    rows = _rows(head, delimiter, quote)
    found = Dialect(delimiter, quote, (), 1, preamble)
    if options.header == "no" or (options.header == "detect" and _is_data(rows)):
        if options.header == "detect":
            notes.remark(_headerless(shown, rows[0]))
        return replace(found, names=tuple(f"column_{at}" for at in range(1, len(rows[0]) + 1)), skipped=0)
    return replace(found, names=_named(rows[0], shown, notes))


def named_columns(names: list[str], shown: str, notes: Notes) -> tuple[str, ...]:
    """Name the columns that have no name by their position, and refuse two of one name."""
    return _named(names, shown, notes)


def _delimiter(head: str, quote: str) -> str:
    """Return what parts the rows alike, and into the most cells."""

    def merit(delimiter: str) -> tuple[bool, float, int]:
        rows = _rows(head, delimiter, quote)
        width = len(rows[0])
        alike = sum(len(row) == width for row in rows) / len(rows)
        return width > 1, round(alike, 1), width

    best = max(_DELIMITERS, key=merit)
    several, alike, _ = merit(best)
    return best if several or alike == 1 else _NOWHERE


def _quote(head: str) -> str:
    """Return the single quote only where the file makes more sense by it: an apostrophe is no quote."""
    if '"' in head or "'" not in head:
        return '"'
    (plain, double), (quoted, single) = (_alike(head, quote) for quote in "\"'")
    named = all(len(cell) > 2 and cell[0] == cell[-1] == "'" for cell in plain)
    return "'" if single > double or (named and single == double and len(quoted) == len(plain)) else '"'


def _alike(head: str, quote: str) -> tuple[list[str], float]:
    """Return the first row, and the share of rows that have as many cells."""
    rows = _rows(head, _delimiter(head, quote), quote)
    return rows[0], sum(len(row) == len(rows[0]) for row in rows) / len(rows)


def _rows(head: str, delimiter: str, quote: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, quotechar=quote)
    rows = []
    try:
        for row in reader:
            if row:
                rows.append(row)
            if len(rows) > _LOOKED_AT:
                break
    except csv.Error:  # a cell larger than the reader takes: what came before it is enough
        pass
    # The last row may be cut off.
    return (rows[:-1] if len(rows) > 2 else rows) or [head.splitlines()[0].split(delimiter)]


def _is_data(rows: list[list[str]]) -> bool:
    """Whether the first row is of the same kind as those below it, rather than their names."""
    first, below = rows[0], [row for row in rows[1:] if len(row) == len(rows[0])]
    if not below or any(not cell.strip() for cell in first):
        return False
    kinds = [_kind(cell) for cell in first]
    if all(kind == "text" for kind in kinds) or _counts(first):
        return False
    for at, kind in enumerate(kinds):
        others = Counter(_kind(row[at]) for row in below if row[at].strip())
        if others and others.most_common(1)[0][0] != kind:
            return False
    return True


def _counts(cells: list[str]) -> bool:
    """Whether the numbers among names count up, as years and positions do."""
    numbers = [int(cell) for cell in cells if re.fullmatch(r"\s*\d{1,6}\s*", cell)]
    steps = {after - before for before, after in pairwise(numbers)}
    return len(numbers) > 1 and len(steps) == 1 and steps != {0}


def _kind(cell: str) -> str:
    if _NUMBER.fullmatch(cell):
        return "number"
    return "day" if _DAY.fullmatch(cell) else "text"


def _headerless(shown: str, first: list[str]) -> Finding:
    return Finding(
        code="MW-S007",
        severity="warning",
        message=f"{shown}: the first line is data rather than names; its {len(first):,} columns are called "
        "column_1, column_2, …",
        advice='State header = "yes" under [data] in modelwright.toml if these are names, else "no".',
    )


def _named(names: list[str], shown: str, notes: Notes) -> tuple[str, ...]:
    blank = [at for at, name in enumerate(names) if not name.strip()]
    given = [name if name.strip() else f"column_{at + 1}" for at, name in enumerate(names)]
    twice = next((name for name, count in Counter(given).items() if count > 1), None)
    if twice is not None:
        raise SourceError(f"{shown}: the header names '{twice}' twice; give each column its own name")
    if blank:
        listed = ", ".join(given[at] for at in blank[:5]) + (", …" if len(blank) > 5 else "")
        notes.remark(
            Finding(
                code="MW-S008",
                severity="info",
                message=f"{shown}: {len(blank):,} columns have no name and are called {listed}",
                count=len(blank),
                advice="A first column without a name is often a row number that pandas wrote; ignore it.",
            )
        )
    return tuple(given)
