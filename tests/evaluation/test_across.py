"""Systems over data sets: ranks and tests agree with the references, and equal systems are not told apart."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from modelwright.errors import DataError
from modelwright.evaluation import compare_across, read_results, write_ranks
from tests.pages.reading import read


def results(scores) -> pl.DataFrame:
    """A table of results from an array of data sets by systems."""
    return pl.DataFrame(
        [
            {"system": f"s{column}", "data_set": f"d{row}", "score": float(score)}
            for row, line in enumerate(scores)
            for column, score in enumerate(line)
        ]
    )


def noisy(seed: int, data_sets: int, leads) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (
        rng.uniform(0.6, 0.9, size=(data_sets, 1))
        + np.array(leads)
        + rng.normal(0, 0.01, (data_sets, len(leads)))
    )


def test_friedmans_test_agrees_with_scipy_ties_included() -> None:
    from scipy import stats

    scores = np.round(noisy(0, 12, [0.02, 0.0, 0.01, -0.02]), 2)
    found = compare_across(results(scores))
    expected = stats.friedmanchisquare(*scores.T)
    assert (found.friedman, found.friedman_p) == pytest.approx((expected.statistic, expected.pvalue))
    assert sorted(found.mean_ranks) == pytest.approx(sorted(stats.rankdata(-scores, axis=1).mean(axis=0)))


@pytest.mark.parametrize(("systems", "published"), [(2, 1.960), (4, 2.569), (5, 2.728), (10, 3.164)])
def test_the_critical_difference_is_that_of_demsars_table(systems, published) -> None:
    found = compare_across(results(noisy(0, 14, [0.0] * systems)))
    expected = published * np.sqrt(systems * (systems + 1) / (6 * 14))
    assert found.critical_difference == pytest.approx(expected, rel=1e-3)


def test_pairs_agree_with_wilcoxons_test_and_holms_correction() -> None:
    from scipy import stats
    from statsmodels.stats.multitest import multipletests

    scores = noisy(1, 15, [0.03, 0.02, 0.0])
    found = compare_across(results(scores))
    column = {f"s{at}": scores[:, at] for at in range(3)}
    p_values = [stats.wilcoxon(column[pair.first], column[pair.second]).pvalue for pair in found.pairs]
    assert [pair.p_value for pair in found.pairs] == pytest.approx(p_values)
    assert [pair.adjusted_p for pair in found.pairs] == pytest.approx(
        list(multipletests(p_values, method="holm")[1])
    )


def test_what_is_apart_is_told_apart_and_what_is_alike_is_joined() -> None:
    found = compare_across(results(noisy(0, 20, [0.05, 0.051, 0.0])))
    assert set(found.systems[:2]) == {"s0", "s1"}
    assert found.cliques == (found.systems[:2], ("s2",))
    assert [letters for *_, letters in found.rows()] == ["a", "a", "b"]
    assert "told apart from s2" in found.words


def test_equal_systems_are_told_apart_five_times_in_100() -> None:
    apart = [
        any(pair.adjusted_p < 0.05 for pair in compare_across(results(noisy(seed, 12, [0.0] * 4))).pairs)
        for seed in range(200)
    ]
    assert np.mean(apart) <= 0.07


def test_losses_rank_the_other_way() -> None:
    table = results([[1.0, 2.0], [1.0, 3.0], [2.0, 4.0]])
    assert compare_across(table, greater_is_better=False).systems == ("s0", "s1")
    assert compare_across(table).systems == ("s1", "s0")


def test_a_data_set_that_lacks_a_system_is_left_out_and_named() -> None:
    table = results(noisy(0, 6, [0.02, 0.0])).filter(
        ~((pl.col("system") == "s1") & (pl.col("data_set") == "d3"))
    )
    found = compare_across(table)
    assert found.left_out == ("d3",)
    assert len(found.data_sets) == 5


@pytest.mark.parametrize("name", ["results.csv", "results.json"])
def test_results_are_read_from_files_with_common_names_of_columns(tmp_path, name) -> None:
    rows = [
        {"Method": "a", "dataset": 1, "value": 0.5, "seconds": 3},
        {"Method": "b", "dataset": 1, "value": 0.4, "seconds": 4},
    ]
    path = tmp_path / name
    if name.endswith("json"):
        path.write_text(json.dumps(rows))
    else:
        pl.DataFrame(rows).write_csv(path)
    assert read_results(path).columns == ["system", "data_set", "score"]


def test_impossible_results_say_what_is_wrong(tmp_path) -> None:
    with pytest.raises(DataError, match="no column 'score'"):
        read_results(pl.DataFrame({"system": ["a"], "data_set": ["x"]}))
    with pytest.raises(DataError, match="row 1"):
        read_results(pl.DataFrame({"system": ["a"], "data_set": ["x"], "score": ["good"]}))
    with pytest.raises(DataError, match="at least two"):
        compare_across(results([[1.0, 2.0]]))
    with pytest.raises(DataError, match="more than one score"):
        compare_across(pl.concat([results([[1.0, 2.0], [1.0, 2.0]])] * 2))
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(DataError, match="JSON list"):
        read_results(tmp_path / "broken.json")


def test_the_plot_is_a_page_that_says_in_words_what_it_shows(tmp_path) -> None:
    found = compare_across(results(noisy(0, 20, [0.05, 0.051, 0.0])))
    page = write_ranks(found, tmp_path / "ranks.html").read_text()
    assert "Not told apart: s1 and s0" in page or "Not told apart: s0 and s1" in page
    assert "critical difference" in page
    assert not read(page).open
    assert "https://" not in page
    with pytest.raises(DataError, match=r"ends in \.html"):
        write_ranks(found, tmp_path / "ranks.svg")
