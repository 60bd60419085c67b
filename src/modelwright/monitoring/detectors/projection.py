"""The member of a box of distributions that is nearest to a given distribution."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def nearest(q: Floats, lower: Floats, upper: Floats) -> Floats:
    r"""Project distributions on boxes: minimise :math:`KL(q \| p)` over :math:`l \le p \le u`, sum one.

    By the Karush-Kuhn-Tucker conditions the minimiser is ``clip(q * t, lower, upper)`` with the one ``t`` for
    which it sums to one; the sum is piecewise linear in ``t``, so ``t`` is found exactly. ``q / p`` is then
    an e-value against every distribution in the box (reverse information projection; Grünwald, de Heide and
    Koolen 2024, "Safe testing", theorem 1).

    Parameters
    ----------
    q : ndarray of shape (n_streams, n_bins)
        Distributions, positive in every bin that has an upper bound above zero.
    lower, upper : ndarray of shape (n_streams, n_bins)
        Bounds of the bins' probabilities; a bin that does not exist has zero for both.

    Returns
    -------
    ndarray of shape (n_streams, n_bins)
        Equal to `q`, to the last bit, where `q` lies in its box.
    """
    safe = np.where(upper > 0, q, 1.0)
    knots = np.sort(np.concatenate([lower / safe, upper / safe], axis=1), axis=1)
    sums = np.clip(q[:, None, :] * knots[:, :, None], lower[:, None, :], upper[:, None, :]).sum(axis=2)
    after = np.clip((sums < 1.0).sum(axis=1), 1, knots.shape[1] - 1)
    rows = np.arange(len(q))
    t0, t1 = knots[rows, after - 1], knots[rows, after]
    s0, s1 = sums[rows, after - 1], sums[rows, after]
    slope = np.divide(t1 - t0, s1 - s0, out=np.zeros_like(t0), where=s1 > s0)
    t = (t0 + (1.0 - s0) * slope)[:, None]
    inside = ((q >= lower) & (q <= upper)).all(axis=1, keepdims=True)
    return np.where(inside, q, np.clip(q * t, lower, upper))
