"""CatBoost: boosted symmetric trees."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.algorithm import Algorithm, Card, FitJob, FittedLearner
from modelwright.algorithms.catboost_trees import compile_catboost
from modelwright.algorithms.constant import Constant
from modelwright.algorithms.stopping import Stopper
from modelwright.algorithms.target import Target, nothing_to_learn
from modelwright.problem import Task

_DEFAULTS: dict[str, Any] = {
    "rounds": 2000,
    "learning_rate": 0.05,
    "depth": 6,
    "l2_leaf_reg": 3.0,
    "border_count": 128,
    "bootstrap_type": "MVS",
    "random_strength": 1.0,
}


class CatBoost(Algorithm):
    """Boosted trees that ask the same question across a whole level."""

    name: ClassVar[str] = "catboost"
    takes_weights: ClassVar[bool] = True
    keeps_monotone: ClassVar[bool] = True
    takes_rounds: ClassVar[bool] = True
    card: ClassVar[Card] = Card(
        title="CatBoost",
        good_for="the strongest defaults of the boosters, on small and middling tables",
        strengths=(
            "best untuned booster of TabArena",
            "symmetric trees are hard to overfit and fast to score",
        ),
        weaknesses=("slowest of the boosters with many columns or classes", "does not extrapolate"),
        cost="rows x columns x depth a round, shared by the threads; many classes multiply it",
        paper="Prokhorenkova et al. (2018), CatBoost: unbiased boosting with categorical features",
    )

    def configurations(self, task: Task, rows: int, columns: int) -> list[dict[str, Any]]:  # noqa: ARG002
        """Return AutoGluon's default, and the tuned defaults of pytabkit with regularised leaves.

        Holzmüller, Grinsztajn and Steinwart (2024), "Better by default".
        """
        depth, rate = (8, 0.09) if task is Task.REGRESSION else (7, 0.08)
        tuned = {"learning_rate": rate, "depth": depth, "bootstrap_type": "Bernoulli", "subsample": 0.9}
        return [{"learning_rate": 0.05, "depth": 6}, tuned]

    def fit(self, job: FitJob) -> FittedLearner:
        """Boost until the validation rows no longer gain, or the deadline."""
        import catboost

        if nothing_to_learn(job):
            return Constant().fit(job)
        target = Target.of(job)
        settings = _settings(job, target)
        stopper = Stopper(job, settings["learning_rate"])
        loss = settings["loss_function"]

        class AfterRound:
            def after_iteration(self, info: Any) -> bool:
                return not stopper.done(info.iteration, info.metrics["validation"][loss][-1])

        model = catboost.CatBoost(settings)
        train = catboost.Pool(job.X, target.y, weight=target.weight)
        valid = catboost.Pool(target.X_valid, target.y_valid, weight=target.weight_valid)
        model.fit(train, eval_set=valid, callbacks=[AfterRound()])
        model.shrink(stopper.rounds)
        kind = "RawFormulaVal" if job.task is Task.REGRESSION else "Probability"

        def own(X: NDArray[np.float32]) -> NDArray[np.float64]:
            output = np.asarray(model.predict(X, prediction_type=kind, thread_count=job.threads))
            return target.prediction(output[:, 1] if job.task is Task.BINARY else output)

        return FittedLearner(
            own=own,
            compiled=lambda: target.restored(compile_catboost(model, job.X.shape[1], job.task)),
            rounds=stopper.rounds,
        )


def _settings(job: FitJob, target: Target) -> dict[str, Any]:
    objective: dict[str, Any] = {"loss_function": "Logloss"}
    if job.task is Task.MULTICLASS:
        objective = {"loss_function": "MultiClass", "classes_count": len(target.present)}
    elif job.task is Task.REGRESSION:
        objective = {"loss_function": "MAE" if job.metric.name == "mae" else "RMSE"}
    given = {**_DEFAULTS, **job.parameters}
    rounds = given.pop("rounds")
    monotone = {"monotone_constraints": list(job.monotone)} if any(job.monotone) else {}
    return {
        **given,
        **objective,
        **monotone,
        "iterations": rounds,
        "use_best_model": False,
        "boosting_type": "Plain",
        "nan_mode": "Min",
        "thread_count": job.threads,
        "random_seed": job.seed,
        "allow_writing_files": False,
        "logging_level": "Silent",
    }
