"""The conformance suite of algorithms: what training and deployment rely on, checked one by one."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms import Algorithm, FitJob, FittedLearner, Forest, Portable, load_portable
from modelwright.problem import Task, default_metric

TOLERANCE = 1e-5
_CLASSES = {Task.BINARY: 2, Task.MULTICLASS: 4, Task.REGRESSION: 1}

Check = Callable[[Algorithm], None]


def check_algorithm(algorithm: Algorithm) -> None:
    """Check that an algorithm fits into the catalogue.

    Parameters
    ----------
    algorithm : Algorithm
        An instance of the class that the entry point names.

    Raises
    ------
    AssertionError
        At the first thing that training or deployment relies on and the algorithm does not do.

    Examples
    --------
    >>> from modelwright.algorithms import algorithm_named
    >>> check_algorithm(algorithm_named("constant"))
    """
    for check in ALGORITHM_CHECKS:
        check(algorithm)


def check_states_what_it_is(algorithm: Algorithm) -> None:
    """It has a name, a card that says something, and JSON-able configurations for every task."""
    import json

    assert algorithm.name == algorithm.name.lower().strip(), f"'{algorithm.name}' is not a lower-case name"
    card = algorithm.card
    said = (card.title, card.good_for, card.cost, card.paper, *card.strengths, *card.weaknesses)
    assert all(said), "the card has an empty field"
    assert card.strengths, "the card names no strength"
    assert card.weaknesses, "the card names no weakness"
    for task in algorithm.tasks:
        for rows, columns in ((20, 1), (1_000, 10), (100_000, 200)):
            configurations = algorithm.configurations(task, rows, columns)
            assert configurations, f"no configuration for a {task} task of {rows} x {columns}"
            assert json.loads(json.dumps(configurations)) == configurations, "configurations are not JSON"


def check_every_configuration_fits(algorithm: Algorithm) -> None:
    """Every configuration yields predictions of the right shape, and a portable form that agrees."""
    for task in _tasks(algorithm):
        for parameters in algorithm.configurations(task, 120, 5):
            job = replace(_job(algorithm, task), parameters=parameters)
            _agrees(_fit(algorithm, job), job, job.X_valid)


def check_repeats_itself(algorithm: Algorithm) -> None:
    """The same job gives the same predictions, to the last bit, also on two threads."""
    for task in _tasks(algorithm):
        job = replace(_job(algorithm, task), threads=2)
        first, second = (_fit(algorithm, job).predict(job.X_valid) for _ in range(2))
        assert np.array_equal(first, second), f"two fits of the same {task} job differ"


def check_leaves_the_job_alone(algorithm: Algorithm) -> None:
    """Fitting and predicting change nothing in the job."""
    for task in _tasks(algorithm):
        job, untouched = _job(algorithm, task), _job(algorithm, task)
        _fit(algorithm, job).predict(job.X_valid)
        for name in ("X", "y", "X_valid", "y_valid"):
            same = np.array_equal(getattr(job, name), getattr(untouched, name), equal_nan=True)
            assert same, f"fitting changed {name}"
        assert job.parameters == untouched.parameters, "fitting changed the parameters"


def check_decides_like_its_library(algorithm: Algorithm) -> None:
    """The portable form agrees on rows that lie exactly at, just below and just above every threshold."""
    for task in _tasks(algorithm):
        job = _job(algorithm, task, rows=240)
        learner = _fit(algorithm, job, patience=400)  # long sums are where forms differ
        _agrees(learner, job, adversarial_rows(learner.portable(), job.X))


def check_missing_values(algorithm: Algorithm) -> None:
    """Missing values are taken in training, and afterwards also in columns that had none."""
    if algorithm.style == "linear":
        return  # its representation leaves no missing value
    for task in _tasks(algorithm):
        for share in (0.0, 0.3):
            job = _job(algorithm, task, missing=share)
            job.X[:, 1] = np.where(share > 0, np.nan, job.X[:, 1])
            X = job.X_valid.copy()
            X[np.random.default_rng(0).random(X.shape) < 0.5] = np.nan
            X[0] = np.nan
            job = replace(job, X_valid=X)
            learner = _fit(algorithm, job)
            _agrees(learner, job, X)
            _agrees(learner, job, adversarial_rows(learner.portable(), X))


def check_neighbouring_numbers(algorithm: Algorithm) -> None:
    """Values that differ in the last bit of single precision are split as in training."""
    for task in _tasks(algorithm):
        job = _job(algorithm, task)
        steps = np.random.default_rng(3).integers(0, 6, len(job.X))
        close = (np.float32(1) + steps * np.finfo(np.float32).eps).astype(np.float32)
        job.X[:, 0] = close
        if task is Task.REGRESSION:
            job = replace(job, y=job.y + 5.0 * steps)
        learner = _fit(algorithm, job)
        _agrees(learner, job, job.X)
        _agrees(learner, job, adversarial_rows(learner.portable(), job.X))


def check_survives_its_file(algorithm: Algorithm) -> None:
    """A portable form that was saved and loaded predicts the same, to the last bit."""
    for task in _tasks(algorithm):
        job = _job(algorithm, task)
        portable = _fit(algorithm, job).portable()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "learner.npz"
            portable.save(path)
            loaded = load_portable(path)
        assert np.array_equal(portable.predict(job.X), loaded.predict(job.X)), "saving changed predictions"
        assert loaded.size == portable.size > 0, "saving changed the size"


def check_scores_single_rows(algorithm: Algorithm) -> None:
    """Rows scored one by one get what they get together."""
    for task in _tasks(algorithm):
        job = _job(algorithm, task)
        portable = _fit(algorithm, job).portable()
        together = portable.predict(job.X_valid)
        alone = np.vstack([portable.predict(row[None, :]) for row in job.X_valid])
        assert np.allclose(together, alone, rtol=TOLERANCE, atol=TOLERANCE), "a row alone is scored otherwise"


def check_scores_by_its_graph(algorithm: Algorithm) -> None:
    """The graph of operators that is deployed agrees with the arrays, also for one row."""
    import onnxruntime
    from spox import Tensor, argument, build

    for task in _tasks(algorithm):
        job = _job(algorithm, task)
        portable = _fit(algorithm, job).portable()
        features = argument(Tensor(np.float32, ("N", job.X.shape[1])))
        model = build({"features": features}, {"prediction": portable.graph(features)}).SerializeToString()
        session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
        for X in (job.X_valid, job.X_valid[:1]):
            scored, expected = session.run(None, {"features": X})[0], portable.predict(X)
            assert scored.shape == expected.shape, f"the graph gives {scored.shape}, not {expected.shape}"
            assert np.allclose(scored, expected, rtol=TOLERANCE, atol=TOLERANCE), "the graph scores otherwise"


def check_keeps_the_deadline(algorithm: Algorithm) -> None:
    """Once time is up it ends with a valid learner, smaller than one that had time."""
    for task in _tasks(algorithm):
        job = _job(algorithm, task)
        hurried = replace(job, deadline=lambda: 0.0)
        learner = algorithm.fit(hurried)
        _agrees(learner, hurried, hurried.X_valid)
        full = _fit(algorithm, job)
        if learner.rounds is not None and full.rounds is not None:
            assert learner.rounds <= full.rounds, "a fit without time went on longer than one with time"
            assert learner.rounds <= 50, f"a fit without time took {learner.rounds} rounds"


def check_constant_columns(algorithm: Algorithm) -> None:
    """Columns that never change do no harm, nor does a single column."""
    for task in _tasks(algorithm):
        job = _job(algorithm, task)
        job.X[:, 1:4] = [0.0, -7.0, 3e8]
        learner = _fit(algorithm, job)
        _agrees(learner, job, job.X_valid)
        one = replace(job, X=job.X[:, :1], X_valid=job.X_valid[:, :1])
        _agrees(_fit(algorithm, one), one, one.X_valid)
        flat = replace(job, X=np.ones_like(job.X))
        _agrees(_fit(algorithm, flat), flat, flat.X_valid)


def check_few_rows(algorithm: Algorithm) -> None:
    """Two to twelve rows are enough for a valid learner."""
    for task in _tasks(algorithm):
        for rows in (2, 3, 5, 12):
            job = _job(algorithm, task)
            y = job.y[:rows] if task is Task.REGRESSION else np.arange(rows) % _CLASSES[task]
            small = replace(job, X=job.X[:rows], y=y, X_valid=job.X_valid[:1], y_valid=job.y_valid[:1])
            _agrees(_fit(algorithm, small), small, job.X_valid)


def check_target_that_never_changes(algorithm: Algorithm) -> None:
    """A single class, or a single value, is answered with itself."""
    for task in _tasks(algorithm):
        job = _job(algorithm, task)
        job = replace(job, y=np.ones_like(job.y))
        learner = _fit(algorithm, job)
        _agrees(learner, job, job.X_valid)
        answer = learner.predict(job.X_valid)
        right = (
            np.allclose(answer, 1.0) if task is Task.REGRESSION else bool((answer.argmax(axis=1) == 1).all())
        )
        assert right, "a target that never changes is not answered with its value"


def check_rare_classes(algorithm: Algorithm) -> None:
    """One positive among many, classes that a fold lacks, and many classes are all possible."""
    for task in _tasks(algorithm):
        if task is Task.REGRESSION:
            continue
        job = _job(algorithm, task, rows=300)
        y = np.zeros_like(job.y)
        y[7] = 1
        lopsided = replace(job, y=y)
        _agrees(_fit(algorithm, lopsided), lopsided, job.X_valid)
        if task is Task.MULTICLASS:
            many = replace(job, y=np.arange(len(job.y)) % 30, n_classes=40)
            _agrees(_fit(algorithm, many), many, job.X_valid)
            lacking = replace(job, y=np.where(job.y == 2, 3, job.y))
            _agrees(_fit(algorithm, lacking), lacking, job.X_valid)


def check_large_targets(algorithm: Algorithm) -> None:
    """Values far from zero, and very small or large ones, keep five digits of their spread."""
    if Task.REGRESSION not in algorithm.tasks:
        return
    for factor, shift in ((1.0, 2_000.0), (1e-6, 0.0), (1e9, 1e9)):
        job = _job(algorithm, Task.REGRESSION)
        job = replace(job, y=job.y * factor + shift, y_valid=job.y_valid * factor + shift)
        _agrees(_fit(algorithm, job), job, job.X_valid)


def check_weights(algorithm: Algorithm) -> None:
    """Where it takes weights, rows that count more pull the answer to them, and equal ones do nothing."""
    for task in _tasks(algorithm):
        if not algorithm.takes_weights or task is Task.MULTICLASS:
            continue
        job = _job(algorithm, task, rows=60)
        even = replace(job, weight=np.ones(60), weight_valid=np.ones(60))
        plain, weighted = (_fit(algorithm, each).predict(job.X_valid) for each in (job, even))
        assert np.allclose(plain, weighted, atol=1e-6), "weights of 1 change predictions"
        last = np.full_like(job.y, job.y.max() + (10 if task is Task.REGRESSION else 0))
        pulled = []
        for heavy, y_valid in ((0, job.y), (1, last)):
            weight = np.repeat([1.8, 0.2] if heavy == 0 else [0.2, 1.8], 60)
            contrary = replace(
                job,
                X=np.vstack([job.X, job.X]),
                y=np.concatenate([job.y, last]),
                X_valid=job.X,
                y_valid=y_valid,
                weight=weight,
                weight_valid=np.ones(60),
            )
            learner = _fit(algorithm, contrary)
            _agrees(learner, contrary, job.X)
            pulled.append(float(learner.predict(job.X)[:, -1].mean()))
        assert pulled[1] > pulled[0] + 0.1, f"weights do not pull: {pulled[0]:.3g} and {pulled[1]:.3g}"


def check_monotone(algorithm: Algorithm) -> None:
    """Where it says that it keeps to stated directions, no single row's answer goes against them."""
    for task in _tasks(algorithm):
        if not algorithm.keeps_monotone or task is Task.MULTICLASS:
            continue
        for directions in ((1, 0, 0, 0, 0), (-1, -1, 1, 0, 1)):  # with the data, and against it
            job = replace(_job(algorithm, task), monotone=directions)
            learner = _fit(algorithm, job)
            _agrees(learner, job, adversarial_rows(learner.portable(), job.X))
            values = np.linspace(-4, 4, 33, dtype=np.float32)
            for feature, direction in enumerate(directions):
                rows = np.repeat(job.X_valid[:20], len(values), axis=0)
                rows[:, feature] = np.tile(values, 20)
                answers = learner.portable().predict(rows)[:, -1].reshape(20, -1)
                steps = np.diff(answers, axis=1) * direction
                assert (steps >= -1e-9).all(), f"feature {feature} goes against its direction, {direction}"


