"""Time is kept for what follows training: more for many rows, and on a slow machine."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from modelwright.lifecycle import finishing


def kept(monkeypatch: pytest.MonkeyPatch, rows: int, limit: float, slow: float, spent: float = 0.0) -> float:
    monkeypatch.setattr(finishing, "slowness", lambda: slow)
    contract = SimpleNamespace(classes=("no", "yes"))
    prepared = SimpleNamespace(sealed_frame=range(rows), contract=contract)
    return limit - finishing.training_seconds(prepared, limit, spent)


def test_more_is_kept_for_many_rows_and_on_a_slow_machine(monkeypatch) -> None:
    few = kept(monkeypatch, 1_000, 60, 1.0)
    assert 9 <= few < 10
    assert kept(monkeypatch, 80_000, 60, 1.0) > 2 * few
    assert kept(monkeypatch, 1_000, 60, 2.0) == pytest.approx(2 * few)


def test_a_share_of_a_long_limit_is_kept(monkeypatch) -> None:
    assert kept(monkeypatch, 1_000, 600, 1.0) == pytest.approx(90)


def test_training_gets_a_quarter_of_the_limit_whatever_the_beginning_took(monkeypatch) -> None:
    assert kept(monkeypatch, 1_000, 20, 6.0, spent=8.0) == pytest.approx(20 - 8 - 5)
