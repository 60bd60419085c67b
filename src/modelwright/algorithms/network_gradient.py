"""Forward and backward pass of the neural net, written by hand for its one architecture."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.portable import Weights
from modelwright.problem import Task

_Single = NDArray[np.float32]

Slope = Callable[[_Single], _Single]
"""From a member's raw outputs of some rows to the derivative of their mean loss by these outputs."""

GROUPS = 4
"""Members are dealt into as many groups, each with sums of its own, so that any number of threads gives the
same gradient."""


@dataclass(frozen=True)
class Dimensions:
    """How large a net is.

    Attributes
    ----------
    inputs, width, members, outputs : int
    """

    inputs: int
    width: int
    members: int
    outputs: int

    @property
    def sizes(self) -> dict[str, tuple[int, ...]]:
        """Shape of each of the arrays of `Weights`."""
        return {
            "first": (self.inputs, self.width),
            "scale": (self.members, self.width),
            "shift": (self.members, self.width),
            "second": (self.width, self.width),
            "second_shift": (self.members, self.width),
            "head": (self.members, self.width, self.outputs),
            "head_shift": (self.members, self.outputs),
        }

    @property
    def count(self) -> int:
        """Number of weights."""
        return sum(prod(size) for size in self.sizes.values())

    def views(self, flat: _Single) -> Weights:
        """Return weights that are parts of one flat array, so that a step changes all of them at once."""
        parts, start = {}, 0
        for name, size in self.sizes.items():
            parts[name] = flat[start : start + prod(size)].reshape(size)
            start += prod(size)
        return Weights(**parts)


def slope_of(
    task: Task, y: NDArray[np.generic], absolute: bool, weight: NDArray[np.floating] | None = None
) -> Slope:
    """Return the derivative of the mean loss of rows: log-loss, half squared errors or absolute errors.

    Parameters
    ----------
    task : Task
    y : ndarray of shape (n,)
        Codes, or standardised values.
    absolute : bool
        Whether a regression minimises absolute errors.
    weight : ndarray of shape (n,) or None
        How much each row counts.
    """
    counts = np.ones(len(y)) if weight is None else weight
    share = (counts / len(y)).astype(np.float32)[:, None]
    rows, codes, values = np.arange(len(y)), y.astype(np.int64), y.astype(np.float32)[:, None]

    def of_values(raw: _Single) -> _Single:
        apart = raw - values
        if absolute:
            np.sign(apart, out=apart)
        apart *= share
        return apart

    def of_two(raw: _Single) -> _Single:
        probability = 1.0 / (1.0 + np.exp(-np.clip(raw, -80.0, 80.0)))
        probability -= values
        probability *= share
        return np.asarray(probability, dtype=np.float32)

    def of_many(raw: _Single) -> _Single:
        powers = np.exp(raw - raw.max(axis=1, keepdims=True))
        powers /= powers.sum(axis=1, keepdims=True)
        powers[rows, codes] -= 1.0
        powers *= share
        return np.asarray(powers, dtype=np.float32)

    return {Task.REGRESSION: of_values, Task.BINARY: of_two, Task.MULTICLASS: of_many}[task]


class Gradient:
    """The derivative of the members' summed losses by every weight.

    Parameters
    ----------
    shape : Dimensions
    rows : int
        Most rows of a mini-batch.
    dropout : float
        Share of hidden units that a row goes without (Srivastava et al. 2014), anew in each mini-batch.
    seed : int
    executor : Executor or None
        Runs groups of members at the same time.
    """

    def __init__(
        self, shape: Dimensions, rows: int, dropout: float, seed: int, executor: Executor | None = None
    ) -> None:
        self.shape = shape
        self.flat = np.zeros(shape.count, dtype=np.float32)
        self.weights = shape.views(self.flat)
        dealt = np.array_split(np.arange(shape.members), min(GROUPS, shape.members))
        seeds = np.random.SeedSequence(seed).spawn(len(dealt))
        self._groups = [
            _Group(shape, members, rows, dropout, np.random.default_rng(each))
            for members, each in zip(dealt, seeds, strict=True)
        ]
        self._map: Callable[..., Iterable[None]] = executor.map if executor else map

    def compute(self, weights: Weights, inputs: _Single, slope: Slope) -> None:
        """Write the derivative for a mini-batch into `flat`, and so into `weights`."""
        sums = inputs @ weights.first
        list(self._map(lambda group: group.run(weights, sums, slope, self.weights), self._groups))
        below, second = self._groups[0].below[: len(inputs)], self._groups[0].second
        for group in self._groups[1:]:
            below += group.below[: len(inputs)]
            second += group.second
        np.matmul(inputs.T, below, out=self.weights.first)
        self.weights.second[...] = second


