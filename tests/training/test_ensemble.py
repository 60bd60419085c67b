"""The ensemble: never worse on its own rows than the best single candidate, and honest about ties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.problem import METRICS
from modelwright.training.ensemble import select


def opinions(seed: int, candidates: int) -> tuple[np.ndarray, list[np.ndarray]]:
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, 300)
    scores = [
        1 / (1 + np.exp(-(rng.uniform(0, 2) * (y - 0.5) + rng.normal(size=300)))) for _ in range(candidates)
    ]
    return y, [np.column_stack([1 - score, score]) for score in scores]


@given(
    seed=st.integers(0, 10_000), candidates=st.integers(1, 6), metric=st.sampled_from(["roc_auc", "log_loss"])
)
def test_weights_add_up_and_beat_every_single_candidate(seed: int, candidates: int, metric: str) -> None:
    y, predictions = opinions(seed, candidates)
    weights = select(METRICS[metric], y, predictions)
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()
    joined = np.einsum("e,eno->no", weights, np.stack(predictions))
    best = min(METRICS[metric].loss(y, prediction) for prediction in predictions)
    assert METRICS[metric].loss(y, joined) <= best + 1e-12


def test_a_tie_goes_to_the_earlier_candidate() -> None:
    y, (prediction,) = opinions(0, 1)
    assert select(METRICS["roc_auc"], y, [prediction, prediction.copy()]).tolist() == [1, 0]


def test_rows_that_count_more_decide_who_gets_in() -> None:
    rng = np.random.default_rng(0)
    y = rng.normal(size=200)
    right = np.arange(200) < 100  # each candidate knows one half
    first, second = np.where(right, y, 0.0)[:, None], np.where(right, 0.0, y)[:, None]
    heavy = np.where(right, 1.999, 0.001)
    assert select(METRICS["rmse"], y, [second, first], weight=heavy)[1] > 0.95
    assert select(METRICS["rmse"], y, [second, first], weight=heavy[::-1].copy())[0] > 0.95


def test_complementary_candidates_share_the_weight() -> None:
    rng = np.random.default_rng(0)
    y = rng.normal(size=500)
    noise = rng.normal(size=500)
    weights = select(METRICS["rmse"], y, [(y + noise)[:, None], (y - noise)[:, None]])
    assert weights == pytest.approx([0.5, 0.5])


def test_an_undefined_metric_chooses_something_valid() -> None:
    weights = select(METRICS["roc_auc"], np.zeros(10, dtype=int), [np.full((10, 2), 0.5)] * 2)
    assert weights.sum() == pytest.approx(1)
