"""A/B experiments: how many rows, what they say at any time, and who gains."""

from __future__ import annotations

from html import escape

import numpy as np
import polars as pl
import pytest

from modelwright.errors import DataError
from modelwright.evaluation import (
    plan_experiment,
    qini,
    read_experiment,
    write_experiment,
    write_uplift,
)
from modelwright.evaluation.experiments.sequence import always_valid_p, margin, tightest_at


def emails(n: int = 6000, effect: float = 0.0, seed: int = 0) -> pl.DataFrame:
    """Return customers of whom a third got no e-mail, a third one, and a third another."""
    random = np.random.default_rng(seed)
    arm = random.choice(["none", "short", "long"], n)
    before = random.gamma(2, 50, n)
    newbie = random.random(n) < 0.5
    visits = random.random(n) < 0.1 + effect * (arm == "short")
    spent = before * 0.5 + random.normal(0, 10, n) + 20 * effect * (arm == "short")
    return pl.DataFrame(
        {
            "arm": arm,
            "visit": np.where(visits, "yes", "no"),
            "spend": spent,
            "before": before,
            "newbie": newbie,
        }
    )


def read(frame: pl.DataFrame, **asked: object):
    return read_experiment(frame, arm="arm", control="none", outcome="visit", **asked)


class TestPlan:
    @pytest.mark.parametrize("power", [0.8, 0.95])
    def test_rows_for_a_mean_agree_with_statsmodels(self, power: float) -> None:
        from statsmodels.stats.power import NormalIndPower

        planned = plan_experiment("mean", effect=3, deviation=20, power=power)

        each_arm = NormalIndPower().solve_power(3 / 20, power=power, alpha=0.05, ratio=1)
        assert planned.rows_one_look == 2 * np.ceil(each_arm)

    def test_rows_for_a_rate_agree_with_statsmodels(self) -> None:
        from statsmodels.stats.proportion import power_proportions_2indep

        planned = plan_experiment("rate", baseline=0.1, effect=0.02)

        reached = power_proportions_2indep(0.02, 0.1, planned.rows_one_look / 2).power
        assert reached == pytest.approx(0.8, abs=0.01)

    def test_what_is_known_from_before_saves_rows(self) -> None:
        plain = plan_experiment("cost", effect=1, deviation=10)
        helped = plan_experiment("cost", effect=1, deviation=10, correlation=0.8)

        assert helped.rows_one_look == pytest.approx(plain.rows_one_look * (1 - 0.64), abs=2)
        assert helped.saved == pytest.approx(0.64)

    def test_looking_at_any_time_costs_rows_and_days(self) -> None:
        planned = plan_experiment("rate", baseline=0.1, effect=0.02, rows_a_day=500)

        assert planned.rows_one_look < planned.rows_any_time < 4 * planned.rows_one_look
        assert planned.days == pytest.approx(planned.rows_any_time / 500, rel=0.01)

    def test_the_planned_rows_see_the_effect_with_the_planned_power(self) -> None:
        planned = plan_experiment("mean", effect=1, deviation=2, power=0.8)
        random = np.random.default_rng(1)
        n = planned.rows_any_time // 2
        rho = tightest_at(planned.rows_any_time, 0.05)
        differences = random.normal(1, 2 * 2 / np.sqrt(2 * n), 2000)  # of two arms' means

        seen = (differences > margin(2 * n, 2 * 2, 0.05, rho)).mean()

        assert 0.77 <= seen <= 0.83

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({"kind": "rate", "effect": 0.1}, "baseline"),
            ({"kind": "rate", "effect": 0.95, "baseline": 0.1}, "between 0 and 1"),
            ({"kind": "mean", "effect": 1}, "deviation"),
            ({"kind": "mean", "effect": 0, "deviation": 1}, "effect must not be 0"),
            ({"kind": "mean", "effect": 1, "deviation": 1, "power": 1.0}, "power"),
        ],
    )
    def test_what_is_no_experiment_is_refused(self, asked: dict, said: str) -> None:
        with pytest.raises(DataError, match=said):
            plan_experiment(**asked)


