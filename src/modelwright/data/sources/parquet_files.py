"""Parquet: files, folders of them, and folders partitioned by the values of columns."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote

import polars as pl

from modelwright.data.sources.files import common_schema, fitted
from modelwright.data.sources.source import Asked, Opened, by_ending
from modelwright.errors import SourceError

_NOTHING = "__HIVE_DEFAULT_PARTITION__"


class ParquetSource:
    """Parquet: typed columns, read as they are, some row groups at a time.

    A folder named ``column=value`` adds the column to the files within: whole numbers where all of its values
    are, else text.
    """

    name: ClassVar[str] = "Parquet"
    spellings: ClassVar[tuple[str, ...]] = (".parquet", ".pq")
    takes_query: ClassVar[bool] = False

    def takes(self, asked: Asked) -> bool:
        """Whether the names of the files end so."""
        return by_ending(asked, self.spellings)

    def open(self, asked: Asked) -> Opened:
        """Read the files' schemas."""
        partitions = _partitions(asked.files)
        schemas = {
            str(path): pl.Schema(
                dict(_schema(path)) | {name: each.dtype for name, each in partitions[path].items()}
            )
            for path in asked.files
        }
        schema = common_schema(schemas, asked.notes)

        def batches(rows: int) -> Iterator[pl.DataFrame]:
            for path in asked.files:
                for frame in _batches(path, rows):
                    yield fitted(
                        frame.with_columns(pl.lit(each) for each in partitions[path].values()), schema
                    )

        return Opened(schema, batches)


def _schema(path: Path) -> pl.Schema:
    with _Reading(path):
        return pl.scan_parquet(path, glob=False, hive_partitioning=False).collect_schema()


def _batches(path: Path, rows: int) -> Iterator[pl.DataFrame]:
    from pyarrow.parquet import ParquetFile

    with _Reading(path), path.open("rb") as handle:
        file = ParquetFile(handle, pre_buffer=False, buffer_size=1 << 20)
        for batch in file.iter_batches(rows):
            frame = pl.from_arrow(batch)
            assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a batch of records is a frame
            yield frame


class _Reading:
    """Says which file is at fault."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        import pyarrow as pa

        if isinstance(error, pl.exceptions.PolarsError | pa.ArrowException | OSError):
            reason = (str(error) or type(error).__name__).splitlines()[0]
            raise SourceError(
                f"{self._path}: not a Parquet file that can be read: {reason}; copy it again"
            ) from error


def _partitions(files: tuple[Path, ...]) -> dict[Path, dict[str, pl.Series]]:
    """Return the columns that the names of folders give each file, as series of one value."""
    above = Path(os.path.commonpath([file.parent for file in files]))
    # A single partition still is one where the folders above its file say so.
    while "=" in above.name:
        above = above.parent
    said = {
        file: {
            unquote(name): None if value == _NOTHING else unquote(value)
            for name, sign, value in (part.partition("=") for part in file.parent.relative_to(above).parts)
            if sign
        }
        for file in files
    }
    texts: dict[str, list[str]] = {}
    for values in said.values():
        for name, value in values.items():
            texts.setdefault(name, []).extend([] if value is None else [value])
    dtypes = {name: _dtype(values) for name, values in texts.items()}
    return {
        file: {name: pl.Series(name, [value]).cast(dtypes[name]) for name, value in values.items()}
        for file, values in said.items()
    }


def _dtype(texts: list[str]) -> pl.DataType:
    whole = bool(texts) and all(re.fullmatch(r"-?(0|[1-9]\d{0,17})", text) for text in texts)
    return pl.Int64() if whole else pl.String()
