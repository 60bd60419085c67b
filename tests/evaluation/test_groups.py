"""Groups of a protected column: how they are formed, and how sure a gap between them is."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.evaluation import group_gaps
from modelwright.evaluation.bootstrap import Units
from modelwright.evaluation.gap import largest_gap
from modelwright.evaluation.grouping import group_rows
from modelwright.evaluation.weighted import weighted_mean
from modelwright.problem import METRICS, Task
from tests.evaluation.worlds import calibrated_binary, calibrated_multiclass, linear_values


@given(
    values=st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6, width=32)), min_size=1, max_size=200),
)
def test_every_row_is_in_exactly_one_group_of_numbers(values) -> None:
    groups = group_rows(pl.Series("age", values, dtype=pl.Float32))
    together = np.concatenate([rows for _, rows in groups])
    assert sorted(together) == list(range(len(values)))
    assert len({name for name, _ in groups}) == len(groups)


@given(values=st.lists(st.sampled_from(["a", "b", "c", None, "(missing)", "é"]), min_size=1, max_size=200))
def test_every_row_is_in_exactly_one_group_of_categories(values) -> None:
    groups = group_rows(pl.Series("kind", values, dtype=pl.String))
    assert sorted(np.concatenate([rows for _, rows in groups])) == list(range(len(values)))


def test_a_number_is_cut_into_quarters_and_a_rare_category_joins_the_others() -> None:
    ages = pl.Series("age", np.arange(16, 96), dtype=pl.Float32)
    assert [name for name, _ in group_rows(ages)] == [
        "under 36",
        "36 to under 56",
        "56 to under 76",
        "76 and over",
    ]
    kinds = pl.Series("kind", ["a"] * 100 + ["b"] * 50 + ["c"] * 3 + ["d"] * 2 + [None] * 4)
    assert [(name, len(rows)) for name, rows in group_rows(kinds)] == [
        ("a", 100),
        ("b", 50),
        ("(other)", 5),
        ("(missing)", 4),
    ]


@pytest.mark.parametrize(
    ("shares", "sizes"),
    [((0.3, 0.3, 0.3, 0.3), (60, 100, 200, 60)), ((0.3, 0.5, 0.4), (60, 100, 80)), ((0.5, 0.5), (40, 300))],
)
def test_the_largest_gap_allows_for_being_the_largest(shares, sizes) -> None:
    truth, repeats = max(shares) - min(shares), 250
    rows = np.split(np.arange(sum(sizes)), np.cumsum(sizes)[:-1])
    missed = alarms = 0
    for repeat in range(repeats):
        rng = np.random.default_rng(repeat)
        hits = np.concatenate([rng.random(n) < share for share, n in zip(shares, sizes, strict=True)]).astype(
            float
        )
        parts = [weighted_mean(hits[row]) for row in rows]
        gap = largest_gap(
            "hits",
            [str(code) for code in range(len(sizes))],
            lambda weights, parts=parts: np.stack(
                [part(weights[:, row]) for part, row in zip(parts, rows, strict=True)], axis=1
            ),
            Units.of(sum(sizes), None),
            smallest_group=min(sizes),
            alpha=0.05,
            resamples=300,
            seed=repeat,
        )
        missed += not gap.low <= truth <= gap.high
        alarms += gap.low > 0
    assert missed / repeats <= 0.08
    assert truth > 0 or alarms / repeats <= 0.08


def test_selection_rates_and_metrics_of_groups_are_those_of_their_rows() -> None:
    rng = np.random.default_rng(0)
    y, prediction = calibrated_binary(rng, 2000)
    sex = np.where(rng.random(2000) < 0.4, "f", "m")
    (table,) = group_gaps(
        METRICS["roc_auc"],
        Task.BINARY,
        ("no", "yes"),
        y,
        prediction,
        pl.DataFrame({"sex": sex}),
        threshold=0.3,
    )
    for group in table.groups:
        member = sex == group.name
        assert group.rows == member.sum()
        assert group.selection_rate == pytest.approx((prediction[member, 1] >= 0.3).mean())
        assert group.metric == pytest.approx(METRICS["roc_auc"](y[member], prediction[member]))
    rates = [group.selection_rate for group in table.groups]
    assert table.promised is not None
    assert table.promised.value == pytest.approx(max(rates) - min(rates))


def test_a_model_that_flags_one_group_only_is_seen() -> None:
    rng = np.random.default_rng(0)
    group = np.repeat(["a", "b"], 200)
    prediction = np.where(group[:, None] == "a", [[0.1, 0.9]], [[0.9, 0.1]])
    y = (rng.random(400) < 0.5).astype(np.int64)
    (table,) = group_gaps(
        METRICS["accuracy"], Task.BINARY, ("no", "yes"), y, prediction, pl.DataFrame({"g": group})
    )
    assert table.promised is not None
    assert table.promised.value == 1
    assert (table.promised.highest, table.promised.lowest) == ("a", "b")


def test_groups_that_are_all_alike_are_still_named_two() -> None:
    y, _ = calibrated_binary(np.random.default_rng(0), 400)
    nobody = np.tile([0.9, 0.1], (400, 1))
    (table,) = group_gaps(
        METRICS["accuracy"],
        Task.BINARY,
        ("no", "yes"),
        y,
        nobody,
        pl.DataFrame({"g": np.repeat(["a", "b"], 200)}),
    )
    assert table.promised is not None
    assert (table.promised.value, table.promised.highest != table.promised.lowest) == (0, True)
    assert table.promised.high == pytest.approx(1 - 0.0125 ** (1 / 200)), "200 rows without one prove little"


def test_too_small_groups_are_shown_but_do_not_count() -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 220)
    group = np.repeat(["large", "small"], [200, 20])
    (table,) = group_gaps(
        METRICS["roc_auc"], Task.BINARY, ("no", "yes"), y, prediction, pl.DataFrame({"g": group})
    )
    assert [row.note for row in table.groups] == ["", "fewer than 30 rows"]
    assert [row.name for row in table.groups] == ["large", "(other)"]
    assert table.promised is None
    assert "fewer than two groups" in table.not_applicable


def test_many_labels_show_the_label_with_the_widest_gap_and_values_the_mean_error() -> None:
    rng = np.random.default_rng(0)
    y, prediction = calibrated_multiclass(rng, 600)
    group = np.repeat(["a", "b"], 300)
    prediction[300:] = prediction[300:] * 0.2 + np.array([0.0, 0.0, 0.8])
    (table,) = group_gaps(
        METRICS["log_loss"], Task.MULTICLASS, ("x", "y", "z"), y, prediction, pl.DataFrame({"g": group})
    )
    assert table.promised is not None
    assert "'z'" in table.promised.about
    values, predicted = linear_values(rng, 600)
    predicted[300:] += 3
    (table,) = group_gaps(METRICS["rmse"], Task.REGRESSION, (), values, predicted, pl.DataFrame({"g": group}))
    assert table.promised is not None
    assert table.promised.highest == "b"
    errors = np.abs(values - predicted[:, 0])
    assert table.promised.value == pytest.approx((errors[300:].mean() - errors[:300].mean()) / errors.mean())
