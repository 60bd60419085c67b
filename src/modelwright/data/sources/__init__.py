"""One file for each kind of source: each turns what it reads into a Polars frame.

In: a path, or a table in memory. Out: a frame, its columns as the source has them.
"""

from modelwright.data.sources.csv import CsvSource
from modelwright.data.sources.json_lines import JsonLinesSource
from modelwright.data.sources.parquet import ParquetSource
from modelwright.data.sources.source import FileSource
from modelwright.data.sources.table import from_table, is_table

__all__ = ["CsvSource", "FileSource", "JsonLinesSource", "ParquetSource", "from_table", "is_table"]
