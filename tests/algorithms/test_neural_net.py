"""The neural net: its derivatives, its steps, its schedule, and what it learns."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from modelwright.algorithms import FitJob, Network, algorithm_named, network_steps
from modelwright.algorithms.network_encoding import encoding_of
from modelwright.algorithms.network_gradient import Dimensions, Gradient, slope_of
from modelwright.algorithms.network_steps import AdamW, Schedule, initial
from modelwright.algorithms.portable import Weights
from modelwright.problem import Task
from tests.algorithms.jobs import real_job

OUTPUTS = {Task.BINARY: 1, Task.MULTICLASS: 3, Task.REGRESSION: 1}
SMALL = {"width": 32, "members": 4, "epochs": 15, "pieces": 8}


def small_job(task: Task, **changes: object) -> FitJob:
    return replace(real_job(task), parameters=SMALL | changes)


def batch(task: Task, rows: int, inputs: int) -> tuple[NDArray[np.float32], NDArray[np.generic]]:
    rng = np.random.default_rng(3)
    codes = rng.integers(0, {Task.BINARY: 2, Task.MULTICLASS: 3}.get(task, 2), rows)
    y = rng.normal(size=rows) if task is Task.REGRESSION else codes
    return rng.normal(size=(rows, inputs)).astype(np.float32), y


def summed_loss(
    weights: Weights,
    X: NDArray[np.float64],
    y: NDArray[np.generic],
    task: Task,
    absolute: bool,
    mask: NDArray[np.floating],
) -> float:
    """Sum the members' mean losses, in double precision, as the definitions say."""
    total = 0.0
    for member in range(len(weights.scale)):
        hidden = np.maximum(X @ weights.first * weights.scale[member] + weights.shift[member], 0) * mask
        hidden = np.maximum(hidden @ weights.second + weights.second_shift[member], 0) * mask
        raw = hidden @ weights.head[member] + weights.head_shift[member]
        if task is Task.REGRESSION:
            apart = raw[:, 0] - y
            total += np.abs(apart).mean() if absolute else (apart**2).mean() / 2
            continue
        if task is Task.BINARY:
            raw = np.hstack([np.zeros_like(raw), raw])
        total += (np.log(np.exp(raw).sum(axis=1)) - raw[np.arange(len(y)), y.astype(np.int64)]).mean()
    return float(total)


@pytest.mark.parametrize("dropout", [0.0, 0.25])
@pytest.mark.parametrize(
    ("task", "absolute"),
    [(Task.BINARY, False), (Task.MULTICLASS, False), (Task.REGRESSION, False), (Task.REGRESSION, True)],
)
def test_the_derivative_is_that_of_finite_differences(task: Task, absolute: bool, dropout: float) -> None:
    shape = Dimensions(inputs=5, width=6, members=5, outputs=OUTPUTS[task])
    X, y = batch(task, 7, 5)
    flat = initial(shape, 0)
    gradient = Gradient(shape, 7, dropout, 1)
    mask = np.ones((7, 6), dtype=np.float32)
    if dropout:
        mask[np.random.default_rng(2).random(mask.shape) < dropout] = 0.0
        mask *= gradient._groups[0]._dropout.factor
        for group in gradient._groups:  # a strip as long as a mask is the mask
            group._dropout._strip, group._dropout._steps = mask.ravel(), 1
    gradient.compute(shape.views(flat), X, slope_of(task, y, absolute))

    def loss_at(place: int, change: float) -> float:
        moved = flat.astype(np.float64)
        moved[place] += change
        return summed_loss(shape.views(moved), X.astype(np.float64), y, task, absolute, mask)  # type: ignore[arg-type]

    expected = [(loss_at(at, 1e-5) - loss_at(at, -1e-5)) / 2e-5 for at in range(shape.count)]
    np.testing.assert_allclose(gradient.flat, expected, atol=2e-5)


def test_any_number_of_threads_gives_the_same_derivative_to_the_last_bit() -> None:
    shape = Dimensions(inputs=5, width=16, members=7, outputs=1)
    X, y = batch(Task.BINARY, 64, 5)
    weights = shape.views(initial(shape, 0))
    alone = Gradient(shape, 64, 0.1, 1)
    with ThreadPoolExecutor(3) as executor:
        together = Gradient(shape, 64, 0.1, 1, executor)
        for _ in range(3):
            for gradient in (alone, together):
                gradient.compute(weights, X, slope_of(Task.BINARY, y, absolute=False))
            assert np.array_equal(alone.flat, together.flat)


def test_dropout_leaves_out_its_share_and_keeps_the_sum() -> None:
    dropout = Gradient(Dimensions(1, 64, 1, 1), 256, 0.25, 0)._groups[0]._dropout
    means, zeros = [], []
    for _ in range(100):
        hidden = np.ones((256, 64), dtype=np.float32)
        dropout.renew()
        dropout.thin(hidden)
        means.append(hidden.mean())
        zeros.append((hidden == 0).mean())
    assert np.mean(means) == pytest.approx(1.0, abs=0.01)
    assert np.mean(zeros) == pytest.approx(0.25, abs=0.01)
    assert len(set(zeros)) > 50


