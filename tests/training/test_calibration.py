"""Calibration finds how sure a model may be, and where it leans."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.problem import METRICS
from modelwright.training.calibration import Calibration


def truthful(seed: int, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels that are drawn from their stated probabilities."""
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(classes), 20_000)
    draws = (rng.random((20_000, 1)) > probabilities.cumsum(axis=1)[:, :-1]).sum(axis=1)
    return draws, probabilities


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("shift", [0.0, 0.7])
def test_a_distortion_is_undone(classes: int, temperature: float, shift: float) -> None:
    y, probabilities = truthful(0, classes)
    shifts = (0.0, *[-shift / temperature] * (classes - 1))
    found = Calibration.fit(
        y, Calibration(1 / temperature, tuple(s * temperature for s in shifts)).apply(probabilities)
    )
    assert found.temperature == pytest.approx(temperature, rel=0.06)
    assert found.shifts[1:] == pytest.approx([shift / temperature] * (classes - 1), abs=0.12)


@given(seed=st.integers(0, 1000), temperature=st.floats(0.2, 5))
def test_a_temperature_keeps_order_and_probabilities_add_up_to_one(seed: int, temperature: float) -> None:
    probabilities = np.random.default_rng(seed).dirichlet(np.ones(3), 50)
    softened = Calibration(temperature, (0.0, 0.0, 0.0)).apply(probabilities)
    assert softened.sum(axis=1) == pytest.approx(np.ones(50))
    assert (softened.argmax(axis=1) == probabilities.argmax(axis=1)).all()


def test_calibration_never_costs_log_loss_on_its_own_rows() -> None:
    rng = np.random.default_rng(0)
    y, prediction = rng.integers(0, 2, 200), rng.dirichlet([1, 1], 200)
    calibrated = Calibration.fit(y, prediction).apply(prediction)
    assert METRICS["log_loss"](y, calibrated) <= METRICS["log_loss"](y, prediction) + 1e-9


def test_a_weight_counts_like_so_many_rows() -> None:
    rng = np.random.default_rng(0)
    y, prediction, times = rng.integers(0, 2, 400), rng.dirichlet([1, 1], 400), rng.integers(1, 4, 400)
    again = np.repeat(np.arange(400), times)
    weighted = Calibration.fit(y, prediction, times / times.mean())
    repeated = Calibration.fit(y[again], prediction[again])
    assert weighted.temperature == pytest.approx(repeated.temperature, rel=0.02)
    assert weighted.shifts == pytest.approx(repeated.shifts, abs=0.02)


def test_a_class_that_never_occurs_keeps_a_finite_shift() -> None:
    prediction = np.random.default_rng(0).dirichlet(np.ones(3), 200)
    found = Calibration.fit(np.zeros(200, dtype=int), prediction)
    assert np.isfinite(found.apply(prediction)).all()


@pytest.mark.parametrize("classes", [2, 3])
def test_no_mistake_in_so_many_rows_is_no_proof_that_there_are_none(classes: int) -> None:
    rows, sure = 300, 0.97
    y = np.arange(rows) % classes
    prediction = np.full((rows, classes), (1 - sure) / (classes - 1))
    prediction[np.arange(rows), y] = sure
    errs = 1 - Calibration.fit(y, prediction).apply(prediction)[np.arange(rows), y]
    assert (errs < 1 - sure).all(), "surer than before"
    assert (errs > 0.3 / rows).all(), "and yet no surer than the rows allow"


def test_certainty_is_never_absolute() -> None:
    assert (Calibration.none(2).apply(np.array([[1.0, 0.0]])) > 0).all()
