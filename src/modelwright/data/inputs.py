"""What the portable model takes: one matrix each of numbers, texts and times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.contract import Contract
from modelwright.data.time_format import MISSING_TIME


@dataclass(frozen=True, eq=False)
class Inputs:
    """Rows as matrices, in the contract's order.

    Attributes
    ----------
    numbers : ndarray of float32, shape (n, k)
        Numbers, then booleans as 0 and 1; NaN where missing.
    texts : ndarray of str objects, shape (n, m)
        Categories, then the words of free texts; empty where missing.
    times : ndarray of int64, shape (n, t)
        Seconds from 1970-01-01 UTC; the smallest 64-bit integer where missing.
    """

    numbers: NDArray[np.float32]
    texts: NDArray[np.object_]
    times: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, rows: Any) -> Inputs:
        """Return some rows: a slice, or an array of positions."""
        return Inputs(self.numbers[rows], self.texts[rows], self.times[rows])

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Inputs)
            and np.array_equal(self.numbers, other.numbers, equal_nan=True)
            and np.array_equal(self.texts, other.texts)
            and np.array_equal(self.times, other.times)
        )

    __hash__ = None  # type: ignore[assignment]  # arrays can change


def matrices(contract: Contract, conformed: pl.DataFrame) -> Inputs:
    """Turn a conformed frame into the matrices that the portable model takes.

    Parameters
    ----------
    contract : Contract
    conformed : polars.DataFrame
        As `modelwright.data.conform` returns it.
    """
    rows = conformed.height
    numbers = np.empty((rows, len(contract.numbers)), dtype=np.float32)
    for at, name in enumerate(contract.numbers):
        numbers[:, at] = conformed[name].fill_null(float("nan")).to_numpy()
    texts = np.empty((rows, len(contract.texts)), dtype=object)
    for at, name in enumerate(contract.texts):
        texts[:, at] = conformed[name].fill_null("").to_list()
    times = np.empty((rows, len(contract.times)), dtype=np.int64)
    for at, name in enumerate(contract.times):
        times[:, at] = conformed[name].fill_null(MISSING_TIME).to_numpy()
    return Inputs(numbers, texts, times)
