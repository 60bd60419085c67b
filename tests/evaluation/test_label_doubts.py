"""Doubtful labels: most that were flipped are found, and most that are found were flipped."""

from __future__ import annotations

import numpy as np
import pytest

from modelwright.evaluation import doubt_labels
from modelwright.problem import Task


def out_of_fold(X, y, model, method):
    from sklearn.model_selection import cross_val_predict

    return cross_val_predict(model, X, y, cv=5, method=method)


def flipped(y, share, classes, seed=0):
    """Return labels of which some say another class, and which they are."""
    rng = np.random.default_rng(seed)
    wrong = np.sort(rng.choice(len(y), int(share * len(y)), replace=False))
    noisy = y.copy()
    noisy[wrong] = (y[wrong] + rng.integers(1, classes, len(wrong))) % classes
    return noisy, wrong


@pytest.mark.parametrize(
    ("name", "classes", "precision", "recall"), [("breast_cancer", 2, 0.8, 0.8), ("digits", 10, 0.85, 0.75)]
)
def test_flipped_labels_are_found(name, classes, precision, recall):
    from sklearn import datasets
    from sklearn.ensemble import ExtraTreesClassifier

    X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    noisy, wrong = flipped(y, 0.05, classes)
    model = ExtraTreesClassifier(100, min_samples_leaf=3, random_state=0)
    chances = out_of_fold(X, noisy, model, "predict_proba").astype(np.float32)
    task = Task.BINARY if classes == 2 else Task.MULTICLASS

    doubts = doubt_labels(noisy, chances, task)

    found = np.isin(doubts.rows, wrong)
    assert found.mean() > precision
    assert found.sum() > recall * len(wrong)
    assert (doubts.suggested[found] == y[doubts.rows][found]).mean() > 0.9
    assert (np.diff(doubts.quality) >= 0).all()


def test_numbers_far_from_what_is_expected_are_found():
    from sklearn.datasets import load_diabetes
    from sklearn.linear_model import LinearRegression

    X, y = load_diabetes(return_X_y=True)
    rng = np.random.default_rng(0)
    wrong = np.sort(rng.choice(len(y), 15, replace=False))
    noisy = y.copy()
    noisy[wrong] *= 10

    doubts = doubt_labels(noisy, out_of_fold(X, noisy, LinearRegression(), "predict"), Task.REGRESSION)

    assert np.isin(doubts.rows, wrong).mean() > 0.85
    assert np.isin(wrong, doubts.rows).mean() > 0.9


def test_good_numbers_are_hardly_doubted():
    counts = [
        len(doubt_labels(rng.normal(size=1000), np.zeros((1000, 1)), Task.REGRESSION).rows)
        for rng in map(np.random.default_rng, range(50))
    ]

    assert 0.5 < np.mean(counts) < 2


def test_numbers_that_all_agree_but_one():
    y = np.zeros(50)
    y[7] = 1.0

    assert doubt_labels(y, np.zeros((50, 1)), Task.REGRESSION).rows.tolist() == [7]
