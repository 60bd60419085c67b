"""What decisions cost, in the brief's money."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from modelwright.evaluation import expected_cost
from modelwright.evaluation.confusion import confuse
from modelwright.problem import Costs
from tests.evaluation.worlds import calibrated_binary


@given(false_positive=st.floats(0.1, 100), false_negative=st.floats(0.1, 100), seed=st.integers(0, 100))
def test_the_cost_is_the_confusion_times_the_costs(false_positive, false_negative, seed) -> None:
    y, prediction = calibrated_binary(np.random.default_rng(seed), 200)
    costs = Costs(false_positive=false_positive, false_negative=false_negative)
    found = expected_cost(costs, y, prediction, resamples=50)
    table = confuse(("no", "yes"), y, prediction, found.threshold)
    (_, false_alarms), (misses, _) = table.counts
    assert found.per_row.value == pytest.approx(
        (false_alarms * false_positive + misses * false_negative) / 200
    )
    assert found.saving.value == pytest.approx(found.without_model - found.per_row.value)


def test_the_cheapest_blind_decision_depends_on_the_costs() -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 500, share=0.3)
    dear_misses = expected_cost(Costs(false_positive=1, false_negative=50), y, prediction)
    dear_alarms = expected_cost(Costs(false_positive=50, false_negative=1), y, prediction)
    assert dear_misses.without_model_decision == "act on every row"
    assert dear_alarms.without_model_decision == "act on no row"


def test_with_true_probabilities_no_other_threshold_is_cheaper_in_the_long_run() -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 200_000)
    costs = Costs(false_positive=1, false_negative=4)

    def cost(threshold: float) -> float:
        acted = prediction[:, 1] >= threshold
        return float(np.mean((acted & (y == 0)) * 1.0 + (~acted & (y == 1)) * 4.0))

    ours = expected_cost(costs, y, prediction, resamples=200)
    assert ours.threshold == pytest.approx(0.2)
    assert ours.per_row.value <= min(cost(threshold) for threshold in (0.1, 0.15, 0.25, 0.3, 0.5)) + 1e-3


def test_rare_positives_are_handled_by_the_threshold_of_the_costs_and_not_by_resampling() -> None:
    """One positive in fifty, missed ones thirty times as dear: 0.5 acts on almost none of them."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(12_000, 3))
    truth = (rng.random(12_000) < 1 / (1 + np.exp(5.6 - 1.6 * X[:, 0]))).astype(int)
    learnt, new = np.arange(12_000) < 6_000, np.arange(12_000) >= 6_000
    model = LogisticRegression().fit(X[learnt], truth[learnt])
    costs, said = Costs(false_positive=1, false_negative=30), model.predict_proba(X[new])

    assert 0.01 < truth.mean() < 0.03
    stated = expected_cost(costs, truth[new], said, resamples=200)
    even = expected_cost(costs, truth[new], said, threshold=np.full(6_000, 0.5), resamples=200)
    assert stated.threshold == pytest.approx(1 / 31)
    assert stated.per_row.value < 0.8 * even.per_row.value
    assert stated.saving.low > even.saving.high, "beyond chance: what 0.5 saves is next to nothing"
