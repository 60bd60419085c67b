"""What needs no labels: whether a challenger fails, is slow, or says something else altogether."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.deployment.rollout.blocks import Blocks
from modelwright.deployment.rollout.wealth import Wealth

Floats = NDArray[np.float64]

MOST_FAILURES = 0.001
"""Share of rows that a challenger may fail to score where the champion does."""
MOST_SLOWER = 0.01
"""By how much the share of answers slower than promised may be higher than the champion's."""


@dataclass(frozen=True)
class Answered:
    """Some rows that one of the two, or both, have scored.

    Attributes
    ----------
    is_challenger : ndarray of shape (n,), bool
        Whose answer each is.
    slow : ndarray of shape (n,), bool
        Whether it took longer than promised.
    scores : ndarray of shape (n, n_scores)
        Probability of each class; or where each value lies among the champion's, from 0 to 1.
    """

    is_challenger: NDArray[np.bool_]
    slow: NDArray[np.bool_]
    scores: Floats


@dataclass(frozen=True)
class Guards:
    """The evidence that a challenger does harm that shows without labels.

    Attributes
    ----------
    names : tuple of str
        Of the scores.
    most_shift : float
        By how much the mean of a score may differ.
    failures : Wealth
        Of rows that the challenger could not score.
    slower : Wealth
        Of the difference in slow answers, challenger minus champion.
    shifts : tuple of Wealth
        Of the difference in each score, challenger minus champion.
    waiting : Blocks
        Figures that wait for their counterpart; unused in the shadow, where both score each row.
    """

    names: tuple[str, ...]
    most_shift: float
    failures: Wealth
    slower: Wealth
    shifts: tuple[Wealth, ...]
    waiting: Blocks

    @classmethod
    def begin(cls, names: tuple[str, ...], most_shift: float) -> Guards:
        """Start without evidence."""
        bounds = np.array([-most_shift, most_shift])
        return cls(
            names,
            most_shift,
            Wealth.begin(np.array([MOST_FAILURES]), low=0.0),
            Wealth.begin(np.array([MOST_SLOWER])),
            tuple(Wealth.begin(bounds) for _ in names),
            Blocks.begin(1 + len(names)),
        )

    def failed(self, is_failure: NDArray[np.bool_]) -> Guards:
        """Take in whether the challenger could score each of some rows."""
        return self._with(failures=self.failures.absorb(is_failure.astype(np.float64)))

    def paired(self, champion: Answered, challenger: Answered) -> Guards:
        """Take in rows that both have scored."""
        return self._differed(_figures(challenger) - _figures(champion))

    def unpaired(self, answered: Answered) -> Guards:
        """Take in rows that either has scored, in the order they were asked."""
        waiting, differences = self.waiting.absorb(answered.is_challenger, _figures(answered))
        return self._differed(-differences, waiting)

    def _differed(self, differences: Floats, waiting: Blocks | None = None) -> Guards:
        shifts = zip(self.shifts, differences[:, 1:].T, strict=True)
        return self._with(
            waiting=waiting or self.waiting,
            slower=self.slower.absorb(differences[:, 0]),
            shifts=tuple(each.absorb(values) for each, values in shifts),
        )

    def _with(self, **changes: Any) -> Guards:
        return Guards(**{name: getattr(self, name) for name in self.__dataclass_fields__} | changes)

    def to_dict(self) -> dict[str, Any]:
        """Return the state as JSON-able content; `restored` reads it exactly."""
        return {
            "failures": self.failures.to_dict(),
            "slower": self.slower.to_dict(),
            "shifts": [each.to_dict() for each in self.shifts],
            "waiting": self.waiting.to_dict(),
        }

    def restored(self, content: dict[str, Any]) -> Guards:
        """Return the state that ``to_dict`` returned."""
        shifts = zip(self.shifts, content["shifts"], strict=True)
        return self._with(
            failures=self.failures.restored(content["failures"]),
            slower=self.slower.restored(content["slower"]),
            shifts=tuple(each.restored(kept) for each, kept in shifts),
            waiting=Blocks.restored(content["waiting"]),
        )


def guarded_classes(classes: Sequence[str]) -> list[int]:
    """Return the classes whose probabilities are guarded: of two, one says it all."""
    return [1] if len(classes) == 2 else list(range(len(classes)))


def guarded_scores(classes: Sequence[str], cuts: Sequence[float]) -> tuple[str, ...]:
    """Name the scores that are guarded; none where values have nothing to be ranked by."""
    if classes:
        return tuple(f"probability of '{classes[each]}'" for each in guarded_classes(classes))
    return ("rank of the value",) if cuts else ()


def _figures(answered: Answered) -> Floats:
    figures: Floats = np.column_stack([answered.slow.astype(np.float64), answered.scores])
    return figures