class _Group:
    """Some of the members, one after another, with buffers that stay in the processor's cache."""

    def __init__(
        self,
        shape: Dimensions,
        members: NDArray[np.int64],
        rows: int,
        dropout: float,
        rng: np.random.Generator,
    ) -> None:
        def buffer() -> _Single:
            return np.empty((rows, shape.width), dtype=np.float32)

        self.members = members
        self.below = buffer()
        self.second = np.empty((shape.width, shape.width), dtype=np.float32)
        self._buffers = buffer(), buffer(), buffer(), np.empty_like(self.second)
        self._active = np.empty((rows, shape.width), dtype=np.bool_)
        self._ones = np.ones(rows, dtype=np.float32)
        self._dropout = _Dropout(dropout, rows * shape.width, rng)

    def run(self, weights: Weights, sums: _Single, slope: Slope, gradient: Weights) -> None:
        """Write the members' own derivatives into `gradient`, and sum up those of what they share."""
        self._dropout.renew()
        self.below[: len(sums)] = 0.0
        self.second[...] = 0.0
        for member in self.members:
            self._run(member, weights, sums, slope, gradient)

    def _run(self, at: int, weights: Weights, sums: _Single, slope: Slope, gradient: Weights) -> None:
        n = len(sums)
        first, second, back, product = self._buffers
        first, second, back, ones = first[:n], second[:n], back[:n], self._ones[:n]
        np.multiply(sums, weights.scale[at], out=first)
        first += weights.shift[at]
        np.maximum(first, 0.0, out=first)
        self._dropout.thin(first)
        np.matmul(first, weights.second, out=second)
        second += weights.second_shift[at]
        np.maximum(second, 0.0, out=second)
        self._dropout.thin(second)
        error = slope(second @ weights.head[at] + weights.head_shift[at])

        np.matmul(second.T, error, out=gradient.head[at])
        np.matmul(ones, error, out=gradient.head_shift[at])
        _outer(error, weights.head[at].T, out=back)
        self._through(back, second)
        np.matmul(ones, back, out=gradient.second_shift[at])
        np.matmul(first.T, back, out=product)
        self.second += product
        np.matmul(back, weights.second.T, out=second)  # the second layer's values are not needed any more
        self._through(second, first)
        np.matmul(ones, second, out=gradient.shift[at])
        np.multiply(second, sums, out=back)
        np.matmul(ones, back, out=gradient.scale[at])
        second *= weights.scale[at]
        self.below[:n] += second

    def _through(self, error: _Single, hidden: _Single) -> None:
        """Carry an error back through dropout and rectifier: to the units that were active."""
        active = np.greater(hidden, 0.0, out=self._active[: len(error)])
        error *= active
        if self._dropout.factor != 1.0:
            error *= self._dropout.factor


def _outer(error: _Single, head: _Single, out: _Single) -> None:
    """Multiply matrices; BLAS takes eight times as long as NumPy where there is one output."""
    if len(head) == 1:
        np.multiply(error, head, out=out)
    else:
        np.matmul(error, head, out=out)


class _Dropout:
    """Masks cut from a strip of chance at random places: to draw each anew would cost as much as a layer."""

    def __init__(self, share: float, size: int, rng: np.random.Generator) -> None:
        kept = round((1.0 - share) * 256)
        self.factor = np.float32(256 / kept)
        self._kept, self._size, self._rng = kept, size, rng
        self._steps = 0
        self._strip = np.empty(0, dtype=np.float32)

    def renew(self) -> None:
        """Draw a new strip, now and then."""
        if self.factor != 1.0 and self._steps % _RENEWED == 0:
            drawn = np.frombuffer(self._rng.bytes(4 * self._size), dtype=np.uint8)
            self._strip = np.where(drawn < self._kept, self.factor, np.float32(0.0))
        self._steps += 1

    def thin(self, hidden: _Single) -> None:
        """Set units to zero, and raise the others so that sums stay the same on average."""
        if self.factor != 1.0:
            start = int(self._rng.integers(len(self._strip) - hidden.size + 1))
            hidden *= self._strip[start : start + hidden.size].reshape(hidden.shape)


_RENEWED = 32