ALGORITHM_CHECKS: tuple[Check, ...] = (
    check_states_what_it_is,
    check_every_configuration_fits,
    check_repeats_itself,
    check_leaves_the_job_alone,
    check_decides_like_its_library,
    check_missing_values,
    check_neighbouring_numbers,
    check_survives_its_file,
    check_scores_single_rows,
    check_scores_by_its_graph,
    check_keeps_the_deadline,
    check_constant_columns,
    check_few_rows,
    check_target_that_never_changes,
    check_rare_classes,
    check_large_targets,
    check_weights,
    check_monotone,
)
"""Every check, to be run one by one, for instance by ``pytest.mark.parametrize``."""


def adversarial_rows(portable: Portable, X: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return rows of `X` moved onto thresholds, and to the numbers next to them.

    Parameters
    ----------
    portable : Portable
        A `Forest` gives the thresholds; other forms have none at which they jump.
    X : ndarray of shape (n, n_features)
        Rows to start from.

    Returns
    -------
    ndarray of shape (m, n_features)
        With at most 1,000 thresholds, five rows each: the threshold, its two neighbours, zero, missing.
    """
    if not isinstance(portable, Forest):
        return X
    rng = np.random.default_rng(0)
    splits = np.flatnonzero(portable.feature >= 0)
    splits = rng.permutation(splits)[:1_000]
    threshold = portable.threshold[splits]
    largest = np.finfo(np.float32).max
    below, above = (np.nextafter(threshold, side) for side in (-largest, largest))
    values = np.concatenate(
        [threshold, below, above, np.zeros_like(threshold), np.full_like(threshold, np.nan)]
    )
    rows = X[rng.integers(0, len(X), len(values))].copy()
    rows[np.arange(len(values)), np.tile(portable.feature[splits], 5)] = values
    return np.vstack([X, rows])


def _tasks(algorithm: Algorithm) -> list[Task]:
    return [task for task in Task if task in algorithm.tasks]


def _fit(algorithm: Algorithm, job: FitJob, patience: int = 60) -> FittedLearner:
    """Fit with a deadline that counts how often it is asked, so that a check takes no longer than it must.

    There is all the time in the world until there is none: what a step takes must not decide.
    """
    asked = iter(range(patience))
    return algorithm.fit(replace(job, deadline=lambda: 1e9 if next(asked, None) is not None else 0.0))


def _job(algorithm: Algorithm, task: Task, rows: int = 120, missing: float = 0.1) -> FitJob:
    """Return a small job whose target depends on thresholds, sums and noise."""
    rng = np.random.default_rng(11)
    X = rng.normal(size=(2 * rows, 5)).astype(np.float32)
    X[:, 3] = rng.integers(0, 4, 2 * rows)
    signal = X[:, 0] + 2.0 * (X[:, 1] > 0.3) - X[:, 3] * (X[:, 2] < 0) + 0.3 * rng.normal(size=2 * rows)
    y: NDArray[Any] = signal.astype(np.float64)
    if task is not Task.REGRESSION:
        cuts = np.quantile(signal, np.linspace(0, 1, _CLASSES[task] + 1)[1:-1])
        y = np.searchsorted(cuts, signal).astype(np.int64)
    if algorithm.style == "tree":
        X[rng.random(X.shape) < missing] = np.nan
    return FitJob(
        X=X[:rows],
        y=y[:rows],
        X_valid=X[rows:],
        y_valid=y[rows:],
        task=task,
        n_classes=_CLASSES[task],
        metric=default_metric(task),
        parameters=algorithm.configurations(task, rows, 5)[0],
        deadline=lambda: 1e9,
        threads=1,
        seed=5,
    )


def _agrees(learner: FittedLearner, job: FitJob, X: NDArray[np.float32]) -> None:
    own, portable = learner.predict(X), learner.portable().predict(X)
    assert own.shape == portable.shape == (len(X), job.n_classes), f"shape {own.shape} or {portable.shape}"
    assert np.isfinite(own).all(), "a prediction is not finite"
    size = np.ones_like(own)
    if job.task is Task.REGRESSION:
        size = np.maximum(np.abs(own), job.y.std() or 1.0)
    else:
        assert np.allclose(own.sum(axis=1), 1.0, atol=1e-6), "probabilities do not add up to 1"
        assert (own >= 0).all(), "a probability is negative"
    largest = float((np.abs(own - portable) / size).max())
    assert largest <= TOLERANCE, f"the portable form differs by {largest:.2g} from the library"
