"""Which columns a model leans on."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from modelwright.evaluation import permutation_importance
from modelwright.problem import METRICS
from tests.evaluation.worlds import sigmoid, two_columns


def world(rows: int = 1500):
    rng = np.random.default_rng(0)
    frame = pl.DataFrame({name: rng.normal(size=rows) for name in ("idle", "strong", "weak")})
    score = 2.0 * frame["strong"].to_numpy() + 0.5 * frame["weak"].to_numpy()
    y = (rng.random(rows) < sigmoid(score)).astype(np.int64)

    def predict(part: pl.DataFrame) -> np.ndarray:
        return two_columns(sigmoid(2.0 * part["strong"].to_numpy() + 0.5 * part["weak"].to_numpy()))

    return frame, y, predict


def test_columns_come_in_the_order_of_what_shuffling_them_costs() -> None:
    frame, y, predict = world()
    found = permutation_importance(predict, frame, y, METRICS["roc_auc"])
    assert [item.column for item in found] == ["strong", "weak", "idle"]
    assert found[0].drop.low > found[1].drop.value
    assert found[1].drop.low > 0
    assert found[2].drop.value == found[2].drop.high == 0
    assert {item.rows for item in found} == {1000}


def test_many_columns_are_measured_on_fewer_rows_and_the_frame_is_left_as_it_was() -> None:
    frame, y, predict = world()
    wide = frame.with_columns(pl.lit(float(number)).alias(f"filler{number}") for number in range(97))
    before = wide.clone()
    found = permutation_importance(predict, wide, y, METRICS["log_loss"])
    assert len(found) == 100
    assert found[0].rows == 200
    assert found[0].column == "strong"
    assert wide.equals(before)


def test_the_same_seed_gives_the_same_importance() -> None:
    frame, y, predict = world(400)
    first, again = (permutation_importance(predict, frame, y, METRICS["roc_auc"], seed=3) for _ in range(2))
    assert first == again


@pytest.mark.parametrize("rows", [5, 50])
def test_few_rows_are_all_used(rows) -> None:
    frame, y, predict = world()
    y = np.arange(len(y)) % 2
    found = permutation_importance(predict, frame[:rows], y[:rows], METRICS["roc_auc"])
    assert {item.rows for item in found} == {rows}


def test_the_interval_holds_the_importance_over_new_rows_and_shuffles() -> None:
    frame, y, predict = world(6_000)
    drops = {"strong": [], "weak": []}
    spans = []
    for part in range(20):
        rows = slice(part * 300, (part + 1) * 300)
        for item in permutation_importance(predict, frame[rows], y[rows], METRICS["log_loss"], seed=part):
            if item.column in drops:
                drops[item.column].append(item.drop.value)
                spans.append((item.column, item.drop.low, item.drop.high))
    truth = {column: np.mean(values) for column, values in drops.items()}
    held = np.mean([low <= truth[column] <= high for column, low, high in spans])
    assert 0.87 <= held <= 1.0
