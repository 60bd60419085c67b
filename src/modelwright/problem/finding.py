"""One thing that a stage noticed, with a stable code."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Severity = Literal["info", "warning", "error"]

_WHY = re.compile(r"\*\*Why\*\*:\s*(.+?)(?:\n\s*\n|\Z)", re.DOTALL)


class Finding(BaseModel):
    """Something that a person should know about the data, the model or the service.

    Attributes
    ----------
    code : str
        Stable code, such as ``MW-D012``; the docs list them all.
    severity : {"info", "warning", "error"}
        An error breaks a promise or the contract; the others only inform.
    message : str
        What was found, in words.
    column : str or None
        The column concerned.
    rows : tuple of int
        Positions of the first rows concerned, from 0; empty where no single row is.
    count : int or None
        How many rows are concerned.
    examples : tuple of str
        A few of the values found; always empty for a sensitive column.
    why : str
        Why it matters.
    advice : str
        What to do about it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    severity: Severity
    message: str
    column: str | None = None
    rows: tuple[int, ...] = ()
    count: int | None = None
    examples: tuple[str, ...] = ()
    why: str = ""
    advice: str = ""


def stated_reason(documented: Any) -> str:
    """Return why a finding matters, as the docstring of what looks for it states under ``**Why**``.

    So the reason is written once, beside the code that looks; ``python -OO``, which strips docstrings, strips
    it too.

    Parameters
    ----------
    documented : Any
        A function or class, or an instance of one.
    """
    found = _WHY.search(documented.__doc__ or "")
    words = " ".join(found[1].replace("``", "'").split()) if found else ""
    return words[:1].upper() + words[1:]