class TestSequence:
    def test_looking_every_hundred_rows_errs_no_more_often_than_promised(self) -> None:
        random = np.random.default_rng(0)
        repetitions, rows, alpha = 400, 6000, 0.05
        looks = np.arange(200, rows + 1, 100)
        rho = tightest_at(2000, alpha)
        values = random.exponential(1, (repetitions, rows)) - 1
        n = looks.astype(float)
        mean = np.cumsum(values, axis=1)[:, looks - 1] / n
        square = np.cumsum(values**2, axis=1)[:, looks - 1] / n
        far = np.array([margin(int(look), 1.0, alpha, rho) for look in looks])

        wrong = (np.abs(mean) > far * np.sqrt(square - mean**2)).any(axis=1).mean()

        assert wrong <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / repetitions)

    def test_the_p_value_is_the_error_at_which_the_limits_reach_zero(self) -> None:
        rho = tightest_at(1000, 0.05)

        assert always_valid_p(700, margin(700, 3.0, 0.01, rho), 3.0, rho) == pytest.approx(0.01)
        assert always_valid_p(700, 0.0, 3.0, rho) == 1.0


class TestReading:
    def test_an_effect_is_seen_and_none_is_not(self) -> None:
        reading = read(emails(effect=0.1))

        found = {each.treatment: each for each in reading.differences}
        assert found["short"].answer == "better"
        assert found["short"].low < 0.1 < found["short"].high
        assert found["long"].answer == "open"
        assert reading.kind == "rate"
        assert [arm.name for arm in reading.arms] == ["none", "long", "short"]

    def test_a_higher_cost_is_worse(self) -> None:
        reading = read_experiment(
            emails(effect=2.0),
            arm="arm",
            control="none",
            outcome="spend",
            kind="cost",
            covariates=("before",),
        )

        assert {each.treatment: each.answer for each in reading.differences}["short"] == "worse"

    def test_the_time_before_makes_the_limits_tighter(self) -> None:
        frame = emails()
        asked = {"arm": "arm", "control": "none", "outcome": "spend"}

        plain = read_experiment(frame, **asked).differences[0]
        helped = read_experiment(frame, **asked, covariates=("before",))

        width = helped.differences[0].high - helped.differences[0].low
        assert width < 0.4 * (plain.high - plain.low)
        assert helped.saved > 0.8

    def test_the_adjusted_difference_agrees_with_a_regression_of_both_arms(self) -> None:
        import statsmodels.api as sm

        frame = emails(effect=0.5).filter(pl.col("arm") != "long")
        treated = (frame["arm"] == "short").to_numpy().astype(float)
        centred = (frame["before"] - frame["before"].mean()).to_numpy()
        design = sm.add_constant(np.column_stack([treated, centred, treated * centred]))
        reference = sm.OLS(frame["spend"].to_numpy(), design).fit(cov_type="HC0")

        found = read_experiment(
            frame, arm="arm", control="none", outcome="spend", covariates=("before",), planned_rows=4000
        ).differences[0]

        assert found.difference == pytest.approx(reference.params[1])
        alone = margin(len(frame), 1.0, 0.05, tightest_at(4000, 0.05)) * np.sqrt(len(frame))
        assert (found.high - found.low) / 2 / alone == pytest.approx(reference.bse[1], rel=0.02)

    def test_segments_hold_together(self) -> None:
        reading = read(emails(effect=0.15), segments=("newbie",))

        assert [(each.column, each.value) for each in reading.segments[::2]] == [
            ("newbie", value) for value in dict.fromkeys(each.value for each in reading.segments)
        ]
        alone = reading.differences[-1]
        assert all(
            each.difference.high - each.difference.low > alone.high - alone.low for each in reading.segments
        )

    def test_few_rows_are_too_early(self) -> None:
        reading = read(emails(n=120))

        assert {each.answer for each in reading.differences} == {"too early"}
        assert reading.differences[0].low is None

    def test_arms_that_lost_rows_make_it_doubtful(self) -> None:
        frame = emails(n=30_000)
        lost = frame.filter(~((pl.col("arm") == "short") & (pl.int_range(pl.len()) % 8 == 0)))

        assert read(frame).findings == ()
        assert [finding.code for finding in read(lost).findings] == ["MW-E040"]

    def test_a_fair_assignment_is_not_accused_however_often_it_is_read(self) -> None:
        frame = emails(n=20_000, seed=3)

        assert all(not read(frame.head(n)).findings for n in range(400, 20_000, 400))

    def test_planned_shares_are_what_counts(self) -> None:
        frame = emails(n=20_000).filter((pl.col("arm") != "short") | (pl.int_range(pl.len()) % 2 == 0))

        assert read(frame, shares={"none": 2, "long": 2, "short": 1}).findings == ()
        with pytest.raises(DataError, match="every arm"):
            read(frame, shares={"none": 1})

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({"control": "nobody"}, "nobody"),
            ({"outcome": "absent"}, "absent"),
            ({"outcome": "spend", "kind": "rate"}, "--positive"),
            ({"covariates": ("arm",)}, "must be numbers"),
            ({"segments": ("spend",)}, "segments need at most"),
        ],
    )
    def test_what_cannot_be_read_is_refused(self, asked: dict, said: str) -> None:
        stated = {"arm": "arm", "control": "none", "outcome": "visit"} | asked

        with pytest.raises(DataError, match=said):
            read_experiment(emails(300), **stated)

    def test_missing_outcomes_are_refused(self) -> None:
        frame = emails(300).with_columns(pl.when(pl.int_range(pl.len()) > 5).then("visit").alias("visit"))

        with pytest.raises(DataError, match="missing in 6 rows"):
            read(frame)


