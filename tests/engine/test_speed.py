"""A machine's speed is measured by the clock, so that a busy machine is a slow one."""

from __future__ import annotations

import itertools

import pytest

from modelwright.engine import slowness, speed


@pytest.mark.parametrize(("took", "found"), [(0.045, 1.0), (0.09, 2.0), (0.001, 0.5), (9.0, 6.0)])
def test_the_time_of_a_fixed_piece_of_work_says_how_slow_the_machine_is(monkeypatch, took, found) -> None:
    readings = itertools.count(0.0, took)
    monkeypatch.setattr(speed.time, "perf_counter", lambda: next(readings))
    assert slowness() == pytest.approx(found)
