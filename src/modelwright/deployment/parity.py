"""Proof that the portable model scores like the trained one, and how fast."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from modelwright.data import Inputs
from modelwright.deployment.manifest import Latency, Parity
from modelwright.deployment.session import Session
from modelwright.errors import ParityError
from modelwright.problem import Task

TOLERANCE = 1e-5

_ROWS_AT_ONCE = 4096
_TIMED_CALLS = 200
_ROUNDS = 5
_WARMING_CALLS = 20


def prove_parity(session: Session, inputs: Inputs, expected: NDArray[np.floating], task: Task) -> Parity:
    """Score rows with the graph and compare with the trained model's own predictions.

    Parameters
    ----------
    session : Session
        The graph.
    inputs : Inputs
        All rows to prove it on.
    expected : ndarray of shape (n, classes) or (n, 1)
        What the trained model said.
    task : Task

    Returns
    -------
    Parity
        Probabilities are compared as they are; values relative to the greater of their own size and the
        standard deviation of all expected values.

    Raises
    ------
    ParityError
        If any difference exceeds 1e-5.
    """
    starts = range(0, len(inputs), _ROWS_AT_ONCE)
    parts = [session.predict(inputs[start : start + _ROWS_AT_ONCE]) for start in starts]
    found = np.concatenate(parts, dtype=np.float64)
    if found.shape != expected.shape:
        raise ParityError(f"the graph gives shape {found.shape}, the trained model {expected.shape}")
    difference = np.abs(found - expected)
    if task is Task.REGRESSION:
        scale = np.maximum(np.abs(expected), np.std(expected))
        difference = difference / np.where(scale > 0, scale, 1.0)
    row = int(difference.max(axis=1).argmax())
    largest = float(difference[row].max())
    if not largest <= TOLERANCE:  # also where it is not a number
        raise ParityError(
            f"the portable model differs from the trained one by {largest:.3g} (row {row} of {len(found)}; "
            f"at most {TOLERANCE:g} is allowed), so no package was written; please report this as a bug "
            "of the learner's graph"
        )
    measure = "relative" if task is Task.REGRESSION else "probability"
    return Parity(rows=len(found), largest_difference=largest, measure=measure, tolerance=TOLERANCE)


def measure_latency(session: Session, inputs: Inputs) -> Latency:
    """Time single rows, one call each, in turn from the rows given, and keep the quietest of five rounds.

    What else the machine is doing adds to some rounds; what the graph itself takes is in all of them.
    """
    rows = [inputs[start : start + 1] for start in range(min(len(inputs), _TIMED_CALLS))]
    for call in range(_WARMING_CALLS):
        session.predict(rows[call % len(rows)])
    taken = np.empty((_ROUNDS, _TIMED_CALLS))
    for round_, call in np.ndindex(taken.shape):
        row = rows[call % len(rows)]
        start = time.perf_counter()
        session.predict(row)
        taken[round_, call] = time.perf_counter() - start
    p50, p99 = np.quantile(taken * 1000, [0.5, 0.99], axis=1).min(axis=1)
    return Latency(calls=taken.size, p50_ms=float(p50), p99_ms=float(p99))