class TestUplift:
    @staticmethod
    def world(n: int, seed: int, worth: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        random = np.random.default_rng(seed)
        gain, treated = random.random(n), random.random(n) < 0.5
        outcome = (random.random(n) < 0.2 + 0.3 * gain * treated).astype(float)
        score = worth * gain + (1 - worth) * random.random(n)
        return treated, outcome, score

    def test_the_curve_is_what_treating_the_first_adds(self) -> None:
        treated, outcome, score = self.world(500, 0, 1.0)
        found = qini(treated, outcome, score, resamples=20)

        first = np.argsort(-score)[:250]
        share = treated.mean()
        by_hand = (
            outcome[first][treated[first]].sum() / share - outcome[first][~treated[first]].sum() / (1 - share)
        ) / 500
        assert found.gains[50] == pytest.approx(by_hand)
        assert found.gains[-1] == pytest.approx(outcome[treated].mean() - outcome[~treated].mean())

    def test_a_score_that_knows_is_told_from_one_that_does_not(self) -> None:
        knowing = qini(*self.world(8000, 1, 1.0))
        guessing = qini(*self.world(8000, 1, 0.0))

        assert knowing.coefficient.low > 0
        assert guessing.coefficient.low < 0 < guessing.coefficient.high
        assert "beyond doubt who gains" in knowing.words

    def test_limits_of_a_worthless_score_cover_zero_as_often_as_promised(self) -> None:
        found = [qini(*self.world(400, seed, 0.0), resamples=150).coefficient for seed in range(150)]

        covered = np.mean([each.low <= 0 <= each.high for each in found])

        assert 0.90 <= covered <= 0.99

    def test_equal_scores_are_treated_together(self) -> None:
        treated, outcome, _ = self.world(1000, 2, 0.0)

        found = qini(treated, outcome, np.zeros(1000), resamples=20)

        assert found.coefficient.value == pytest.approx(0, abs=1e-12)

    def test_one_arm_alone_is_refused(self) -> None:
        with pytest.raises(DataError, match="one arm"):
            qini(np.ones(10, bool), np.ones(10), np.arange(10.0))


def test_the_pages_say_it(tmp_path) -> None:
    reading = read(emails(effect=0.1), segments=("newbie",), covariates=("before",))
    written = write_experiment(reading, tmp_path / "experiment.html").read_text()
    curve = write_uplift(
        qini(*TestUplift.world(500, 0, 1.0), resamples=20), tmp_path / "qini.html"
    ).read_text()

    assert "short is better" in written
    assert all(escape(each.words) in written for each in reading.differences)
    assert "Qini" in curve
    assert "src=" not in written + curve
