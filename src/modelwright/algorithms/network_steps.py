"""Where a neural net starts from, and how it steps: AdamW, and a schedule that ends in time."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.network_gradient import Dimensions

_Single = NDArray[np.float32]

_WARM_UP = 0.05
_RESERVE = 0.9
_PLANNED_AFTER = (1, 5, 20)
_FIRST_MOMENT, _SECOND_MOMENT, _LEAST = 0.9, 0.98, 1e-8
_FAN_IN = {"first": "inputs", "shift": "inputs", "second": "width", "second_shift": "width", "head": "width"}


def initial(shape: Dimensions, seed: int) -> _Single:
    """Draw weights: uniform, the narrower the more inputs a unit has, and scales of -1 and 1 at random.

    Random signs make members differ from the start (Gorishniy, Kotelnikov and Babenko 2025, "TabM: Advancing
    tabular deep learning with parameter-efficient ensembling").
    """
    rng = np.random.default_rng(seed)
    flat = np.zeros(shape.count, dtype=np.float32)
    weights = shape.views(flat)
    for name, fan_in in _FAN_IN.items():
        part = getattr(weights, name)
        part[...] = rng.uniform(-1, 1, part.shape) / np.sqrt(getattr(shape, fan_in))
    weights.scale[...] = np.where(rng.random(weights.scale.shape) < 0.5, -1.0, 1.0)
    return flat


class AdamW:
    """Adam with decoupled weight decay, in place on one flat array (Loshchilov and Hutter 2019).

    Parameters
    ----------
    flat : ndarray of shape (n,), float32
        Every weight.
    decay : ndarray of shape (n,), float32
        Of each weight.
    """

    def __init__(self, flat: _Single, decay: _Single) -> None:
        self._flat, self._decay = flat, decay
        self._mean, self._square, self._step = np.zeros_like(flat), np.zeros_like(flat), np.empty_like(flat)
        self._steps = 0

    def step(self, gradient: _Single, rate: float) -> None:
        """Go one step against the gradient."""
        self._steps += 1
        mean, square, step = self._mean, self._square, self._step
        mean *= np.float32(_FIRST_MOMENT)
        mean += np.multiply(gradient, np.float32(1 - _FIRST_MOMENT), out=step)
        square *= np.float32(_SECOND_MOMENT)
        np.multiply(gradient, gradient, out=step)
        step *= np.float32(1 - _SECOND_MOMENT)
        square += step
        np.multiply(square, np.float32(1 / (1 - _SECOND_MOMENT**self._steps)), out=step)
        np.sqrt(step, out=step)
        step += np.float32(_LEAST)
        np.divide(mean, step, out=step)
        step *= np.float32(rate / (1 - _FIRST_MOMENT**self._steps))
        self._flat -= step
        np.multiply(self._decay, self._flat, out=step)
        step *= np.float32(rate)
        self._flat -= step


class Schedule:
    """The step size over the epochs: a short rise, then half a cosine down to zero.

    The number of epochs is the one asked for, unless the time left allows fewer: after the first steps and
    after each epoch it is seen anew how long they take, so that the step size is near zero when time is up,
    whatever else the machine does. Where time is plentiful the clock has no influence at all.

    Parameters
    ----------
    epochs : int
        How many at most.
    steps : int
        Mini-batches of an epoch.
    deadline : callable
        Seconds left.
    """

    def __init__(self, epochs: int, steps: int, deadline: Callable[[], float]) -> None:
        self.epochs, self.steps, self.taken = float(epochs), steps, 0
        self._most, self._deadline = epochs, deadline
        self._seen, self._seen_at = 0, monotonic()

    def rate(self) -> float:
        """Return the step size of the next mini-batch, as a share of the largest."""
        if self.taken in _PLANNED_AFTER or self.taken % self.steps == 0 < self.taken:
            self._plan()
        progress = min(1.0, (self.taken + 0.5) / (self.epochs * self.steps))
        self.taken += 1
        return min(1.0, progress / _WARM_UP) * 0.5 * (1 + cos(pi * progress))

    @property
    def is_over(self) -> bool:
        """Whether all steps are taken, or time is up."""
        return self.taken >= self.epochs * self.steps or self._deadline() <= 0

    def _plan(self) -> None:
        """Reckon how many more steps fit, at the pace since this was last done."""
        now = monotonic()
        seconds = (now - self._seen_at) / (self.taken - self._seen)
        self._seen, self._seen_at = self.taken, now
        left = max(self._deadline(), 0.0) * _RESERVE / max(seconds, 1e-9)
        self.epochs = min(self._most, (self.taken + left) / self.steps)
