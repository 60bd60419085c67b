"""How the neural net learns: mini-batches, early stopping, the best weights kept."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.algorithm import FitJob
from modelwright.algorithms.network_gradient import GROUPS, Dimensions, Gradient, Slope, slope_of
from modelwright.algorithms.network_steps import AdamW, Schedule, initial
from modelwright.algorithms.portable import Encoding, Weights, mean_raw
from modelwright.algorithms.target import LINKS, Target
from modelwright.problem import Task

_ROWS_AT_ONCE = 4_096
_MOST_VALIDATION_ROWS = 20_000
_LEAST_PROBABILITY = 1e-7


@dataclass(frozen=True)
class Learning:
    """How to learn.

    Attributes
    ----------
    epochs : int
        Passes over the rows, where time allows.
    batch : int
        Rows of a mini-batch.
    rate : float
        Largest step size.
    decay : float
        Weight decay of the layers' matrices.
    dropout : float
        Share of hidden units that are left out at each step.
    patience : int
        Epochs without a gain on the validation rows after which it ends.
    """

    epochs: int
    batch: int
    rate: float
    decay: float
    dropout: float
    patience: int


def learn(
    job: FitJob, target: Target, encoding: Encoding, shape: Dimensions, learning: Learning
) -> tuple[Weights, int]:
    """Train a net, and keep the weights of the epoch with the least validation loss.

    Losses are log-loss for classes, absolute errors where the brief's metric is ``mae``, squared errors
    otherwise; they, and not the metric, also decide which epoch is best, as for boosting (see `Stopper`).

    Parameters
    ----------
    job : FitJob
        Gives the rows, the deadline, the threads and the seed.
    target : Target
        Of the job.
    encoding : Encoding
    shape : Dimensions
    learning : Learning

    Returns
    -------
    tuple of (Weights, int)
        The weights, and the epoch after which they were so.
    """
    flat = initial(shape, job.seed)
    weights = shape.views(flat)
    optimizer = AdamW(flat, _decay(shape, learning.decay))
    rows, batch = len(target.y), min(learning.batch, len(target.y))
    order = np.random.default_rng(job.seed + 1)
    best, best_loss, best_epoch, epoch = flat.copy(), np.inf, 0, 0
    with _workers(min(job.threads, GROUPS, shape.members)) as executor:
        gradient = Gradient(shape, batch, learning.dropout, job.seed + 2, executor)
        schedule = Schedule(learning.epochs, ceil(rows / batch), job.deadline)
        while epoch - best_epoch < learning.patience and not (epoch and schedule.is_over):
            for chosen in np.array_split(order.permutation(rows), schedule.steps):
                slope = _slope(job, target, chosen)
                gradient.compute(weights, encoding.apply(job.X[chosen]), slope)
                optimizer.step(gradient.flat, learning.rate * schedule.rate())
                if schedule.is_over:
                    break
            epoch += 1
            loss = _validation_loss(job, target, encoding, weights)
            if loss < best_loss:
                best, best_loss, best_epoch = flat.copy(), loss, epoch
    return shape.views(best), best_epoch


@contextmanager
def _workers(count: int) -> Iterator[Executor | None]:
    """Give threads for groups of members; BLAS has one each, since its own would spin (see `Network.raw`)."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"):
        if count < 2:
            yield None
            return
        with ThreadPoolExecutor(count) as executor:
            yield executor


def _decay(shape: Dimensions, decay: float) -> NDArray[np.float32]:
    flat = np.zeros(shape.count, dtype=np.float32)
    for name in ("first", "second", "head"):
        getattr(shape.views(flat), name)[...] = decay
    return flat


def _slope(job: FitJob, target: Target, chosen: NDArray[np.int64]) -> Slope:
    weight = None if target.weight is None else target.weight[chosen]
    return slope_of(job.task, target.y[chosen], job.metric.name == "mae", weight)


def _validation_loss(job: FitJob, target: Target, encoding: Encoding, weights: Weights) -> float:
    """Return the loss on the validation rows, or on some at even steps where they are many."""
    count = min(len(target.y_valid), _MOST_VALIDATION_ROWS)
    rows = np.linspace(0, len(target.y_valid) - 1, count).astype(np.int64)
    parts = (rows[start : start + _ROWS_AT_ONCE] for start in range(0, len(rows), _ROWS_AT_ONCE))
    raw = np.concatenate([mean_raw(weights, encoding.apply(target.X_valid[part])) for part in parts])
    y = target.y_valid[rows]
    if job.task is Task.REGRESSION:
        apart = raw[:, 0] - y
        losses = np.abs(apart) if job.metric.name == "mae" else apart**2
    else:
        probability = LINKS[job.task].apply(raw)[np.arange(len(y)), y]
        losses = -np.log(np.maximum(probability, _LEAST_PROBABILITY))
    weight = None if target.weight_valid is None else target.weight_valid[rows]
    return float(np.average(losses, weights=weight))
