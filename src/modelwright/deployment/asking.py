"""What may be asked for beside the answer itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """What an answer shall carry.

    Attributes
    ----------
    levels : tuple of float
        Levels of the sets or intervals wanted, such as 0.9.
    explain : bool
        Whether reasons are wanted.
    abstain_below : float or None
        Least probability of the label for a firm answer; None means as the package says.
    """

    levels: tuple[float, ...] = ()
    explain: bool = False
    abstain_below: float | None = None


NOTHING_MORE = Asked()