def test_a_step_is_that_of_the_paper() -> None:
    rng = np.random.default_rng(0)
    flat, decayed = rng.normal(size=4).astype(np.float32), np.array([0.1, 0.0, 0.1, 0.0], np.float32)
    expected, mean, square = flat.astype(np.float64), np.zeros(4), np.zeros(4)
    optimizer = AdamW(flat, decayed)
    for step in range(1, 6):
        gradient = rng.normal(size=4)
        optimizer.step(gradient.astype(np.float32), 0.01)
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.98 * square + 0.02 * gradient**2
        expected -= 0.01 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.98**step)) + 1e-8)
        expected *= 1 - 0.01 * decayed
    np.testing.assert_allclose(flat, expected, rtol=1e-4)


def test_a_schedule_rises_falls_and_ends_at_zero() -> None:
    schedule = Schedule(epochs=10, steps=20, deadline=lambda: 1e9)
    rates = []
    while not schedule.is_over:
        rates.append(schedule.rate())
    assert len(rates) == 200
    assert max(rates) == pytest.approx(1.0, abs=0.02)
    assert np.argmax(rates) in range(8, 13)
    assert rates[-1] < 1e-3
    assert (np.diff(rates[12:]) < 0).all()


def test_a_schedule_fits_into_the_time_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(network_steps, "monotonic", lambda: now)
    schedule = Schedule(epochs=100, steps=10, deadline=lambda: 60.0 - now)
    rates = []
    while not schedule.is_over:
        rates.append(schedule.rate())
        now += 0.2 if now < 20 else 0.4  # something else wants the machine from then on
    assert now <= 60.0
    assert 15 <= schedule.epochs <= 25
    assert rates[-1] < 0.05


def test_the_weights_kept_are_those_of_the_best_epoch() -> None:
    job = small_job(Task.BINARY, epochs=20, patience=100, rate=0.03)
    stopped = algorithm_named("neural_net").fit(job)
    assert stopped.rounds is not None
    assert 0 < stopped.rounds < 20
    hasty = algorithm_named("neural_net").fit(small_job(Task.BINARY, epochs=20, patience=1, rate=0.03))
    assert log_loss(job, stopped.predict(job.X_valid)) <= log_loss(job, hasty.predict(job.X_valid))


def log_loss(job: FitJob, predicted: NDArray[np.float64]) -> float:
    return float(-np.log(predicted[np.arange(len(job.y_valid)), job.y_valid]).mean())


def test_it_learns_what_a_sum_of_effects_cannot_say() -> None:
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (1_200, 2)).astype(np.float32)
    y = np.sin(4 * X[:, 0]) * np.sign(X[:, 1])
    job = real_job(
        Task.REGRESSION,
        X=X[:800],
        y=y[:800],
        X_valid=X[800:],
        y_valid=y[800:],
        parameters=SMALL | {"batch": 32},
    )
    predicted = algorithm_named("neural_net").fit(job).predict(job.X_valid)[:, 0]
    assert np.mean((predicted - job.y_valid) ** 2) < 0.15 * job.y_valid.var()


def test_fitting_ends_with_the_step_at_which_time_is_up() -> None:
    asked = 0

    def deadline() -> float:
        nonlocal asked
        asked += 1
        return 1e9 if asked < 20 else 0.0

    job = replace(small_job(Task.REGRESSION, batch=64), deadline=deadline)
    learner = algorithm_named("neural_net").fit(job)
    assert asked < 25
    assert learner.rounds is not None
    assert learner.rounds < 5


def test_inputs_are_features_and_their_pieces() -> None:
    rng = np.random.default_rng(0)
    X = np.column_stack([rng.normal(size=500), rng.integers(0, 2, 500), np.full(500, 7.0)])
    encoding = encoding_of(X.astype(np.float32), pieces=4, seed=0)
    assert encoding.column.tolist() == [0, 1, 0, 0, 0, 0]
    inputs = encoding.apply(np.array([[X[:, 0].min(), 1, 7], [X[:, 0].max(), 0, 9]], dtype=np.float32))
    assert inputs[:, 2:].tolist() == [[0, 0, 0, 0], [1, 1, 1, 1]]
    assert inputs[:, 1].tolist() == [1, 0]
    middle = encoding.apply(np.array([[np.median(X[:, 0]), 0, 7]], dtype=np.float32))[0, 2:]
    assert middle == pytest.approx([1, 1, 0, 0], abs=1e-3)


def test_inputs_of_extreme_rows_are_bounded() -> None:
    X = np.random.default_rng(0).normal(size=(100, 2)).astype(np.float32)
    X[:, 1] *= np.float32(1e-38)
    encoding = encoding_of(X, pieces=4, seed=0)
    extreme = np.array([[3e38, 3e38], [-3e38, np.nan]], dtype=np.float32)
    with np.errstate(over="ignore"):
        inputs = encoding.apply(extreme)
    assert np.isfinite(inputs).all()
    assert np.abs(inputs).max() <= 4


@pytest.mark.parametrize("metric", ["average_precision", "accuracy", "brier", "f1", "roc_auc"])
def test_every_metric_of_classes_can_be_asked_for(metric: str) -> None:
    job = replace(real_job(Task.BINARY, metric), parameters=SMALL | {"batch": 32})
    learner = algorithm_named("neural_net").fit(job)
    assert job.metric.loss(job.y_valid, learner.predict(job.X_valid)) < 0.1


def test_it_is_a_small_file() -> None:
    network = algorithm_named("neural_net").fit(replace(small_job(Task.BINARY), parameters={})).portable()
    assert isinstance(network, Network)
    assert network.size < 2_000_000
