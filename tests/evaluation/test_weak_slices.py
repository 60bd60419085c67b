"""The search for weak slices finds those there are, and seldom one that is not."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from modelwright.data import Column
from modelwright.evaluation import search_slices
from modelwright.evaluation.outcomes.conditions import propose_conditions
from modelwright.evaluation.outcomes.searching import benjamini_hochberg, clustered_difference

COLUMNS = [
    Column(name="age", kind="number"),
    Column(name="income", kind="number"),
    Column(name="job", kind="category"),
    Column(name="region", kind="category"),
    Column(name="member", kind="boolean"),
    Column(name="joined", kind="time"),
]


def people(rng: np.random.Generator, rows: int) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "age": rng.uniform(18, 80, rows).astype(np.float32),
            "income": rng.lognormal(10, 1, rows).astype(np.float32),
            "job": rng.choice(["clerk", "cook", "nurse", "pilot"], rows),
            "region": rng.choice(["north", "east", "south", "west"], rows),
            "member": rng.integers(0, 2, rows).astype(np.float32),
            "joined": rng.integers(0, 700 * 86_400, rows),
        }
    )
    holes = pl.Series(rng.random(rows) < 0.1)
    return frame.with_columns(pl.when(holes).then(None).otherwise(pl.col("income")).alias("income"))


def brier(rng: np.random.Generator, chance: np.ndarray) -> np.ndarray:
    """Skewed and bounded, as the losses of a classifier are."""
    return 2 * ((rng.random(len(chance)) < chance) - chance) ** 2


def test_a_planted_pair_of_conditions_is_found_first_and_alone() -> None:
    rng = np.random.default_rng(0)
    frame = people(rng, 4000)
    weak = ((frame["job"] == "cook") & (frame["region"] == "south")).to_numpy()

    found = search_slices(frame, brier(rng, np.where(weak, 0.4, 0.1)), COLUMNS)

    first, *others = found.candidates
    assert {str(each) for each in first.conditions} == {"job is 'cook'", "region is 'south'"}
    assert first.q_value < 0.001
    assert others == []
    assert found.tested > 400


@pytest.mark.parametrize(
    ("name", "weak", "words"),
    [
        ("missing", pl.col("income").is_null(), "income is missing"),
        ("truth value", pl.col("member") == 1, "member is true"),
        ("month", pl.from_epoch("joined").dt.month() == 3, "joined is in March"),
        ("level", pl.col("job") == "nurse", "job is 'nurse'"),
    ],
)
def test_each_kind_of_condition_is_found(name: str, weak: pl.Expr, words: str) -> None:
    rng = np.random.default_rng(1)
    frame = people(rng, 4000)
    where = frame.select(weak.fill_null(False)).to_series().to_numpy()

    found = search_slices(frame, brier(rng, np.where(where, 0.45, 0.1)), COLUMNS)

    assert [tuple(map(str, each.conditions)) for each in found.candidates] == [(words,)], name


def test_without_weak_slices_hardly_any_search_finds_one() -> None:
    """Under no weak slice every discovery is false, so their rate is the share of searches with any."""
    hits = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        frame = people(rng, 1500)
        hits.append(bool(search_slices(frame, brier(rng, np.full(1500, 0.2)), COLUMNS).candidates))

    assert np.mean(hits) <= 0.1


def test_clusters_of_alike_rows_are_no_weak_slices() -> None:
    """Rows of one shop share job, region and loss; counted as rows, shops would look like weak slices."""
    naive, careful = 0, 0
    for seed in range(15):
        rng = np.random.default_rng(seed)
        shop = np.repeat(np.arange(60), 25)
        frame = people(rng, 60)[shop]
        losses = rng.normal(size=60)[shop] + 0.3 * rng.normal(size=len(shop))
        naive += bool(search_slices(frame, losses, COLUMNS).candidates)
        careful += bool(search_slices(frame, losses, COLUMNS, clusters=shop).candidates)

    assert naive == 15
    assert careful <= 3


def test_a_hundred_columns_are_searched_by_every_pair() -> None:
    rng = np.random.default_rng(2)
    frame = pl.DataFrame({f"x{at}": rng.normal(size=2000).astype(np.float32) for at in range(100)})
    columns = [Column(name=name, kind="number") for name in frame.columns]
    weak = ((frame["x3"] > 0.8) & (frame["x70"] > 0)).to_numpy()

    found = search_slices(frame, brier(rng, np.where(weak, 0.6, 0.1)), columns)

    assert found.tested > 50_000
    assert {each.column for each in found.candidates[0].conditions} == {"x3", "x70"}


def test_conditions_are_met_by_enough_rows_and_by_few_enough() -> None:
    frame = people(np.random.default_rng(3), 400)

    for condition in propose_conditions(frame, COLUMNS, 30):
        assert 30 <= condition.holds(frame).sum() <= 370, str(condition)


def test_ranges_of_a_number_part_the_known_values() -> None:
    frame = people(np.random.default_rng(4), 1000)
    ranges = [
        each
        for each in propose_conditions(frame, COLUMNS, 10)
        if each.column == "age" and each.kind == "range"
    ]

    met = sum(each.holds(frame).astype(int) for each in ranges)

    assert len(ranges) == 6
    assert set(np.unique(met)) == {1}


def test_the_adjustment_agrees_with_scipy() -> None:
    from scipy.stats import false_discovery_control

    p_values = np.random.default_rng(5).uniform(size=200) ** 2

    np.testing.assert_allclose(benjamini_hochberg(p_values), false_discovery_control(p_values))


def test_the_test_of_two_means_agrees_with_scipy() -> None:
    from scipy.stats import ttest_ind

    rng = np.random.default_rng(6)
    losses, inside = rng.exponential(size=300), rng.random(300) < 0.2

    found = clustered_difference(losses, inside, None)
    reference = ttest_ind(losses[inside], losses[~inside], equal_var=False, alternative="greater")

    assert found.p_value == pytest.approx(reference.pvalue)
    assert found.freedom == pytest.approx(reference.df)


def test_with_clusters_the_difference_has_the_variance_of_the_sums_of_clusters() -> None:
    """Coverage of the interval that the second test takes, where whole clusters are in or out."""
    from scipy.special import stdtrit

    held = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        cluster = np.repeat(np.arange(40), 10)
        losses = rng.normal(size=40)[cluster] + rng.normal(size=400)
        found = clustered_difference(losses, cluster % 2 == 0, cluster)
        held.append(abs(found.value) <= stdtrit(found.freedom, 0.975) * found.error)

    assert 0.92 <= np.mean(held) <= 0.985
