"""Many comparisons at once: Holm keeps their error, folds say what one split cannot, sizes come with them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.evaluation import OutOfFold, Rivals, compare, compare_folds, contrast, holm, metrics_of
from modelwright.evaluation.folds import equivalence_for
from modelwright.problem import METRICS, Task
from tests.evaluation.worlds import brief, calibrated_binary, sigmoid, two_columns


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holms_correction_agrees_with_statsmodels(p_values) -> None:
    from statsmodels.stats.multitest import multipletests

    assert holm(p_values) == pytest.approx(list(multipletests(p_values, method="holm")[1]))


@pytest.mark.parametrize(
    ("differences", "equivalence", "better", "equal", "worse"),
    [
        ([0.01, 0.02, -0.005, 0.015, 0.03], 0.01, 0.66553590, 0.30915322, 0.02531088),
    ],
)
def test_the_comparison_over_folds_agrees_with_the_package_baycomp(
    differences, equivalence, better, equal, worse
) -> None:
    """Values of `baycomp.two_on_single(x, y, rope)` (baycomp 1.0.3)."""
    found = compare_folds(differences, equivalence=equivalence)
    assert (found.better, found.equal, found.worse) == pytest.approx((better, equal, worse))


def test_folds_that_agree_leave_no_doubt() -> None:
    assert compare_folds([0.05] * 5, equivalence=0.01).better == 1
    assert compare_folds([0.001] * 5, equivalence=0.01).equal == 1
    assert compare_folds([-0.05] * 5, equivalence=0.01).worse == 1


def test_equal_models_are_seldom_called_better_over_folds() -> None:
    """Folds whose scores are correlated as those of cross-validation are."""
    rng = np.random.default_rng(0)
    correlated = np.linalg.cholesky(np.full((10, 10), 0.1) + 0.9 * np.eye(10))
    sure = sum(
        compare_folds(correlated @ rng.normal(size=10), equivalence=0.0).better > 0.975 for _ in range(2000)
    )
    assert sure / 2000 <= 0.035


def test_what_is_equal_in_practice_follows_from_the_metric_or_the_brief() -> None:
    assert equivalence_for(METRICS["roc_auc"], 0.8) == 0.01
    assert equivalence_for(METRICS["rmse"], 250.0) == 2.5
    assert equivalence_for(METRICS["rmse"], 250.0, stated=10) == 10


def rivals(rows: int = 400, lead: float = 0.0):
    rng = np.random.default_rng(0)
    y, good = calibrated_binary(rng, rows)
    score = np.log(good[:, 1] / good[:, 0])
    noisy = [two_columns(sigmoid(score + noise * rng.normal(size=rows))) for noise in (0.8, 0.8 - lead)]
    return Rivals(y, {"a": good, "b": noisy[0], "c": noisy[1]})


def test_every_metric_and_group_of_every_pair_is_compared_and_corrected_together() -> None:
    asked = brief("binary", "roc_auc")
    protected = pl.DataFrame({"sex": np.tile(["f", "m"], 200)})
    found = contrast(
        metrics_of(asked),
        rivals(),
        [("a", "b"), ("a", "c")],
        task=Task.BINARY,
        protected=protected,
        looks=0,
        resamples=200,
    )
    metrics = [metric.name for metric in metrics_of(asked)]
    assert [each.metric for each in found if not each.group] == metrics * 2
    assert [each.group for each in found if each.group] == ["sex = f", "sex = f", "sex = m", "sex = m"]
    assert holm([each.comparison.p_value for each in found]) == [each.adjusted_p for each in found]
    first = found[0]
    assert first.figures[0] - first.figures[1] == pytest.approx(first.comparison.difference)
    alone = compare(
        METRICS["roc_auc"], rivals().y, rivals().predictions["a"], rivals().predictions["b"], looks=0
    )
    assert first.comparison == alone


def test_pairs_with_the_same_folds_are_compared_over_them() -> None:
    given = rivals()
    folds = OutOfFold(given.y, np.arange(400) % 5, {"a": given.predictions["a"], "b": given.predictions["b"]})
    both, one = contrast(
        metrics_of(brief())[:1],
        given,
        [("a", "b"), ("a", "c")],
        task=Task.BINARY,
        out_of_fold=folds,
        equivalence=0.02,
        looks=0,
    )
    assert both.folds is not None
    assert both.folds.folds == 5
    assert both.folds.better + both.folds.equal + both.folds.worse == pytest.approx(1)
    assert one.folds is None


def test_among_equal_rivals_hardly_any_metric_or_group_differs_after_correction() -> None:
    false = 0
    for repeat in range(80):
        rng = np.random.default_rng(repeat)
        y = (rng.random(200) < 0.4).astype(np.int64)
        shared = 1.5 * (y - 0.5) + 0.7 * rng.normal(size=200)
        a, b = (two_columns(sigmoid(shared + 0.7 * rng.normal(size=200))) for _ in range(2))
        found = contrast(
            [METRICS[name] for name in ("roc_auc", "log_loss", "brier", "f1", "mcc")],
            Rivals(y, {"a": a, "b": b}),
            [("a", "b")],
            task=Task.BINARY,
            protected=pl.DataFrame({"sex": np.where(rng.random(200) < 0.5, "f", "m")}),
            looks=0,
            resamples=300,
            seed=repeat,
        )
        false += min(each.adjusted_p for each in found) < 0.05
    assert false / 80 <= 0.1
