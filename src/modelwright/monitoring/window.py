"""A table held against the reference at once: which columns, and which of their values, have moved."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.data import Contract, conform
from modelwright.errors import DataError
from modelwright.monitoring.bounds import share_bounds
from modelwright.monitoring.reference import Reference, watched_values
from modelwright.monitoring.stream import Stream, percent

Counts = NDArray[np.int64]

_MISTAKE = 0.01  # probability that any column of an unchanged table is said to have moved


class ColumnShift(BaseModel):
    """How the values of a column are spread in a table, beside the reference.

    Attributes
    ----------
    code : str
        Stable code, ``MW-M004``.
    column : str
    moved : bool
        Whether some share is beyond doubt outside of what the reference allows.
    distance : float
        Total variation distance: the smallest share of rows that would have to change for the table to be
        spread as the reference.
    bin : str
        The values whose share is furthest out.
    share : float
        Their share in the table.
    normal : tuple of float
        The least and the largest share that the reference allows.
    words : str
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = "MW-M004"
    column: str
    moved: bool
    distance: float
    bin: str
    share: float
    normal: tuple[float, float]
    words: str


class Drift(BaseModel):
    """A table held against a reference.

    Attributes
    ----------
    rows : int
        Rows of the table.
    reference_rows : int
        Rows that the reference was counted on.
    holds : bool
        Whether no column has moved.
    columns : tuple of ColumnShift
        Those that moved first, the furthest first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    reference_rows: int
    holds: bool
    columns: tuple[ColumnShift, ...]

    @property
    def words(self) -> str:
        """What was found, for people."""
        moved = [each for each in self.columns if each.moved]
        compared = f"{self.rows:,} rows compared with {self.reference_rows:,} training rows"
        if not moved:
            return f"{compared}: all {len(self.columns)} columns are spread as they were."
        lines = [f"{compared}: {len(moved)} of {len(self.columns)} columns are spread otherwise."]
        return "\n".join([*lines, *(f"  {each.code} {each.words}" for each in moved)])


def compare_with_reference(reference: Reference, contract: Contract, tables: Iterable[pl.DataFrame]) -> Drift:
    """Compare the columns of a table with the reference.

    Only counts are kept, so that the memory does not grow with the table. A share has moved where its
    Clopper-Pearson interval in the table lies outside of the reference's bounds: the reference's sampling
    error, the table's and one percentage point of tolerance are all allowed for, and the chance that any
    column of an unchanged table is accused is at most 1 % (Bonferroni), beside the reference's own 1 %.

    Parameters
    ----------
    reference : Reference
    contract : Contract
    tables : iterable of DataFrame
        The table's parts, raw; its rows are taken to be independent of each other.

    Raises
    ------
    DataError
        If the table has no row.
    """
    streams = [each for each in reference.streams if each.column is not None]
    columns = {column.name: column for column in contract.features}
    counts = [np.zeros(stream.bins.size, dtype=np.int64) for stream in streams]
    rows = 0
    for table in tables:
        rows += table.height
        frame = conform(contract.accepting(), table)
        for index, stream in enumerate(streams):
            name = str(stream.column)
            counts[index] += stream.bins.count(watched_values(columns[name], frame[name]))
    if rows == 0:
        raise DataError("the table has no row to compare with the reference")
    mistake = _MISTAKE / max(len(streams), 1)
    shifts = [_shift(stream, each, mistake) for stream, each in zip(streams, counts, strict=True)]
    return Drift(
        rows=rows,
        reference_rows=reference.rows,
        holds=not any(each.moved for each in shifts),
        columns=tuple(sorted(shifts, key=lambda each: (not each.moved, -each.distance))),
    )


def _shift(stream: Stream, counts: Counts, mistake: float) -> ColumnShift:
    rows = int(counts.sum())
    low, high = share_bounds(counts, rows, mistake)
    least, most = np.array(stream.lower), np.array(stream.upper)
    beyond = np.maximum(low - most, least - high)
    shares = counts / rows
    code = int(beyond.argmax())
    moved = bool(beyond[code] > 0)
    if not moved:
        code = int(np.maximum(shares - most, least - shares).argmax())
    share, normal = float(shares[code]), (float(least[code]), float(most[code]))
    distance = float(np.abs(shares - np.array(stream.counts) / sum(stream.counts)).sum() / 2)
    bound = f"at most {percent(normal[1])}" if share > normal[1] else f"at least {percent(normal[0])}"
    words = (
        f"column '{stream.column}': {percent(share)} of the rows are {stream.bin_name(code)}, where "
        f"{bound} is normal; {percent(distance)} of all rows would have to change"
        if moved
        else f"column '{stream.column}' is spread as it was"
    )
    return ColumnShift(
        column=str(stream.column),
        moved=moved,
        distance=distance,
        bin=stream.bin_name(code),
        share=share,
        normal=normal,
        words=words,
    )
