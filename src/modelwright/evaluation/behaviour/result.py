"""What a behaviour test showed."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class BrokenRow(BaseModel):
    """A row or case that does not do what is asked.

    Attributes
    ----------
    row : int or None
        Position among the held-out rows; None for a named case.
    case : str
        The case's name; empty for a row.
    before, after : float or None
        The score as it was, and after the change.
    changed : str
        What was changed; for a sensitive column without its values.
    words : str
        What was asked and what came.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: int | None = None
    case: str = ""
    before: float | None = None
    after: float | None = None
    changed: str = ""
    words: str


class BehaviourResult(BaseModel):
    """What one behaviour test showed.

    Attributes
    ----------
    code : str
        Of its rule at the gate.
    kind : {"invariance", "direction", "minimum"}
    name : str
    column : str
        Which was changed; empty for named cases.
    about : str
        What the score is, in words.
    tried : int
        How many rows or cases were tried.
    broken : int
        How many did not do what is asked.
    share : float
        The share that may be broken.
    worst : float or None
        The largest move against what is asked; None for named cases.
    bound : float or None
        The largest that is allowed.
    held : bool
    words : str
        The outcome in a sentence.
    examples : tuple of BrokenRow
        The worst of those that are broken.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    kind: Literal["invariance", "direction", "minimum"]
    name: str
    column: str = ""
    about: str
    tried: int
    broken: int
    share: float
    worst: float | None = None
    bound: float | None = None
    held: bool
    words: str
    examples: tuple[BrokenRow, ...] = ()
