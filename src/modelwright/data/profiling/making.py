"""From a source to its profile."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.contract import MISSING_VALUES, nearest
from modelwright.data.origin import shown
from modelwright.data.privacy import find_personal_data, seems_personal
from modelwright.data.profiling.changing import Stretches
from modelwright.data.profiling.describing import Described, describe, level_codes
from modelwright.data.profiling.gathering import COUNTED, Gathered, gather
from modelwright.data.profiling.looking import look
from modelwright.data.profiling.relating import MEASURE, strengths
from modelwright.data.profiling.results import ColumnProfile, Duplicates, Matrix, Profile, Relation
from modelwright.data.reading import batches
from modelwright.errors import DataError
from modelwright.problem import ReadingOptions

ROWS = 131_072
"""Rows of a batch."""
RELATED_ROWS = 20_000
RELATED_COLUMNS = 700
SHOWN_RELATIONS = 100
MATRIX = 12
WEAKEST = 0.1
"""Relations of two columns that are weaker are not listed."""
_WORK = 3e10
"""Multiplications that the relations of all pairs may cost; with more levels, fewer rows are used."""


def profile(
    source: Any,
    *,
    target: str | None = None,
    time: str | None = None,
    hidden: Collection[str] = (),
    query: str | None = None,
    options: ReadingOptions | None = None,
) -> Profile:
    """Say what a table holds, from one pass over it.

    Counts, extremes, means and values that stand for a missing one are those of all rows. Quantiles, bars,
    outliers, relations and change over time are those of a sample of 25,000 rows where the table has
    more, drawn with a fixed seed: the same table gives the same profile.

    Parameters
    ----------
    source : str, Path or table
        As for `modelwright.data.read`; read in batches.
    target : str, optional
        The column with which the relation of each other is wanted.
    time : str, optional
        The column that says when; without it, change is followed along the rows.
    hidden : collection of str, optional
        Columns of which no value may be shown, such as sensitive and protected ones. Identifiers, free text
        and what seems to be personal data are never shown.
    query : str, optional
        SQL, for databases.
    options : ReadingOptions, optional
        How the source is to be read; by default that is found out.

    Returns
    -------
    Profile

    Raises
    ------
    SourceError
        If the source cannot be read.
    DataError
        If there is no such target or time column, or no row.
    """
    parts = batches(source, rows=ROWS, query=query, options=options)
    for role, name in (("target", target), ("time", time)):
        if name is not None and name not in parts.schema:
            raise DataError(
                f"'{name}' is asked for as {role}, but the data has no such column"
                f"{nearest(name, list(parts.schema))}"
            )
    found = gather(parts, parts.schema)
    named = shown(source)
    if not found.rows:
        raise DataError(f"{named} has no rows; there is nothing to profile")
    personal = find_personal_data(found.sample, frozenset(MISSING_VALUES), passing_over=hidden)
    unseen = {*hidden, *(each.column for each in personal)}
    columns = [describe(found, name, hidden=name in unseen) for name in found.schema]
    made = _assembled(found, columns, named, target, time)
    told = (seems_personal(each, is_target=each.column == target) for each in personal)
    return replace(made, findings=(*parts.notes.findings, *made.findings, *told))


def _assembled(
    found: Gathered, columns: Sequence[Described], source: str, target: str | None, time: str | None
) -> Profile:
    when = next((each for each in columns if each.profile.name == time), None)
    if when is not None and not when.is_measured and found.schema[when.profile.name].is_numeric():
        # A running number, meant as an identifier, says the order as well as any time.
        when = replace(when, numbers=when.values["value"].cast(pl.Float64))
    elif when is not None and not when.is_measured:
        raise DataError(
            f"'{time}' is asked for as time, but its values are no times in any known way of writing, "
            "and no numbers"
        )
    sample, sampled = found.sample, found.sample.height < found.rows
    stretches = Stretches(sample, when)
    related = _Related(columns, sample, stretches, target)
    relations, matrix, notes = related.pairs()
    by_target, by_time = related.with_target(), related.with_time()
    profiles = tuple(
        replace(
            each.profile,
            target=by_target.get(each.profile.name),
            change=stretches.change(each, sample[each.profile.name], by_time.get(each.profile.name, 0.0))
            if each.profile.name != time and stretches.count > 1
            else None,
        )
        for each in columns
    )
    result = Profile(
        source=source,
        rows=found.rows,
        sample=sample.height,
        rank_error=math.sqrt(math.log(2 / 0.05) / (2 * sample.height)) if sampled else 0.0,
        target=target,
        time=time,
        columns=profiles,
        duplicates=_duplicates(found, profiles),
        relations=relations,
        matrix=matrix,
        measure=MEASURE,
        findings=(),
        notes=(*_notes(found, profiles, sampled=sampled), *notes, *related.notes()),
    )
    return replace(result, findings=look(result))


def _duplicates(found: Gathered, columns: Sequence[ColumnProfile]) -> Duplicates:
    rows = max(found.rows - len(found.row_hashes), 0)
    others = [each.name for each in columns if each.meaning != "identifier"]
    without = None
    if others and len(others) < len(columns):
        without = found.sample.height - len(np.unique(found.sample.select(others).hash_rows(0).to_numpy()))
    return Duplicates(rows, without, found.row_hashes.exact)


def _notes(found: Gathered, columns: Sequence[ColumnProfile], *, sampled: bool) -> list[str]:
    notes = []
    if sampled:
        notes.append(
            f"Quantiles, bars, outliers and change over time are those of {found.sample.height:,} rows drawn "
            f"by chance (fixed seed); so are the values of columns with more than {COUNTED:,} distinct ones. "
            f"Counts of rows and of "
            f"missing values, extremes and means of numbers are those of all {found.rows:,} rows."
        )
    if any(not each.counted for each in columns if each.meaning != "other"):
        notes.append("Numbers of distinct values above 8,192 are estimates with a standard error of 1.1 %.")
    if not found.row_hashes.exact:
        notes.append("The number of repeated rows is an estimate from 2,000,000 hashes.")
    nested = [each.name for each in columns if each.meaning == "other"]
    if nested:
        listed = ", ".join(f"'{name}'" for name in nested[:5]) + (", …" if len(nested) > 5 else "")
        notes.append(f"Columns without single values are not looked into: {listed}.")
    return notes


def _matrix(
    names: Sequence[str], relations: Sequence[Relation], found: NDArray[np.float64], target: str | None
) -> Matrix:
    """Take the columns of the strongest relations, the target among them."""
    chosen = {target} if target in names else set()
    for each in relations:
        more = chosen | {each.first, each.second}
        if len(more) > MATRIX:
            break
        chosen = more
    places = [at for at, name in enumerate(names) if name in chosen]
    if len(places) < 2:
        return Matrix((), ())
    strength = np.round(found[np.ix_(places, places)], 4)
    np.fill_diagonal(strength, 1.0)
    return Matrix(tuple(names[at] for at in places), tuple(map(tuple, strength.tolist())))


class _Related:
    """The levels of each column in one part of the sample, and what is computed from them."""

    def __init__(
        self, columns: Sequence[Described], sample: pl.DataFrame, stretches: Stretches, target: str | None
    ) -> None:
        self._target, self._height = target, sample.height
        step = max(1, math.ceil(sample.height / RELATED_ROWS))
        self.rows = np.arange(0, sample.height, step)
        part = sample[self.rows] if step > 1 else sample
        bins = int(np.clip(math.sqrt(part.height / 10), 2, 10))
        wide = len(columns) > 150
        codes = {
            each.profile.name: level_codes(
                each, part[each.profile.name], bins=min(bins, 5) if wide else bins, levels=8 if wide else 20
            )
            for each in columns
        }
        self._codes = {name: found for name, found in codes.items() if found is not None}
        self._stretches = stretches.codes_of(self.rows)

    def with_target(self) -> dict[str, float]:
        """Return the strength of each column's relation with the target."""
        if self._target is None or self._target not in self._codes:
            return {}
        found = self._against(self._codes[self._target])
        del found[self._target]
        return found

    def with_time(self) -> dict[str, float]:
        """Return the strength of each column's relation with the stretch of time."""
        return self._against(self._stretches)

    def _against(self, codes: NDArray[np.int64]) -> dict[str, float]:
        names = list(self._codes)
        found: dict[str, float] = {}
        for first in range(0, len(names), 100):
            some = names[first : first + 100]
            strength = strengths([codes], [self._codes[name] for name in some])[0]
            found |= {name: round(float(each), 4) for name, each in zip(some, strength, strict=True)}
        return found

    def pairs(self) -> tuple[tuple[Relation, ...], Matrix, list[str]]:
        """Return the strongest relations of two columns, and what was left out."""
        names = list(self._codes)
        notes = []
        if len(names) > RELATED_COLUMNS:
            notes.append(
                f"Relations between columns: the first {RELATED_COLUMNS} of {len(names):,} columns only."
            )
            names = names[:RELATED_COLUMNS]
        if len(names) < 2:
            return (), Matrix((), ()), notes
        levels = sum(int(self._codes[name].max()) + 1 for name in names)
        step = max(1, math.ceil(len(self.rows) * levels**2 / _WORK))
        chosen = [self._codes[name][::step] for name in names]
        found = strengths(chosen, chosen)
        first, second = np.triu_indices(len(names), k=1)
        strength = found[first, second]
        order = np.argsort(-strength, kind="stable")[:SHOWN_RELATIONS]
        if len(chosen[0]) < self._height:
            notes.append(f"Relations between columns are those of {len(chosen[0]):,} rows of the sample.")
        listed = tuple(
            Relation(names[first[at]], names[second[at]], round(float(strength[at]), 4))
            for at in order
            if strength[at] >= WEAKEST
        )
        return listed, _matrix(names, listed, found, self._target), notes

    def notes(self) -> list[str]:
        """Say what could not be related."""
        if self._target is not None and self._target not in self._codes:
            return [f"No relation with the target: '{self._target}' is an identifier, free text or constant."]
        return []
