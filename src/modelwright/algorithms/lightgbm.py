"""LightGBM: leaf-wise boosted trees on histograms."""

from __future__ import annotations

from typing import Any, ClassVar

from modelwright.algorithms.algorithm import Algorithm, Card, FitJob, FittedLearner
from modelwright.algorithms.constant import Constant
from modelwright.algorithms.lightgbm_trees import compile_lightgbm
from modelwright.algorithms.stopping import Stopper
from modelwright.algorithms.target import Target, nothing_to_learn
from modelwright.algorithms.threads import threads_for
from modelwright.problem import Task

_DEFAULTS: dict[str, Any] = {
    "rounds": 2000,
    "learning_rate": 0.05,
    "num_leaves": 31,
    "min_data_in_leaf": 20,
    "feature_fraction": 1.0,
    "bagging_fraction": 1.0,
    "lambda_l1": 0.0,
    "lambda_l2": 0.0,
    "extra_trees": False,
    "max_bin": 255,
}


class LightGBM(Algorithm):
    """Boosted trees that grow where the loss falls most."""

    name: ClassVar[str] = "lightgbm"
    takes_weights: ClassVar[bool] = True
    keeps_monotone: ClassVar[bool] = True
    takes_rounds: ClassVar[bool] = True
    card: ClassVar[Card] = Card(
        title="LightGBM",
        good_for="tables of a thousand rows or more; the first choice under a short time limit",
        strengths=(
            "fastest of the boosters on a CPU",
            "takes missing values as they are",
            "with random thresholds (extra_trees) among the strongest single models of TabRepo",
        ),
        weaknesses=("overfits small tables", "jumps at thresholds; does not extrapolate"),
        cost="rows x columns a round, shared by the threads; memory one byte a cell and the float32 table",
        paper="Ke et al. (2017), LightGBM: A highly efficient gradient boosting decision tree",
    )

    def configurations(self, task: Task, rows: int, columns: int) -> list[dict[str, Any]]:  # noqa: ARG002
        """Return configurations of TabRepo's portfolio and of RealMLP's tuned defaults.

        Salinas and Erickson (2024), "TabRepo" (r177, r163); Holzmüller, Grinsztajn and Steinwart (2024),
        "Better by default" (tuned defaults).
        """
        tuned = (
            {"learning_rate": 0.05, "num_leaves": 100, "min_data_in_leaf": 3, "bagging_fraction": 0.7}
            if task is Task.REGRESSION
            else {"learning_rate": 0.04, "num_leaves": 50, "min_data_in_leaf": 40, "bagging_fraction": 0.75}
        )
        if rows < 400:
            tuned["min_data_in_leaf"] = min(tuned["min_data_in_leaf"], max(3, rows // 20))
        return [
            {
                "extra_trees": True, "learning_rate": 0.018, "num_leaves": 39, "feature_fraction": 0.46,
                "bagging_fraction": 0.88, "min_data_in_leaf": 3, "lambda_l1": 0.24, "lambda_l2": 0.36,
            },
            tuned,
            {
                "extra_trees": True, "learning_rate": 0.05, "num_leaves": 7, "feature_fraction": 0.99,
                "bagging_fraction": 0.96, "min_data_in_leaf": 10, "rounds": 3000,
            },
            {"learning_rate": 0.02, "num_leaves": 84, "feature_fraction": 0.53, "min_data_in_leaf": 10},
        ]  # fmt: skip

    def fit(self, job: FitJob) -> FittedLearner:
        """Boost until the validation rows no longer gain, or the deadline."""
        threads = threads_for(job)
        import lightgbm

        if nothing_to_learn(job):
            return Constant().fit(job)
        target = Target.of(job)
        settings = _settings(job, target, threads)
        rounds = settings.pop("rounds")
        stopper = Stopper(job, settings["learning_rate"])
        train = lightgbm.Dataset(job.X, target.y, weight=target.weight, params=settings)
        valid = train.create_valid(
            target.X_valid, target.y_valid, weight=target.weight_valid, params=settings
        )

        def after_round(env: Any) -> None:
            if stopper.done(env.iteration + 1, env.evaluation_result_list[0][2]):
                raise lightgbm.callback.EarlyStopException(stopper.rounds - 1, env.evaluation_result_list)

        booster = lightgbm.train(settings, train, rounds, valid_sets=[valid], callbacks=[after_round])
        rounds = stopper.rounds
        return FittedLearner(
            own=lambda X: target.prediction(booster.predict(X, num_iteration=rounds, num_threads=threads)),
            compiled=lambda: target.restored(compile_lightgbm(booster, rounds, job.X.shape[1], job.task)),
            rounds=rounds,
        )


def _settings(job: FitJob, target: Target, threads: int) -> dict[str, Any]:
    objective: dict[str, Any] = {"objective": "binary", "metric": "binary_logloss"}
    if job.task is Task.MULTICLASS:
        objective = {"objective": "multiclass", "metric": "multi_logloss", "num_class": len(target.present)}
    elif job.task is Task.REGRESSION:
        loss = "l1" if job.metric.name == "mae" else "l2"
        objective = {"objective": loss, "metric": loss}
    monotone = {"monotone_constraints": list(job.monotone)} if any(job.monotone) else {}
    return {
        **_DEFAULTS,
        **job.parameters,
        **objective,
        **monotone,
        "bagging_freq": 1,
        "num_threads": threads,
        "seed": job.seed,
        "deterministic": True,
        "force_row_wise": True,
        "feature_pre_filter": False,
        "verbosity": -1,
    }
