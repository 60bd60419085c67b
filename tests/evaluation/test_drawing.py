"""Rows are drawn alone, in clusters, or in blocks of neighbours in time."""

from __future__ import annotations

import numpy as np
import pytest

from modelwright.evaluation.drawing import Units, affordable, block_length, politis_white


def autoregressive(seed: int, persistence: float, rows: int):
    """A series in which each value keeps a share of the one before."""
    shocks = np.random.default_rng(seed).normal(size=rows)
    series = shocks.copy()
    for row in range(1, rows):
        series[row] += persistence * series[row - 1]
    return series


def drawn(units: Units, resamples: int = 50, seed: int = 0):
    return np.concatenate([part() for part in units.counts(resamples, seed)])


@pytest.mark.parametrize(
    ("seed", "persistence", "rows", "reference"),
    [(0, 0.0, 500, 1.1264), (1, 0.5, 500, 9.5242), (2, 0.9, 2000, 41.783), (3, -0.4, 1000, 9.835)],
)
def test_block_lengths_agree_with_the_package_arch(seed, persistence, rows, reference) -> None:
    """Values of `arch.bootstrap.optimal_block_length` (arch 8.0), circular blocks."""
    assert politis_white(autoregressive(seed, persistence, rows)) == pytest.approx(reference, rel=1e-3)


def test_a_block_is_at_least_twice_the_cube_root_and_leaves_ten_blocks() -> None:
    assert block_length(1000) == 20
    assert block_length(1000, np.ones(1000)) == 20
    assert block_length(1000, autoregressive(0, 0.99, 1000)) > 80
    assert block_length(50, autoregressive(0, 0.99, 50)) == 5
    assert block_length(5) == 1


def test_a_resample_has_as_many_rows_as_there_are() -> None:
    assert (drawn(Units.of(300)).sum(axis=1) == 300).all()
    timed = Units.of(300, times=np.arange(300))
    assert abs(drawn(timed).sum(axis=1).astype(int) - 300).max() < timed.length


def test_neighbours_in_time_are_drawn_together_whatever_the_order_of_the_rows() -> None:
    rng = np.random.default_rng(0)
    times = rng.permutation(400)
    units = Units.of(400, times=times)
    weights = units.spread(drawn(units).astype(float))[:, np.argsort(times)]
    alike = [np.corrcoef(row[:-1], row[1:])[0, 1] for row in weights]
    assert np.mean(alike) > 0.7


def test_clusters_that_are_drawn_in_blocks_stay_whole() -> None:
    clusters = np.repeat(np.arange(100), 3)
    units = Units.of(300, clusters, times=np.tile(np.arange(3.0), 100) + clusters)
    weights = units.spread(drawn(units).astype(float)).reshape(50, 100, 3)
    assert units.count == 100
    assert (weights == weights[:, :, :1]).all()


def test_a_thousand_resamples_are_drawn_of_a_hundred_thousand_rows_and_fewer_of_more() -> None:
    assert affordable(1000, 100_000) == 1000
    assert affordable(1000, 200_000) == 500
    assert affordable(1000, 10_000_000) == 200


def test_the_same_seed_draws_the_same() -> None:
    units = Units.of(1000)
    assert (drawn(units, seed=3) == drawn(units, seed=3)).all()
    assert (drawn(units, seed=3) != drawn(units, seed=4)).any()
