"""From any source to a frame."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import polars.selectors as cs

from modelwright.data.sources import CsvSource, FileSource, JsonLinesSource, ParquetSource, from_table
from modelwright.errors import SourceError

_FILES: tuple[FileSource, ...] = (CsvSource(), ParquetSource(), JsonLinesSource())


def read(source: Any) -> pl.DataFrame:
    """Read a source whole.

    Parameters
    ----------
    source : str, Path or table
        A CSV (also ``.csv.gz``), Parquet or JSON lines file, known by its ending; or a pandas, Polars or
        Arrow table, or a DuckDB relation.

    Returns
    -------
    polars.DataFrame
        The columns as they are, but NaN is null.

    Raises
    ------
    SourceError
        If it cannot be read; the message says what to do.
    """
    frame = _read_file(source) if isinstance(source, str | Path) else from_table(source)
    if not frame.width:
        raise SourceError(f"{_name(source)} has no columns; hand over a table with a target and features")
    if "" in frame.columns:
        raise SourceError(f"{_name(source)} has a column without a name; give each column a name")
    return frame.with_columns(cs.float().fill_nan(None))


def _read_file(source: str | Path) -> pl.DataFrame:
    if "://" in str(source):
        raise SourceError(f"{source}: only files on this machine can be read; fetch it first")
    path = Path(source).expanduser()
    if not path.is_file():
        what = "is a folder, not a file" if path.is_dir() else "there is no such file"
        raise SourceError(f"{path}: {what}; check the path")
    name = path.name.lower()
    for each in _FILES:
        if name.endswith(each.endings):
            return each.read(path)
    known = ", ".join(ending for each in _FILES for ending in each.endings)
    raise SourceError(f"{path}: the ending names no known format; known are {known}")


def _name(source: Any) -> str:
    return str(source) if isinstance(source, str | Path) else "the table"
