"""Time is kept for what follows training: more for many rows, and on a slow machine."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from modelwright.lifecycle import finishing


def kept(rows: int, limit: float, slow: float, monkeypatch: pytest.MonkeyPatch) -> float:
    monkeypatch.setattr(finishing, "slowness", lambda: slow)
    contract = SimpleNamespace(classes=("no", "yes"))
    return finishing.finishing_seconds(SimpleNamespace(sealed_frame=range(rows), contract=contract), limit)


def test_more_is_kept_for_many_rows_and_on_a_slow_machine(monkeypatch) -> None:
    few = kept(1_000, 60, 1.0, monkeypatch)
    assert 9 <= few < 10
    assert kept(80_000, 60, 1.0, monkeypatch) > 2 * few
    assert kept(1_000, 60, 2.0, monkeypatch) == pytest.approx(2 * few)


def test_a_share_of_a_long_limit_is_kept_and_some_of_a_short_one_is_left(monkeypatch) -> None:
    assert kept(1_000, 600, 1.0, monkeypatch) == pytest.approx(90)
    assert kept(1_000, 10, 6.0, monkeypatch) == pytest.approx(6)
