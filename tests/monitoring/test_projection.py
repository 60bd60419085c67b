"""The nearest distribution in a box, and the e-value that it gives."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from modelwright.monitoring.detectors import nearest

SIZE = st.integers(2, 8)
positive = st.floats(1e-4, 1.0)


@st.composite
def boxes(draw):
    """A box of distributions that is not empty, and a distribution somewhere."""
    n_bins = draw(SIZE)
    centre, q = (draw(arrays(float, n_bins, elements=positive)) for _ in range(2))
    centre, q = centre / centre.sum(), q / q.sum()
    slack = draw(arrays(float, (2, n_bins), elements=st.floats(0, 0.2)))
    return q, np.maximum(centre - slack[0], 0), np.minimum(centre + slack[1], 1)


def worst_mean(e_values, lower, upper):
    """Largest mean of the e-values over the box: fill the bins with the largest e-values first."""
    p, left = lower.copy(), 1 - lower.sum()
    for index in np.argsort(-e_values):
        step = min(upper[index] - lower[index], left)
        p[index] += step
        left -= step
    return p @ e_values


@given(boxes())
@settings(max_examples=300, deadline=None)
def test_the_result_is_a_distribution_in_the_box(box):
    q, lower, upper = box
    p = nearest(q[None], lower[None], upper[None])[0]
    assert np.isclose(p.sum(), 1, atol=1e-9)
    assert (p >= lower - 1e-12).all()
    assert (p <= upper + 1e-12).all()


@given(boxes())
@settings(max_examples=300, deadline=None)
def test_the_ratio_is_an_e_value_against_every_distribution_in_the_box(box):
    q, lower, upper = box
    ratio = q / nearest(q[None], lower[None], upper[None])[0]
    assert worst_mean(ratio, lower, upper) <= 1 + 1e-7


@given(boxes())
@settings(max_examples=100, deadline=None)
def test_a_distribution_in_the_box_is_its_own_nearest_so_it_gives_no_evidence(box):
    _, lower, upper = box
    inside = nearest(upper[None] / upper.sum(), lower[None], upper[None])
    inside = np.clip(inside, lower, upper)
    assert np.array_equal(nearest(inside, lower[None], upper[None]), inside)


def test_bins_that_a_stream_does_not_have_are_left_out():
    q = np.array([[0.5, 0.5, 0.0], [0.2, 0.3, 0.5]])
    upper = np.array([[0.3, 0.9, 0.0], [0.9, 0.9, 0.9]])
    assert np.allclose(nearest(q, np.zeros((2, 3)), upper), [[0.3, 0.7, 0.0], [0.2, 0.3, 0.5]])
