"""What is kept: combinations that say of unseen rows what single columns do not, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from modelwright.features import Setting, Style
from modelwright.features.combining import Base
from modelwright.features.combining.combination import Recipe
from modelwright.features.combining.cross import MEAN, RANK
from modelwright.features.combining.making import made
from modelwright.features.combining.screening import FEWEST, SIZES, screened
from modelwright.problem import Task

ROWS = 800
SETTINGS = {
    Task.REGRESSION: Setting(Task.REGRESSION, Style.TREE, (), 3),
    Task.BINARY: Setting(Task.BINARY, Style.TREE, ("no", "yes"), 3),
    Task.MULTICLASS: Setting(Task.MULTICLASS, Style.TREE, ("a", "b", "c"), 3),
}


def features() -> np.ndarray:
    """Return three numbers, one with gaps, and two codes of 6 levels each."""
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=(ROWS, 3)).astype(np.float32)
    numbers[rng.random(ROWS) < 0.1, 2] = np.nan
    codes = rng.integers(0, 6, (ROWS, 2)).astype(np.float32)
    return np.concatenate([numbers, codes], axis=1)


def target(task: Task, signal: np.ndarray) -> np.ndarray:
    values = signal + 0.1 * signal.std() * np.random.default_rng(1).normal(size=len(signal))
    if task is Task.REGRESSION:
        return values
    return np.searchsorted(np.quantile(values, [0.5] if task is Task.BINARY else [0.33, 0.67]), values)


@pytest.mark.parametrize("task", Task)
def test_a_difference_that_decides_is_kept(task: Task) -> None:
    X = features()
    y = target(task, np.sin(3 * (X[:, 0] - X[:, 1])))
    kept = screened(Base.of(X, (3, 4), y, SETTINGS[task]))
    assert any(recipe.operation == "-" and set(recipe.of) == {0, 1} for recipe in kept)
    assert len(kept) <= max(SIZES)


def test_a_cross_of_categories_that_decides_is_kept() -> None:
    X = features()
    effect = np.random.default_rng(2).normal(size=(6, 6))
    y = target(Task.REGRESSION, effect[X[:, 3].astype(int), X[:, 4].astype(int)])
    kept = screened(Base.of(X, (3, 4), y, SETTINGS[Task.REGRESSION]))
    assert Recipe("cross", MEAN, (3, 4)) in kept or Recipe("cross", MEAN, (4, 3)) in kept


def test_little_is_kept_of_noise() -> None:
    y = target(Task.BINARY, np.random.default_rng(4).normal(size=ROWS))
    assert len(screened(Base.of(features(), (3, 4), y, SETTINGS[Task.BINARY]))) <= min(SIZES)


def test_the_same_rows_and_seed_keep_the_same() -> None:
    X = features()
    base = Base.of(
        X, (3, 4), target(Task.REGRESSION, np.sin(3 * (X[:, 0] - X[:, 1]))), SETTINGS[Task.REGRESSION]
    )
    assert screened(base) == screened(base) != []


@pytest.mark.parametrize("y", [np.zeros(ROWS, dtype=np.int64), np.arange(FEWEST - 1) % 2])
def test_too_few_rows_and_a_target_that_never_varies_give_none(y: np.ndarray) -> None:
    assert screened(Base.of(features()[: len(y)], (3, 4), y, SETTINGS[Task.BINARY])) == []


def test_features_without_any_value_do_not_disturb() -> None:
    X = np.concatenate([features(), np.full((ROWS, 2), np.nan, dtype=np.float32)], axis=1)
    y = target(Task.REGRESSION, np.sin(3 * (X[:, 0] - X[:, 1])))
    kept = screened(Base.of(X, (3, 4, 5), y, SETTINGS[Task.REGRESSION]))
    assert any(recipe.operation == "-" and set(recipe.of) == {0, 1} for recipe in kept)


def test_training_features_know_nothing_of_their_own_row() -> None:
    rng = np.random.default_rng(5)
    X = rng.integers(0, 40, (600, 2)).astype(np.float32)
    y = rng.integers(0, 2, 600)
    base = Base.of(X, (0, 1), y, SETTINGS[Task.BINARY])
    recipes = [Recipe("cross", MEAN, (0, 1)), Recipe("cross", MEAN, (0,)), Recipe("cross", RANK, (0, 1))]
    training = made(recipes, base)[1].astype(np.float64) + 1e-9 * rng.normal(
        size=(600, 3)
    )  # none is constant
    assert np.abs([np.corrcoef(column, y)[0, 1] for column in training.T]).max() < 0.3
