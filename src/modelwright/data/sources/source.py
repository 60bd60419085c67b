"""What every source of files does."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Protocol

import polars as pl


class FileSource(Protocol):
    """One format of files."""

    endings: ClassVar[tuple[str, ...]]
    """Of the names of its files, in lower case, such as ``.csv``."""

    def read(self, path: Path) -> pl.DataFrame:
        """Read a file.

        Raises
        ------
        SourceError
            If it cannot be read so.
        """
        ...
