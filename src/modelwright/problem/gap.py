"""The gap between what is learned from and what is judged by: a time, a number of rows, or steps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
_WRITTEN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(s|m|h|d|w|rows?)?\s*")


@dataclass(frozen=True)
class Gap:
    """What is left out before the rows that are judged by.

    Attributes
    ----------
    amount : float
    unit : {"seconds", "rows", "steps"}
        Steps are for a time that is a plain number: in its own unit.
    """

    amount: float = 0.0
    unit: Literal["seconds", "rows", "steps"] = "steps"

    @classmethod
    def parse(cls, text: str) -> Gap:
        """Read a gap as a brief states it.

        Parameters
        ----------
        text : str
            Such as ``7d``, ``12h``, ``500 rows``, or ``30`` where time is a plain number; empty is no gap.

        Raises
        ------
        ValueError
            If it is none of these.
        """
        if not text.strip():
            return cls()
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise ValueError(
                f"must be a time such as '7d', '12h' or '30m', a number of rows such as '500 rows', or a "
                f"number where the time column is one, but got '{text}'"
            )
        amount, unit = float(match[1]), match[2]
        if unit is None:
            return cls(amount, "steps")
        if unit.startswith("row"):
            if amount != int(amount):
                raise ValueError(f"must be a whole number of rows, but got '{text}'")
            return cls(amount, "rows")
        return cls(amount * _SECONDS[unit], "seconds")

    def __bool__(self) -> bool:
        """Whether there is a gap at all."""
        return self.amount > 0
