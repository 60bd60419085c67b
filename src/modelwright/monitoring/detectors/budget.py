"""How many false alarms are allowed, and how that is shared out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

_YEAR = 365.25 * 86_400
_DAY = 86_400


@dataclass(frozen=True)
class Budget:
    """The false alarms that one stream may expect to raise.

    Over a year and a day the streams of one release together raise at most ``false_alarms_per_year`` false
    alarms, on average, however much traffic there is and however often someone looks.

    Attributes
    ----------
    per_second : float
        Expected false alarms that become due each second.
    """

    per_second: float

    @classmethod
    def share(cls, false_alarms_per_year: float, n_streams: int) -> Self:
        """Divide the yearly budget equally over the streams that are watched."""
        return cls(false_alarms_per_year / _YEAR / max(n_streams, 1))

    @property
    def advance(self) -> float:
        """A day's budget, given at the start, so that a change on the first day can be seen."""
        return self.per_second * _DAY
