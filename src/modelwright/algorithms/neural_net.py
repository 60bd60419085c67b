"""A neural net for tables: piecewise linear inputs, and members that share most of their weights."""

from __future__ import annotations

from typing import Any, ClassVar

from modelwright.algorithms.algorithm import Algorithm, Card, FitJob, FittedLearner, Style
from modelwright.algorithms.constant import Constant
from modelwright.algorithms.network_encoding import encoding_of
from modelwright.algorithms.network_gradient import Dimensions
from modelwright.algorithms.network_training import Learning, learn
from modelwright.algorithms.portable import Network
from modelwright.algorithms.target import LINKS, Target, nothing_to_learn
from modelwright.problem import Task

_DEFAULTS: dict[str, Any] = {
    "epochs": 60,
    "width": 128,
    "members": 8,
    "pieces": 24,
    "batch": 256,
    "rate": 0.003,
    "decay": 0.02,
    "dropout": 0.1,
    "patience": 16,
}
_FEW_ROWS = 5_000
_MANY_ROWS = 10_000
_STEPS_AN_EPOCH = 16


class NeuralNet(Algorithm):
    """Two hidden layers for four or eight members at once."""

    name: ClassVar[str] = "neural_net"
    style: ClassVar[Style] = "linear"
    takes_weights: ClassVar[bool] = True
    card: ClassVar[Card] = Card(
        title="Neural net",
        good_for="tables of a thousand rows or more, and an ensemble that otherwise holds trees only",
        strengths=(
            "errs differently from trees, so that an ensemble gains from it",
            "smooth where trees jump",
            "small and fast to score",
        ),
        weaknesses=(
            "needs ten passes or so over the rows: slow on large tables",
            "overfits a few hundred rows",
            "weaker than boosting where thresholds decide",
        ),
        cost="rows x (columns x 24 + members x width) x width an epoch; memory the float32 table",
        paper="Gorishniy, Kotelnikov and Babenko (2025), TabM; Gorishniy, Rubachev and Babenko (2022), On "
        "embeddings for numerical features in tabular deep learning",
    )

    def configurations(self, task: Task, rows: int, columns: int) -> list[dict[str, Any]]:  # noqa: ARG002
        """Return configurations that were strong on public tables (`benchmarks/neural_net.py`).

        More members cost time that large tables have better uses for; few rows want small batches, and
        overfit before a long schedule has brought the step size down.
        """
        batch = 2 ** max(5, (rows // _STEPS_AN_EPOCH).bit_length())
        given = {"batch": min(batch, 256), "epochs": 30 if rows < _FEW_ROWS else 60}
        return [
            {**given, "members": 8 if rows < _MANY_ROWS else 4},
            {**given, "members": 4, "width": 256, "pieces": 48, "dropout": 0.2},
        ]

    def fit(self, job: FitJob) -> FittedLearner:
        """Learn until the validation rows no longer gain, or the deadline."""
        if nothing_to_learn(job):
            return Constant().fit(job)
        given = {**_DEFAULTS, **job.parameters}
        target = Target.of(job)
        encoding = encoding_of(job.X, given.pop("pieces"), job.seed)
        outputs = len(target.present) if job.task is Task.MULTICLASS else 1
        shape = Dimensions(len(encoding.column), given.pop("width"), given.pop("members"), outputs)
        weights, epochs = learn(job, target, encoding, shape, Learning(**given))
        network = _restored(Network(encoding, weights, LINKS[job.task]), target)
        return FittedLearner(own=network.predict, compiled=lambda: network, rounds=epochs)


def _restored(network: Network, target: Target) -> Network:
    if target.task is Task.REGRESSION:
        return network.scaled(target.scale, target.center)
    if target.task is Task.MULTICLASS and len(target.present) < target.n_classes:
        return network.among(target.present, target.n_classes)
    return network
