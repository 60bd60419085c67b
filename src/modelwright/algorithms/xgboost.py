"""XGBoost: depth-wise boosted trees with second-order steps."""

from __future__ import annotations

from typing import Any, ClassVar

from modelwright.algorithms.algorithm import Algorithm, Card, FitJob, FittedLearner
from modelwright.algorithms.constant import Constant
from modelwright.algorithms.stopping import Stopper
from modelwright.algorithms.target import Target, nothing_to_learn
from modelwright.algorithms.threads import threads_for
from modelwright.algorithms.xgboost_trees import compile_xgboost
from modelwright.problem import Task

_DEFAULTS: dict[str, Any] = {
    "rounds": 2000,
    "learning_rate": 0.08,
    "max_depth": 6,
    "min_child_weight": 1.0,
    "subsample": 0.65,
    "colsample_bylevel": 0.9,
    "reg_lambda": 1.0,
    "max_bin": 256,
}


class XGBoost(Algorithm):
    """Boosted trees that grow level by level."""

    name: ClassVar[str] = "xgboost"
    takes_weights: ClassVar[bool] = True
    keeps_monotone: ClassVar[bool] = True
    takes_rounds: ClassVar[bool] = True
    card: ClassVar[Card] = Card(
        title="XGBoost",
        good_for="tables of a thousand rows or more, beside LightGBM and CatBoost in an ensemble",
        strengths=(
            "learns a direction for missing values at every split",
            "regularised steps keep single trees modest",
            "level-wise trees err differently from LightGBM's",
        ),
        weaknesses=("slower than LightGBM on a CPU", "jumps at thresholds; does not extrapolate"),
        cost="rows x columns x depth a round, shared by the threads",
        paper="Chen and Guestrin (2016), XGBoost: A scalable tree boosting system",
    )

    def configurations(self, task: Task, rows: int, columns: int) -> list[dict[str, Any]]:  # noqa: ARG002
        """Return the tuned defaults of pytabkit, with its steps regularised, and a shallow variant.

        Holzmüller, Grinsztajn and Steinwart (2024), "Better by default".
        """
        tuned = (
            {"learning_rate": 0.05, "max_depth": 9, "min_child_weight": 2.0, "subsample": 0.7}
            if task is Task.REGRESSION
            else {"learning_rate": 0.08, "max_depth": 6, "subsample": 0.65}
        )
        shallow = {"learning_rate": 0.08, "max_depth": 3, "subsample": 0.8, "colsample_bylevel": 0.6}
        return [tuned, shallow]

    def fit(self, job: FitJob) -> FittedLearner:
        """Boost until the validation rows no longer gain, or the deadline."""
        threads = threads_for(job)
        import xgboost

        if nothing_to_learn(job):
            return Constant().fit(job)
        target = Target.of(job)
        settings = _settings(job, target, threads)
        rounds = settings.pop("rounds")
        stopper = Stopper(job, settings["learning_rate"])

        class AfterRound(xgboost.callback.TrainingCallback):
            def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:  # noqa: ARG002
                return stopper.done(epoch + 1, evals_log["valid"][settings["eval_metric"]][-1])

        train = xgboost.QuantileDMatrix(
            job.X, target.y, weight=target.weight, max_bin=settings["max_bin"], nthread=threads
        )
        valid = xgboost.DMatrix(target.X_valid, target.y_valid, weight=target.weight_valid, nthread=threads)
        booster = xgboost.train(
            settings, train, rounds, evals=[(valid, "valid")], callbacks=[AfterRound()], verbose_eval=False
        )
        rounds = stopper.rounds
        return FittedLearner(
            own=lambda X: target.prediction(booster.inplace_predict(X, iteration_range=(0, rounds))),
            compiled=lambda: target.restored(compile_xgboost(booster, rounds, job.task)),
            rounds=rounds,
        )


def _settings(job: FitJob, target: Target, threads: int) -> dict[str, Any]:
    objective: dict[str, Any] = {"objective": "binary:logistic", "eval_metric": "logloss"}
    if job.task is Task.MULTICLASS:
        classes = {"num_class": len(target.present)}
        objective = {"objective": "multi:softprob", "eval_metric": "mlogloss", **classes}
    elif job.task is Task.REGRESSION and job.metric.name == "mae":
        objective = {"objective": "reg:absoluteerror", "eval_metric": "mae"}
    elif job.task is Task.REGRESSION:
        objective = {"objective": "reg:squarederror", "eval_metric": "rmse"}
    monotone = {"monotone_constraints": f"({','.join(map(str, job.monotone))})"} if any(job.monotone) else {}
    return {
        **_DEFAULTS,
        **job.parameters,
        **objective,
        **monotone,
        "tree_method": "hist",
        "nthread": threads,
        "seed": job.seed,
        "verbosity": 0,
    }
