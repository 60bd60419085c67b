"""How many values are distinct, from the smallest of their hashes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_SPACE = 2.0**64


class DistinctCount:
    """A count of distinct values that needs little room.

    All hashes are kept up to `size`: the count is exact but for collisions. Beyond, the smallest `size` are
    kept and the count is estimated from how dense they lie (Bar-Yossef, Jayram, Kumar, Sivakumar and
    Trevisan, 2002; the estimate (k - 1) / u is unbiased, its relative standard error about
    1 / sqrt(k - 2)).

    Parameters
    ----------
    size : int, default 8,192
        Most hashes kept: a standard error of 1.1 %.
    """

    def __init__(self, size: int = 8_192) -> None:
        self.size = size
        self.limit = 2**64 - 1
        self._hashes = np.zeros(0, dtype=np.uint64)
        self._fresh: list[NDArray[np.uint64]] = []

    def add(self, hashes: NDArray[np.uint64]) -> None:
        """Take in the hashes of more values."""
        self._fresh.append(hashes[hashes <= np.uint64(self.limit)])
        if sum(map(len, self._fresh)) > self.size:
            self._merge()

    def _merge(self) -> None:
        if not self._fresh:
            return
        ordered = np.sort(
            np.concatenate([self._hashes, *self._fresh])
        )  # numpy.unique is several times slower
        self._hashes = (
            ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered
        )
        self._fresh = []
        if len(self._hashes) > self.size:
            self._hashes = self._hashes[: self.size]
            self.limit = int(self._hashes[-1])

    @property
    def exact(self) -> bool:
        """Whether every hash is kept."""
        self._merge()
        return self.limit == 2**64 - 1

    def __len__(self) -> int:
        if self.exact:
            return len(self._hashes)
        return round((self.size - 1) / ((self.limit + 1) / _SPACE))
