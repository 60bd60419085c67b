"""One thing that a stage noticed, with a stable code."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Severity = Literal["info", "warning", "error"]


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
    count : int or None
        How many rows are concerned.
    examples : tuple of str
        A few of the values found; always empty for a sensitive column.
    advice : str
        What to do about it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    severity: Severity
    message: str
    column: str | None = None
    count: int | None = None
    examples: tuple[str, ...] = ()
    advice: str = ""
