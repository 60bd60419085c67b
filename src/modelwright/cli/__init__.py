"""The command line: one file per group of commands, no logic.

In: words from a shell. Out: what `modelwright.Project` returns, as text for people or as one JSON document.
"""

from modelwright.cli.root import app, main

__all__ = ["app", "main"]
