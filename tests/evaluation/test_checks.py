"""Each check finds what it is for, is silent otherwise, and says when it does not apply."""

from __future__ import annotations

import re

import numpy as np
import polars as pl
import pytest

from modelwright.evaluation import CHECKS, CheckResult, Evaluation, evaluate
from tests.evaluation.worlds import Visits, brief, calibrated_binary, linear_values, two_columns

ROWS = 600
GROUP = np.repeat(["a", "b"], ROWS // 2)


def judged(code: str, y=None, prediction=None, *, sections=None, **how) -> CheckResult:
    """What one check says of a good model, with one thing changed."""
    good_y, good = calibrated_binary(np.random.default_rng(0), ROWS)
    y, prediction = good_y if y is None else y, good if prediction is None else prediction
    defaults = {
        "baselines": {"constant": np.full((len(y), 2), 0.5)},
        "protected": pl.DataFrame({"g": GROUP}) if len(y) == ROWS else None,
        "cross_validated": 0.85,
    }
    found = evaluate(
        brief(**(sections or {})), y, prediction, classes=("no", "yes"), resamples=200, **defaults | how
    )
    return next(check for check in found.checks if check.code == code)


def constant() -> np.ndarray:
    return np.full((ROWS, 2), [0.7, 0.3])


def overconfident() -> np.ndarray:
    _, prediction = calibrated_binary(np.random.default_rng(0), ROWS)
    log_odds = 3 * np.log(prediction[:, 1] / prediction[:, 0])
    return two_columns(1 / (1 + np.exp(-log_odds)))


def one_group_only() -> np.ndarray:
    _, prediction = calibrated_binary(np.random.default_rng(0), ROWS)
    return two_columns(np.clip(prediction[:, 1] + np.where(GROUP == "a", 0.4, -0.3), 0.01, 0.99))


def by_columns(weights: dict[str, float]) -> dict[str, object]:
    rng = np.random.default_rng(0)
    frame = pl.DataFrame({name: rng.normal(size=ROWS) for name in weights})

    def predict(part: pl.DataFrame) -> np.ndarray:
        score = sum(weight * part[name].to_numpy() for name, weight in weights.items())
        return two_columns(1 / (1 + np.exp(-score)))

    y = (rng.random(ROWS) < predict(frame)[:, 1]).astype(np.int64)
    return {"y": y, "prediction": predict(frame), "predict": predict, "frame": frame}


def two_protected() -> pl.DataFrame:
    return pl.DataFrame({"g": GROUP, "h": np.tile(["x", "y"], ROWS // 2)})


def standing_in() -> dict[str, object]:
    found = by_columns({"weight": 2.0, "other": 1.0})
    heavy = found["frame"]["weight"].to_numpy() > 0
    return found | {"protected": pl.DataFrame({"sex": np.where(heavy, "m", "f")})}


PERFECT = np.tile([0, 1], ROWS // 2)
FOUND = {
    "MW-E001": {"prediction": constant()},
    "MW-E002": dict(zip(("y", "prediction"), calibrated_binary(np.random.default_rng(0), 120), strict=True)),
    "MW-E003": {"cross_validated": 0.97},
    "MW-E004": {"prediction": overconfident()},
    "MW-E005": {"prediction": one_group_only()},
    "MW-E006": {"y": PERFECT, "prediction": two_columns(np.where(PERFECT, 0.999, 0.001))},
    "MW-E007": by_columns({"everything": 3.0, "little": 0.1, "nothing": 0.0}),
    "MW-E008": {"prediction": constant()},
    "MW-E009": {"sections": {"costs": {"false_positive": 1.0, "false_negative": 10_000.0}}},
    "MW-E010": {"looks": 12},
    "MW-E030": {"prediction": one_group_only()},
    "MW-E031": {"prediction": one_group_only(), "protected": two_protected()},
    "MW-E032": standing_in(),
    "MW-E033": Visits(weak=True).given(),
    "MW-E034": Visits(mislabelled=True).given(),
    "MW-E035": Visits(exact=True).given(),
    "MW-E036": Visits(seasonal=True).given(),
}
IN_TEST_TRUST = {"MW-E020", "MW-E021", "MW-E022"}
SOUND = Visits().given()
SILENT = {
    "MW-E007": by_columns({"first": 1.0, "second": 1.0, "third": 1.0}),
    **dict.fromkeys(("MW-E033", "MW-E034", "MW-E035", "MW-E036"), SOUND),
}
NOT_APPLICABLE = {
    "MW-E001": {"baselines": {}},
    "MW-E003": {"cross_validated": None},
    "MW-E005": {"protected": None},
    "MW-E007": {},
    "MW-E010": {"looks": 0},
    "MW-E030": {"protected": None},
    "MW-E031": {},
    "MW-E032": {},
    "MW-E033": {},
    "MW-E034": {},
    "MW-E035": {},
    "MW-E036": {},
}


@pytest.mark.parametrize("code", FOUND)
def test_it_finds_what_it_is_for(code) -> None:
    result = judged(code, **FOUND[code])
    assert result.finding is not None
    assert result.finding.code == code
    assert result.finding.advice


@pytest.mark.parametrize("code", FOUND)
def test_it_is_silent_about_a_good_model(code) -> None:
    assert judged(code, **SILENT.get(code, {})).finding is None


@pytest.mark.parametrize("code", NOT_APPLICABLE)
def test_it_says_when_it_does_not_apply(code) -> None:
    result = judged(code, **NOT_APPLICABLE[code])
    assert result.not_applicable
    assert not result.passed


def test_regression_has_no_labels_and_no_costs() -> None:
    y, prediction = linear_values(np.random.default_rng(0), 400)
    found: Evaluation = evaluate(brief("regression", "rmse"), y, prediction, resamples=100)
    silent = {check.code for check in found.checks if check.not_applicable}
    assert {"MW-E008", "MW-E009"} <= silent


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_a_check_explains_itself_under_its_own_code_in_its_own_file(check) -> None:
    explained = check.__doc__ or ""
    assert all(part in explained for part in ("**How**", "**Why**", "**What to do**"))
    module = __import__(type(check).__module__, fromlist=["_"])
    assert module.__doc__.startswith(f"{check.code}: ")
    assert re.fullmatch(r"MW-E\d{3}", check.code)


def test_codes_are_unique_and_in_order() -> None:
    codes = [check.code for check in CHECKS]
    assert codes == sorted(set(codes))
    assert set(codes) == {*FOUND, *IN_TEST_TRUST}
