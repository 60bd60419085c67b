"""The figures that rest on numbers of the brief agree with scikit-learn, and say where they do not apply."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from modelwright.evaluation import measure, metrics_of
from modelwright.evaluation.stated import cost_metric, lift_at, no_relative_error, pinball_at, relative_error
from modelwright.evaluation.weighted import reweighted
from modelwright.problem import Costs
from tests.evaluation.worlds import brief, calibrated_binary, linear_values, two_columns


@pytest.fixture(scope="module")
def weights():
    return np.random.default_rng(1).poisson(1.0, size=(5, 300)).astype(np.float64)


@pytest.mark.parametrize("quantile", [0.1, 0.5, 0.9])
def test_the_pinball_loss_agrees_with_scikit_learn(quantile, weights) -> None:
    y, prediction = linear_values(np.random.default_rng(0), 300)
    ours = reweighted(pinball_at(quantile), y, prediction)(weights)
    theirs = [sk.mean_pinball_loss(y, prediction[:, 0], sample_weight=w, alpha=quantile) for w in weights]
    assert ours == pytest.approx(theirs)


def test_the_relative_error_agrees_with_scikit_learn(weights) -> None:
    y, prediction = linear_values(np.random.default_rng(0), 300)
    y, prediction = np.exp(y), np.exp(prediction)
    ours = reweighted(relative_error(), y, prediction)(weights)
    theirs = [sk.mean_absolute_percentage_error(y, prediction[:, 0], sample_weight=w) for w in weights]
    assert ours == pytest.approx(theirs)


@pytest.mark.parametrize("share", [0.05, 0.3, 1.0])
def test_lift_is_the_precision_of_the_first_rows_over_the_share_of_positives(share) -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 300)
    chosen = np.zeros(300, dtype=int)
    chosen[np.argsort(-prediction[:, 1])[: round(share * 300)]] = 1
    expected = sk.precision_score(y, chosen) / y.mean()
    assert lift_at(share)(y, prediction) == pytest.approx(expected)


def test_rows_that_tie_count_in_part() -> None:
    y = np.array([1, 0, 0, 0])
    assert lift_at(0.25)(y, np.full((4, 2), 0.5)) == pytest.approx(1.0)
    scores = two_columns(np.array([0.9, 0.9, 0.1, 0.1]))
    assert lift_at(0.25)(y, scores) == pytest.approx(2.0)
    assert lift_at(0.125)(y, scores) == pytest.approx(2.0)


@given(seed=st.integers(0, 1000), ties=st.booleans(), share=st.floats(0.05, 1.0))
def test_a_weight_of_k_is_a_row_k_times(seed, ties, share) -> None:
    rng = np.random.default_rng(seed)
    y, prediction = calibrated_binary(rng, 40)
    prediction = np.round(prediction, 1) if ties else prediction
    counts = rng.poisson(1.0, size=40)
    repeated = np.repeat(np.arange(40), counts)
    for metric in (lift_at(share), cost_metric(Costs(false_negative=3))):
        ours = reweighted(metric, y, prediction)(counts[None, :].astype(float))[0]
        assert ours == pytest.approx(metric(y[repeated], prediction[repeated]), nan_ok=True)


def test_the_expected_cost_is_what_the_mistakes_cost() -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 500)
    (_, false_positive), (false_negative, _) = sk.confusion_matrix(y, prediction[:, 1] >= 1 / 6)
    costs = Costs(false_positive=2, false_negative=10)
    assert cost_metric(costs)(y, prediction) == pytest.approx(
        (2 * false_positive + 10 * false_negative) / 500
    )


def test_a_relative_error_applies_only_away_from_zero() -> None:
    assert no_relative_error(np.array([1.0, 2.0, 3.0])) == ""
    assert "1 of 3 values of the target are not above zero" in no_relative_error(np.array([0.0, 2.0, 3.0]))
    assert "next to zero" in no_relative_error(np.array([0.001, 2.0, 3.0]))


def test_a_figure_that_does_not_apply_is_shown_with_the_reason() -> None:
    y, prediction = linear_values(np.random.default_rng(0), 100)
    asked = brief("regression", "rmse", evaluation={"quantile": 0.8})
    figures = {each.name: each for each in measure(metrics_of(asked), y, prediction, resamples=100)}
    assert figures["mape"].interval is None
    assert str(figures["mape"]).startswith("not applicable, because")
    assert figures["pinball"].title == "pinball loss at 0.8"
    assert figures["pinball"].interval.low < figures["pinball"].interval.value
