"""Arrays as JSON lists and back, without losing a bit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

LARGEST = np.finfo(np.float32).max
"""Largest finite float32: the learners refuse infinities, so larger numbers stop here."""


def number_matrix(frame: pl.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """Return columns as float32 ``[n, k]``: NaN where missing, infinities as the largest finite number."""
    matrix = frame.select(pl.col(columns).cast(pl.Float32)).to_numpy(order="c")
    bounded: np.ndarray = np.clip(matrix, -LARGEST, LARGEST, dtype=np.float32)
    return bounded


def to_list(values: np.ndarray) -> list[float | None]:
    """Return float32 numbers as a list that strict JSON can hold: NaN becomes None."""
    return [None if np.isnan(value) else float(value) for value in values]


def to_array(values: Sequence[float | None]) -> np.ndarray:
    """Return the float32 array that `to_list` was given."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float32)
