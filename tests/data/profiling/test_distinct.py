"""Distinct values are counted: exactly while they are few, then with the error that is stated."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from modelwright.data.profiling.distinct import DistinctCount


def test_few_are_counted_exactly() -> None:
    count = DistinctCount(size=100)
    for values in (range(60), range(30, 90)):
        count.add(pl.Series(values).hash(0).to_numpy())

    assert count.exact
    assert len(count) == 90


@pytest.mark.parametrize("kind", [pl.Int64, pl.Float64, pl.String])
def test_many_are_estimated_without_bias_and_with_the_stated_error(kind) -> None:
    estimates = []
    for at in range(60):
        count = DistinctCount(size=256)
        for part in range(5):
            start = at * 100_000 + part * 2000
            count.add(pl.Series(np.arange(start, start + 4000)).cast(kind).hash(0).to_numpy())
        assert not count.exact
        estimates.append(len(count) / 12_000)

    assert np.mean(estimates) == pytest.approx(1, abs=4 / np.sqrt(254 * 60))
    assert np.std(estimates) == pytest.approx(1 / np.sqrt(254), rel=0.4)
