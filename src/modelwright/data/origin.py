"""A source together with how it is to be read, and where its broken rows go."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from modelwright.problem import ReadingOptions, masked


@dataclass(frozen=True)
class Origin:
    """A source as a project or a command asks for it; whatever takes a source takes one.

    As text it is what may be shown: passwords are masked.

    Attributes
    ----------
    text : str
        A path, a pattern, a folder or a URL.
    options : ReadingOptions
    quarantine : Path or None
        A file for the rows that cannot be read.
    keeps_text : bool
        Whether what these rows say is kept; without it, where they are.
    """

    text: str
    options: ReadingOptions = field(default_factory=ReadingOptions)
    quarantine: Path | None = None
    keeps_text: bool = True

    def __str__(self) -> str:
        return masked(self.text)

    def asking(self, query: str) -> Origin:
        """Return the source with another query."""
        return replace(self, options=self.options.model_copy(update={"query": query}))


def shown(source: Any) -> str:
    """Return what to call a source in messages and results, without passwords.

    Parameters
    ----------
    source : str, Path, Origin or table
    """
    if isinstance(source, Origin):
        return str(source)
    return masked(str(source)) if isinstance(source, str | Path) else "the table"
