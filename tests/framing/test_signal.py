"""The permutation test: its level is exact under the null, and it sees what is there."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from modelwright.framing.bins import bin_codes
from modelwright.framing.signal import find_signal

REPEATS = 200


@pytest.fixture(autouse=True)
def one_thread():
    """On so little work two threads mostly wait for each other."""
    with threadpool_limits(1, user_api="blas"):
        yield


def idle_columns(rng: np.random.Generator, rows: int) -> pl.DataFrame:
    """Columns of every kind that say nothing: normal, heavy-tailed, missing, with few and many categories."""
    gaps = rng.random(rows) < 0.3
    return pl.DataFrame(
        {
            "normal": rng.normal(size=rows).astype(np.float32),
            "heavy": pl.Series(rng.pareto(1.0, size=rows).astype(np.float32)).set(pl.Series(gaps), None),
            "coin": rng.integers(0, 2, rows).astype(np.float32),
            "few": rng.choice(["a", "b", "c"], rows, p=[0.8, 0.15, 0.05]),
            "many": rng.integers(0, 40, rows).astype(str),
            "when": rng.integers(0, 10**9, rows),
        }
    )


def p_values(world, **how) -> np.ndarray:
    found = []
    for repeat in range(REPEATS):
        frame, y, given = world(np.random.default_rng(repeat))
        tested = find_signal(frame, y, **given, **how, seed=repeat)
        assert tested is not None
        found.append(tested.p_value)
    return np.array(found)


def nothing(task: str, rows: int):
    def world(rng):
        y = {
            "binary": lambda: (rng.random(rows) < 0.3).astype(np.int64),
            "multiclass": lambda: rng.integers(0, 4, rows),
            "regression": lambda: rng.standard_cauchy(rows),
        }[task]()
        return idle_columns(rng, rows), y, {}

    return world


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_without_signal_p_values_are_uniform(task) -> None:
    found = p_values(nothing(task, 60))
    for level in (0.05, 0.2, 0.5, 0.8):
        # three standard errors of a share of 200
        assert abs(np.mean(found <= level) - level) <= 3 * np.sqrt(level * (1 - level) / REPEATS)


def test_rows_that_are_alike_within_groups_are_no_signal() -> None:
    def world(rng):
        group = np.repeat(np.arange(40), 8)
        frame = idle_columns(rng, 40)[group]
        y = (rng.random(40) < 0.5).astype(np.int64)[group]
        return frame, y, {"groups": group}

    assert np.mean(p_values(world) <= 0.05) <= 0.09


def test_neighbours_in_time_that_are_alike_are_no_signal() -> None:
    def walk(rng, rows):
        steps = rng.normal(size=rows)
        level = np.empty(rows)
        level[0] = steps[0]
        for at in range(1, rows):
            level[at] = 0.9 * level[at - 1] + steps[at]
        return level

    def world(rng):
        frame = pl.DataFrame({f"c{i}": walk(rng, 300).astype(np.float32) for i in range(3)})
        return frame, walk(rng, 300), {"order": np.arange(300)}

    def world_that_forgets_time(rng):
        frame, y, _ = world(rng)
        return frame, y, {}

    assert np.mean(p_values(world) <= 0.05) <= 0.09
    assert np.mean(p_values(world_that_forgets_time) <= 0.05) > 0.5


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_one_column_among_idle_ones_is_seen_and_named(task) -> None:
    seen = 0
    for repeat in range(40):
        rng = np.random.default_rng(repeat)
        frame = idle_columns(rng, 300)
        strength = frame["normal"].to_numpy() + 1.5 * rng.normal(size=300)
        y = (strength > 0).astype(np.int64) if task == "binary" else np.exp(strength)
        tested = find_signal(frame, y, seed=repeat)
        assert tested is not None
        seen += tested.p_value <= 0.05
        assert tested.columns == () or tested.columns[0] == "normal"
    assert seen >= 38


def test_a_bend_a_category_and_a_gap_are_seen_too() -> None:
    rng = np.random.default_rng(0)
    frame = idle_columns(rng, 600)
    for informative in (
        np.abs(frame["normal"].to_numpy()) > 0.7,
        frame["few"].to_numpy() == "b",
        frame["heavy"].is_null().to_numpy(),
    ):
        y = (rng.random(600) < 0.3 + 0.3 * informative).astype(np.int64)
        tested = find_signal(frame, y)
        assert tested is not None
        assert tested.p_value <= 0.01


def test_many_columns_that_say_a_little_are_seen_together() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1000, 60)).astype(np.float32)
    y = X.sum(axis=1) * 0.05 + rng.normal(size=1000)
    tested = find_signal(pl.DataFrame(X, schema=[f"c{i}" for i in range(60)]), y)
    assert tested is not None
    assert tested.p_value <= 0.05


def test_it_says_when_it_can_not_test() -> None:
    frame = pl.DataFrame({"same": np.ones(100, dtype=np.float32)})
    assert find_signal(frame, np.arange(100) % 2) is None
    few = idle_columns(np.random.default_rng(0), 100)
    assert find_signal(few, np.arange(100) % 2, groups=np.arange(100) % 7) is None


@given(
    values=st.one_of(
        st.lists(st.one_of(st.none(), st.floats(-1e9, 1e9, width=32)), min_size=1, max_size=60).map(
            lambda values: pl.Series("c", values, dtype=pl.Float32)
        ),
        st.lists(st.one_of(st.none(), st.text(max_size=2)), min_size=1, max_size=60).map(
            lambda values: pl.Series("c", values, dtype=pl.String)
        ),
    )
)
def test_bins_are_few_and_missing_has_its_own(values) -> None:
    codes = bin_codes(values)
    assert set(codes) == set(range(codes.max() + 1))
    assert codes.max() <= 9
    missing = values.is_null().to_numpy()
    assert not set(codes[missing]) & set(codes[~missing])
    assert len(set(codes[missing])) <= 1
