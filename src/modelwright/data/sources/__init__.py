"""One file for each kind of source: each opens what its texts name, and hands out batches of one schema.

In: a path, a pattern, a folder or a URL; or a table in memory. Out: a schema and frames, and notes of what
was noticed and put aside.
"""

from modelwright.data.sources.notes import Notes
from modelwright.data.sources.registry import SOURCES, all_sources, open_source
from modelwright.data.sources.source import Asked, Opened, Source, by_ending, by_scheme
from modelwright.data.sources.statement import quoted, statement
from modelwright.data.sources.table import from_table, is_table

__all__ = [
    "SOURCES",
    "Asked",
    "Notes",
    "Opened",
    "Source",
    "all_sources",
    "by_ending",
    "by_scheme",
    "from_table",
    "is_table",
    "open_source",
    "quoted",
    "statement",
]
