"""TabICL: in-context learning over whole tables, as a teacher."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from modelwright.algorithms.algorithm import Card, FitJob
from modelwright.algorithms.pretrained import Pretrained
from modelwright.problem import Task


class TabICL(Pretrained):
    """Trees that learn TabICL's answers; weights come from the folder in ``MODELWRIGHT_TABICL_WEIGHTS``."""

    name: ClassVar[str] = "tabicl"
    package: ClassVar[str] = "tabicl"
    variable: ClassVar[str] = "MODELWRIGHT_TABICL_WEIGHTS"
    card: ClassVar[Card] = Card(
        title="Student of TabICL",
        good_for="up to a few thousand rows, where tabicl (2.0 or newer) and its weights are on disk",
        strengths=(
            "the teacher rivals tuned boosting on small tables, untuned, and is open",
            "the student is trees: a package needs neither PyTorch nor the weights",
        ),
        weaknesses=(
            "the student loses some of the teacher's accuracy",
            "reads at most 3,000 rows, and no weights of rows",
            "cannot be stopped while the teacher answers, so a fit may pass its deadline",
        ),
        cost="four passes of a transformer over the rows; minutes on a CPU, seconds on a GPU",
        paper="Qu, Holzmüller, Varoquaux and Le Morvan (2025), TabICL: A tabular foundation model for "
        "in-context learning on large data",
    )

    def teacher(self, job: FitJob, weights: Path, estimators: int) -> Any:
        """See `Pretrained.teacher`."""
        import tabicl

        kind = tabicl.TabICLRegressor if job.task is Task.REGRESSION else tabicl.TabICLClassifier
        return kind(
            model_path=str(weights),
            allow_auto_download=False,
            n_estimators=estimators,
            random_state=job.seed,
            n_jobs=job.threads,
        )
