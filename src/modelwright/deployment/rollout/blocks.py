"""Two streams that come in any order, brought side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Blocks:
    """Differences between a champion's and a challenger's figures where each row has only one of the two.

    As soon as both have come, the mean of the champion's waiting figures minus the mean of the challenger's
    is one difference, and the wait begins anew. Its expected value is the difference of the two means,
    whatever the share of each; the more frequent arm adds less noise, as in any comparison of two means.

    Attributes
    ----------
    champion, challenger : tuple of int and ndarray
        How many figures wait, and their sums.
    """

    champion: tuple[int, Floats]
    challenger: tuple[int, Floats]

    @classmethod
    def begin(cls, figures: int = 1) -> Blocks:
        """Wait for rows of so many figures."""
        return cls((0, np.zeros(figures)), (0, np.zeros(figures)))

    def absorb(self, is_challenger: NDArray[np.bool_], figures: Floats) -> tuple[Blocks, Floats]:
        """Take in rows, oldest first.

        Parameters
        ----------
        is_challenger : ndarray of shape (n,)
        figures : ndarray of shape (n, n_figures)

        Returns
        -------
        tuple of Blocks and ndarray of shape (n_differences, n_figures)
        """
        (n_old, old), (n_new, new) = self.champion, self.challenger
        differences = []
        for theirs, row in zip(is_challenger.tolist(), figures, strict=True):
            if theirs:
                n_new, new = n_new + 1, new + row
            else:
                n_old, old = n_old + 1, old + row
            if n_old and n_new:
                differences.append(old / n_old - new / n_new)
                n_old, n_new, old, new = 0, 0, np.zeros_like(old), np.zeros_like(new)
        found = np.array(differences).reshape(-1, figures.shape[1])
        return Blocks((n_old, old), (n_new, new)), found

    def to_dict(self) -> dict[str, Any]:
        """Return the state as JSON-able content; `restored` reads it exactly."""
        return {
            "champion": [self.champion[0], self.champion[1].tolist()],
            "challenger": [self.challenger[0], self.challenger[1].tolist()],
        }

    @classmethod
    def restored(cls, content: dict[str, Any]) -> Blocks:
        """Return the state that ``to_dict`` returned."""
        (n_old, old), (n_new, new) = content["champion"], content["challenger"]
        return cls((n_old, np.array(old)), (n_new, np.array(new)))
