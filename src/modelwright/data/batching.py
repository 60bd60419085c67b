"""A source in parts: one schema for all of them, and what was put aside on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from modelwright.data.reading import read

ROWS = 65_536


class Batches(Iterator[pl.DataFrame]):
    """The rows of a source, some at a time; it can be walked once.

    Parameters
    ----------
    schema : polars.Schema
        Of every batch.
    parts : iterable of polars.DataFrame

    Attributes
    ----------
    schema : polars.Schema
    """

    def __init__(self, schema: pl.Schema, parts: Iterable[pl.DataFrame]) -> None:
        self.schema = schema
        self._parts = iter(parts)

    def __next__(self) -> pl.DataFrame:
        return next(self._parts)


def batches(source: Any, *, rows: int = ROWS) -> Batches:
    """Read a source in parts.

    Parameters
    ----------
    source : str, Path or table
        As for `modelwright.data.read`.
    rows : int, default 65,536
        Most rows of a part.

    Returns
    -------
    Batches
        An iterator of frames with one schema; a source without rows gives none.

    Raises
    ------
    SourceError
        If it cannot be read; the message says what to do.
    """
    frame = read(source)
    return Batches(frame.schema, frame.iter_slices(rows))
