"""What every source does, and what it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Protocol

import polars as pl

from modelwright.data.sources.notes import Notes
from modelwright.problem import ReadingOptions


@dataclass(frozen=True)
class Asked:
    """A source as it is asked for.

    Attributes
    ----------
    text : str
        The path or URL, with variables put in and without its part; may hold a password.
    shown : str
        The same for messages: as it was written, passwords masked.
    part : str
        What stood after ``#``: a sheet or a table.
    files : tuple of Path
        The files of this machine that a path, a pattern or a folder means, in order; empty for a URL.
    options : ReadingOptions
    notes : Notes
        Takes what is noticed, and the rows that are put aside.
    """

    text: str
    shown: str
    part: str = ""
    files: tuple[Path, ...] = ()
    options: ReadingOptions = field(default_factory=ReadingOptions)
    notes: Notes = field(default_factory=Notes)


@dataclass(frozen=True)
class Opened:
    """A source that can be read.

    Attributes
    ----------
    schema : polars.Schema
        Of every batch; decided by all rows where the source has no types of its own.
    batches : callable
        Given the most rows of a batch, returns an iterator of frames. Holds a few batches at a time, however
        large the source is, and may be called again.
    """

    schema: pl.Schema
    batches: Callable[[int], Iterator[pl.DataFrame]]


class Source(Protocol):
    """A kind of place that tables are read from."""

    name: ClassVar[str]
    """In words, such as ``CSV``; no two sources have the same."""

    spellings: ClassVar[tuple[str, ...]]
    """The endings of its files (``.csv``), or how its URLs begin (``postgresql://``); in lower case."""

    takes_query: ClassVar[bool]
    """Whether `Asked.options` may have a query."""

    def takes(self, asked: Asked) -> bool:
        """Whether this is how the source's texts look; nothing is opened."""
        ...

    def open(self, asked: Asked) -> Opened:
        """Open what is asked for.

        Raises
        ------
        SourceError
            If it cannot be read so; the message says what was found, where, and what to do.
        """
        ...


def by_ending(asked: Asked, endings: tuple[str, ...]) -> bool:
    """Whether all files that are asked for end so."""
    return bool(asked.files) and all(file.name.lower().endswith(endings) for file in asked.files)


def by_scheme(asked: Asked, schemes: tuple[str, ...]) -> bool:
    """Whether the URL that is asked for begins so."""
    return asked.text.lower().startswith(schemes)
