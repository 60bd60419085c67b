"""Parquet files."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import polars as pl

from modelwright.errors import SourceError


class ParquetSource:
    """Parquet: typed columns, read as they are."""

    endings: ClassVar[tuple[str, ...]] = (".parquet", ".pq")

    def read(self, path: Path) -> pl.DataFrame:
        """Read a file."""
        try:
            return pl.read_parquet(path, glob=False, hive_partitioning=False)
        except (pl.exceptions.PolarsError, OSError) as error:
            reason = str(error).splitlines()[0]
            raise SourceError(
                f"{path}: not a Parquet file that can be read: {reason}; copy it again"
            ) from error
