"""What is in production now: the champion, and the challenger beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class TrialTerms:
    """On what terms a challenger stands beside the champion.

    Attributes
    ----------
    share : float
        Of the keys, for the challenger; 0 in the shadow.
    key : str
        Column whose value decides who answers; empty for the whole row.
    slow_ms : float
        From here on, an answer is slow.
    score_shift : float
        By how much the mean of a score may differ.
    cuts : tuple of float
        Rising values of the champion, by which the rank of a value is told; empty for classes.
    guards : dict or None
        What was known of the guards when the trial was last kept.
    """

    share: float
    key: str
    slow_ms: float
    score_shift: float
    cuts: tuple[float, ...] = ()
    guards: dict[str, Any] | None = None


@dataclass(frozen=True)
class Standing:
    """What is in production now.

    Attributes
    ----------
    release : str
    package : str
        Its folder.
    challenger : str or None
        The release on trial beside it.
    challenger_package : str
    terms : TrialTerms or None
    signed_by : tuple of str
        Public keys, one of which must have signed a package.
    """

    release: str
    package: str
    challenger: str | None = None
    challenger_package: str = ""
    terms: TrialTerms | None = None
    signed_by: tuple[str, ...] = ()

    @property
    def parties(self) -> tuple[str, str | None]:
        """Who stands: the champion, and the challenger if there is one."""
        return self.release, self.challenger
