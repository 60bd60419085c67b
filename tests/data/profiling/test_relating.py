"""The measure of relations: right for numbers and categories, unbiased, and zero by chance."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from modelwright.data import profile
from modelwright.data.profiling.relating import strengths


def strength(first, second) -> float:
    return float(strengths([np.asarray(first)], [np.asarray(second)])[0, 0])


def related(frame: pl.DataFrame) -> float:
    first, second = frame.columns
    found = {frozenset((each.first, each.second)): each.strength for each in profile(frame).relations}
    return found.get(frozenset((first, second)), 0.0)


@pytest.mark.parametrize("correlation", [0.3, 0.6, 0.9])
def test_of_normal_numbers_it_is_near_their_correlation(correlation) -> None:
    rng = np.random.default_rng(0)
    covariance = [[1, correlation], [correlation, 1]]
    first, second = rng.multivariate_normal([0, 0], covariance, 20_000).T

    assert related(pl.DataFrame({"a": first, "b": second})) == pytest.approx(correlation, abs=0.04)


@pytest.mark.parametrize("share", [0.6, 0.7, 0.8])
def test_of_two_even_labels_it_is_near_their_correlation(share) -> None:
    rng = np.random.default_rng(0)
    first = rng.integers(0, 2, 20_000)
    second = np.where(rng.random(20_000) < share, first, 1 - first)

    assert strength(first, second) == pytest.approx(2 * share - 1, abs=0.06)


def test_it_is_one_where_one_tells_the_other() -> None:
    rng = np.random.default_rng(0)
    fine = rng.integers(0, 12, 500)

    assert strength(fine, fine // 4) == 1
    assert strength(fine, fine) == 1
    assert related(pl.DataFrame({"n": rng.normal(size=500)}).with_columns(m=pl.col("n").exp())) == 1


def test_it_works_between_a_number_and_a_category() -> None:
    rng = np.random.default_rng(0)
    kinds = rng.integers(0, 3, 5000)
    frame = pl.DataFrame(
        {"kind": np.array(["a", "b", "c"])[kinds], "size": kinds * 2 + rng.normal(size=5000)}
    )

    assert 0.8 < related(frame) < 0.99


@pytest.mark.parametrize(("first", "second"), [(2, 2), (5, 10), (10, 20)])
def test_unrelated_columns_have_none_but_in_one_of_a_thousand(first, second) -> None:
    rng = np.random.default_rng(0)
    left = [rng.integers(0, first, 1000) for _ in range(40)]
    right = [rng.integers(0, second, 1000) for _ in range(40)]

    found = strengths(left, right)

    assert (found > 0).mean() <= 0.01


def test_few_rows_and_many_levels_do_not_feign_strength() -> None:
    rng = np.random.default_rng(0)
    found = [
        strength((levels + rng.integers(0, 4, 300)) % 10, levels)
        for levels in (rng.integers(0, 10, 300) for _ in range(50))
    ]
    many = rng.integers(0, 10, 200_000)
    truth = strength((many + rng.integers(0, 4, 200_000)) % 10, many)

    assert np.mean(found) == pytest.approx(truth, abs=0.02)


def test_it_is_computed_from_the_mutual_information() -> None:
    from sklearn.metrics import mutual_info_score

    rng = np.random.default_rng(0)
    first = rng.integers(0, 4, 100_000)
    second = (first + rng.integers(0, 3, 100_000)) % 4
    information = mutual_info_score(first, second)
    by_hand = np.sqrt(1 - np.exp(-2 * information / (1 - information / np.log(4))))

    assert strength(first, second) == pytest.approx(by_hand, abs=1e-3)


def test_all_pairs_at_once_are_as_each_pair_alone() -> None:
    rng = np.random.default_rng(0)
    columns = [rng.integers(0, levels, 400) for levels in (2, 5, 3)]
    columns.append(columns[1] // 2)

    together = strengths(columns, columns)

    for i, first in enumerate(columns):
        for j, second in enumerate(columns):
            assert together[i, j] == pytest.approx(strength(first, second), abs=1e-4)
