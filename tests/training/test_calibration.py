"""Temperature scaling finds how sure a model may be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.problem import METRICS
from modelwright.training.calibration import fit_temperature, soften


def truthful(seed: int, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels that are drawn from their stated probabilities."""
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(classes), 20_000)
    draws = (rng.random((20_000, 1)) > probabilities.cumsum(axis=1)[:, :-1]).sum(axis=1)
    return draws, probabilities


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_a_distortion_is_undone(classes: int, temperature: float) -> None:
    y, probabilities = truthful(0, classes)
    found = fit_temperature(y, soften(probabilities, 1 / temperature))
    assert found == pytest.approx(temperature, rel=0.05)


@given(seed=st.integers(0, 1000), temperature=st.floats(0.2, 5))
def test_softening_keeps_order_and_adds_up_to_one(seed: int, temperature: float) -> None:
    probabilities = np.random.default_rng(seed).dirichlet(np.ones(3), 50)
    softened = soften(probabilities, temperature)
    assert softened.sum(axis=1) == pytest.approx(np.ones(50))
    assert (softened.argmax(axis=1) == probabilities.argmax(axis=1)).all()


def test_calibration_never_costs_log_loss_on_its_own_rows() -> None:
    rng = np.random.default_rng(0)
    y, prediction = rng.integers(0, 2, 200), rng.dirichlet([1, 1], 200)
    softened = soften(prediction, fit_temperature(y, prediction))
    assert METRICS["log_loss"](y, softened) <= METRICS["log_loss"](y, prediction) + 1e-9


def test_certainty_is_never_absolute() -> None:
    assert (soften(np.array([[1.0, 0.0]]), 1.0) > 0).all()
