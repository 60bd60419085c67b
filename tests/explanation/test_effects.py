"""How the answer moves with a column: known for a known function."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from modelwright.data import Column, Contract
from modelwright.explanation import column_effects

CONTRACT = Contract(
    columns=(
        Column(name="a", kind="number"),
        Column(name="b", kind="number"),
        Column(name="kind", kind="category", categories=("x", "y")),
        Column(name="outcome", kind="number", role="target"),
    )
)


def world(correlation: float) -> pl.DataFrame:
    rng = np.random.default_rng(0)
    a = rng.uniform(-1, 1, 4000)
    b = correlation * a + np.sqrt(1 - correlation**2) * rng.uniform(-1, 1, 4000)
    return pl.DataFrame({"a": a, "b": b, "kind": rng.choice(["x", "y"], 4000)}).cast(
        {"a": pl.Float32, "b": pl.Float32}
    )


def additive(frame: pl.DataFrame) -> np.ndarray:
    bonus = (frame["kind"] == "y").to_numpy() * 3.0
    return (frame["a"].to_numpy() ** 2 + frame["b"].to_numpy() + bonus)[:, None].astype(np.float64)


def test_of_a_sum_both_curves_are_the_column_s_own_term() -> None:
    frame = world(0.0)
    square, kind = column_effects(additive, frame, CONTRACT, ["a", "kind"])
    for curve in (square.dependence, square.local):
        at, answer = np.array(curve.at), np.array(curve.answer)
        np.testing.assert_allclose(answer - answer.mean(), at**2 - (at**2).mean(), atol=0.08)
    assert dict(zip(kind.dependence.at, kind.dependence.answer, strict=True))["y"] == pytest.approx(
        dict(zip(kind.dependence.at, kind.dependence.answer, strict=True))["x"] + 3.0
    )
    assert kind.local is None


def test_where_columns_go_together_local_effects_ask_for_no_impossible_row() -> None:
    # Outside the strip where a and b agree, the function says nonsense; no real row is there.
    def strange(frame: pl.DataFrame) -> np.ndarray:
        a, b = frame["a"].to_numpy(), frame["b"].to_numpy()
        return np.where(np.abs(a - b) < 0.5, a, 50.0)[:, None].astype(np.float64)

    (effect,) = column_effects(strange, world(0.995), CONTRACT, ["a"])

    at, answer = np.array(effect.local.at), np.array(effect.local.answer)
    np.testing.assert_allclose(np.diff(answer), np.diff(at), atol=0.05)
    assert max(effect.dependence.answer) > 10


def test_a_column_that_never_changes_has_no_curve() -> None:
    frame = world(0.0).with_columns(a=pl.lit(1.0, dtype=pl.Float32))
    assert column_effects(additive, frame, CONTRACT, ["a"]) == ()


def test_missing_values_are_left_out_of_the_places() -> None:
    frame = world(0.0)
    frame = frame.with_columns(pl.when(pl.col("a") > 0.5).then(None).otherwise(pl.col("a")).alias("a"))

    def filled(part: pl.DataFrame) -> np.ndarray:
        return additive(part.with_columns(pl.col("a").fill_null(0.0)))

    (effect,) = column_effects(filled, frame, CONTRACT, ["a"])
    assert max(effect.dependence.at) <= 0.5
    assert np.isfinite(effect.local.answer).all()
