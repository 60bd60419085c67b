"""JSON lines: one object a line."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import polars as pl

from modelwright.errors import SourceError


class JsonLinesSource:
    """JSON lines: the keys of all objects become columns, null where an object lacks one."""

    endings: ClassVar[tuple[str, ...]] = (".jsonl", ".ndjson")

    def read(self, path: Path) -> pl.DataFrame:
        """Read a file."""
        try:
            frame = pl.read_ndjson(path, infer_schema_length=None) if path.stat().st_size else pl.DataFrame()
        except (pl.exceptions.PolarsError, OSError) as error:
            reason = str(error).splitlines()[0]
            raise SourceError(
                f'{path}: not JSON lines: {reason}; write one object a line, such as {{"age": 39}}'
            ) from error
        if not frame.width:
            raise SourceError(f'{path}: is empty; write one object a line, such as {{"age": 39}}')
        return frame
