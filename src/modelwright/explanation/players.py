"""Whose share a feature's is: of one column, or of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Players:
    """The players of a game in which features made from the same columns go together.

    A feature of one column plays with its column. Features made from the same several columns are a player of
    their own, whose share the columns divide equally: a mixture of two rows' columns has no such feature,
    unless the whole representation were computed for every mixture.

    Attributes
    ----------
    of_feature : ndarray of int
        The player that each feature belongs to.
    portions : ndarray of shape (players, columns)
        What each column gets of a player's share; each row adds up to 1.
    """

    of_feature: NDArray[np.int64]
    portions: NDArray[np.float64]

    @classmethod
    def of(cls, sources: Sequence[Sequence[int]], columns: int) -> Self:
        """Return the players for the positions of each feature's columns."""
        sets = [tuple(sorted(set(columns_of))) for columns_of in sources]
        number = {columns_of: at for at, columns_of in enumerate(dict.fromkeys(sets))}
        portions = np.zeros((len(number), columns))
        for columns_of, at in number.items():
            portions[at, list(columns_of)] = 1 / len(columns_of)
        return cls(np.array([number[columns_of] for columns_of in sets], dtype=np.int64), portions)
