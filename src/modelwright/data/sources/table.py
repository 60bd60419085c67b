"""Tables in memory: pandas, Polars, Arrow, DuckDB and whatever else narwhals knows."""

from __future__ import annotations

from typing import Any

import polars as pl

from modelwright.data.label import label_text
from modelwright.errors import SourceError


def is_table(source: Any) -> bool:
    """Whether something is a table in memory that `modelwright.data.read` takes."""
    import narwhals as nw

    return isinstance(nw.from_native(source, pass_through=True), nw.DataFrame | nw.LazyFrame)


def from_table(table: Any) -> pl.DataFrame:
    """Turn a table in memory into a Polars frame; a pandas index is passed over.

    Raises
    ------
    SourceError
        If it is no table, or two of its columns have one name.
    """
    import narwhals as nw

    try:
        found = nw.from_native(table, pass_through=True)
    except nw.exceptions.DuplicateError as error:
        raise SourceError(
            f"the table names a column twice ({error}); give each column its own name"
        ) from error
    if isinstance(found, nw.LazyFrame):
        found = found.collect(backend="polars")
    if not isinstance(found, nw.DataFrame):
        raise SourceError(
            f"a {type(table).__name__} is no table; use a path, or a pandas, Polars, Arrow or DuckDB table"
        )
    if found.implementation.is_pandas():
        return _from_pandas(table)
    frame: pl.DataFrame = found.to_polars()
    return frame.with_columns(_as_text(each) for each in frame if each.dtype == pl.Object)


def _from_pandas(table: Any) -> pl.DataFrame:
    return pl.DataFrame([_series(str(name), table[name]) for name in table.columns])


def _series(name: str, values: Any) -> pl.Series:
    import pyarrow as pa

    try:
        return pl.Series(name, pl.from_arrow(pa.Array.from_pandas(values)))
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        # A column of Python objects of several types: each keeps what it says, as text.
        missing = values.isna().tolist()
        texts = [
            None if gone else label_text(value) for value, gone in zip(values.tolist(), missing, strict=True)
        ]
        return pl.Series(name, texts, dtype=pl.String)


def _as_text(values: pl.Series) -> pl.Series:
    texts = [None if value is None else label_text(value) for value in values.to_list()]
    return pl.Series(values.name, texts, dtype=pl.String)
